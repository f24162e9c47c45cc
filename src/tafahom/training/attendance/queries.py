"""Reads of registers."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from tafahom.training.models import Attendance, Course

# A cell of a register: enrolment and session, by id.
RegisterPlace: TypeAlias = tuple[int, int]


class RegisterCell(NamedTuple):
    """What a cell of a register says, and the minutes it credits."""

    mark: str
    minutes: int


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
