"""Reads of courses and of who takes part in them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tafahom.agreements.models import Agreement
from tafahom.jalali import to_jalali
from tafahom.parties.models import Province
from tafahom.people.models import Person
from tafahom.people.queries import with_identities
from tafahom.people.sealing import IdentityData
from tafahom.periods.queries import Month, locked_months
from tafahom.persian import clean, normal_key, number_key, search_words
from tafahom.training.models import Attendance, ChangedCourse, Course, Enrolment


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A course with how many sessions it has, and whether its month takes no change now."""

    course: Course
    sessions: int
    is_closed: bool


def courses(
    *, text: str = "", year: int | None = None, month: int | None = None, cluster: str = ""
) -> QuerySet[Course]:
    """Return courses of which every word of a text is told, that ended in a year or a month of it.

    Words are looked for in title and code, instructor, standard, centre, partner and number of the
    agreement. ``cluster`` is a code; what is empty, or no month, leaves no course out.
    """
    found = Course.objects.select_related("agreement__partner", "centre", "standard")
    for word in search_words(text):
        found = found.filter(_tells(word))
    if year:
        first, last = (month, month) if month and 1 <= month <= 12 else (1, 12)
        found = found.filter(end_month__range=(year * 100 + first, year * 100 + last))
    return found.filter(standard__cluster__code=cluster) if cluster else found


def courses_in_full() -> QuerySet[Course]:
    """Return courses with all that is told of one: also its cluster, county and type of centre."""
    return Course.objects.select_related(
        "agreement__partner", "centre__centre_type", "centre__county", "standard__cluster"
    )


def course_record(course: Course) -> CourseRecord:
    """Return what is told of a course that was read by ``courses_in_full``."""
    is_closed = (course.centre.province_id, course.end_month) in locked_months()
    return CourseRecord(course, course.sessions.count(), is_closed)


def course_years() -> list[int]:
    """Return the Solar Hijri years in which courses ended, latest first."""
    months = Course.objects.order_by().values_list("end_month", flat=True).distinct()
    return sorted({month // 100 for month in months}, reverse=True)


def courses_by_end_month(agreement: Agreement) -> dict[int, int]:
    """Return how many courses of an agreement ended in each Jalali month (139710)."""
    rows = agreement.courses.order_by().values_list("end_month")
    return dict(rows.annotate(count=Count("pk")))


def courses_of(agreement: Agreement) -> QuerySet[Course]:
    """Return the courses of an agreement, with what a line of a list shows of them."""
    return agreement.courses.select_related("agreement__partner", "centre", "standard")


def trained_years(agreement: Agreement, months: Iterable[int]) -> set[int]:
    """Return the Solar Hijri years that an agreement trained in, its courses ending in ``months``.

    All of its term are among them, whether courses ended in them or not.
    """
    first, last = to_jalali(agreement.starts_on)[0], to_jalali(agreement.ends_on)[0]
    return {*range(first, last + 1), *(month // 100 for month in months)}


def course_titles(uids: Collection[str]) -> dict[str, str]:
    """Return the titles of courses by uid."""
    return dict(Course.objects.filter(uid__in=uids).values_list("uid", "title"))


def has_courses(agreement: Agreement) -> bool:
    """Whether any course of the scope is held under an agreement."""
    return agreement.courses.exists()


def courses_by_month(province: Province) -> dict[int, int]:
    """Return how many courses of a province ended in each Jalali month."""
    rows = Course.objects.filter(centre__province=province).order_by()
    return dict(rows.values_list("end_month").annotate(count=Count("pk")))


def has_changed_courses() -> bool:
    """Whether courses have changed since facts were made of them."""
    return ChangedCourse.objects.exists()


def enrolments_of(course: Course) -> QuerySet[Enrolment]:
    """Return who took part in a course: persons, audiences, certificates."""
    return course.enrolments.select_related("person", "audience", "certificate")


def taken_by(person: Person) -> QuerySet[Enrolment]:
    """Return the enrolments of a person, latest course first."""
    return person.enrolments.select_related(
        "course__agreement__partner", "course__centre", "audience", "certificate"
    ).order_by("-course__ends_on", "pk")


def named(enrolments: Iterable[Enrolment]) -> list[tuple[Enrolment, IdentityData | None]]:
    """Return enrolments with who it is, in the Persian order of names (``with_identities``)."""
    return with_identities(enrolments, lambda row: row.person_id)


def people_by_course(course_ids: Iterable[int]) -> dict[int, int]:
    """Return how many people took part in each of some courses; empty courses are left out.

    Whoever shows it guards it: beside a course the number may tell a status.
    """
    rows = Enrolment.objects.filter(course_id__in=list(course_ids)).order_by()
    return dict(rows.values_list("course_id").annotate(count=Count("pk")))


def courses_by_person(person_ids: Iterable[int]) -> dict[int, int]:
    """Return how many courses each of some people took; who took none is left out."""
    rows = Enrolment.objects.filter(person_id__in=list(person_ids)).order_by()
    return dict(rows.values_list("person_id").annotate(count=Count("pk")))


def months_of(enrolments: QuerySet[Enrolment]) -> set[Month]:
    """Return the months, with their provinces, that enrolments and their attendance belong to."""
    ended = enrolments.order_by().values_list("course__centre__province_id", "course__end_month")
    marks = Attendance.objects.filter(enrolment__in=enrolments.order_by()).order_by()
    held = marks.values_list("session__course__centre__province_id", "session__month")
    return {*ended.distinct(), *held.distinct()}


def _tells(word: str) -> Q:
    """Return the condition of courses of which a word of a search is told."""
    key, text = normal_key(word), clean(word)
    return (
        Q(title__icontains=text)
        | Q(code__icontains=key)
        | Q(standard__code__icontains=key)
        | Q(instructor__icontains=text)
        | Q(centre__key__contains=key)
        | Q(agreement__partner__key__contains=key)
        | Q(agreement__key__contains=number_key(word))
    )


def uid_of_code(code: str) -> str | None:
    """Return the uid of the course of a code, in ASCII digits; None for none and for no code."""
    found = Course.objects.filter(code=code).values_list("uid", flat=True)
    return found.first() if code else None
