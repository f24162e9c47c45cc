"""The register of a course, kept by hand: its sessions, its marks and what they credit."""

import datetime as dt
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Max, Sum

from tafahom.access.models import User
from tafahom.jalali import month_of, today
from tafahom.people.queries import chunks
from tafahom.refusals import Refusal
from tafahom.training.attendance.queries import RegisterCell, RegisterPlace, credited_sums, marks_of
from tafahom.training.attendance.register import refuse_closed_months, writing
from tafahom.training.attendance.reported import (
    HoursPreview,
    keep_reported,
    preview_of,
    refuse_months_of_marks,
    refuse_unconfirmed,
)
from tafahom.training.attendance.rules import register_minutes
from tafahom.training.models import Attendance, AttendanceMark, Course, CourseSession, Enrolment

__all__ = [
    "MAX_SESSIONS",
    "MarkChange",
    "Saved",
    "add_sessions",
    "remove_empty_sessions",
    "remove_session",
    "save_attendance",
]

MINUTES_IN_A_DAY = 24 * 60
# A course of a year with two sessions a day has fewer.
MAX_SESSIONS = 800


@dataclass(frozen=True, slots=True)
class MarkChange:
    """What somebody wants a cell of the register to say, and what it said when they looked.

    ``mark`` and ``seen`` are values of ``AttendanceMark``, empty for no mark.
    """

    enrolment_id: int
    session_id: int
    mark: str
    seen: str

    @property
    def place(self) -> RegisterPlace:
        """The cell."""
        return self.enrolment_id, self.session_id


@dataclass(slots=True)
class Saved:
    """How a save ended: cells written, cells that somebody else changed meanwhile, cells gone.

    ``conflicts`` hold what was wanted and what the register says now; they were not written.
    ``gone`` counts wishes for people or sessions that the register no longer has.
    """

    changed: int = 0
    conflicts: list[tuple[MarkChange, str]] = field(default_factory=list)
    gone: int = 0


def save_attendance(
    *, course: Course, changes: Iterable[MarkChange], by: User | None, confirmed: str = ""
) -> Saved:
    """Write marks of a register and what they credit, all in one transaction.

    A cell that says by now something else than its editor saw and wants is left alone and
    reported. Hours that a roster reported without a register give way to the marks only when
    ``confirmed`` is the digest of the preview of it; else Refusal holds the preview
    (``hours.reported``, or ``hours.changed`` when another one was confirmed). They are kept, see
    ``training.reported``. Raises Refusal.
    """
    with writing(course, by=by) as (locked, notes):
        sessions = {one.pk: one for one in locked.sessions.all()}
        enrolments = {one.pk: one for one in Enrolment.objects.filter(course=locked)}
        kept = marks_of(locked)
        wanted, saved = _merged(changes, kept, of=(enrolments, sessions))
        _refuse_untimely(sessions[session_id] for _enrolment, session_id in wanted)
        refuse_closed_months(locked, (sessions[pk].month for _enrolment, pk in wanted))
        cells = {place: _cell(mark, sessions[place[1]]) for place, mark in wanted.items()}
        sums = credited_sums({place: cell for place, cell in (kept | cells).items() if cell.mark})
        after = {pk: sums.get(pk, 0) for pk, _session in cells}
        if any(minutes > locked.planned_minutes for minutes in after.values()):
            raise Refusal("minutes.beyond_planned", hours=locked.planned_minutes / 60)
        before = credited_sums(kept)
        reported = {pk for pk in after if enrolments[pk].credited_minutes != before.get(pk, 0)}
        refuse_months_of_marks(locked, reported)
        marked = [[*place, mark] for place, mark in sorted(wanted.items())]
        preview = preview_of(locked, enrolments.values(), after, besides=marked)
        replaced = [change for change in preview.changes if change.enrolment_id in reported]
        if replaced:
            refuse_unconfirmed(preview, count=len(replaced), confirmed=confirmed)
        _write(cells)
        _credit(preview, enrolments)
        keep_reported(replaced, by=by)
        saved.changed = len(cells)
        if cells:
            notes.action = "training.attendance_saved"
            notes.details = {
                "marks": dict(sorted(Counter(mark or "none" for mark in wanted.values()).items())),
                "sessions": sorted({sessions[pk].ordinal for _enrolment, pk in cells}),
                "enrolments": len(after),
                "minutes": preview.difference,
                "reported_replaced": len(replaced),
            }
    return saved


def _credit(preview: HoursPreview, enrolments: Mapping[int, Enrolment]) -> None:
    """Write the minutes of a preview."""
    for change in preview.changes:
        enrolments[change.enrolment_id].credited_minutes = change.after
    moved = [enrolments[change.enrolment_id] for change in preview.changes]
    Enrolment.objects.bulk_update(moved, ["credited_minutes"], batch_size=200)


def _merged(
    changes: Iterable[MarkChange],
    kept: Mapping[RegisterPlace, RegisterCell],
    *,
    of: tuple[Container[int], Container[int]],
) -> tuple[dict[RegisterPlace, str], Saved]:
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
    twice. Raises Refusal.
    """
    with writing(course, by=by) as (locked, notes):
        if not 0 < minutes <= MINUTES_IN_A_DAY:
            raise Refusal("session.length")
        if not days:
            raise Refusal("sessions.none")
        for day in days:
            if not locked.starts_on <= day <= locked.ends_on:
                raise Refusal("session.outside_course", first=locked.starts_on, last=locked.ends_on)
        taken = set(locked.sessions.values_list("held_on", flat=True))
        if not again_on_a_day:
            first = min(days)
            days = [day for day in days if day not in taken]
            if not days:
                raise Refusal("session.day_taken", day=first)
        refuse_closed_months(locked, map(month_of, days))
        found = locked.sessions.aggregate(last=Max("ordinal"), minutes=Sum("minutes"))
        left = locked.planned_minutes - (found["minutes"] or 0)
        if len(days) * minutes > left or len(taken) + len(days) > MAX_SESSIONS:
            raise Refusal("sessions.beyond_planned", hours=max(0, left) / 60)
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
    """Remove a session in which nobody is marked. Raises Refusal."""
    with writing(course, by=by) as (locked, notes):
        session = locked.sessions.filter(ordinal=ordinal).first()
        if session is None:
            raise Refusal("session.gone")
        refuse_closed_months(locked, [session.month])
        if session.attendance.exists():
            raise Refusal("session.has_marks")
        notes.action = "training.session_removed"
        notes.details = {
            "session": ordinal,
            "day": session.held_on.isoformat(),
            "minutes": session.minutes,
        }
        session.delete()


def remove_empty_sessions(*, course: Course, by: User | None) -> int:
    """Remove every session in which nobody is marked; how many. Raises Refusal."""
    with writing(course, by=by) as (locked, notes):
        empty = list(locked.sessions.filter(attendance=None))
        if not empty:
            raise Refusal("session.gone")
        refuse_closed_months(locked, (session.month for session in empty))
        notes.action = "training.sessions_removed"
        notes.details = {
            "sessions": [session.ordinal for session in empty],
            "minutes": sum(session.minutes for session in empty),
        }
        locked.sessions.filter(pk__in=[session.pk for session in empty]).delete()
    return len(empty)


def _refuse_untimely(sessions: Iterable[CourseSession]) -> None:
    """Refuse marks for a day that has not come."""
    day = today()
    if ahead := min((one.held_on for one in sessions if one.held_on > day), default=None):
        raise Refusal("session.not_held", day=ahead)


def _cell(mark: str, session: CourseSession) -> RegisterCell:
    """What a mark credits in a session, by the office's setting for those who come late."""
    if mark and mark not in AttendanceMark.values:
        raise Refusal("mark.unknown")
    whole = settings.LATE_COUNTS_WHOLE
    return RegisterCell(mark, register_minutes(mark, session.minutes, late_counts_whole=whole))


def _write(cells: dict[RegisterPlace, RegisterCell]) -> None:
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
