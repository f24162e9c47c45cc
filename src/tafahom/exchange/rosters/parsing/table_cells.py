"""Cells of one table by field: what they were read as, and what is wrong with them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tafahom.exchange.rosters.parsing.cells import (
    CellError,
    Formula,
    is_blank,
    shown,
    text_of,
)
from tafahom.exchange.rosters.parsing.courses import CourseBook
from tafahom.exchange.rosters.parsing.fields import Vocabulary, is_too_long
from tafahom.exchange.rosters.parsing.questions import RosterQuestion
from tafahom.exchange.rosters.parsing.tables import SheetRow, Table
from tafahom.sheets.formulas import runs_in_a_sheet
from tafahom.sheets.workbook import Sheet
from tafahom.training.rosters.rules import Problem, RosterEntry

T = TypeVar("T")

PLAIN = frozenset({str, float})


@dataclass(slots=True)
class Findings:
    """What was found in a file so far, and what its rows share."""

    entries: list[RosterEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    questions: list[RosterQuestion] = field(default_factory=list)
    # Numbers of agreements and names of partners in tables that are not read yet.
    agreements: set[str] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)
    courses: CourseBook = field(default_factory=CourseBook)
    # What cells were read as, by field and parser: names, marks and hours repeat in a file.
    known: dict[tuple[str, Callable[[object], object]], dict[object, object]] = field(
        default_factory=lambda: defaultdict(dict)
    )


class TableCells:
    """Reads cells of one table: of a row, or else beside a label above it."""

    def __init__(
        self, sheet: Sheet, table: Table, vocabulary: Vocabulary, findings: Findings
    ) -> None:
        self._sheet = sheet
        self._table = table
        self._words = vocabulary
        self._findings = findings
        self._label_of = vocabulary.labels
        self._columns, self._labels = table.columns, table.labels
        self._has_formulas = bool(sheet.formulas)
        self._is_plain = not sheet.formulas and not table.labels
        # What cells of each field were read as; in a table a field has one parser.
        self._known: dict[str, dict[object, object]] = {}
        self._problems: list[Problem] = []
        self._warned: set[tuple[str, str]] = set()

    def _text(self, number: int, row: SheetRow, name: str) -> str:
        text = self._take(number, row, name, text_of) or ""
        if text and runs_in_a_sheet(text) and name != "mobile":
            self._warn("text.neutralised", number, name, text)
        return text

    def _take(
        self, number: int, row: SheetRow, name: str, parse: Callable[[object], T]
    ) -> T | None:
        cell = self._cell(number, row, name)
        # Of other types, equal cells are not always alike: 1 and True.
        is_plain = cell.__class__ in PLAIN
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._findings.known[name, parse]
        if is_plain and cell in known:
            return known[cell]  # type: ignore[return-value]  # what this parser made of it
        try:
            value = parse(cell)
        except CellError as error:
            self._add(error.code, number, name, shown(cell))
            return None
        if is_too_long(name, value):
            self._add("text.too_long", number, name, shown(cell))
            return None
        if is_plain:
            known[cell] = value
        return value

    def _cell(self, number: int, row: SheetRow, name: str) -> object:
        """The cell of a field: in the row, or else beside its label above the table."""
        column = self._columns.get(name)
        if self._is_plain:  # as nearly every flat table is: nothing beside labels, no formulas
            return row[column] if column is not None and column < len(row) else ""
        if column is not None and column < len(row):
            if self._has_formulas and (formula := self._formula(number, column, name)):
                return formula
            cell = row[column]
            if cell.__class__ is float or not is_blank(cell):
                return cell
        labelled = self._labels.get(name)
        if labelled is None:
            return ""
        return self._formula(labelled.row, labelled.column, name) or labelled.cell

    def _formula(self, row: int, column: int, name: str = "") -> Formula | None:
        """A formula that has no result there; of one that has, a warning is left."""
        has_result = self._sheet.formulas.get((row, column)) if self._sheet.formulas else None
        if has_result is False:
            return Formula()
        if has_result and name:
            self._warn("cell.formula", row, name, shown(self._sheet.rows[row - 1][column]))
        return None

    def _add(self, code: str, number: int, name: str, value: str, planned: int = 0) -> None:
        params = (("course_hours", f"{planned / 60:g}"),) if planned else ()
        label = self._label_of[name]
        self._problems.append(Problem(code, self._sheet.name, number, label, value, params))

    def _warn(self, code: str, number: int, name: str, value: str) -> None:
        """Warn once of what a column says again and again."""
        key = (f"{code} {number}" if code == "cell.formula" else code, f"{name} {value}")
        if key not in self._warned:
            self._warned.add(key)
            label = self._label_of[name]
            self._findings.warnings.append(Problem(code, self._sheet.name, number, label, value))
