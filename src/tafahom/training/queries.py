"""Reads of training; above all, judging a roster against what is recorded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from django.db.models import QuerySet

from tafahom.periods.queries import Month
from tafahom.scoping import EVERYTHING, Scope
from tafahom.training.groups import GroupWords
from tafahom.training.judging import Judge, Judgement, Seen, SourcePlace
from tafahom.training.models import Attendance, Course, Enrolment, RosterImport
from tafahom.training.replaceable import replaced_places
from tafahom.training.rules import RosterEntry

__all__ = [
    "Judgement",
    "Seen",
    "credited_sums",
    "judge_roster",
    "live_import",
    "marks_of",
    "months_of",
    "recorded_rows",
]

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


def live_import(sha256: str) -> RosterImport | None:
    """The import of this very file that has not been undone; None when there is none."""
    return RosterImport.objects.filter(sha256=sha256, undone_at__isnull=True).first()


def recorded_rows(roster_import: RosterImport) -> set[SourcePlace]:
    """Sheet, row and first column of the table of what an import recorded.

    Rows that others have replaced since are among them: they were recorded, and may come back.
    """
    rows = Enrolment.objects.filter(roster_import=roster_import, source_row__isnull=False)
    places = rows.values_list("source_sheet", "source_row", "source_column")
    return {(sheet, row or 0, column) for sheet, row, column in places} | replaced_places(
        roster_import
    )


def judge_roster(
    entries: Sequence[RosterEntry],
    *,
    sha256: str,
    pending: Seen | None = None,
    within: Scope = EVERYTHING,
    words: GroupWords | None = None,
    replace: bool = False,
) -> Judgement:
    """Judge rows against registries, each other and the database, writing nothing.

    Rows recorded from a live import of the same file count as ``already``. ``pending`` is a
    dict, empty at first, that carries what was accepted from file to file when none is recorded.
    Rows of courses outside ``within`` are refused: they are not for the sender to record.
    ``words`` are what words for groups mean, with what was answered for this roster. With
    ``replace`` rows are accepted that say something else than what is recorded of their person.
    """
    recorded = live_import(sha256)
    done = recorded_rows(recorded) if recorded else set()
    seen: Seen = {} if pending is None else pending
    return Judge(entries, seen=seen, done=done, within=within, words=words, replace=replace).judge()


def months_of(enrolments: QuerySet[Enrolment]) -> set[Month]:
    """Return the months, with their provinces, that enrolments and their attendance belong to."""
    ended = enrolments.order_by().values_list("course__centre__province_id", "course__end_month")
    marks = Attendance.objects.filter(enrolment__in=enrolments.order_by()).order_by()
    held = marks.values_list("session__course__centre__province_id", "session__month")
    return {*ended.distinct(), *held.distinct()}
