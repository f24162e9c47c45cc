"""Finding the tables of a sheet, one below another or abreast, and what every row of it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tafahom.exchange.roster.binding import Binder
from tafahom.exchange.roster.blocks import find_labels, is_label_row, settle_labels
from tafahom.exchange.roster.cells import is_blank, shown
from tafahom.exchange.roster.fields import ANCHORS, PERSON_FIELDS, Vocabulary
from tafahom.exchange.roster.header_rows import (
    Header,
    guess_header,
    read_header,
    same_header,
    segments,
)
from tafahom.exchange.roster.headings import Heading, read_heading
from tafahom.exchange.roster.meanings import (
    HOUR_FIELDS,
    MARK_FIELDS,
    Answers,
    parse_meaning,
)
from tafahom.exchange.roster.questions import column_key
from tafahom.exchange.roster.tables import (
    IDENTITY,
    NAMES,
    Labelled,
    Row,
    Table,
    cell_at,
    has_digits,
    has_id,
)
from tafahom.persian import clean
from tafahom.sheets.workbook import Sheet

MIN_COLUMNS = 3
MAX_NAME_LENGTH, MAX_NAME_WORDS = 50, 6
KINDS = ("trainees", "totals", "labels", "headings", "signatures", "notes", "blank", "hidden")
# Values of course fields that a sheet does not say.
GivenHere = Mapping[str, str]


@dataclass(slots=True)
class FoundTables:
    """The tables of a sheet in order, and how many of its rows are of each kind in ``KINDS``."""

    tables: list[Table]
    accounted: Counter[str] = field(default_factory=Counter)
    hidden_rows: int = 0


def find_tables(
    sheet: Sheet, vocabulary: Vocabulary, answers: Answers, given: GivenHere | None = None
) -> FoundTables:
    """Find every table of a sheet and bind its columns. Nothing is inherited from one above.

    ``answers`` are to questions asked before, ``given`` values of course fields that the sheet
    does not say.
    """
    return _Finder(_fill_down(sheet), vocabulary, answers, given or {}).find()


def _fill_down(sheet: Sheet) -> Sheet:
    """A value merged over several rows stands in each of them."""
    for merged in sheet.merged:
        if merged.last_row == merged.first_row:
            continue
        value = cell_at(sheet.rows[merged.first_row - 1], merged.first_column)
        for number in range(merged.first_row + 1, min(merged.last_row, len(sheet.rows)) + 1):
            row = sheet.rows[number - 1]
            row.extend([""] * (merged.first_column + 1 - len(row)))
            if is_blank(row[merged.first_column]):
                row[merged.first_column] = value
    return sheet


class _Finder:
    """Goes through a sheet once, from top to bottom."""

    def __init__(
        self, sheet: Sheet, vocabulary: Vocabulary, answers: Answers, given: GivenHere
    ) -> None:
        self._sheet, self._rows = sheet, sheet.rows
        self._words, self._answers, self._given = vocabulary, answers, given
        self._heading = cache(self._read_heading)
        self._binder = Binder(sheet, vocabulary, answers)
        self._kinds: dict[int, str] = {}
        self._tables: list[Table] = []

    def find(self) -> FoundTables:
        headers = list(self._headers())
        if not headers and (guessed := guess_header(self._rows, self._heading)):
            headers = [guessed]
        end = 0  # the last row that belongs to what stands above
        for place, header in enumerate(headers):
            stop = headers[place + 1].first_row - 1 if place + 1 < len(headers) else len(self._rows)
            if self._continues(header, end):
                self._mark(header.rows, "headings")
            else:
                self._begin(header, end)
            end = max(self._take_rows(header.last_row + 1, stop), header.last_row)
        if headers:
            self._label_last(end)
        for table in self._tables:
            self._fill_across(table)
            self._binder.bind(table)
        return FoundTables(self._tables, self._accounted(), self._hidden_count())

    def _read_heading(self, text: str, over: str) -> Heading:
        """A heading as it is understood, or as somebody answered."""
        heading = read_heading(text, over, self._words)
        answer = self._answers.get(column_key(heading.text))
        if answer is None:
            return heading
        try:
            meaning = parse_meaning(answer, self._words.labels)
        except ValueError:
            return heading
        if meaning is None:
            return Heading(heading.text, is_ignored=True)
        return Heading(heading.text, meaning.field, meaning.unit)

    def _headers(self) -> Iterator[Header]:
        """Every row that is a header, with those that belong to it."""
        identities: list[int] = []
        after = 0
        for number, row in enumerate(self._rows, 1):
            if number <= after or has_id(row, identities):
                continue
            if not self._is_header(row):
                continue
            header = read_header(self._sheet, number, self._heading, self._words, after)
            after = header.last_row
            identities = [c for c, h in header.headings.items() if h.field in IDENTITY]
            yield header

    def _is_header(self, row: Row) -> bool:
        fields = set()
        for cell in row:
            if isinstance(cell, str) and cell and len(cell) < 80:
                heading = self._heading(cell, "")
                if heading.field or heading.choices:
                    fields.add(heading.field or heading.choices)
        return len(fields) >= MIN_COLUMNS and bool(ANCHORS & fields)

    def _continues(self, header: Header, end: int) -> bool:
        """Whether a header only repeats the one above, at the top of a printed page."""
        if not self._tables or not same_header(header, self._tables[-1], self._rows):
            return False
        between = range(end + 1, header.first_row)
        return all(
            self._is_continuation(self._rows[number - 1])
            for number in between
            if any(not is_blank(cell) for cell in self._rows[number - 1])
        )

    def _is_continuation(self, row: Row) -> bool:
        text = next(shown(cell) for cell in row if not is_blank(cell))
        return self._words.begins_with(text, "continued") or _is_total(row, self._words)

    def _begin(self, header: Header, end: int) -> None:
        """Begin the tables of a header, with the labels above it."""
        above = [n for n in range(end + 1, header.first_row) if n not in self._sheet.hidden_rows]
        labelled, titles = self._split_block(above)
        self._mark(header.rows, "headings")
        parts = segments(header)
        for first, last in parts:
            table = Table(
                header.row,
                header.rows,
                first,
                last,
                {c: h for c, h in header.headings.items() if first <= c <= last},
                first_row=end + 1,
            )
            self._label(table, labelled, range(first, last + 1) if len(parts) > 1 else None)
            table.other_list = self._other_list(titles, table)
            self._tables.append(table)

    def _split_block(self, numbers: Sequence[int]) -> tuple[list[int], list[str]]:
        """Sort the rows above a header: with labels, or with a title; what it says."""
        labelled, titles = [], []
        for number in numbers:
            row = self._rows[number - 1]
            if not any(not is_blank(cell) for cell in row):
                continue
            if any(True for _ in find_labels(self._rows, [number], self._words, range(len(row)))):
                labelled.append(number)
                self._kinds[number] = "labels"
            else:
                below = number - 1 in labelled  # values below their labels
                self._kinds[number] = "labels" if below else "headings"
                titles.append(" ".join(shown(cell) for cell in row if not is_blank(cell)))
        return labelled + [n + 1 for n in labelled if n + 1 in numbers], titles

    def _label(self, table: Table, numbers: Sequence[int], part: range | None) -> None:
        """Give a table its labels: of tables abreast its own, or else those of all."""
        widest = range(max(map(len, self._rows), default=0))
        every = list(find_labels(self._rows, numbers, self._words, widest))
        own = [pair for pair in every if part is None or pair[1].column in part]
        if not own or (part and all(p[1].column < part.stop for p in every)):
            own = own if own else every
        table.labels, questions = settle_labels(
            own, sheet=self._sheet.name, answers=self._answers, labels=self._words.labels
        )
        table.questions += questions
        for name, text in self._given.items():
            if name not in table.labels or is_blank(table.labels[name].cell):
                table.labels[name] = Labelled(text, 0, 0)

    def _other_list(self, titles: Sequence[str], table: Table) -> str:
        """The title of a list of others: of instructors, or of those who withdrew."""
        for title in [*titles[-2:], self._sheet.name]:
            if self._words.has_word(title, "withdrawn_list"):
                return clean(title)
            is_of_trainees = self._words.has_word(title, "trainee_list")
            if self._words.has_word(title, "other_list") and not is_of_trainees:
                return clean(title)
        texts = [heading.text for heading in table.headings.values()]
        fields = {heading.field for heading in table.headings.values()}
        if not fields & (HOUR_FIELDS | MARK_FIELDS):
            for text in texts:
                if self._words.is_word(text, "other_list_columns"):
                    return clean(text)
        return ""

    def _current(self) -> list[Table]:
        """The tables of the header that is in hand."""
        last = self._tables[-1].header_row
        return [table for table in self._tables if table.header_row == last]

    def _take_rows(self, first: int, last: int) -> int:
        """Sort the rows below a header; the last one that belongs to its tables."""
        tables = self._current()
        self._skip_session_hours(tables, first, last)
        sorters = [_RowSorter(table, self._words, self._sheet.unsplit) for table in tables]
        hidden, end = self._sheet.hidden_rows, 0
        for number in range(first, last + 1):
            row = self._rows[number - 1]
            if number in self._kinds or number in hidden:
                continue
            kinds = [sorter.sort(number, row) for sorter in sorters]
            if "trainees" in kinds:
                end = number
                continue
            kind = next((kind for kind in kinds if kind not in ("blank", "notes")), None)
            self._kinds[number] = kind or ("notes" if "notes" in kinds else "blank")
            if kind in ("totals", "signatures"):
                end = number
        return end

    def _label_last(self, end: int) -> None:
        """Take what labels below the last table say and nothing above it does."""
        below = [
            number
            for number in range(end + 1, len(self._rows) + 1)
            if self._kinds.get(number) == "labels"
        ]
        if not below:
            return
        widest = range(max(map(len, self._rows)))
        found = find_labels(self._rows, below, self._words, widest)
        for table in self._current():
            fields = {heading.field for heading in table.headings.values()}
            for field_name, labelled in found:
                if field_name not in fields and field_name not in table.labels:
                    table.labels[field_name] = labelled

    def _skip_session_hours(self, tables: Sequence[Table], first: int, last: int) -> None:
        for table in tables:
            self._binder.find_sessions(table, first, last)
            if table.hours_row:
                self._kinds[table.hours_row] = "headings"

    def _fill_across(self, table: Table) -> None:
        """A value merged over several columns of a trainee's row stands in each of them."""
        rows = set(table.rows)
        keys = set(table.columns_of((*IDENTITY, *NAMES)))
        for merged in self._sheet.merged:
            if merged.last_column == merged.first_column:
                continue
            for number in range(merged.first_row, merged.last_row + 1):
                if number not in rows:
                    continue
                row = self._rows[number - 1]
                value = cell_at(row, merged.first_column)
                for column in range(merged.first_column + 1, merged.last_column + 1):
                    if column < len(row) and column not in keys and is_blank(row[column]):
                        row[column] = value

    def _mark(self, numbers: frozenset[int], kind: str) -> None:
        self._kinds |= dict.fromkeys(numbers, kind)

    def _hidden_count(self) -> int:
        return sum(
            1
            for number in self._sheet.hidden_rows
            if number <= len(self._rows) and any(not is_blank(c) for c in self._rows[number - 1])
        )

    def _accounted(self) -> Counter[str]:
        counts = Counter(dict.fromkeys(KINDS, 0))
        trainees = sum(len(table.rows) for table in self._tables)
        counts["trainees"] = trainees
        rows_of_trainees = {number for table in self._tables for number in table.rows}
        for number, row in enumerate(self._rows, 1):
            if number in rows_of_trainees:
                continue
            if number in self._sheet.hidden_rows:
                counts["hidden"] += 1
            elif number in self._kinds:
                counts[self._kinds[number]] += 1
            elif all(is_blank(cell) for cell in row):
                counts["blank"] += 1
            else:
                counts["notes"] += 1
        return counts


class _RowSorter:
    """Tells the rows below a header apart: trainees, sums, signatures and what is neither."""

    def __init__(self, table: Table, words: Vocabulary, unsplit: frozenset[int]) -> None:
        self._table, self._words, self._unsplit = table, words, unsplit
        self._identities = table.columns_of(IDENTITY)
        self._names = table.columns_of(NAMES)
        self._people = table.columns_of(tuple(PERSON_FIELDS))
        self._known = [c for c, h in table.headings.items() if h.field or h.choices]
        self._known += list(table.sessions)
        self._is_over = False

    def sort(self, number: int, row: Row) -> str:
        """Return the kind of a row; trainees and sums are noted in the table."""
        table = self._table
        # Nearly every row ends here: a number in the place of an identity.
        if has_id(row, self._identities) or number in self._unsplit:
            table.rows.append(number)
            return "trainees"
        if not any(row):
            return "blank"
        filled = [c for c, cell in enumerate(row) if table.has(c) and not is_blank(cell)]
        if not filled:
            return "blank"
        if _is_total(row, self._words, filled):
            table.totals.append(number)
            return "totals"
        if self._signs(row, filled):
            self._is_over = True
            return "signatures"
        if is_label_row(row, self._words):
            return "labels"
        if self._is_somebody(row, filled):
            table.rows.append(number)
            return "trainees"
        numbers_only = all(self._is_row_number(column) for column in filled)
        return "blank" if numbers_only else "notes"

    def _is_row_number(self, column: int) -> bool:
        heading = self._table.headings.get(column)
        return heading is not None and heading.is_ignored

    def _signs(self, row: Row, filled: Sequence[int]) -> bool:
        """Whether the row signs the sheet: words of signing, and no number as trainees have."""
        texts = [str(row[c]) for c in filled if isinstance(row[c], str)]
        if len(texts) < len(filled) or not texts:
            return False
        return self._words.begins_with(texts[0], "signature")

    def _is_somebody(self, row: Row, filled: Sequence[int]) -> bool:
        """Whether a row without a number is still a trainee's: it has a name, or enough else."""
        texts = [str(row[c]) for c in filled if isinstance(row[c], str)]
        if texts and self._words.begins_with(texts[0], "other"):
            return False
        known = [c for c in filled if c in self._known]
        own = [c for c in filled if c in self._people]
        if has_digits(row, self._identities) and len(filled) > 1:
            return True
        names = [c for c in self._names if c in filled and _is_name(row[c])]
        if names:
            is_alone = len(filled) == 1
            return not (self._is_over and len(known) < MIN_COLUMNS) and not (
                is_alone and bool(self._table.totals)
            )
        return bool(own) and len(known) >= MIN_COLUMNS and not self._table.totals


def _is_name(cell: object) -> bool:
    """Whether a text could be a person's name: a few words, no digits, no punctuation."""
    if not isinstance(cell, str):
        return False
    text = clean(cell)
    return (
        0 < len(text) <= MAX_NAME_LENGTH
        and len(text.split()) <= MAX_NAME_WORDS
        and not any(c.isdigit() or c in ":؛;=!؟?،," for c in text)
        and any(c.isalpha() for c in text)
    )


def _is_total(row: Row, words: Vocabulary, filled: Sequence[int] | None = None) -> bool:
    """Whether one of the first cells says that this is a sum."""
    places = (
        filled if filled is not None else [c for c, cell in enumerate(row) if not is_blank(cell)]
    )
    return any(isinstance(row[c], str) and words.is_word(str(row[c]), "total") for c in places[:3])
