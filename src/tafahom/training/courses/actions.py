"""Writes about courses."""

from collections.abc import Iterable

from tafahom.training.models import (
    ChangedCourse,
)


def mark_courses_changed(courses: Iterable[tuple[int, int]]) -> None:
    """Note courses (id and Jalali end month) whose facts in the warehouse are out of date."""
    ChangedCourse.objects.bulk_create(
        (ChangedCourse(course_id=pk, end_month=month) for pk, month in sorted(courses)),
        batch_size=5_000,
    )
