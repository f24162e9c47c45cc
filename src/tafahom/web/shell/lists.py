"""Registers as pages show them: what is searched, kept, sorted and cut into pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tafahom.agreements.models import Agreement
from tafahom.gate.numbers import hidden_courses
from tafahom.parties.models import Partner
from tafahom.people.models import Person
from tafahom.people.sealing import IdentityData
from tafahom.persian import clean, normal_key, number_key, sort_key
from tafahom.training.models import Course, Enrolment
from tafahom.web.shell.asked import whole

T = TypeVar("T")
M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
# Name in the address to the columns that are sorted by.
Sorts = Mapping[str, tuple[str, ...]]

PARTNER_SORTS: Sorts = {"name": ("sort_key",), "kind": ("kind__sort_key", "sort_key")}
COURSE_SORTS: Sorts = {
    "ends": ("ends_on", "sort_key", "pk"),
    "title": ("sort_key", "-ends_on", "pk"),
    "centre": ("centre__sort_key", "-ends_on", "pk"),
    "partner": ("agreement__partner__sort_key", "-ends_on", "pk"),
}


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a register. ``sort`` is the name that is sorted by, with "-" when backwards."""

    page: Page[T]
    count: int
    text: str
    sort: str

    @property
    def rows(self) -> Sequence[T]:
        return self.page.object_list  # type: ignore[return-value]  # a slice of a queryset

    @property
    def pages(self) -> list[int | str]:
        """The numbers to offer; an ellipsis where some are left out."""
        paginator = self.page.paginator
        return list(paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1))


def listing(request: HttpRequest, rows: QuerySet[M], *, sorts: Sorts, default: str) -> Listing[M]:
    """Return the page of a queryset that the address asks for; nonsense falls back quietly."""
    sort = request.GET.get("sort", default)
    if sort.lstrip("-") not in sorts:
        sort = default
    fields = sorts[sort.lstrip("-")]
    if sort.startswith("-"):
        fields = (_turned(fields[0]), *fields[1:])
    return paginate(request, rows.order_by(*fields), sort=sort)


def paginate(request: HttpRequest, rows: Any, *, sort: str = "") -> Listing[Any]:
    """Return the page of sorted rows (a queryset or a list) that the address asks for."""
    paginator: Paginator[Any] = Paginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    return Listing(page, paginator.count, request.GET.get("q", "").strip(), sort)


def partners(request: HttpRequest) -> QuerySet[Partner]:
    """Return the partners that the address asks for: ``q``, ``kind``."""
    found = Partner.objects.select_related("kind", "main_audience")
    for key in _keys(request):
        found = found.filter(key__contains=key)
    if kind := request.GET.get("kind"):
        found = found.filter(kind__code=kind)
    return found


def courses(request: HttpRequest) -> QuerySet[Course]:
    """Return the courses that the address asks for: ``q``, ``year``, ``month``, ``cluster``."""
    found = Course.objects.select_related("agreement__partner", "centre", "standard")
    for word in _words(request):
        key, text = normal_key(word), clean(word)
        found = found.filter(
            Q(title__icontains=text)
            | Q(code__icontains=key)
            | Q(standard__code__icontains=key)
            | Q(instructor__icontains=text)
            | Q(centre__key__contains=key)
            | Q(agreement__partner__key__contains=key)
            | Q(agreement__key__contains=number_key(word))
        )
    year, month = (
        (whole(request.GET.get("year"), digits=4) or 0),
        (whole(request.GET.get("month"), digits=4) or 0),
    )
    if year:
        first, last = (month, month) if 1 <= month <= 12 else (1, 12)
        found = found.filter(end_month__range=(year * 100 + first, year * 100 + last))
    if cluster := request.GET.get("cluster"):
        found = found.filter(standard__cluster__code=cluster)
    return found


def enrolments(course: Course) -> QuerySet[Enrolment]:
    """Return who took part in a course, with what a row of the page shows."""
    return course.enrolments.select_related("person", "audience", "certificate")


def taken_by(person: Person) -> QuerySet[Enrolment]:
    """Return the enrolments of a person, latest course first."""
    return person.enrolments.select_related(
        "course__agreement__partner", "course__centre", "audience", "certificate"
    ).order_by("-course__ends_on", "pk")


def by_name(
    rows: list[tuple[Enrolment, IdentityData | None]],
) -> list[tuple[Enrolment, IdentityData | None]]:
    """Return enrolments in the Persian order of last and first names; nameless ones last."""
    return sorted(
        rows,
        key=lambda row: (
            row[1] is None,
            sort_key(row[1].last_name) if row[1] else "",
            sort_key(row[1].first_name) if row[1] else "",
        ),
    )


def with_enrolments(
    request: HttpRequest, rows: Sequence[Course]
) -> list[tuple[Course, int | None]]:
    """Return courses with the number of people in each; None where that is hidden from who asks."""
    hidden = hidden_courses(request, rows)
    ids = [course.pk for course in rows if course.pk not in hidden]
    counts = _counts(Enrolment.objects.filter(course_id__in=ids), "course_id")
    return [(course, None if course.pk in hidden else counts.get(course.pk, 0)) for course in rows]


def agreements_of(rows: Sequence[Partner]) -> dict[int, int]:
    """Return the number of agreements by partner id."""
    ids = [partner.pk for partner in rows]
    return _counts(Agreement.objects.filter(partner_id__in=ids), "partner_id")


def courses_of(person_ids: list[int]) -> dict[int, int]:
    """Return the number of courses taken by person id."""
    return _counts(Enrolment.objects.filter(person_id__in=person_ids), "person_id")


def answer(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Return a register's page; only its rows when htmx asks while someone types."""
    is_part = bool(request.htmx)  # type: ignore[attr-defined]  # set by django-htmx
    template = f"{name}/_{name}.html" if is_part else f"{name}/{name}.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _counts(rows: QuerySet[Any], column: str) -> dict[int, int]:
    counted = rows.order_by().values(column).annotate(count=Count("pk"))
    return dict(counted.values_list(column, "count"))


def course_years() -> list[int]:
    """Return the Solar Hijri years in which courses ended, latest first."""
    months = Course.objects.order_by().values_list("end_month", flat=True).distinct()
    return sorted({month // 100 for month in months}, reverse=True)


def search_words(text: str) -> list[str]:
    """Return the words of a search, without such as are marks alone."""
    # Marks inside a word stay: agreements are numbered 553/96/2508.
    return [word for word in clean(text[:200]).split() if normal_key(word)]


def _words(request: HttpRequest) -> list[str]:
    return search_words(request.GET.get("q", ""))


def _keys(request: HttpRequest) -> list[str]:
    return [normal_key(word) for word in _words(request)]


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"
