"""Writing into the register of a course: one place to lock it, to refuse it, to write the audit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.periods.queries import refuse_closed
from tafahom.periods.rules import PeriodClosedError
from tafahom.refusals import Refusal
from tafahom.training.courses.actions import mark_courses_changed
from tafahom.training.locks import hold_import_lock
from tafahom.training.models import Course


@dataclass(slots=True)
class RegisterNotes:
    """What the audit will say; an empty action says that nothing happened."""

    action: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@contextmanager
def writing(course: Course, *, by: User | None) -> Iterator[tuple[Course, RegisterNotes]]:
    """Hold the register of a course for one write; what the block noted goes to the audit.

    Rosters are not recorded or undone meanwhile, and other registers may be written. The
    warehouse is told. Raises Refusal when the course ended in a closed month.
    """
    with transaction.atomic():
        hold_import_lock(shared=True)
        locked = (
            Course.objects.select_for_update(of=("self",))
            .select_related("centre")
            .get(pk=course.pk)
        )
        refuse_closed_months(locked, ())
        notes = RegisterNotes()
        yield locked, notes
        if notes.action:
            mark_courses_changed([(locked.pk, locked.end_month)])
            record(action=notes.action, target=f"course:{locked.uid}", details=notes.details, by=by)


def refuse_closed_months(course: Course, months: Iterable[int]) -> None:
    """Refuse a write when the course ended in a closed month, or sessions are of these months."""
    touched = {course.end_month, *months}
    try:
        refuse_closed((course.centre.province_id, month) for month in touched)
    except PeriodClosedError as error:
        raise Refusal("period.closed", months=error.months) from error
