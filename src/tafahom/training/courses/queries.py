"""Reads of courses."""

from django.db.models import QuerySet

from tafahom.periods.queries import Month
from tafahom.training.models import Attendance, Enrolment


def months_of(enrolments: QuerySet[Enrolment]) -> set[Month]:
    """Return the months, with their provinces, that enrolments and their attendance belong to."""
    ended = enrolments.order_by().values_list("course__centre__province_id", "course__end_month")
    marks = Attendance.objects.filter(enrolment__in=enrolments.order_by()).order_by()
    held = marks.values_list("session__course__centre__province_id", "session__month")
    return {*ended.distinct(), *held.distinct()}
