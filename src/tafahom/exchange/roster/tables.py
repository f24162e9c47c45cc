"""Finding tables in a sheet: header rows, labels and values above them, rows of trainees."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tafahom.exchange.roster.cells import CellError, date_of, is_blank, minutes_of, shown
from tafahom.exchange.roster.fields import (
    ANCHORS,
    COURSE_FIELDS,
    PERSON_FIELDS,
    Vocabulary,
)
from tafahom.persian import clean, to_ascii_digits

FEWEST_COLUMNS = 3
MONTH_AND_DAY = re.compile(r"(\d{1,2})\s*[/\-.]\s*(\d{1,2})")
LABELS = frozenset(COURSE_FIELDS) | {"audience"}
ROWS_ABOVE = 3
SHORTEST_NUMBER = 8  # digits of a national ID that lost its leading zeros

Row = Sequence[object]
Meaning = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The value of a label, and where it stands (row as a spreadsheet counts, column from 0)."""

    cell: object
    row: int
    column: int


@dataclass(slots=True)
class Table:
    """A table of trainees in a sheet.

    ``header_row`` is as a spreadsheet counts. ``columns`` are fields by column, ``labels`` what
    stands above the table, ``sessions`` dates by column with their row of minutes, ``unknown``
    headers by column. ``rows`` are row numbers of trainees, ``totals`` of sums.
    """

    header_row: int
    columns: dict[str, int]
    labels: dict[str, Labelled]
    sessions: dict[int, dt.date] = field(default_factory=dict)
    session_minutes: dict[int, int | None] = field(default_factory=dict)
    hours_row: int = 0
    unknown: dict[int, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    first_row: int = 1

    @property
    def layout(self) -> str:
        """``attendance``, ``course`` or ``flat``, as contracts names them."""
        if self.sessions:
            return "attendance"
        return "course" if {"course_title", "course_code"} & set(self.labels) else "flat"

    def knows(self, *fields: str) -> bool:
        """Whether one of these fields has a column or a label."""
        return any(name in self.columns or name in self.labels for name in fields)


def find_tables(
    rows: Sequence[Row], vocabulary: Vocabulary, mapping: Mapping[str, str] | None = None
) -> list[Table]:
    """Find every table of a sheet in order; one below another keeps labels it does not replace."""
    tables: list[Table] = []
    labels: dict[str, Labelled] = {}
    above = 0
    meaning = cache(lambda text: vocabulary.field_of(text, mapping))  # most cells say it again
    identities: list[int] = []
    for number, row in enumerate(rows, 1):
        if _has_number(row, identities):
            continue
        columns = _columns(row, meaning)
        if columns is None:
            continue
        if (
            tables
            and columns == tables[-1].columns
            and not _has_labels(rows, above, number, vocabulary)
        ):
            continue  # the same header again, at the top of a printed page
        labels = labels | dict(_labels(rows, above, number, vocabulary))
        table = Table(number, columns, dict(labels), first_row=above + 1)
        _name_other_columns(table, row, rows, vocabulary)
        tables.append(table)
        identities = _identity_columns(table)
        above = number
    ends = [*(table.header_row - 1 for table in tables[1:]), len(rows)]
    for table, end in zip(tables, ends, strict=False):  # without a table there is one end left
        _take_rows(table, rows, end, vocabulary, meaning)
    return tables


def _columns(row: Row, meaning: Meaning) -> dict[str, int] | None:
    """Columns by field if the row is a header; of two with one meaning the first counts."""
    columns: dict[str, int] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and cell and len(cell) < 80:
            found = meaning(cell)
            if found:
                columns.setdefault(found, column)
    if len(columns) < FEWEST_COLUMNS or not ANCHORS & set(columns):
        return None
    return columns


def _has_labels(rows: Sequence[Row], above: int, header: int, vocabulary: Vocabulary) -> bool:
    return any(True for _found in _labels(rows, above, header, vocabulary))


def _labels(
    rows: Sequence[Row], above: int, header: int, vocabulary: Vocabulary
) -> Iterator[tuple[str, Labelled]]:
    """Labels with their values between two rows: beside, in the same cell after a colon, below."""
    for number in range(above + 1, header):
        row = rows[number - 1]
        for column, cell in enumerate(row):
            if not isinstance(cell, str) or is_blank(cell):
                continue
            label, colon, value = cell.partition(":")
            found = vocabulary.field_of(label)
            if found not in LABELS:
                continue
            if colon and not is_blank(value):
                yield found, Labelled(value, number, column)
                continue
            place = _value_beside(row, column, vocabulary)
            if place is not None:
                yield found, Labelled(row[place], number, place)
            elif number < header - 1 and _is_value(rows[number], column, vocabulary):
                yield found, Labelled(rows[number][column], number + 1, column)
            else:
                yield found, Labelled("", number, column + 1)


def _value_beside(row: Row, column: int, vocabulary: Vocabulary) -> int | None:
    for place in range(column + 1, len(row)):
        if not is_blank(row[place]):
            return place if _is_value(row, place, vocabulary) else None
    return None


def _is_value(row: Row, column: int, vocabulary: Vocabulary) -> bool:
    """Whether something stands there that is not the next label."""
    if column >= len(row) or is_blank(row[column]):
        return False
    cell = row[column]
    if not isinstance(cell, str):
        return True
    is_marked = cell.rstrip().endswith(":")
    return not is_marked and vocabulary.field_of(cell.partition(":")[0]) not in LABELS


def _name_other_columns(
    table: Table, header: Row, rows: Sequence[Row], vocabulary: Vocabulary
) -> None:
    """Sort the columns that are no field: session dates, what is ignored, what nobody knows."""
    known = set(table.columns.values())
    others = [
        (column, cell)
        for column, cell in enumerate(header)
        if column not in known and not is_blank(cell)
    ]
    year = _year_of(table)
    for column, cell in others:
        if (day := session_date(cell, year)) is not None:
            table.sessions[column] = day
        elif not vocabulary.ignores(shown(cell)):
            table.unknown[column] = clean(shown(cell))
    if table.sessions:
        _find_session_hours(table, rows, vocabulary)


def _year_of(table: Table) -> int:
    """The Jalali year in which the course starts; 0 when it is not said above the table."""
    start = table.labels.get("starts_on")
    found = re.match(r"(1[34]\d\d)", to_ascii_digits(shown(start.cell))) if start else None
    return int(found[1]) if found else 0


def session_date(cell: object, year: int) -> dt.date | None:
    """Return the day of a session's column; ``year`` completes a month and day. None if no day."""
    if year and (found := MONTH_AND_DAY.fullmatch(to_ascii_digits(shown(cell)).strip())):
        cell = f"{year}/{found[1]}/{found[2]}"
    try:
        return date_of(cell)
    except CellError:
        return None


def _find_session_hours(table: Table, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
    """Find the row that says how long each session is: below the header, or else above it."""
    header = table.header_row
    below = range(header + 1, min(header + ROWS_ABOVE, len(rows)) + 1)
    above = range(max(header - ROWS_ABOVE, table.first_row), header)
    for number in [*below, *above]:
        row = rows[number - 1]
        is_named = any(
            isinstance(cell, str) and vocabulary.is_word(cell, "session_hours")
            for column, cell in enumerate(row)
            if column not in table.sessions and not is_blank(cell)
        )
        minutes = {column: _minutes(row, column) for column in table.sessions}
        filled = sum(value is not None for value in minutes.values())
        if (is_named and filled) or (
            filled * 2 > len(minutes) and not has_identity(row, table) and number > header
        ):
            table.hours_row, table.session_minutes = number, minutes
            return


def _minutes(row: Row, column: int) -> int | None:
    try:
        return minutes_of(row[column]) if column < len(row) else None
    except CellError:
        return None


def has_identity(row: Row, table: Table) -> bool:
    """Whether a cell for an identity has a digit."""
    for name in ("national_id", "fida_code", "identity"):
        column = table.columns.get(name)
        if (
            column is not None
            and column < len(row)
            and any(c.isdigit() for c in shown(row[column]))
        ):
            return True
    return False


def _identity_columns(table: Table) -> list[int]:
    names = ("national_id", "fida_code", "identity")
    return [table.columns[name] for name in names if name in table.columns]


def _has_number(row: Row, columns: Sequence[int]) -> bool:
    """Whether one of these cells is plainly a person's number: no header or sum has that."""
    for column in columns:
        if column < len(row):
            cell = row[column]
            if isinstance(cell, float) or (
                isinstance(cell, str) and len(cell) >= SHORTEST_NUMBER and cell.isdigit()
            ):
                return True
    return False


def _take_rows(
    table: Table,
    rows: Sequence[Row],
    end: int,
    vocabulary: Vocabulary,
    meaning: Meaning,
) -> None:
    """Sort the rows below a header: trainees, sums, and what is neither."""
    people = {column for name, column in table.columns.items() if name in PERSON_FIELDS}
    known = set(table.columns.values()) | set(table.sessions)
    identities = _identity_columns(table)
    for number in range(table.header_row + 1, end + 1):
        row = rows[number - 1]
        # Nearly every row ends here: a number in the place of an identity.
        if _has_number(row, identities):
            table.rows.append(number)
            continue
        if number == table.hours_row or not any(row):
            continue
        if has_identity(row, table):
            table.rows.append(number)
            continue
        filled = [c for c, cell in enumerate(row) if not is_blank(cell)]
        if not filled:
            continue
        if _is_total(row, filled, vocabulary):
            table.totals.append(number)
        elif (
            not table.totals
            and _is_somebody(row, filled, people, known, vocabulary)
            and _columns(row, meaning) is None
        ):
            table.rows.append(number)


def _is_total(row: Row, filled: Sequence[int], vocabulary: Vocabulary) -> bool:
    """Whether one of the first cells says that this is a sum."""
    return any(
        isinstance(row[c], str) and vocabulary.is_word(str(row[c]), "total") for c in filled[:3]
    )


def _is_somebody(
    row: Row, filled: Sequence[int], people: set[int], known: set[int], vocabulary: Vocabulary
) -> bool:
    """Whether a row without an identity is still a trainee's: enough of it is filled, as such."""
    own = [c for c in filled if c in people]
    if not own or len([c for c in filled if c in known]) < FEWEST_COLUMNS:
        return False
    texts = [str(row[c]) for c in own if isinstance(row[c], str)]
    return not all(vocabulary.begins_with(text, "other") for text in texts)
