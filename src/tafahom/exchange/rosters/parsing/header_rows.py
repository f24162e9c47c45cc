"""The rows of a header: one, or two where a heading spans several columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tafahom.exchange.rosters.parsing.cells import is_blank, shown
from tafahom.exchange.rosters.parsing.fields import Vocabulary
from tafahom.exchange.rosters.parsing.headings import Heading, column_name
from tafahom.exchange.rosters.parsing.tables import IDENTITY, NAMES, SheetRow, Table, looks_like_id
from tafahom.identifiers import is_national_id
from tafahom.persian import clean, normal_key
from tafahom.sheets.workbook import Sheet

ReadHeading = Callable[[str, str], Heading]
MAX_HEADER_GAP = 3
MIN_HEADER_CELLS = 3


@dataclass(frozen=True, slots=True)
class Header:
    """A header: its main row, all its rows and its headings by column.

    ``row`` is 0 where the sheet begins with trainees; the headings are letters then.
    """

    row: int
    rows: frozenset[int]
    headings: dict[int, Heading]

    @property
    def first_row(self) -> int:
        """Its first row."""
        return min(self.rows, default=1)

    @property
    def last_row(self) -> int:
        """Its last row."""
        return max(self.rows, default=0)


def read_header(
    sheet: Sheet, number: int, heading: ReadHeading, words: Vocabulary, after: int
) -> Header:
    """Read the header whose main row has this number; rows through ``after`` are another's."""
    row = sheet.rows[number - 1]
    above = sheet.rows[number - 2] if number - 1 > after else []
    if _is_group_row(above, words):
        spans = _spans(sheet, number - 1, len(row))
        return Header(number, frozenset({number - 1, number}), _read(row, spans, heading))
    below = sheet.rows[number] if number < len(sheet.rows) else []
    plain = _read(row, {}, heading)
    if _is_lower_row(row, below, plain, heading, words):
        spans = _spans(sheet, number, len(below))
        merged = list(row) + [""] * (len(below) - len(row))
        texts = [
            cell if not is_blank(cell) and cell != merged[column] else merged[column]
            for column, cell in enumerate([*below, *[""] * (len(merged) - len(below))])
        ]
        over = {
            column: text
            for column, text in spans.items()
            if column < len(below) and not is_blank(below[column]) and below[column] != text
        }
        return Header(number, frozenset({number, number + 1}), _read(texts, over, heading))
    return Header(number, frozenset({number}), plain)


def _read(row: SheetRow, over: Mapping[int, str], heading: ReadHeading) -> dict[int, Heading]:
    return {
        column: heading(shown(cell).strip(), over.get(column, ""))
        if isinstance(cell, str)
        else Heading(shown(cell))
        for column, cell in enumerate(row)
        if not is_blank(cell)
    }


def _is_group_row(row: SheetRow, words: Vocabulary) -> bool:
    """Whether a row only has headings over several columns."""
    texts = [cell for cell in row if not is_blank(cell)]
    return bool(texts) and all(
        isinstance(cell, str) and normal_key(cell) in words.contexts for cell in texts
    )


def _spans(sheet: Sheet, number: int, width: int) -> dict[int, str]:
    """The heading over each column: of a merged range, or up to the next that is filled."""
    row = sheet.rows[number - 1]
    spans: dict[int, str] = {}
    merged = {
        m.first_column: m.last_column for m in sheet.merged if m.first_row <= number <= m.last_row
    }
    current, last = "", -1
    for column in range(width):
        cell = row[column] if column < len(row) else ""
        if isinstance(cell, str) and not is_blank(cell):
            current, last = cell, merged.get(column, width)
        elif not is_blank(cell):
            current = ""
        if current and column <= last:
            spans[column] = current
    return spans


def _is_lower_row(
    row: SheetRow,
    below: SheetRow,
    plain: Mapping[int, Heading],
    heading: ReadHeading,
    words: Vocabulary,
) -> bool:
    """Whether the row below a header says more of some of its headings."""
    filled = [column for column, cell in enumerate(below) if not is_blank(cell)]
    own = [c for c in filled if c >= len(row) or below[c] != row[c]]
    if not own:
        return False
    keys = {c for c, h in plain.items() if h.field in (*IDENTITY, *NAMES)}
    if keys & set(own):
        return False
    spans: dict[int, str] = {}
    current = ""
    for column in range(len(below)):
        if column < len(row) and not is_blank(row[column]):
            current = shown(row[column])
        spans[column] = current
    return all(_says_more(below[c], spans[c], heading, words) for c in own)


def _says_more(cell: object, over: str, heading: ReadHeading, words: Vocabulary) -> bool:
    if words.contexts.get(normal_key(over)) == "sessions":
        return not looks_like_id(cell)
    if not over or not isinstance(cell, str):
        return False
    text = cell
    is_known = normal_key(over) in words.contexts or bool(heading(over, "").field)
    lower = heading(text, over)
    key = normal_key(text) or text.strip()
    is_word = any(key == word for _context, word in words.below) or key in words.units
    return is_known and bool(lower.field or lower.choices or lower.is_ignored) and is_word


def segments(header: Header) -> list[tuple[int, int]]:
    """First and last columns of the tables abreast: each has a name and an identity of its own."""
    columns = sorted(header.headings)
    last = columns[-1] if columns else 0
    starts = [0]
    seen: set[str] = set()
    for place, column in enumerate(columns):
        field = header.headings[column].field
        rest = {header.headings[c].field for c in columns[place:]}
        if field in seen and _is_whole(seen) and _is_whole(rest):
            start = column
            while (
                place
                and header.headings[columns[place - 1]].is_ignored
                and (columns[place - 1] >= starts[-1] + 1)
            ):  # the number of the row belongs to what follows
                place -= 1
                start = columns[place]
            starts.append(start)
            seen = set()
        if field:
            seen.add(field)
    ends = [*(start - 1 for start in starts[1:]), last]
    return list(zip(starts, ends, strict=True))


def _is_whole(fields: set[str]) -> bool:
    return bool(fields & set(IDENTITY)) and bool(fields & set(NAMES))


def same_header(header: Header, table: Table, rows: Sequence[SheetRow]) -> bool:
    """Whether a header has the same headings at the same columns as that of a table."""
    if not table.header_row or not header.row:
        return False
    one, other = rows[header.row - 1], rows[table.header_row - 1]
    return [clean(shown(c)) for c in one if not is_blank(c)] == [
        clean(shown(c)) for c in other if not is_blank(c)
    ]


def guess_header(rows: Sequence[SheetRow], heading: ReadHeading) -> Header | None:
    """Return the header of a table that nobody recognises: it stands above people's numbers."""
    first = next((n for n, row in enumerate(rows, 1) if _has_person(row)), 0)
    if not first or sum(_has_person(row) for row in rows[first - 1 : first + 20]) < 1:
        return None
    for number in range(first - 1, max(first - 1 - MAX_HEADER_GAP, 0), -1):
        texts = [c for c in rows[number - 1] if isinstance(c, str) and not is_blank(c)]
        if len(texts) >= MIN_HEADER_CELLS:
            return Header(number, frozenset({number}), _read(rows[number - 1], {}, heading))
    width = max(len(row) for row in rows[first - 1 : first + 20])
    letters = {column: Heading(column_name(column)) for column in range(width)}
    return Header(0, frozenset(), letters)


def _has_person(row: SheetRow) -> bool:
    """Whether a row has somebody's number."""
    return any(is_person_number(cell) for cell in row)


def is_person_number(cell: object) -> bool:
    """Whether a cell is a national ID: its check digit fits."""
    return looks_like_id(cell) and is_national_id(shown(cell))
