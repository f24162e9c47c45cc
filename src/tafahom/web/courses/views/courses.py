"""The register of courses."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.gate import names
from tafahom.gate.permissions import allows, requires
from tafahom.jalali import MONTH_NAMES
from tafahom.people.sealing import IdentityData
from tafahom.training.courses.queries import (
    course_record,
    course_years,
    courses_in_full,
    enrolments_of,
    named,
)
from tafahom.training.models import Cluster, Course, Enrolment
from tafahom.training.standards.queries import clusters
from tafahom.web.courses.listing import DEFAULT_SORT, SORTS, courses_asked, with_people
from tafahom.web.shell import lists
from tafahom.web.shell.pages import page


@dataclass(frozen=True, slots=True)
class CoursesPage:
    """The register of courses, and what it may be cut to.

    Each row is a course with the number of people in it; None where that is hidden.
    """

    listing: lists.Listing[Course]
    rows: list[tuple[Course, int | None]]
    years: list[int]
    months: list[tuple[int, str]]
    clusters: Iterable[Cluster]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course and who took part in it: ``rows`` have nobody unless it ``shows_names``.

    ``count`` is the number of people; None where it is hidden.
    """

    course: Course
    count: int | None
    rows: list[tuple[Enrolment, IdentityData | None]]
    sessions: int
    is_closed: bool
    may_see_people: bool
    shows_names: bool
    may_see_sensitive: bool


@require_GET
@requires(Act.SEE_REGISTERS)
def courses(request: HttpRequest) -> HttpResponse:
    """List courses; the address says which and in what order."""
    listing = lists.listing(request, courses_asked(request), sorts=SORTS, default=DEFAULT_SORT)
    context = CoursesPage(
        listing=listing,
        rows=with_people(request, listing.rows),
        years=course_years(),
        months=list(enumerate(MONTH_NAMES, 1)),
        clusters=clusters(),
    )
    return lists.answer(request, "courses", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def course_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a course and, to who needs to see them, who took part, with numbers masked."""
    course = get_object_or_404(courses_in_full(), uid=uid)
    may_see_people = allows(request, Act.SEE_PEOPLE)
    shows_names = may_see_people and names.are_shown(request, course)
    enrolments = list(enrolments_of(course)) if shows_names else []
    if enrolments:
        fields = names.with_audience(request, enrolments)
        names.read(
            request,
            [row.person_id for row in enrolments],
            where=f"course:{course.uid}",
            what=fields[-1],
            fields=fields,
        )
    record = course_record(course)
    context = CoursePage(
        course=course,
        count=with_people(request, [course])[0][1],
        rows=named(enrolments),
        sessions=record.sessions,
        is_closed=record.is_closed,
        may_see_people=may_see_people,
        shows_names=shows_names,
        may_see_sensitive=allows(request, Act.SEE_SENSITIVE),
    )
    return page(request, "courses/course.html", context)
