"""Finding the tables of a sheet, one below another or abreast, and what every row of it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from tafahom.exchange.rosters.parsing.binding import Binder
from tafahom.exchange.rosters.parsing.blocks import find_labels, settle_labels
from tafahom.exchange.rosters.parsing.cells import is_blank, shown
from tafahom.exchange.rosters.parsing.fields import ANCHORS, Vocabulary
from tafahom.exchange.rosters.parsing.header_rows import (
    Header,
    guess_header,
    is_person_number,
    read_header,
    same_header,
    segments,
)
from tafahom.exchange.rosters.parsing.headings import Heading, read_heading
from tafahom.exchange.rosters.parsing.meanings import (
    HOUR_FIELDS,
    MARK_FIELDS,
    Answers,
    parse_meaning,
)
from tafahom.exchange.rosters.parsing.questions import column_key
from tafahom.exchange.rosters.parsing.sorting import MIN_COLUMNS, RowSorter, is_total
from tafahom.exchange.rosters.parsing.tables import (
    IDENTITY,
    NAMES,
    Labelled,
    Remark,
    SheetRow,
    Table,
    cell_at,
    has_id,
)
from tafahom.persian import clean
from tafahom.sheets.workbook import Sheet

ROWS_TO_GUESS = 50
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
        self._open: list[Table] = []  # those of the header in hand

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
        if meaning is None:  # of several columns with one heading it may be another's answer
            return heading
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

    def _is_header(self, row: SheetRow) -> bool:
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

    def _is_continuation(self, row: SheetRow) -> bool:
        text = next(shown(cell) for cell in row if not is_blank(cell))
        return self._words.begins_with(text, "continued") or is_total(row, self._words)

    def _begin(self, header: Header, end: int) -> None:
        """Begin the tables of a header, with the labels above it."""
        above = [n for n in range(end + 1, header.first_row) if n not in self._sheet.hidden_rows]
        labelled, titles = self._split_block(above)
        self._mark(header.rows, "headings")
        parts = segments(header)
        self._open = [
            Table(
                header.row,
                header.rows,
                first,
                last,
                {c: h for c, h in header.headings.items() if first <= c <= last},
                first_row=end + 1,
            )
            for first, last in parts
        ]
        for table in self._open:
            part = range(table.first_column, table.last_column + 1) if len(parts) > 1 else None
            self._label(table, labelled, part)
            table.other_list = self._other_list(titles, table)
        self._tables += self._open

    def _begin_below(self, number: int, labelled: Sequence[int], title: str) -> None:
        """Begin other tables under the same header: another course, or a list of others."""
        before = self._open
        self._open = []
        for old in before:
            old.rows = [row for row in old.rows if row < number]
            table = replace(
                old,
                first_row=min(labelled, default=number),
                columns={},
                meanings={},
                labels={},
                unknown={},
                rows=[number],
                totals=[],
                other_list=title,
                questions=[],
                remarks=[],
            )
            part = range(old.first_column, old.last_column + 1) if len(before) > 1 else None
            self._label(table, labelled, part)
            self._open.append(table)
        self._tables += self._open

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
            if self._says_others(title):
                return clean(title)
        texts = [heading.text for heading in table.headings.values()]
        fields = {heading.field for heading in table.headings.values()}
        if not fields & (HOUR_FIELDS | MARK_FIELDS):
            for text in texts:
                if self._words.is_word(text, "other_list_columns"):
                    return clean(text)
        return ""

    def _says_others(self, title: str) -> bool:
        """Whether a title is that of a list of instructors, or of those who withdrew."""
        if self._words.has_word(title, "withdrawn_list"):
            return True
        is_of_trainees = self._words.has_word(title, "trainee_list")
        return self._words.has_word(title, "other_list") and not is_of_trainees

    def _take_rows(self, first: int, last: int) -> int:
        """Sort the rows below a header; the last one that belongs to its tables."""
        for table in self._open:
            self._binder.find_sessions(table, first, last)
            if table.hours_row:
                self._kinds[table.hours_row] = "headings"
        sorters = self._sorters(first, last)
        labelled: list[int] = []
        texts: list[int] = []
        hidden, end = self._sheet.hidden_rows, 0
        for number in range(first, last + 1):
            row = self._rows[number - 1]
            if number in self._kinds or number in hidden:
                continue
            kinds = [sorter.sort(number, row) for sorter in sorters]
            if "trainees" in kinds:
                if labelled or texts:
                    if self._interrupt(number, labelled, texts):
                        sorters = self._sorters(first, last)
                    labelled, texts = [], []
                end = number
                continue
            kind = next((kind for kind in kinds if kind not in ("blank", "notes")), None)
            kind = kind or ("notes" if "notes" in kinds else "blank")
            self._kinds[number] = kind
            if kind in ("totals", "signatures"):
                end = number
            elif kind == "labels":
                labelled.append(number)
            elif kind == "notes":
                texts.append(number)
        return end

    def _sorters(self, first: int, last: int) -> list[RowSorter]:
        return [
            RowSorter(table, self._words, self._sheet.unsplit, self._numbered(table, first, last))
            for table in self._open
        ]

    def _numbered(self, table: Table, first: int, last: int) -> list[int]:
        """Columns with people's numbers, where no heading says which they are."""
        if table.columns_of(IDENTITY):
            return []
        rows = self._rows[first - 1 : min(last, first + ROWS_TO_GUESS)]
        columns = range(table.first_column, table.last_column + 1)
        return [c for c in columns if any(is_person_number(cell_at(row, c)) for row in rows)]

    def _interrupt(self, number: int, labelled: list[int], texts: list[int]) -> bool:
        """Labels or a text stand between trainees: whether another table begins with this row."""
        is_first = all(min(table.rows, default=number) == number for table in self._open)
        titles = [" ".join(shown(c) for c in self._rows[n - 1] if not is_blank(c)) for n in texts]
        title = next((t for t in titles if self._says_others(t)), "")
        if is_first and not title:
            self._add_labels(labelled)
            return False
        if title or labelled:
            self._begin_below(number, labelled, title)
            return True
        for text in titles:
            if not self._words.begins_with(text, "continued"):
                remark = Remark("row.text_between", texts[0], value=clean(text)[:100])
                self._open[0].remarks.append(remark)
        return False

    def _add_labels(self, numbers: Sequence[int]) -> None:
        """Take what labels say that stand below a header, or below the last table."""
        widest = range(max(map(len, self._rows), default=0))
        found = list(find_labels(self._rows, numbers, self._words, widest))
        for table in self._open:
            fields = {heading.field for heading in table.headings.values()}
            for name, labelled in found:
                if name not in fields and name not in table.labels:
                    table.labels[name] = labelled

    def _label_last(self, end: int) -> None:
        """Take what labels below the last table say and nothing above it does."""
        below = range(end + 1, len(self._rows) + 1)
        self._add_labels([n for n in below if self._kinds.get(n) == "labels"])

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
