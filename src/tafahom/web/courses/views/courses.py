"""The register of courses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.gate import names
from tafahom.gate.numbers import hidden_courses
from tafahom.gate.permissions import allows, requires
from tafahom.jalali import MONTH_NAMES
from tafahom.people.queries import identities_of
from tafahom.periods.queries import locked_months
from tafahom.training.models import Cluster, Course
from tafahom.web.shell import lists


@require_GET
@requires(Act.SEE_REGISTERS)
def courses(request: HttpRequest) -> HttpResponse:
    """List courses; the address says which and in what order."""
    found = lists.courses(request)
    page = lists.listing(request, found, sorts=lists.COURSE_SORTS, default="-ends")
    context = {
        "listing": page,
        "rows": lists.with_enrolments(request, page.rows),
        "years": lists.course_years(),
        "months": list(enumerate(MONTH_NAMES, 1)),
        "clusters": Cluster.objects.all(),
    }
    return lists.answer(request, "courses", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def course_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a course and, to who needs to see them, who took part, with numbers masked."""
    course = get_object_or_404(
        Course.objects.select_related(
            "agreement__partner", "centre__centre_type", "centre__county", "standard__cluster"
        ),
        uid=uid,
    )
    may_see_people = allows(request, Act.SEE_PEOPLE)
    shows_names = may_see_people and names.are_shown(request, course)
    enrolments = list(lists.enrolments(course)) if shows_names else []
    if enrolments:
        fields = names.with_audience(request, enrolments)
        names.read(
            request,
            [row.person_id for row in enrolments],
            where=f"course:{course.uid}",
            what=fields[-1],
            fields=fields,
        )
    identities = identities_of(row.person_id for row in enrolments)
    context = {
        "course": course,
        "count": None if hidden_courses(request, [course]) else course.enrolments.count(),
        "rows": lists.by_name([(row, identities.get(row.person_id)) for row in enrolments]),
        "sessions": course.sessions.count(),
        "is_closed": (course.centre.province_id, course.end_month) in locked_months(),
        "may_see_people": may_see_people,
        "shows_names": shows_names,
        "may_see_sensitive": allows(request, Act.SEE_SENSITIVE),
    }
    return render(request, "courses/course.html", context)
