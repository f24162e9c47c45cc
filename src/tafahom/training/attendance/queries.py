"""Reads of registers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from django.db.models import Count

from tafahom.access.models import User
from tafahom.people.sealing import IdentityData
from tafahom.training.courses.queries import named
from tafahom.training.models import (
    Attendance,
    Course,
    CourseSession,
    Enrolment,
    ReplacedEnrolment,
    ReportedHours,
)

# A cell of a register: enrolment and session, by id.
RegisterPlace: TypeAlias = tuple[int, int]


class RegisterCell(NamedTuple):
    """What a cell of a register says, and the minutes it credits."""

    mark: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ReplacementSummary:
    """One time that something was replaced: by whom, of how many, restored of how many.

    ``file`` is the roster that did it; empty where the register replaced hours.
    """

    at: dt.datetime
    by: User | None
    count: int
    restored: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceRegister:
    """Sessions of a course by day, enrolments by name with who it is, and marks by place."""

    course: Course
    sessions: list[CourseSession]
    enrolments: list[tuple[Enrolment, IdentityData | None]]
    marks: dict[RegisterPlace, RegisterCell]

    @property
    def credited(self) -> dict[int, int]:
        """Minutes that the marks credit, by enrolment."""
        return credited_sums(self.marks)


def register_of(course: Course) -> AttendanceRegister:
    """Return the register of a course: four questions, however many trainees and sessions."""
    sessions = sorted(course.sessions.all(), key=lambda held: (held.held_on, held.ordinal))
    enrolments = named(course.enrolments.select_related("person"))
    return AttendanceRegister(course, sessions, enrolments, marks_of(course))


def marks_of(course: Course) -> dict[RegisterPlace, RegisterCell]:
    """All that the register of a course says; a cell without a mark is not there."""
    rows = Attendance.objects.filter(session__course=course).order_by()
    return {
        (enrolment, session): RegisterCell(mark, minutes)
        for enrolment, session, mark, minutes in rows.values_list(
            "enrolment_id", "session_id", "mark", "credited_minutes"
        )
    }


def credited_sums(cells: Mapping[RegisterPlace, RegisterCell]) -> dict[int, int]:
    """Return the minutes that a register credits, by enrolment; who has no mark is not there."""
    sums: dict[int, int] = defaultdict(int)
    for (enrolment_id, _session), cell in cells.items():
        sums[enrolment_id] += cell.minutes
    return dict(sums)


def replaced_hours(course: Course) -> list[ReplacementSummary]:
    """Return when the register replaced hours of this course, the latest first."""
    rows = (
        ReportedHours.objects.filter(enrolment__course=course)
        .order_by("-replaced_at", "replaced_by")
        .values_list("replaced_at", "replaced_by")
        .annotate(count=Count("pk"), restored=Count("restored_at"))
    )
    users = _accounts(by for _at, by, *_counts in rows)
    return [ReplacementSummary(at, users.get(by), *counts) for at, by, *counts in rows]


def replaced_rows(course: Course) -> list[ReplacementSummary]:
    """Return when rosters replaced recorded rows of this course, the latest first."""
    rows = (
        ReplacedEnrolment.objects.filter(enrolment__course=course)
        .order_by("-replaced_at", "replaced_by")
        .values_list("replaced_at", "replaced_by", "roster_import__file_name")
        .annotate(count=Count("pk"), restored=Count("restored_at"))
    )
    users = _accounts(by for _at, by, *_rest in rows)
    return [
        ReplacementSummary(at, users.get(by), count, restored, file)
        for at, by, file, count, restored in rows
    ]


def _accounts(ids: Iterable[int | None]) -> dict[int | None, User]:
    """Return accounts by id; there is none of what nobody did."""
    return {**User.objects.in_bulk({pk for pk in ids if pk})}
