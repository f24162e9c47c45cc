"""Hours that a roster reported, once the register counts in their place: kept, and restored."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils import timezone

from tafahom.access.models import User
from tafahom.people.sealing import IdentityData
from tafahom.refusals import Refusal
from tafahom.training.attendance.queries import credited_sums, marks_of
from tafahom.training.attendance.register import refuse_closed_months, writing
from tafahom.training.courses.queries import named
from tafahom.training.models import (
    Attendance,
    Course,
    Enrolment,
    ReplacedEnrolment,
    ReportedHours,
)


@dataclass(frozen=True, slots=True)
class HoursChange:
    """The credited minutes of one enrolment before and after a write."""

    enrolment_id: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class HoursPreview:
    """Whose credited minutes a write changes, and what that makes of the whole course.

    ``total_before`` and ``total_after`` are the credited minutes of the course. ``kept`` counts
    people whose hours a restoring leaves alone, since the register does not count for them any
    more. ``digest`` stands for exactly this preview: a write that was confirmed with it does
    this or nothing.
    """

    changes: tuple[HoursChange, ...]
    total_before: int
    total_after: int
    digest: str
    kept: int = 0

    @property
    def difference(self) -> int:
        return self.total_after - self.total_before


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One trainee whose hours change."""

    person_id: int
    identity: IdentityData | None
    change: HoursChange


def preview_of(
    course: Course,
    enrolments: Iterable[Enrolment],
    after: Mapping[int, int],
    *,
    besides: object,
    kept: int = 0,
) -> HoursPreview:
    """Return what these new credited minutes change.

    ``besides`` is whatever else must be as it was seen; ``enrolments`` are all of the course.
    """
    before = {one.pk: one.credited_minutes for one in enrolments}
    changes = tuple(
        HoursChange(pk, before[pk], minutes)
        for pk, minutes in sorted(after.items())
        if before[pk] != minutes
    )
    total = sum(before.values())
    seen = [course.pk, total, [[c.enrolment_id, c.before, c.after] for c in changes], besides]
    return HoursPreview(
        changes,
        total_before=total,
        total_after=total + sum(change.difference for change in changes),
        digest=sha256(json.dumps(seen).encode()).hexdigest(),
        kept=kept,
    )


def refuse_unconfirmed(preview: HoursPreview, *, count: int, confirmed: str) -> None:
    """Refuse a write that was not confirmed by exactly this preview."""
    if confirmed != preview.digest:
        code = "hours.changed" if confirmed else "hours.reported"
        raise Refusal(code, count=count, preview=preview)


def keep_reported(changes: Iterable[HoursChange], *, by: User | None) -> None:
    """Keep the hours that the register replaces, to be restored when that was wrong."""
    now = timezone.now()
    ReportedHours.objects.bulk_create(
        ReportedHours(
            enrolment_id=change.enrolment_id,
            minutes=change.before,
            register_minutes=change.after,
            replaced_by=by,
            replaced_at=now,
        )
        for change in changes
    )


def hours_rows(course: Course, preview: HoursPreview) -> list[HoursRow]:
    """Return the trainees of a preview in the order of their names."""
    changes = {change.enrolment_id: change for change in preview.changes}
    enrolments = Enrolment.objects.filter(course=course, pk__in=changes)
    return [
        HoursRow(row.person_id, identity, changes[row.pk]) for row, identity in named(enrolments)
    ]


def preview_restore(course: Course) -> HoursPreview:
    """Return what restoring the reported hours of a course would change now.

    Raises Refusal when nothing is to be restored, or a closed month stands against.
    """
    refuse_closed_months(course, ())
    preview, rows, _enrolments = _restorable(course)
    _refuse_restoring(course, rows)
    return preview


def has_reported_kept(course: Course) -> bool:
    """Whether hours of this course are kept that could be restored."""
    return bool(_restorable(course)[1])


def restore_reported_hours(*, course: Course, confirmed: str, by: User | None) -> HoursPreview:
    """Let the hours that the roster reported count again; marks of the register stay.

    ``confirmed`` is the digest of the preview that was agreed to. Who got other hours since, by
    a roster, keeps these. Raises Refusal.
    """
    with writing(course, by=by) as (locked, notes):
        preview, rows, enrolments = _restorable(locked)
        _refuse_restoring(locked, rows)
        refuse_unconfirmed(preview, count=len(rows), confirmed=confirmed)
        for row in rows:
            enrolments[row.enrolment_id].credited_minutes = row.minutes
        moved = [enrolments[change.enrolment_id] for change in preview.changes]
        Enrolment.objects.bulk_update(moved, ["credited_minutes"], batch_size=200)
        ReportedHours.objects.filter(pk__in=[row.pk for row in rows]).update(
            restored_at=timezone.now(), restored_by=by
        )
        notes.action = "training.reported_hours_restored"
        notes.details = {"enrolments": len(rows), "minutes": preview.difference}
    return preview


def refuse_months_of_marks(course: Course, enrolment_ids: Iterable[int]) -> None:
    """Refuse when a mark of these people is in a closed month: what it credits would move."""
    marks = Attendance.objects.filter(enrolment__in=list(enrolment_ids)).order_by()
    refuse_closed_months(course, marks.values_list("session__month", flat=True).distinct())


def _refuse_restoring(course: Course, rows: Sequence[ReportedHours]) -> None:
    if not rows:
        raise Refusal("hours.nothing_kept")
    refuse_months_of_marks(course, [row.enrolment_id for row in rows])


def _restorable(
    course: Course,
) -> tuple[HoursPreview, list[ReportedHours], dict[int, Enrolment]]:
    """Return the preview, the kept hours to be restored, and the enrolments of the course.

    What counts is how the register last replaced somebody's hours, unless that was restored, and
    only as long as the register still counts. Where a roster brought marks since, it is these.
    """
    enrolments = {one.pk: one for one in Enrolment.objects.filter(course=course)}
    sums = credited_sums(marks_of(course))
    of_course = ReportedHours.objects.filter(enrolment__course=course).order_by("pk")
    latest = {row.enrolment_id: row for row in of_course}
    by_roster = ReplacedEnrolment.objects.filter(enrolment__course=course, restored_at=None)
    marked = by_roster.filter(new__has_key="attendance").order_by("replaced_at")
    since = dict(marked.values_list("enrolment_id", "replaced_at"))
    kept = [
        row
        for row in latest.values()
        if row.restored_at is None
        and since.get(row.enrolment_id, row.replaced_at) <= row.replaced_at
    ]
    rows = []
    for row in kept:
        now = enrolments[row.enrolment_id].credited_minutes
        if now == sums.get(row.enrolment_id, 0) and now != row.minutes:
            rows.append(row)
    after = {row.enrolment_id: row.minutes for row in rows}
    preview = preview_of(
        course,
        enrolments.values(),
        after,
        besides=[row.pk for row in rows],
        kept=len(kept) - len(rows),
    )
    return preview, rows, enrolments
