"""The register of a course, kept by hand: its sessions, its marks and what they credit.

Every write of a register outside rosters passes ``_register``: one place to lock it, to refuse
it, to tell the warehouse and to write the audit.
"""

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.jalali import month_of, today
from tafahom.people.queries import chunks
from tafahom.periods.queries import refuse_closed
from tafahom.periods.rules import PeriodClosedError
from tafahom.training.actions import hold_import_lock, mark_courses_changed
from tafahom.training.models import Attendance, AttendanceMark, Course, CourseSession, Enrolment
from tafahom.training.queries import Cell, Place, marks_of
from tafahom.training.rules import register_minutes

MINUTES_IN_A_DAY = 24 * 60
# A course of a year with two sessions a day has fewer.
MOST_SESSIONS = 800


class RegisterRefusedError(Exception):
    """A write that the register does not take; nothing was written.

    ``code`` names the reason; ``params`` are what its sentence needs: counts, days, minutes.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants a cell of the register to say, and what it said when they looked.

    ``mark`` and ``seen`` are values of ``AttendanceMark``, empty for no mark.
    """

    enrolment_id: int
    session_id: int
    mark: str
    seen: str

    @property
    def place(self) -> Place:
        """The cell."""
        return self.enrolment_id, self.session_id


@dataclass(slots=True)
class Saved:
    """How a save ended: cells written, cells that somebody else changed meanwhile, cells gone.

    ``conflicts`` hold what was wanted and what the register says now; they were not written.
    ``gone`` counts wishes for people or sessions that the register no longer has.
    """

    changed: int = 0
    conflicts: list[tuple[Change, str]] = field(default_factory=list)
    gone: int = 0


@dataclass(slots=True)
class _Notes:
    """What the audit will say; an empty action says that nothing happened."""

    action: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@contextmanager
def _register(course: Course, *, by: User | None) -> Iterator[tuple[Course, _Notes]]:
    """Hold the register of a course for one write; what the block noted goes to the audit.

    Rosters are not recorded or undone meanwhile, and other registers may be written.
    """
    with transaction.atomic():
        hold_import_lock(shared=True)
        locked = (
            Course.objects.select_for_update(of=("self",))
            .select_related("centre")
            .get(pk=course.pk)
        )
        _refuse_closed(locked, ())
        notes = _Notes()
        yield locked, notes
        if notes.action:
            mark_courses_changed([(locked.pk, locked.end_month)])
            record(action=notes.action, target=f"course:{locked.uid}", details=notes.details, by=by)


def save_attendance(
    *,
    course: Course,
    changes: Iterable[Change],
    by: User | None,
    replace_reported: bool = False,
) -> Saved:
    """Write marks of a register and what they credit, all in one transaction.

    A cell that says by now something else than its editor saw and wants is left alone and
    reported. Hours that a roster reported without a register give way to the marks only if
    ``replace_reported``. Raises RegisterRefusedError.
    """
    with _register(course, by=by) as (locked, notes):
        sessions = {one.pk: one for one in locked.sessions.all()}
        enrolments = {one.pk: one for one in Enrolment.objects.filter(course=locked)}
        kept = marks_of(locked)
        wanted, saved = _merged(changes, kept, of=(enrolments, sessions))
        _refuse_untimely(sessions[session_id] for _enrolment, session_id in wanted)
        _refuse_closed(locked, (sessions[pk].month for _enrolment, pk in wanted))
        cells = {place: _cell(mark, sessions[place[1]]) for place, mark in wanted.items()}
        touched = {enrolment_id for enrolment_id, _session in cells}
        before = _sums(kept, touched)
        replaced = [pk for pk in touched if enrolments[pk].credited_minutes != before[pk]]
        if replaced and not replace_reported:
            raise RegisterRefusedError("hours.reported", count=len(replaced))
        _write(cells)
        merged = {place: cell for place, cell in (kept | cells).items() if cell.mark}
        after = _sums(merged, touched)
        if any(minutes > locked.planned_minutes for minutes in after.values()):
            raise RegisterRefusedError("minutes.beyond_planned", minutes=locked.planned_minutes)
        moved = [enrolments[pk] for pk in touched if enrolments[pk].credited_minutes != after[pk]]
        credited_before = sum(enrolment.credited_minutes for enrolment in moved)
        for enrolment in moved:
            enrolment.credited_minutes = after[enrolment.pk]
        Enrolment.objects.bulk_update(moved, ["credited_minutes"], batch_size=200)
        saved.changed = len(cells)
        if cells:
            notes.action = "training.attendance_saved"
            notes.details = {
                "marks": dict(sorted(Counter(mark or "none" for mark in wanted.values()).items())),
                "sessions": sorted({sessions[pk].ordinal for _enrolment, pk in cells}),
                "enrolments": len(touched),
                "minutes": sum(enrolment.credited_minutes for enrolment in moved) - credited_before,
                "reported_replaced": len(replaced),
            }
    return saved


def _merged(
    changes: Iterable[Change],
    kept: Mapping[Place, Cell],
    *,
    of: tuple[Container[int], Container[int]],
) -> tuple[dict[Place, str], Saved]:
    """Return the marks to write, and what can not be: cells that others changed, cells gone.

    ``of`` are the enrolments and sessions of the register as it is now.
    """
    enrolments, sessions = of
    saved, wanted = Saved(), {}
    for change in changes:
        says = kept[change.place].mark if change.place in kept else ""
        if change.mark == change.seen:
            continue
        if change.enrolment_id not in enrolments or change.session_id not in sessions:
            saved.gone += 1
        elif says == change.seen:
            wanted[change.place] = change.mark
        elif says != change.mark:
            saved.conflicts.append((change, says))
    return wanted, saved


def add_sessions(
    *,
    course: Course,
    days: Sequence[dt.date],
    minutes: int,
    by: User | None,
    again_on_a_day: bool = False,
) -> int:
    """Add a session of so many minutes on each day; how many were added.

    Sessions lie within the course's days and together do not exceed its planned minutes. A day
    that has a session is left out unless ``again_on_a_day``: a form sent twice adds nothing
    twice. Raises RegisterRefusedError.
    """
    with _register(course, by=by) as (locked, notes):
        if not 0 < minutes <= MINUTES_IN_A_DAY:
            raise RegisterRefusedError("session.length")
        if not days:
            raise RegisterRefusedError("sessions.none")
        for day in days:
            if not locked.starts_on <= day <= locked.ends_on:
                raise RegisterRefusedError(
                    "session.outside_course", first=locked.starts_on, last=locked.ends_on
                )
        taken = set(locked.sessions.values_list("held_on", flat=True))
        if not again_on_a_day:
            first = min(days)
            days = [day for day in days if day not in taken]
            if not days:
                raise RegisterRefusedError("session.day_taken", day=first)
        _refuse_closed(locked, map(month_of, days))
        found = locked.sessions.aggregate(last=Max("ordinal"), minutes=Sum("minutes"))
        left = locked.planned_minutes - (found["minutes"] or 0)
        if len(days) * minutes > left or len(taken) + len(days) > MOST_SESSIONS:
            raise RegisterRefusedError("sessions.beyond_planned", minutes=max(0, left))
        CourseSession.objects.bulk_create(
            CourseSession(
                course=locked, held_on=day, ordinal=ordinal, month=month_of(day), minutes=minutes
            )
            for ordinal, day in enumerate(sorted(days), (found["last"] or 0) + 1)
        )
        notes.action = "training.sessions_added"
        notes.details = {"sessions": len(days), "minutes": minutes}
    return len(days)


def remove_session(*, course: Course, ordinal: int, by: User | None) -> None:
    """Remove a session in which nobody is marked. Raises RegisterRefusedError."""
    with _register(course, by=by) as (locked, notes):
        session = locked.sessions.filter(ordinal=ordinal).first()
        if session is None:
            raise RegisterRefusedError("session.gone")
        _refuse_closed(locked, [session.month])
        if session.attendance.exists():
            raise RegisterRefusedError("session.has_marks")
        notes.action = "training.session_removed"
        notes.details = {
            "session": ordinal,
            "day": session.held_on.isoformat(),
            "minutes": session.minutes,
        }
        session.delete()


def _refuse_untimely(sessions: Iterable[CourseSession]) -> None:
    """Refuse marks for a day that has not come."""
    day = today()
    if ahead := min((one.held_on for one in sessions if one.held_on > day), default=None):
        raise RegisterRefusedError("session.not_held", day=ahead)


def _refuse_closed(course: Course, months: Iterable[int]) -> None:
    """Refuse a write when the course ended in a closed month, or sessions are of these months."""
    touched = {course.end_month, *months}
    try:
        refuse_closed((course.centre.province_id, month) for month in touched)
    except PeriodClosedError as error:
        raise RegisterRefusedError("period.closed", months=error.months) from error


def _cell(mark: str, session: CourseSession) -> Cell:
    """What a mark credits in a session, by the office's setting for those who come late."""
    if mark and mark not in AttendanceMark.values:
        raise RegisterRefusedError("mark.unknown")
    whole = settings.LATE_COUNTS_WHOLE
    return Cell(mark, register_minutes(mark, session.minutes, late_counts_whole=whole))


def _sums(cells: dict[Place, Cell], enrolments: set[int]) -> dict[int, int]:
    """Credited minutes of each of these enrolments by the marks of the register."""
    sums = dict.fromkeys(enrolments, 0)
    for (enrolment_id, _session), cell in cells.items():
        if enrolment_id in sums:
            sums[enrolment_id] += cell.minutes
    return sums


def _write(cells: dict[Place, Cell]) -> None:
    """Put marks in place of what the register said, in bulk; no mark takes the old one away."""
    if cleared := {place for place, cell in cells.items() if not cell.mark}:
        rows = Attendance.objects.filter(
            session_id__in={session for _enrolment, session in cleared}
        )
        ids = [
            pk
            for pk, *place in rows.values_list("pk", "enrolment_id", "session_id")
            if tuple(place) in cleared
        ]
        for chunk in chunks(ids):
            Attendance.objects.filter(pk__in=chunk).delete()
    Attendance.objects.bulk_create(
        (
            Attendance(
                enrolment_id=enrolment_id,
                session_id=session_id,
                mark=cell.mark,
                credited_minutes=cell.minutes,
            )
            for (enrolment_id, session_id), cell in cells.items()
            if cell.mark
        ),
        batch_size=200,
        update_conflicts=True,
        unique_fields=["enrolment", "session"],
        update_fields=["mark", "credited_minutes"],
    )
