"""Courses that tell why those who take them are there."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from tafahom.agreements.queries import revealing_agreements
from tafahom.parties.queries import revealing_centres, revealing_partners
from tafahom.people.queries import chunks
from tafahom.training.models import Course, Enrolment


def revealing_courses() -> QuerySet[Course]:
    """Return the courses of the scope beside which a name tells a sensitive status.

    A course does when its agreement, its partner or its centre does, or when one of its trainees
    is enrolled as one of a sensitive group.
    """
    sensitive = Enrolment.objects.filter(course=OuterRef("pk"), audience__is_sensitive=True)
    return Course.objects.filter(
        Q(agreement__in=revealing_agreements())
        | Q(agreement__partner__in=revealing_partners())
        | Q(centre__in=revealing_centres())
        | Q(Exists(sensitive))
    )


def is_revealing(person_ids: Iterable[int]) -> bool:
    """Whether one of these people took a course of the scope that tells a sensitive status."""
    courses = revealing_courses().values("pk")
    return any(
        Enrolment.objects.filter(person_id__in=part, course__in=courses).exists()
        for part in chunks(person_ids)
    )
