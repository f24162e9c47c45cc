"""Columns of an attendance register: their days, or only their order, and how long each is."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from tafahom.exchange.rosters.parsing.cells import CellError, date_of, is_blank, minutes_of, shown
from tafahom.exchange.rosters.parsing.fields import Vocabulary
from tafahom.exchange.rosters.parsing.meanings import IGNORE, Answers
from tafahom.exchange.rosters.parsing.questions import DAYS, SESSIONS, RosterQuestion
from tafahom.exchange.rosters.parsing.tables import IDENTITY, Table, cell_at, has_digits
from tafahom.jalali import from_jalali, to_jalali
from tafahom.persian import to_ascii_digits
from tafahom.sheets.workbook import Sheet

PRESENCE = ("present", "absent", "late", "excused")
ROWS_AROUND = 3
# A spreadsheet made days of «۴/۲»: they are read as month and day of the course's year.
MONTH_AND_DAY = "month-day"
COUNT = "count"
MAX_SESSION_NUMBER = 200
_MONTH_AND_DAY = re.compile(r"(\d{1,2})\s*[/\-.]\s*(\d{1,2})")
_NUMBER = re.compile(r"\d{1,3}")


class SessionFinder:
    """Finds the columns of sessions in the tables of one sheet."""

    def __init__(self, sheet: Sheet, vocabulary: Vocabulary, answers: Answers) -> None:
        self._sheet, self._words, self._answers = sheet, vocabulary, answers

    def find(self, table: Table, first: int, last: int) -> None:
        """Find columns headed by days, and the row of hours around the header."""
        span = self._span(table, range(first, min(first + ROWS_AROUND + 3, last) + 1))
        candidates = []
        for column, heading in table.headings.items():
            if heading.field or heading.choices or heading.is_ignored:
                continue
            cell = self._heading_cell(table, column)
            if (day := session_day(cell, span)) is not None:
                table.sessions[column] = day
            if day is not None or self._is_numbered(shown(cell)):
                candidates.append(column)
        if candidates:
            self._find_hours(table, candidates, first, last)

    def settle(self, table: Table) -> None:
        """Ask where marks stand under no day, or under days that a spreadsheet made."""
        self._settle_made_days(table)
        marked = [c for c in table.unknown if self._holds_marks(table, c)]
        if not marked or "attended_hours" in table.columns:
            return
        key = f"{SESSIONS}:order"
        answer = self._answers.get(key)
        if answer == COUNT:
            table.sessions |= dict.fromkeys(marked)
        elif answer != IGNORE:
            for column_number in marked:
                del table.unknown[column_number]
            column = table.headings[marked[0]].text
            options = (COUNT, IGNORE)
            table.questions.append(
                RosterQuestion(
                    key, SESSIONS, self._sheet.name, table.header_row, column, str(len(marked)), options, SESSIONS
                )
            )  # fmt: skip

    def _settle_made_days(self, table: Table) -> None:
        """Days of a register that all lie outside the course, as 2026-04-02 for «۴/۲» does."""
        span = self._span(table, table.rows[:1])
        days = {column: day for column, day in table.sessions.items() if day}
        if not days or not span or any(span[0] <= day <= span[1] for day in days.values()):
            return
        meant = {}
        for column in days:
            cell = self._heading_cell(table, column)
            if not isinstance(cell, dt.date):
                return
            meant[column] = _in_span(cell.month, cell.day, span)
        if not all(day and span[0] <= day <= span[1] for day in meant.values()):
            return
        key = f"{DAYS}:spreadsheet"
        answer = self._answers.get(key)
        if answer == MONTH_AND_DAY:
            table.sessions |= meant
        elif answer != IGNORE:
            column, first = next(iter(days.items()))
            table.questions.append(
                RosterQuestion(
                    key, DAYS, self._sheet.name, table.header_row, table.headings[column].text,
                    first.isoformat(), (MONTH_AND_DAY, IGNORE), DAYS,
                )
            )  # fmt: skip

    def _heading_cell(self, table: Table, column: int) -> object:
        """The cell of a heading itself: the lowest of the header that is filled."""
        rows = (self._sheet.rows[number - 1] for number in sorted(table.header_rows, reverse=True))
        return next((c for row in rows if not is_blank(c := cell_at(row, column))), "")

    def _is_numbered(self, text: str) -> bool:
        """Whether a heading is the number of a session, or a day of the week."""
        plain = to_ascii_digits(text).strip()
        if _NUMBER.fullmatch(plain):
            return 0 < int(plain) <= MAX_SESSION_NUMBER
        return self._words.begins_with(text, "session") and len(text) < 20

    def _span(self, table: Table, numbers: Iterable[int]) -> tuple[dt.date, dt.date] | None:
        """First and last day of the course: above the table, or in its first row."""
        starts, ends = (self._day(table, field, numbers) for field in ("starts_on", "ends_on"))
        if starts and (ends is None or ends >= starts):
            return starts, ends or starts
        return None

    def _day(self, table: Table, field: str, numbers: Iterable[int]) -> dt.date | None:
        cells = [table.labels[field].cell] if field in table.labels else []
        columns = table.columns_of([field])
        cells += [cell_at(self._sheet.rows[n - 1], columns[0]) for n in numbers if columns]
        for cell in cells:
            try:
                if day := date_of(cell):
                    return day
            except CellError:
                continue
        return None

    def _find_hours(self, table: Table, columns: Sequence[int], first: int, last: int) -> None:
        """Find the row that says how long each session is: below the header, or else above it."""
        below = range(first, min(first + ROWS_AROUND - 1, last) + 1)
        above = range(max(table.header_row - ROWS_AROUND, table.first_row), table.header_row)
        identities = table.columns_of(IDENTITY)
        for number in [*below, *above]:
            if number in table.header_rows:
                continue
            row = self._sheet.rows[number - 1]
            is_named = any(
                isinstance(cell, str) and self._words.is_word(cell, "session_hours")
                for column, cell in enumerate(row)
                if column not in columns and not is_blank(cell)
            )
            minutes = {column: _minutes(cell_at(row, column)) for column in columns}
            filled = sum(value is not None for value in minutes.values())
            is_below = number > table.header_row and not has_digits(row, identities)
            if (is_named and filled) or (is_below and filled * 2 > len(minutes)):
                table.hours_row, table.session_minutes = number, minutes
                return

    def _holds_marks(self, table: Table, column: int) -> bool:
        """Whether most filled cells of a column are marks of attendance."""
        cells = [cell_at(self._sheet.rows[n - 1], column) for n in table.rows]
        filled = [shown(cell) for cell in cells if not is_blank(cell)]
        marks = sum(any(self._words.is_word(text, kind) for kind in PRESENCE) for text in filled)
        return bool(filled) and marks * 2 > len(filled)


def _minutes(cell: object) -> int | None:
    try:
        return minutes_of(cell)
    except CellError:
        return None


def session_day(cell: object, span: tuple[dt.date, dt.date] | None) -> dt.date | None:
    """Return the day of a session's column; a month and day are of the course. None if no day."""
    text = to_ascii_digits(shown(cell)).strip()
    if found := _MONTH_AND_DAY.fullmatch(text):
        return _in_span(int(found[1]), int(found[2]), span) if span else None
    if isinstance(cell, str) and not any(c.isdigit() for c in cell):
        return None
    try:
        return date_of(cell)
    except CellError:
        return None


def _in_span(month: int, day: int, span: tuple[dt.date, dt.date]) -> dt.date | None:
    """The day of this month in the course's years: the one that lies in it, or else the first."""
    first, last = to_jalali(span[0])[0], to_jalali(span[1])[0]
    days = []
    for year in range(first, last + 1):
        try:
            days.append(from_jalali(year, month, day))
        except ValueError:
            continue
    inside = [one for one in days if span[0] <= one <= span[1]]
    return inside[0] if inside else (days[0] if days else None)
