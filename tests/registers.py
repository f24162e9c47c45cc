"""Saving a register as somebody does who agrees to what it changes."""

from collections.abc import Iterable

from tafahom.access.models import User
from tafahom.refusals import Refusal
from tafahom.training.attendance.actions import MarkChange, Saved, save_attendance
from tafahom.training.models import Course


def save_agreed(course: Course, changes: Iterable[MarkChange], *, by: User | None = None) -> Saved:
    """Save marks, and agree to every preview of reported hours that they replace."""
    wanted, confirmed = list(changes), ""
    while True:
        try:
            return save_attendance(course=course, changes=wanted, by=by, confirmed=confirmed)
        except Refusal as refusal:
            if "preview" not in refusal.params:
                raise
            confirmed = refusal.params["preview"].digest
