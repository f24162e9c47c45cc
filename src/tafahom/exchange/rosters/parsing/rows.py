"""Rows of trainees: each becomes an entry, or problems with their places."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from tafahom.exchange.rosters.parsing.cells import (
    CellError,
    Formula,
    birth_of,
    is_blank,
    mark_of,
    minutes_of,
    name_of,
    percent_of,
    shown,
    text_of,
)
from tafahom.exchange.rosters.parsing.courses import (
    COURSE_NEEDS,
    Described,
    Sessions,
    Units,
)
from tafahom.exchange.rosters.parsing.fields import COURSE_FIELDS, Vocabulary
from tafahom.exchange.rosters.parsing.meanings import HOUR_FIELDS, MARK_FIELDS
from tafahom.exchange.rosters.parsing.sessions import PRESENCE
from tafahom.exchange.rosters.parsing.table_cells import Findings, TableCells
from tafahom.exchange.rosters.parsing.tables import SheetRow, Table
from tafahom.identifiers import fida_code, is_fida, national_id
from tafahom.persian import to_ascii_digits
from tafahom.sheets.values import ErrorValue
from tafahom.sheets.workbook import Sheet
from tafahom.training.attendance.rules import register_minutes
from tafahom.training.rosters.rules import Problem, RosterEntry

HOUR = 60
PRESENCE_CODE = "attendance.unknown_mark"
TEXTS = ("gender", "education", "mobile", "audience", "result", "certificate_number")


class TableReader(TableCells):
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
        super().__init__(sheet, table, vocabulary, findings)
        self._late_counts_whole = late_counts_whole
        self._course_names = [
            name for name in COURSE_FIELDS if name in table.columns or name in table.labels
        ]
        self._dated = self._dated_sessions()
        self._sessions = self._known_sessions()
        self._units = self._course_units()
        self._audience = ""
        header = sheet.rows[table.header_row - 1] if table.header_row else []
        self._width = max((c for c, cell in enumerate(header) if not is_blank(cell)), default=0) + 1
        self._parsers = {
            name: partial(mark_of, full=table.meanings[name].full_mark)
            for name in MARK_FIELDS & set(table.columns)
        }
        self._alike: dict[tuple[object, ...], Described] = {}
        columns = [table.columns[name] for name in self._course_names if name in table.columns]
        # Rows that are alike here are of one course, where no formula makes them differ.
        self._own_course = columns if columns and not sheet.formulas else []
        self._marks: dict[object, str | None] = {}
        attended = table.meanings.get("attended_hours")
        minutes = attended.minutes if attended else HOUR
        self._read_hours = minutes_of if minutes == HOUR else partial(minutes_of, unit=minutes)
        self._knows_hours = table.knows("attended_hours")
        self._knows_parts = table.knows("first_name", "last_name")

    def read(self) -> None:
        """Read every row; a table that lacks a needed column is refused as a whole."""
        self._say_remarks()
        if self._table.other_list:
            self._refuse_others()
            return
        if self._table.questions:
            self._findings.questions += self._table.questions
            self._note_partners()
            return
        if missing := self._missing_columns():
            header = self._table.named_row
            self._findings.problems += [
                Problem("header.missing_column", self._sheet.name, header, self._label_of[name])
                for name in missing
            ]
            self._note_partners()
            return
        for number in self._table.rows:
            self._problems = []
            entry = self._read_row(number)
            if self._problems or entry is None:
                self._findings.problems += self._problems
            else:
                self._findings.entries.append(entry)
        self._warn_of_assumed_hours()

    def _read_row(self, number: int) -> RosterEntry | None:
        if number in self._sheet.unsplit:
            self._problems.append(Problem("row.not_split", self._sheet.name, number))
            return None
        if self._has_too_many_cells(number):
            self._problems.append(Problem("row.too_many_cells", self._sheet.name, number))
            return None
        return self._entry(number, self._sheet.rows[number - 1])

    def _has_too_many_cells(self, number: int) -> bool:
        """Whether a line of text has cells beyond its header: a separator stands in a value."""
        if self._sheet.name or not self._table.header_row:
            return False
        rest = self._sheet.rows[number - 1][self._width :]
        return bool(rest) and any(not is_blank(cell) for cell in rest)

    def _say_remarks(self) -> None:
        self._findings.warnings += [
            Problem(remark.code, self._sheet.name, remark.row, remark.column, remark.value)
            for remark in self._table.remarks
        ]

    def _refuse_others(self) -> None:
        """Name each row of a list of instructors, or of those who withdrew: nobody is lost."""
        title = self._table.other_list
        self._findings.problems += [
            Problem("table.not_trainees", self._sheet.name, number, value=title[:100])
            for number in self._table.rows
        ]

    def _note_partners(self) -> None:
        """Note whose roster this is, where its rows are not read: answers are kept by partner."""
        for name, noted in (
            ("agreement_number", self._findings.agreements),
            ("partner", self._findings.partners),
        ):
            cells = {shown(self._cell(n, self._sheet.rows[n - 1], name)) for n in self._table.rows}
            noted |= {cell for cell in cells if cell}

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
        return tuple((day, table.session_minutes.get(column) or 0) for column, day in self._dated)

    def _dated_sessions(self) -> list[tuple[int, dt.date]]:
        """Columns of sessions with their days, in order; none where only the order is known."""
        dated = [(column, day) for column, day in self._table.sessions.items() if day]
        if len(dated) < len(self._table.sessions):
            return []
        return sorted(dated, key=lambda pair: pair[1])

    def _course_units(self) -> Units:
        """Minutes that numbers of hours count for, where that is not sixty."""
        meanings = self._table.meanings
        units = {}
        for name in HOUR_FIELDS - {"attended_hours"}:
            at = name if name in self._table.columns else f"{name}@label"
            if at in meanings and meanings[at].minutes != HOUR:
                units[name] = meanings[at].minutes
        return tuple(sorted(units.items()))

    def _entry(self, number: int, row: SheetRow) -> RosterEntry | None:
        course = self._course(number, row)
        first, last, father = self._names(number, row)
        own_id, fida = self._identity(number, row)
        birth = self._birth_date(number, row, course)
        written = self._take_mark(number, row, "written_mark")
        practical = self._take_mark(number, row, "practical_mark")
        if self._table.sessions:
            attendance, credited = self._attendance(number, row, course)
        else:
            attendance, credited = (), self._attended(number, row, course)
        texts = {name: self._text(number, row, name) for name in TEXTS}
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
            gender=texts["gender"],
            birth_date=birth,
            education=texts["education"],
            mobile=_mobile(texts["mobile"]),
            audience=self._group(texts["audience"]),
            credited_minutes=credited,
            written_mark=written,
            practical_mark=practical,
            result=texts["result"],
            certificate_number=to_ascii_digits(texts["certificate_number"]),
            attendance=attendance,
            column=self._table.first_column,
        )

    def _group(self, text: str) -> str:
        """The audience of a row; where cells were joined once, that of the row above."""
        if text or not self._table.fills_blanks:
            self._audience = text
        return self._audience

    def _birth_date(self, number: int, row: SheetRow, course: Described) -> dt.date | None:
        cell = self._cell(number, row, "birth_date")
        if is_blank(cell):
            return None
        try:
            before = course.facts.starts_on if course.facts else dt.date.max
            return birth_of(cell, before=before)
        except CellError as error:
            if course.facts or error.code != "birth.implausible":
                self._add(error.code, number, "birth_date", shown(cell))
        return None

    def _course(self, number: int, row: SheetRow) -> Described:
        alike = None
        if self._own_course:
            alike = tuple([row[c] if c < len(row) else "" for c in self._own_course])
        described = self._alike.get(alike) if alike else None
        if described is None:
            cells = [self._cell(number, row, name) for name in self._course_names]
            described = self._findings.courses.describe(
                self._course_names, cells, self._sessions, self._units
            )
            if alike:
                self._alike[alike] = described
        for flaw in described.flaws:
            self._add(flaw.code, number, flaw.field, flaw.value)
        for flaw in described.unsafe:
            self._warn(flaw.code, number, flaw.field, flaw.value)
        return described

    def _names(self, number: int, row: SheetRow) -> tuple[str, str, str]:
        """Given name, family name, father's name; problems where they are not there."""
        father = self._take(number, row, "father_name", name_of) or ""
        if not self._knows_parts:
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

    def _identity(self, number: int, row: SheetRow) -> tuple[str, str]:
        """National ID and FIDA code; one of them must be there and right."""
        national, fida = (
            self._cell(number, row, "national_id"),
            self._cell(number, row, "fida_code"),
        )
        both = self._cell(number, row, "identity")
        if not is_blank(both):
            if is_blank(fida) and is_fida(shown(both)):
                return "", self._number(number, "identity", both, fida_code)
            if is_blank(national):
                return self._number(number, "identity", both, national_id), ""
        if not is_blank(national) and is_blank(fida) and is_fida(shown(national)):
            return "", self._number(number, "national_id", national, fida_code)
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

    def _attended(self, number: int, row: SheetRow, course: Described) -> int | None:
        """Credited minutes; the whole course where the table has no column for them."""
        if not self._knows_hours:
            return course.facts.planned_minutes if course.facts else None
        before = len(self._problems)
        meaning = self._table.meanings.get("attended_hours")
        is_percent = meaning is not None and meaning.unit == "percent"
        cell = self._cell(number, row, "attended_hours")
        if is_percent or cell.__class__ is not float:
            share = self._share(number, cell, is_percent=is_percent)
            if share is not None:
                return _part(course.facts.planned_minutes, share) if course.facts else None
        minutes: int | None = self._take(number, row, "attended_hours", self._read_hours)
        if minutes is None and len(self._problems) == before:
            self._add("hours.missing", number, "attended_hours", "")
        return minutes

    def _share(self, number: int, cell: object, *, is_percent: bool) -> int | None:
        """A share of the course in hundredths of a percent; None where the cell is no share."""
        try:
            return percent_of(cell, is_percent=is_percent)
        except CellError as error:
            self._add(error.code, number, "attended_hours", shown(cell))
            return None

    def _attendance(
        self, number: int, row: SheetRow, course: Described
    ) -> tuple[tuple[tuple[str, int], ...], int | None]:
        """Marks with credited minutes in the order of days, and their sum.

        Of sessions whose days nobody knows there is a sum only.
        """
        dated = self._dated
        columns = [column for column, _day in dated] or sorted(self._table.sessions)
        found: list[tuple[str, int]] = []
        has_flaw = False
        for place, column in enumerate(columns):
            length = self._session_length(column, place, len(columns), course)
            cell = self._formula(number, column) or (row[column] if column < len(row) else "")
            mark = self._presence(cell)
            if length is None or mark is None:
                has_flaw = True
                self._problems.append(self._unmarked(number, column, cell, length))
                continue
            credited = register_minutes(mark, length, late_counts_whole=self._late_counts_whole)
            found.append((mark, credited))
        total = None if has_flaw else sum(minutes for _mark, minutes in found)
        return tuple(found) if dated else (), total

    def _session_length(self, column: int, place: int, count: int, course: Described) -> int | None:
        """Minutes of a session: its own, or else an equal part of the course without days."""
        length = self._table.session_minutes.get(column)
        if length is not None or self._table.hours_row or self._table.sessions[column]:
            return length
        if course.facts is None:
            return 0  # what is wrong with the course is said already
        planned = course.facts.planned_minutes
        return planned * (place + 1) // count - planned * place // count

    def _unmarked(self, number: int, column: int, cell: object, length: int | None) -> Problem:
        code = "cell.formula" if isinstance(cell, Formula) else PRESENCE_CODE
        if isinstance(cell, ErrorValue):
            code = "cell.error"
        code = "hours.missing" if length is None else code
        heading = self._table.headings[column].text
        return Problem(code, self._sheet.name, number, heading, shown(cell))

    def _presence(self, cell: object) -> str | None:
        """Present, absent, late or excused; None for anything else, a blank too."""
        if isinstance(cell, Formula):
            return None
        if cell not in self._marks:
            text = shown(cell).strip()
            kinds = (kind for kind in PRESENCE if text and self._words.is_word(text, kind))
            self._marks[cell] = next(kinds, None)
        return self._marks[cell]

    def _take_mark(self, number: int, row: SheetRow, name: str) -> int | None:
        cell = self._cell(number, row, name)
        is_word = isinstance(cell, str) and cell != "" and not cell[0].isdigit()
        if is_word and self._words.is_word(str(cell), "not_sat"):
            return None
        return self._take(number, row, name, self._parsers.get(name, mark_of))

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


def _part(planned: int, share: int) -> int:
    """Minutes of a share (hundredths of a percent) of a course, rounded half up."""
    return (planned * share * 2 + 10_000) // 20_000


def _mobile(text: str) -> str:
    """A mobile number with the zero that a spreadsheet dropped; other text as it is."""
    plain = to_ascii_digits(text)
    return f"0{plain}" if len(plain) == 10 and plain.isdigit() and plain[0] == "9" else plain
