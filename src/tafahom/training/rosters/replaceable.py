"""What a row says of somebody who is in its course already, held against what is recorded.

A row that says the same is there twice. One that says something else, such as the marks of a
retake, can take the recorded row's place: what it leaves blank stays as recorded.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

from tafahom.people.queries import chunks
from tafahom.periods.queries import Month
from tafahom.persian import normal_key
from tafahom.training.models import (
    Attendance,
    Course,
    Enrolment,
    ReplacedEnrolment,
    RosterImport,
)
from tafahom.training.rosters.rules import RosterEntry

# Why a row that says something else is refused; each has a sentence of its own.
REPLACEABLE = "replaceable"
OTHER_MARKS = "other_marks"  # replaceable too: the hours are the same, on other days
SAME_FILE = "same_file"
FROM_REGISTER = "from_register"
CLOSED = "closed"

Params: TypeAlias = tuple[tuple[str, str], ...]
# A mark of attendance: the day, the mark and the minutes it credits.
DayMark: TypeAlias = tuple[dt.date, str, int]


class RowValues(NamedTuple):
    """What a row says of one enrolment: minutes, marks in hundredths, reported result.

    ``days`` and ``attendance`` belong together, one of each a session; empty without a register.
    """

    minutes: int
    written: int | None
    practical: int | None
    result: str
    days: tuple[tuple[dt.date, int], ...] = ()
    attendance: tuple[tuple[str, int], ...] = ()
    certificate: str = ""

    def day_marks(self) -> list[DayMark]:
        """Return the marks of attendance by day."""
        pairs = zip(self.days, self.attendance, strict=True)
        return sorted((day, mark, minutes) for (day, _length), (mark, minutes) in pairs)


class Earlier(NamedTuple):
    """What is recorded, or was accepted before, of the person of a row in the row's course.

    ``enrolment_id`` is None of what is not recorded yet; ``row`` is its number where it stands in
    the same file, else 0. ``is_closed`` says that marks of it are of a closed month.
    """

    values: RowValues
    enrolment_id: int | None = None
    row: int = 0
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Replacement:
    """A row and the recorded one whose place it can take.

    ``entry`` has what the enrolment will have: what the row left blank is as recorded.
    ``enrolment_id`` is None in a check of several files, where an earlier one brings it.
    """

    entry: RosterEntry
    earlier: Earlier

    @property
    def enrolment_id(self) -> int | None:
        return self.earlier.enrolment_id


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a row differs from what is there: the kind, what its sentence says, what it makes."""

    kind: str
    params: Params
    entry: RosterEntry

    @property
    def is_replaceable(self) -> bool:
        return self.kind in (REPLACEABLE, OTHER_MARKS)


def values_of(entry: RosterEntry) -> RowValues:
    """Return what a row says."""
    return RowValues(
        entry.credited_minutes,
        entry.written_mark,
        entry.practical_mark,
        entry.result,
        entry.course.sessions if entry.attendance else (),
        entry.attendance,
        entry.certificate_number,
    )


def compare(entry: RosterEntry, earlier: Earlier) -> Comparison | None:
    """Return how a row differs from what is there; None where it says the same, or less."""
    old = earlier.values
    merged = _merged(entry, old)
    new = values_of(merged)
    has_other_marks = bool(new.attendance) and new.day_marks() != old.day_marks()
    is_same = (
        new[:3] == old[:3]
        and normal_key(new.result) == normal_key(old.result)
        and not has_other_marks
    )
    if is_same:
        return None
    kind = OTHER_MARKS if _shown(new) == _shown(old) else REPLACEABLE
    credited = sum(minutes for _mark, minutes in old.attendance)
    if earlier.row:
        kind = SAME_FILE
    elif earlier.is_closed:
        kind = CLOSED
    elif old.attendance and not entry.attendance and old.minutes == credited != new.minutes:
        kind = FROM_REGISTER
    params = [(f"{when}_{name}", text) for when, values in (("old", old), ("new", new))
              for name, text in _shown(values)]  # fmt: skip
    return Comparison(kind, (("kind", kind), ("row", str(earlier.row)), *params), merged)


def _merged(entry: RosterEntry, old: RowValues) -> RosterEntry:
    """Return the row with what it leaves blank as it was; a result only beside the same marks."""
    written = old.written if entry.written_mark is None else entry.written_mark
    practical = old.practical if entry.practical_mark is None else entry.practical_mark
    has_same_marks = (written, practical) == (old.written, old.practical)
    return replace(
        entry,
        written_mark=written,
        practical_mark=practical,
        result=entry.result or (old.result if has_same_marks else ""),
    )


def _shown(values: RowValues) -> Params:
    """Return hours, marks and result as a sentence shows them; – for none."""
    return (
        ("hours", f"{values.minutes / 60:.2f}".rstrip("0").rstrip(".")),
        ("written", _mark(values.written)),
        ("practical", _mark(values.practical)),
        ("result", values.result or "–"),
    )


def _mark(hundredths: int | None) -> str:
    if hundredths is None:
        return "–"
    return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".")


class EnrolledRows:
    """What is recorded of the people of a roster in its courses, looked up at once."""

    def __init__(
        self, courses: Iterable[Course], person_ids: Iterable[int], locked: set[Month]
    ) -> None:
        self._provinces = {course.pk: course.centre.province_id for course in courses}
        self._locked = locked
        people = set(person_ids)
        self._rows: dict[tuple[int, int], tuple[int, RowValues]] = {}
        for chunk in chunks(self._provinces):
            rows = Enrolment.objects.filter(course_id__in=chunk).order_by()
            for course_id, person_id, pk, minutes, written, practical, result in rows.values_list(
                "course_id",
                "person_id",
                "pk",
                "credited_minutes",
                "written_mark",
                "practical_mark",
                "reported_result",
            ):
                if person_id in people:
                    self._rows[course_id, person_id] = (
                        pk,
                        RowValues(minutes, written, practical, result),
                    )

    def find(self, course_id: int, person_id: int) -> Earlier | None:
        """Return what is recorded of a person in a course; None when nothing is."""
        row = self._rows.get((course_id, person_id))
        if row is None:
            return None
        pk, values = row
        marks = self._marks.get(pk, [])
        province = self._provinces[course_id]
        return Earlier(
            values._replace(
                days=tuple((day, minutes) for day, _mark, minutes, _month in marks),
                attendance=tuple((mark, minutes) for _day, mark, minutes, _month in marks),
            ),
            enrolment_id=pk,
            is_closed=any((province, month) in self._locked for *_mark, month in marks),
        )

    @cached_property
    def _marks(self) -> dict[int, list[tuple[dt.date, str, int, int]]]:
        """Marks of attendance of these people, with their months; asked for once."""
        found: dict[int, list[tuple[dt.date, str, int, int]]] = defaultdict(list)
        for chunk in chunks({pk for pk, _values in self._rows.values()}):
            marks = Attendance.objects.filter(enrolment_id__in=chunk).order_by()
            for pk, day, mark, minutes, month in marks.values_list(
                "enrolment_id", "session__held_on", "mark", "credited_minutes", "session__month"
            ):
                found[pk].append((day, mark, minutes, month))
        return found


def replaced_places(roster_import: RosterImport) -> set[tuple[str, int, int]]:
    """Return sheet, row and column of rows of an import that others have replaced since."""
    rows = ReplacedEnrolment.objects.filter(old_import=roster_import, restored_at=None)
    places = rows.order_by().values_list("old_sheet", "old_row", "old_column")
    return {(sheet, row or 0, column) for sheet, row, column in places}
