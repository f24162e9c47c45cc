"""Lists of courses: what the address asks for, in which order, and how many people took part."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest

from tafahom.gate.numbers import hidden_courses
from tafahom.training.courses.queries import courses, people_by_course
from tafahom.training.models import Course
from tafahom.web.shell.asked import whole
from tafahom.web.shell.lists import Sorts

SORTS: Sorts = {
    "ends": ("ends_on", "sort_key", "pk"),
    "title": ("sort_key", "-ends_on", "pk"),
    "centre": ("centre__sort_key", "-ends_on", "pk"),
    "partner": ("agreement__partner__sort_key", "-ends_on", "pk"),
}
DEFAULT_SORT = "-ends"


def courses_asked(request: HttpRequest) -> QuerySet[Course]:
    """Return the courses that the address asks for: ``q``, ``year``, ``month``, ``cluster``."""
    return courses(
        text=request.GET.get("q", ""),
        year=whole(request.GET.get("year"), digits=4),
        month=whole(request.GET.get("month"), digits=4),
        cluster=request.GET.get("cluster", ""),
    )


def with_people(request: HttpRequest, rows: Sequence[Course]) -> list[tuple[Course, int | None]]:
    """Return courses with the number of people in each; None where that is hidden from who asks."""
    hidden = hidden_courses(request, rows)
    counts = people_by_course(course.pk for course in rows if course.pk not in hidden)
    return [(course, None if course.pk in hidden else counts.get(course.pk, 0)) for course in rows]
