"""Which column is which field: by heading, unit and what the cells hold, never by being first."""

from collections.abc import Mapping, Sequence

from tafahom.exchange.rosters.parsing.cells import CellError, is_blank, minutes_of, shown
from tafahom.exchange.rosters.parsing.fields import COURSE_FIELDS, Vocabulary
from tafahom.exchange.rosters.parsing.headings import (
    IDENTITY_FIELDS,
    NAME_FIELDS,
    Heading,
    column_name,
)
from tafahom.exchange.rosters.parsing.meanings import (
    HOUR_FIELDS,
    IGNORE,
    MARK_FIELDS,
    Answers,
    Meaning,
    parse_meaning,
)
from tafahom.exchange.rosters.parsing.questions import BLANK, COLUMN, RosterQuestion, column_key
from tafahom.exchange.rosters.parsing.sessions import SessionFinder
from tafahom.exchange.rosters.parsing.tables import Labelled, Remark, SheetRow, Table, cell_at
from tafahom.persian import clean, normal_key
from tafahom.sheets.workbook import Sheet

# What a heading with something unknown in its brackets is asked for; of others it is left out.
ASKED = (
    HOUR_FIELDS
    | MARK_FIELDS
    | IDENTITY_FIELDS
    | (NAME_FIELDS - {"father_name"})
    | frozenset(COURSE_FIELDS) - {"group", "instructor", "partner"}
    | {"audience"}
)
SAMPLES = 3
# Cells of these may be shown in a question: they name nobody.
SHOWN = HOUR_FIELDS | MARK_FIELDS | frozenset(COURSE_FIELDS)
MIN_ROWS_OF_A_RUN = 3
MIN_ROWS_OF_A_PART = 2
ABOVE, EMPTY = "above", "empty"


class Binder:
    """Binds the columns of the tables of one sheet."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, answers: Answers) -> None:
        self._sheet, self._words, self._answers = sheet, vocabulary, answers
        self._sessions = SessionFinder(sheet, vocabulary, answers)

    def find_sessions(self, table: Table, first: int, last: int) -> None:
        """Find columns of sessions and the row of their hours, before rows are told apart."""
        self._sessions.find(table, first, last)

    def bind(self, table: Table) -> None:
        """Bind every column; what is not clear becomes a question of the table."""
        self._name_bare_columns(table)
        claims: dict[str, list[int]] = {}
        unsure: list[int] = []
        answered: set[int] = set()
        for column, heading in table.headings.items():
            if column in table.sessions or heading.is_ignored:
                continue
            meaning = self._answer(table, column)
            if meaning == IGNORE:
                continue
            if isinstance(meaning, Meaning):
                answered.add(column)
                self._claim(table, claims, meaning, column)
            elif heading.field and heading.is_sure:
                self._claim(table, claims, Meaning(heading.field, heading.unit), column)
            elif heading.field or heading.choices:
                unsure.append(column)
            else:
                table.unknown[column] = heading.text
        self._settle_choices(table, claims, unsure)
        for field, columns in claims.items():
            self._settle(table, field, columns, answered)
        for column in unsure:
            self._settle_unsure(table, column)
        self._check_units(table)
        self._check_parts(table, answered)
        self._sessions.settle(table)
        self._check_blanks(table)
        for column in table.sessions:
            table.unknown.pop(column, None)

    def _name_bare_columns(self, table: Table) -> None:
        """Give columns that hold something under no heading a name, so that they are told."""
        if not table.rows:
            return
        end = table.last_column + 1
        header = self._sheet.rows[table.header_row - 1] if table.header_row else []
        if all(is_blank(cell) for cell in header[end:]):  # nothing stands beside the table
            end = max(end, len(self._sheet.rows[table.rows[0] - 1]))
        for column in range(table.first_column, end):
            if column in table.headings or column in table.sessions:
                continue
            filled = len(self._cells(table, column))
            if filled and filled * 2 >= len(table.rows):
                table.headings[column] = Heading(column_name(column))

    def key_of(self, table: Table, column: int) -> str:
        """The key of what a column means; the second of two alike has a key of its own."""
        text = table.headings[column].text
        alike = [c for c, h in sorted(table.headings.items()) if h.text == text]
        return column_key(text, alike.index(column) + 1)

    def _answer(self, table: Table, column: int) -> Meaning | str | None:
        """What somebody answered for a column: its meaning, ``ignore``, or None."""
        answer = self._answers.get(self.key_of(table, column))
        if answer is None:
            return None
        try:
            return parse_meaning(answer, self._words.labels) or IGNORE
        except ValueError:
            return None

    def _claim(
        self, table: Table, claims: dict[str, list[int]], meaning: Meaning, column: int
    ) -> None:
        claims.setdefault(meaning.field, []).append(column)
        table.meanings[f"{meaning.field}@{column}"] = meaning

    def _settle(self, table: Table, field: str, columns: list[int], answered: set[int]) -> None:
        """Bind a field to the one column that can be meant, or ask which it is."""
        left = [c for c in columns if c in answered] or columns
        if len(left) > 1:  # most fields have one column, which is theirs, filled or not
            left = [c for c in left if self._cells(table, c)] or left[:1]
        hidden = self._sheet.hidden_columns
        seen = [c for c in left if c not in hidden]
        for column in left:
            if column in hidden:
                heading = table.headings[column].text
                table.remarks.append(Remark("column.hidden", table.header_row, heading))
        left = seen or left
        if len(left) > 1 and self._differ(table, left):
            for column in left:
                options = (field, IGNORE)
                self._ask(table, column, options, "twice", field)
            return
        table.columns[field] = left[0]
        meaning = table.meanings[f"{field}@{left[0]}"]
        table.meanings[field] = meaning
        for column in columns:
            if column != left[0] and column not in hidden and column not in answered:
                table.unknown[column] = table.headings[column].text

    def _differ(self, table: Table, columns: list[int]) -> bool:
        """Whether columns say different things anywhere."""
        return len({tuple(map(_plain, self._all_cells(table, c))) for c in columns}) > 1

    def _settle_choices(
        self, table: Table, claims: dict[str, list[int]], unsure: list[int]
    ) -> None:
        """«نظری» and «عملی» alone: hours where they add up, marks beside another mark."""
        open_ones = [c for c in unsure if table.headings[c].choices]
        if not open_ones:
            return
        place = self._kind_of_choices(table, claims, open_ones)
        for column in open_ones:
            heading = table.headings[column]
            if place is None or not heading.is_sure:
                continue
            unsure.remove(column)
            self._claim(table, claims, Meaning(heading.choices[place], heading.unit), column)

    def _kind_of_choices(
        self, table: Table, claims: Mapping[str, list[int]], columns: Sequence[int]
    ) -> int | None:
        """0 for hours, 1 for marks; None where nothing tells."""
        has_marks, has_hours = MARK_FIELDS & set(claims), HOUR_FIELDS - {"attended_hours"}
        names = {table.headings[c].choices[0] for c in columns}
        if len(names) < len(columns):
            return None
        if has_marks and len(columns) == 1:
            other = {table.headings[columns[0]].choices[1]}
            return 1 if not other & set(claims) else 0
        hours = has_hours & set(claims) | ({"planned_hours"} & set(table.labels))
        if {"theory_hours", "practice_hours"} & hours and len(columns) == 1:
            return 0 if not names & hours else 1
        if len(columns) == 2 and not has_marks:
            planned = claims.get("planned_hours", [])
            if planned and self._add_up(table, columns, planned[0]):
                return 0
        return None

    def _add_up(self, table: Table, columns: Sequence[int], total: int) -> bool:
        """Whether two columns add up to a third in every row that has all three."""
        found = False
        for number in table.rows:
            row = self._sheet.rows[number - 1]
            cells = [cell_at(row, c) for c in (*columns, total)]
            numbers = [float(c) for c in cells if isinstance(c, int | float)]
            if len(numbers) < 3:
                continue
            if abs(numbers[0] + numbers[1] - numbers[2]) > 0.01:
                return False
            found = True
        return found

    def _settle_unsure(self, table: Table, column: int) -> None:
        """A heading that something in it may change: asked if nothing else is that field."""
        heading = table.headings[column]
        options = heading.choices or (heading.field,)
        if all(table.knows(option) for option in options) or not self._cells(table, column):
            table.unknown[column] = heading.text
        elif heading.choices or heading.field in ASKED:
            reason = "choices" if heading.choices else "brackets"
            self._ask(table, column, (*options, IGNORE), reason, options[0])
        else:
            table.unknown[column] = heading.text

    def _check_units(self, table: Table) -> None:
        """Ask for columns and labels that count in what is no hours or marks."""
        for field, column in list(table.columns.items()):
            meaning = table.meanings[field]
            if not meaning.is_readable:
                del table.columns[field]
                self._ask(table, column, _unit_options(field), "unit", field)
        for field, labelled in list(table.labels.items()):
            counted = self._label_meaning(field, labelled)
            if counted is None:
                del table.labels[field]
                continue
            if counted.is_readable:
                table.meanings.setdefault(f"{field}@label", counted)
                continue
            key = column_key(f"{self._words.labels[field]} {labelled.unit}")
            table.questions.append(
                RosterQuestion(
                    key, COLUMN, self._sheet.name, labelled.row, self._words.labels[field],
                    f"{shown(labelled.cell)} {self._unit_word(labelled.unit)}", _unit_options(field), "unit",
                )
            )  # fmt: skip

    def _unit_word(self, unit: str) -> str:
        """A unit as it is written: the first of its spellings."""
        return next((word for word, kind in self._words.units.items() if kind == unit), unit)

    def _label_meaning(self, field: str, labelled: Labelled) -> Meaning | None:
        """What a label's value counts in, or as somebody answered; None to leave it out."""
        key = column_key(f"{self._words.labels[field]} {labelled.unit}")
        answer = self._answers.get(key, "") if labelled.unit else ""
        try:
            if answer:
                return parse_meaning(answer, self._words.labels)
        except ValueError:
            pass
        return Meaning(field, labelled.unit)

    def _check_parts(self, table: Table, answered: set[int]) -> None:
        """Ask whether everybody attended the theory or the practice of a course and no more."""
        column = table.columns.get("attended_hours")
        if column is None or column in answered or len(table.rows) < MIN_ROWS_OF_A_PART:
            return
        if not (table.knows("theory_hours") and table.knows("practice_hours")):
            return
        for part, other in (("theory_hours", "practice_hours"), ("practice_hours", "theory_hours")):
            if all(self._is_part(table, number, column, part, other) for number in table.rows):
                self._ask(table, column, ("attended_hours", IGNORE), "part", "attended_hours")
                del table.columns["attended_hours"]
                return

    def _is_part(self, table: Table, number: int, column: int, part: str, other: str) -> bool:
        """Whether the hours attended are those of one part of the course, and there is another."""
        row = self._sheet.rows[number - 1]
        cells = [cell_at(row, column), *(self._value(table, row, name) for name in (part, other))]
        try:
            attended, own, rest = (minutes_of(cell) for cell in cells)
        except CellError:
            return False
        return bool(attended) and attended == own and bool(rest)

    def _value(self, table: Table, row: SheetRow, field: str) -> object:
        if field in table.columns:
            return cell_at(row, table.columns[field])
        return table.labels[field].cell

    def _check_blanks(self, table: Table) -> None:
        """Ask what blank groups below a value mean: cells were joined once, or left empty."""
        column = table.columns.get("audience")
        if column is None or len(table.rows) < MIN_ROWS_OF_A_RUN:
            return
        cells = self._all_cells(table, column)
        blanks = sum(is_blank(cell) for cell in cells)
        if not blanks or blanks == len(cells):
            return
        key = f"{BLANK}:audience"
        answer = self._answers.get(key)
        if answer in (ABOVE, EMPTY):
            table.fills_blanks = answer == ABOVE
        elif not is_blank(cells[0]) and blanks * 2 >= len(cells):
            label = self._words.labels["audience"]
            where = next(n for n, cell in zip(table.rows, cells, strict=True) if is_blank(cell))
            table.questions.append(
                RosterQuestion(
                    key,
                    BLANK,
                    self._sheet.name,
                    where,
                    label,
                    shown(cells[0]),
                    (ABOVE, EMPTY),
                    BLANK,
                )
            )
        else:
            table.remarks.append(
                Remark("audience.assumed", table.header_row, self._words.labels["audience"], str(blanks))
            )  # fmt: skip

    def _ask(
        self, table: Table, column: int, options: tuple[str, ...], reason: str, field: str
    ) -> None:
        heading = table.headings[column].text
        samples = ""
        if field in SHOWN:
            cells = [shown(cell) for cell in self._cells(table, column)]
            samples = "، ".join(list(dict.fromkeys(cells))[:SAMPLES])
        table.questions.append(
            RosterQuestion(
                self.key_of(table, column), COLUMN, self._sheet.name, table.header_row, heading,
                samples, options, reason,
            )
        )  # fmt: skip

    def _cells(self, table: Table, column: int) -> list[object]:
        return [cell for cell in self._all_cells(table, column) if not is_blank(cell)]

    def _all_cells(self, table: Table, column: int) -> list[object]:
        return [cell_at(self._sheet.rows[number - 1], column) for number in table.rows]


def _plain(cell: object) -> str:
    """A cell for comparing with another column's."""
    text = shown(cell)
    return normal_key(text) or clean(text)


def _unit_options(field: str) -> tuple[str, ...]:
    if field in MARK_FIELDS:
        return (field, f"{field}:of20", IGNORE)
    usual = (field, f"{field}:minutes")
    percent = (f"{field}:percent",) if field == "attended_hours" else ()
    return (*usual, *percent, IGNORE)
