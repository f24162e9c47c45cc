"""What is odd in a table that is read: told, never decided."""

from collections.abc import Sequence

from tafahom.exchange.rosters.parsing.cells import CellError, minutes_of
from tafahom.exchange.rosters.parsing.fields import Vocabulary
from tafahom.exchange.rosters.parsing.table_cells import Findings
from tafahom.exchange.rosters.parsing.tables import Table
from tafahom.sheets.workbook import Sheet
from tafahom.training.courses.rules import CourseFacts
from tafahom.training.rosters.rules import Problem, RosterEntry

# Courses are 10 to 1,090 hours long; nobody is taught more hours a day than this.
MIN_COURSE_MINUTES, MAX_COURSE_MINUTES = 10 * 60, 1_090 * 60
MAX_MINUTES_A_DAY = 14 * 60
# Where people attended less than this share of a course on average, a unit may be wrong.
MIN_SHARE_PERCENT = 25
MAX_SCHOOL_MARK = 20 * 100


def doubts(
    sheet: str, table: Table, entries: Sequence[RosterEntry], words: Vocabulary
) -> list[Problem]:
    """Return warnings for marks that look like marks of 20 and for hours that nobody teaches."""
    if not entries:
        return []
    found = []
    marks = [m for e in entries for m in (e.written_mark, e.practical_mark) if m is not None]
    if len(marks) > 1 and 0 < max(marks) <= MAX_SCHOOL_MARK:
        label = words.labels["written_mark"]
        found.append(
            Problem("marks.suspicious", sheet, table.header_row, label, f"{max(marks) / 100:g}")
        )
    courses = {id(e.course): e for e in reversed(entries)}
    odd = [entry for entry in courses.values() if _is_implausible(entry.course)]
    if odd:
        first = min(odd, key=lambda entry: entry.row)
        hours = f"{first.course.planned_minutes / 60:g}"
        label = words.labels["planned_hours"]
        found.append(Problem("hours.implausible", sheet, first.row, label, hours))
    planned = sum(entry.course.planned_minutes for entry in entries)
    credited = sum(entry.credited_minutes for entry in entries)
    if planned and credited * 100 < planned * MIN_SHARE_PERCENT:
        label = words.labels["attended_hours"]
        mean = f"{credited / len(entries) / 60:.3g}"
        found.append(Problem("hours.implausible", sheet, table.header_row, label, mean))
    return found


def _is_implausible(course: CourseFacts) -> bool:
    days = (course.ends_on - course.starts_on).days + 1
    minutes = course.planned_minutes
    return (
        not MIN_COURSE_MINUTES <= minutes <= MAX_COURSE_MINUTES
        or minutes > days * MAX_MINUTES_A_DAY
    )


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
    meaning = table.meanings["attended_hours"]
    if meaning.unit == "percent" or table.questions or table.other_list:
        return None
    said = _minutes_at(sheet, table.totals[0], column, meaning.minutes)
    every = [_minutes_at(sheet, number, column, meaning.minutes) for number in table.rows]
    own = sum(
        entry.credited_minutes
        for entry in findings.entries
        if entry.sheet == sheet.name and entry.row in numbers
    )
    if said is None or said in (own, sum(minutes or 0 for minutes in every)) or None in every:
        return None
    params = (("rows", f"{own / 60:g}"),)
    return Problem("total.mismatch", sheet.name, table.totals[0], label, f"{said / 60:g}", params)


def _minutes_at(sheet: Sheet, number: int, column: int, unit: int) -> int | None:
    row = sheet.rows[number - 1]
    try:
        return minutes_of(row[column], unit) if column < len(row) else None
    except CellError:
        return None
