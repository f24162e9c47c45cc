"""Rows of trainees: each becomes an entry, or problems with their places."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tafahom.exchange.roster.cells import (
    CellError,
    Formula,
    date_of,
    is_blank,
    is_unsafe,
    mark_of,
    minutes_of,
    name_of,
    shown,
    text_of,
)
from tafahom.exchange.roster.courses import COURSE_NEEDS, CourseBook, Described, Sessions
from tafahom.exchange.roster.fields import COURSE_FIELDS, Vocabulary, is_too_long
from tafahom.exchange.roster.tables import Row, Table
from tafahom.identifiers import fida_code, national_id
from tafahom.persian import to_ascii_digits
from tafahom.sheets.workbook import Sheet
from tafahom.training.rules import Problem, RosterEntry, register_minutes

T = TypeVar("T")

FIDA_DIGITS = 12
PLAIN = frozenset({str, float})
PRESENCE = ("present", "absent", "late", "excused")
PRESENCE_CODE = "attendance.unknown_mark"
_NOT_DIGIT = re.compile(r"\D+")


@dataclass(slots=True)
class Findings:
    """What was found in a file so far, and what its rows share."""

    entries: list[RosterEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    courses: CourseBook = field(default_factory=CourseBook)
    # What cells were read as, by parser: names, marks and hours repeat throughout a file.
    known: dict[Callable[[object], object], dict[object, object]] = field(
        default_factory=lambda: defaultdict(dict)
    )


class TableReader:
    """Reads the rows of one table."""

    def __init__(
        self,
        sheet: Sheet,
        table: Table,
        vocabulary: Vocabulary,
        findings: Findings,
        *,
        late_counts_whole: bool,
    ) -> None:
        self._sheet = sheet
        self._table = table
        self._words = vocabulary
        self._findings = findings
        self._late_counts_whole = late_counts_whole
        self._label_of = vocabulary.labels
        self._columns, self._labels = table.columns, table.labels
        self._has_formulas = bool(sheet.formulas)
        self._is_plain = not sheet.formulas and not table.labels
        self._course_names = [
            name for name in COURSE_FIELDS if name in table.columns or name in table.labels
        ]
        self._sessions = self._known_sessions()
        self._alike: dict[tuple[object, ...], Described] = {}
        columns = [table.columns[name] for name in self._course_names if name in table.columns]
        # Rows that are alike here are of one course, where no formula makes them differ.
        self._own_course = columns if columns and not sheet.formulas else []
        self._marks: dict[object, str | None] = {}
        self._genders: dict[str, str] = {}
        self._problems: list[Problem] = []
        self._warned: set[tuple[str, str]] = set()

    def read(self) -> None:
        """Read every row; a table that lacks a needed column is refused as a whole."""
        if missing := self._missing_columns():
            header = self._table.header_row
            self._findings.problems += [
                Problem("header.missing_column", self._sheet.name, header, self._label_of[name])
                for name in missing
            ]
            return
        for number in self._table.rows:
            self._problems = []
            entry = self._entry(number, self._sheet.rows[number - 1])
            if self._problems or entry is None:
                self._findings.problems += self._problems
            else:
                self._findings.entries.append(entry)
        self._warn_of_assumed_hours()

    def _missing_columns(self) -> list[str]:
        table = self._table
        missing = [name for name, _code, others in COURSE_NEEDS if not table.knows(name, *others)]
        if not table.knows("full_name"):
            missing += [name for name in ("first_name", "last_name") if not table.knows(name)]
        if not table.knows("national_id", "fida_code", "identity"):
            missing.append("national_id")
        return missing

    def _known_sessions(self) -> Sessions:
        table = self._table
        return tuple(
            (day, table.session_minutes.get(column) or 0)
            for column, day in sorted(table.sessions.items(), key=lambda pair: pair[1])
        )

    def _entry(self, number: int, row: Row) -> RosterEntry | None:
        course = self._course(number, row)
        first, last, father = self._names(number, row)
        own_id, fida = self._identity(number, row)
        birth = self._take(number, row, "birth_date", date_of)
        written = self._take_mark(number, row, "written_mark")
        practical = self._take_mark(number, row, "practical_mark")
        if self._table.sessions:
            attendance, credited = self._attendance(number, row)
        else:
            attendance, credited = (), self._attended(number, row, course)
        facts = course.facts
        if facts is None or credited is None:
            return None
        if credited > facts.planned_minutes:
            name = "attended_hours"
            self._add(
                "hours.exceed_course", number, name, f"{credited / 60:g}", facts.planned_minutes
            )
        return RosterEntry(
            sheet=self._sheet.name,
            row=number,
            course=facts,
            national_id=own_id,
            fida_code=fida,
            first_name=first,
            last_name=last,
            father_name=father,
            gender=self._gender(self._text(number, row, "gender")),
            birth_date=birth,
            education=self._text(number, row, "education"),
            mobile=_mobile(self._text(number, row, "mobile")),
            audience=self._text(number, row, "audience"),
            credited_minutes=credited,
            written_mark=written,
            practical_mark=practical,
            result=self._text(number, row, "result"),
            certificate_number=to_ascii_digits(self._text(number, row, "certificate_number")),
            attendance=attendance,
        )

    def _course(self, number: int, row: Row) -> Described:
        alike = None
        if self._own_course:
            alike = tuple([row[c] if c < len(row) else "" for c in self._own_course])
        described = self._alike.get(alike) if alike else None
        if described is None:
            cells = [self._cell(number, row, name) for name in self._course_names]
            described = self._findings.courses.describe(self._course_names, cells, self._sessions)
            if alike:
                self._alike[alike] = described
        for flaw in described.flaws:
            self._add(flaw.code, number, flaw.field, flaw.value)
        for flaw in described.unsafe:
            self._warn(flaw.code, number, flaw.field, flaw.value)
        return described

    def _names(self, number: int, row: Row) -> tuple[str, str, str]:
        """Given name, family name, father's name; problems where they are not there."""
        father = self._take(number, row, "father_name", name_of) or ""
        if not self._table.knows("first_name", "last_name"):
            full = self._take(number, row, "full_name", name_of)
            first, _space, last = (full or "").partition(" ")
            if full is not None and not last:
                self._add("name.missing", number, "full_name", full)
            return first, last, father
        names = []
        for name in ("first_name", "last_name"):
            value = self._take(number, row, name, name_of)
            if value == "":
                self._add("name.missing", number, name, "")
            names.append(value or "")
        return names[0], names[1], father

    def _identity(self, number: int, row: Row) -> tuple[str, str]:
        """National ID and FIDA code; one of them must be there and right."""
        national, fida = (
            self._cell(number, row, "national_id"),
            self._cell(number, row, "fida_code"),
        )
        both = self._cell(number, row, "identity")
        if not is_blank(both):
            digits = _NOT_DIGIT.sub("", to_ascii_digits(shown(both)))
            if len(digits) == FIDA_DIGITS and is_blank(fida):
                return "", self._number(number, "identity", both, fida_code)
            if is_blank(national):
                return self._number(number, "identity", both, national_id), ""
        own_id = code = ""
        if not is_blank(fida):
            code = self._number(number, "fida_code", fida, fida_code)
            if not shown(national).strip("0 -"):
                return "", code  # refugees' national ID is left blank, or filled with zeros
        if not is_blank(national):
            own_id = self._number(number, "national_id", national, national_id)
        elif is_blank(fida):
            column = "national_id" if self._table.knows("national_id") else "identity"
            self._add("identity.missing", number, column, "")
        return own_id, code

    def _number(self, number: int, name: str, cell: object, parse: Callable[[str], str]) -> str:
        try:
            return parse(text_of(cell))
        except CellError as error:
            self._add(error.code, number, name, shown(cell))
        except ValueError:
            is_formula = shown(cell).startswith("=")
            self._add(
                "cell.formula" if is_formula else "national_id.invalid", number, name, shown(cell)
            )
        return ""

    def _attended(self, number: int, row: Row, course: Described) -> int | None:
        """Credited minutes; the whole course where the table has no column for them."""
        if not self._table.knows("attended_hours"):
            return course.facts.planned_minutes if course.facts else None
        before = len(self._problems)
        minutes: int | None = self._take(number, row, "attended_hours", minutes_of)
        if minutes is None and len(self._problems) == before:
            self._add("hours.missing", number, "attended_hours", "")
        return minutes

    def _attendance(self, number: int, row: Row) -> tuple[tuple[tuple[str, int], ...], int | None]:
        """Marks with credited minutes in the order of days, and their sum."""
        table = self._table
        found: list[tuple[str, int]] = []
        has_flaw = False
        for column, day in sorted(table.sessions.items(), key=lambda pair: pair[1]):
            length = table.session_minutes.get(column)
            cell = self._formula(number, column) or (row[column] if column < len(row) else "")
            mark = self._presence(cell)
            if length is None or mark is None:
                has_flaw = True
                code = "cell.formula" if isinstance(cell, Formula) else PRESENCE_CODE
                code = "hours.missing" if length is None else code
                heading = shown(self._sheet.rows[table.header_row - 1][column])
                self._problems.append(
                    Problem(code, self._sheet.name, number, heading or day.isoformat(), shown(cell))
                )
                continue
            credited = register_minutes(mark, length, late_counts_whole=self._late_counts_whole)
            found.append((mark, credited))
        return tuple(found), None if has_flaw else sum(minutes for _mark, minutes in found)

    def _presence(self, cell: object) -> str | None:
        """Present, absent, late or excused; None for anything else, a blank too."""
        if isinstance(cell, Formula):
            return None
        if cell not in self._marks:
            text = shown(cell).strip()
            kinds = (kind for kind in PRESENCE if text and self._words.is_word(text, kind))
            self._marks[cell] = next(kinds, None)
        return self._marks[cell]

    def _take_mark(self, number: int, row: Row, name: str) -> int | None:
        cell = self._cell(number, row, name)
        is_word = isinstance(cell, str) and cell != "" and not cell[0].isdigit()
        if is_word and self._words.is_word(str(cell), "not_sat"):
            return None
        return self._take(number, row, name, mark_of)

    def _gender(self, text: str) -> str:
        if text not in self._genders:
            kinds = (
                kind for kind in ("female", "male") if text and self._words.is_word(text, kind)
            )
            self._genders[text] = next(kinds, "")
        return self._genders[text]

    def _text(self, number: int, row: Row, name: str) -> str:
        text = self._take(number, row, name, text_of) or ""
        if text and is_unsafe(text) and name != "mobile":
            self._warn("text.neutralised", number, name, text)
        return text

    def _take(self, number: int, row: Row, name: str, parse: Callable[[object], T]) -> T | None:
        cell = self._cell(number, row, name)
        # Of other types, equal cells are not always alike: 1 and True.
        is_plain = cell.__class__ in PLAIN
        known = self._findings.known[parse]
        if is_plain and cell in known and not is_too_long(name, known[cell]):
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

    def _cell(self, number: int, row: Row, name: str) -> object:
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

    def _warn_of_assumed_hours(self) -> None:
        if (
            self._table.rows
            and not self._table.sessions
            and not self._table.knows("attended_hours")
        ):
            header, label = self._table.header_row, self._label_of["attended_hours"]
            self._findings.warnings.append(
                Problem("hours.assumed", self._sheet.name, header, label)
            )


def _mobile(text: str) -> str:
    """A mobile number with the zero that a spreadsheet dropped; other text as it is."""
    plain = to_ascii_digits(text)
    return f"0{plain}" if len(plain) == 10 and plain.isdigit() and plain[0] == "9" else plain


def total_mismatch(
    sheet: Sheet, table: Table, vocabulary: Vocabulary, findings: Findings
) -> Problem | None:
    """Compare the sheet's own sum of hours with its rows: all of them, or those that are right.

    None where nothing can be compared, or the hours of a row are said to be wrong already.
    """
    column = table.columns.get("attended_hours")
    if column is None or not table.totals:
        return None
    label = vocabulary.labels["attended_hours"]
    numbers = set(table.rows)
    if any(
        p.column == label and p.row in numbers for p in findings.problems if p.sheet == sheet.name
    ):
        return None
    said = _minutes_at(sheet, table.totals[0], column)
    every = [_minutes_at(sheet, number, column) for number in table.rows]
    own = sum(
        entry.credited_minutes
        for entry in findings.entries
        if entry.sheet == sheet.name and entry.row in numbers
    )
    if said is None or said in (own, sum(minutes or 0 for minutes in every)) or None in every:
        return None
    params = (("rows", f"{own / 60:g}"),)
    return Problem("total.mismatch", sheet.name, table.totals[0], label, f"{said / 60:g}", params)


def _minutes_at(sheet: Sheet, number: int, column: int) -> int | None:
    row = sheet.rows[number - 1]
    try:
        return minutes_of(row[column]) if column < len(row) else None
    except CellError:
        return None
