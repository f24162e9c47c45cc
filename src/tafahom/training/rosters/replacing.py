"""Putting rows of a roster in the place of recorded ones, and putting back what was there.

What was is kept (``ReplacedEnrolment``): the values of the enrolment, the import and place they
came from and, where the row brings marks of attendance, the marks that it had.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from tafahom.access.models import User
from tafahom.people.queries import chunks
from tafahom.periods.queries import refuse_closed
from tafahom.training.examinations.rules import passed
from tafahom.training.models import (
    Attendance,
    CourseSession,
    Enrolment,
    ReplacedEnrolment,
    RosterImport,
)
from tafahom.training.rosters.course_recording import RecordedCourse
from tafahom.training.rosters.recording import record_attendance
from tafahom.training.rosters.replaceable import Replacement

VALUES = ("credited_minutes", "written_mark", "practical_mark", "passed", "reported_result")
SOURCE = ("recorded_at", "roster_import", "source_sheet", "source_row", "source_column")
# Of an UPDATE of many rows; each has a condition of its own.
ROWS_AT_ONCE = 200
# Marks of an enrolment as they are kept: session, mark, credited minutes.
Marks: TypeAlias = list[list[Any]]


class ReplacedSinceError(Exception):
    """Enrolments that are not as the import left them, and so cannot be put back."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} replaced rows have changed since.")
        self.count = count


@dataclass(slots=True)
class RestoredEnrolments:
    """How many enrolments were put back, and their courses with the month each ended in."""

    count: int = 0
    courses: set[tuple[int, int]] = field(default_factory=set)


def replace_rows(
    replacing: Sequence[Replacement],
    *,
    courses: dict[int, RecordedCourse],
    roster_import: RosterImport,
    by: User | None,
    at: dt.datetime,
) -> None:
    """Write judged rows over the enrolments whose place they take; what was is kept.

    Call in the transaction of ``record_roster``.
    """
    entries = {one.enrolment_id: one.entry for one in replacing if one.enrolment_id is not None}
    enrolments = _enrolments(entries)
    with_marks = [pk for pk, entry in entries.items() if entry.attendance]
    marks = _marks(with_marks)
    _remove_marks(with_marks)
    kept = []
    for pk, entry in entries.items():
        one, course = enrolments[pk], courses[id(entry.course)]
        kept.append(
            ReplacedEnrolment(
                enrolment=one,
                roster_import=roster_import,
                old_import_id=one.roster_import_id,
                old_sheet=one.source_sheet,
                old_row=one.source_row,
                old_column=one.source_column,
                old=_values(one, marks[pk] if entry.attendance else None),
                replaced_by=by,
                replaced_at=at,
            )
        )
        one.credited_minutes = entry.credited_minutes
        one.written_mark, one.practical_mark = entry.written_mark, entry.practical_mark
        one.passed = course.rule is not None and passed(
            entry.written_mark, entry.practical_mark, course.rule
        )
        one.reported_result, one.recorded_at = entry.result, at
        one.roster_import, one.source_sheet = roster_import, entry.sheet
        one.source_row, one.source_column = entry.row, entry.column
    Enrolment.objects.bulk_update(enrolments.values(), VALUES + SOURCE, batch_size=ROWS_AT_ONCE)
    if with_marks:
        record_attendance([entries[pk] for pk in with_marks], with_marks, courses=courses)
        marks = _marks(with_marks)
    for row in kept:
        pk = row.enrolment_id
        row.new = _values(enrolments[pk], marks[pk] if entries[pk].attendance else None)
    ReplacedEnrolment.objects.bulk_create(kept, batch_size=ROWS_AT_ONCE)


def restore_replaced(
    roster_import: RosterImport, *, by: User | None, at: dt.datetime
) -> RestoredEnrolments:
    """Put back what rows of an import have replaced, the latest first.

    Call in the transaction of ``undo_import``. Raises ReplacedSinceError when enrolments are not
    as the import left them, PeriodClosedError when marks to be put back are of a closed month.
    """
    rows = list(restorable(roster_import))
    if not rows:
        return RestoredEnrolments()
    enrolments = _enrolments({row.enrolment_id for row in rows})
    with_marks = {row.enrolment_id for row in rows if "attendance" in row.new}
    marks = _marks(with_marks)
    changed = set()
    for row in rows:
        one = enrolments[row.enrolment_id]
        now = _values(one, marks[one.pk] if "attendance" in row.new else None)
        if one.roster_import_id != roster_import.pk or now != row.new:
            changed.add(one.pk)
            continue
        _put_back(one, row)
        if "attendance" in row.old:
            marks[one.pk] = row.old["attendance"]
    changed |= _without_sessions(marks)
    if changed:
        raise ReplacedSinceError(len(changed))
    _remove_marks(with_marks)
    Attendance.objects.bulk_create(
        (
            Attendance(enrolment_id=pk, session_id=session, mark=mark, credited_minutes=minutes)
            for pk in with_marks
            for session, mark, minutes in marks[pk]
        ),
        batch_size=ROWS_AT_ONCE,
    )
    Enrolment.objects.bulk_update(enrolments.values(), VALUES + SOURCE, batch_size=ROWS_AT_ONCE)
    restorable(roster_import).update(restored_at=at, restored_by=by)
    courses = {(one.course_id, one.course.end_month) for one in enrolments.values()}
    return RestoredEnrolments(len(enrolments), courses)


def restorable(roster_import: RosterImport) -> QuerySet[ReplacedEnrolment]:
    """Return what an import has replaced and what was not put back, the latest first."""
    rows = ReplacedEnrolment.objects.filter(roster_import=roster_import, restored_at=None)
    return rows.order_by("-pk")


def to_restore(roster_import: RosterImport) -> QuerySet[ReplacedEnrolment]:
    """Return, of what an import has replaced, what an undo puts back and leaves there.

    What came from an import that is undone goes, as the rest of that import did.
    """
    lives = Q(old_import=None) | Q(old_import__undone_at=None)
    return restorable(roster_import).filter(lives).exclude(old_import=roster_import)


def note_new_certificates(roster_import: RosterImport, enrolment_ids: Iterable[int]) -> None:
    """Note which replaced enrolments got their certificate by the import that replaced them."""
    for chunk in chunks(enrolment_ids):
        rows = ReplacedEnrolment.objects.filter(roster_import=roster_import, restored_at=None)
        rows.filter(enrolment__in=chunk).update(has_new_certificate=True)


def _put_back(enrolment: Enrolment, row: ReplacedEnrolment) -> None:
    for name in VALUES:
        setattr(enrolment, name, row.old[name])
    enrolment.recorded_at = dt.datetime.fromisoformat(row.old["recorded_at"])
    enrolment.roster_import_id = row.old_import_id
    enrolment.source_sheet, enrolment.source_row = row.old_sheet, row.old_row
    enrolment.source_column = row.old_column


def _values(enrolment: Enrolment, marks: Marks | None) -> dict[str, Any]:
    """Return the values of an enrolment as they are kept; ``marks`` only where they change."""
    values = {name: getattr(enrolment, name) for name in VALUES}
    values["recorded_at"] = enrolment.recorded_at.isoformat()
    return values if marks is None else values | {"attendance": marks}


def _enrolments(ids: Iterable[int]) -> dict[int, Enrolment]:
    return {
        one.pk: one
        for chunk in chunks(ids)
        for one in Enrolment.objects.filter(pk__in=chunk).select_related("course").order_by()
    }


def _marks(ids: Iterable[int]) -> dict[int, Marks]:
    """Marks of attendance of these enrolments, in the order of their sessions' ids."""
    found: dict[int, Marks] = defaultdict(list)
    for chunk in chunks(ids):
        rows = Attendance.objects.filter(enrolment__in=chunk).order_by("session_id")
        for pk, *mark in rows.values_list("enrolment_id", "session_id", "mark", "credited_minutes"):
            found[pk].append(mark)
    return found


def _remove_marks(ids: Iterable[int]) -> None:
    for chunk in chunks(ids):
        Attendance.objects.filter(enrolment__in=chunk).delete()


def _without_sessions(marks: Mapping[int, Marks]) -> set[int]:
    """Enrolments with marks of sessions that were removed since.

    Raises PeriodClosedError when one of the sessions is of a closed month.
    """
    wanted = {session for of_one in marks.values() for session, *_mark in of_one}
    months, there = set(), set()
    for chunk in chunks(wanted):
        sessions = CourseSession.objects.filter(pk__in=chunk).order_by()
        for pk, province, month in sessions.values_list(
            "pk", "course__centre__province_id", "month"
        ):
            there.add(pk)
            months.add((province, month))
    refuse_closed(months)
    return {pk for pk, of_one in marks.items() if any(one[0] not in there for one in of_one)}
