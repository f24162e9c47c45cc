"""A small directorate, written straight into the tables, so that figures can be done by hand."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from tafahom.agreements.models import Agreement, Commitment
from tafahom.credentials.models import Certificate
from tafahom.jalali import from_jalali
from tafahom.parties.models import (
    Audience,
    Centre,
    CentreType,
    County,
    Partner,
    PartnerKind,
    Province,
)
from tafahom.people.models import Person
from tafahom.persian import normal_key, number_key, sort_key
from tafahom.training.models import (
    Attendance,
    ChangedCourse,
    Cluster,
    Course,
    CourseSession,
    Enrolment,
    OccupationalStandard,
)

NOTHING_MORE: Iterable[dict[str, Any]] = itertools.repeat({})


def _named(name: str) -> dict[str, str]:
    return {"name": name, "key": normal_key(name), "sort_key": sort_key(name)}


def record(model: Any, name: str, **others: Any) -> Any:
    """Return the registry's record of a name, made or changed to the other values."""
    found, _made = model.objects.update_or_create(
        key=normal_key(name), defaults={**_named(name), **others}
    )
    return found


@dataclass
class World:
    """Makes courses and enrolments; every change is noted as the importer notes it."""

    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.province = record(Province, "استان آزمون", code="test")
        self.county = County.objects.create(province=self.province, **_named("نظرآباد"))
        self.kinds = {
            name: record(PartnerKind, name, code=code)
            for name, code in (("دولتی", "test-state"), ("صنفی", "test-guild"))
        }
        self.audiences = {
            name: record(Audience, name, code=code)
            for name, code in (("زندانی", "test-prisoner"), ("صنف", "test-guild-member"))
        }
        self.clusters = {
            name: record(Cluster, name, code=code)
            for name, code in (("صنعت", "test-industry"), ("خدمات", "test-services"))
        }
        self.centre_type = record(CentreType, "زندان", code="test-prison")

    def partner(self, name: str, kind: str = "دولتی") -> Partner:
        return record(Partner, name, kind=self.kinds[kind])

    def agreement(
        self,
        number: str,
        partner: Partner,
        level: str = "provincial",
        parent: Agreement | None = None,
        **targets: int,
    ) -> Agreement:
        """Make an agreement; ``persons_1397=10`` adds a commitment of ten persons in 1397."""
        agreement = Agreement.objects.create(
            number=number,
            key=number_key(number),
            partner=partner,
            level=level,
            parent=parent,
            province=self.province,
            starts_on=from_jalali(1395, 1, 1),
            ends_on=from_jalali(1399, 12, 29),
        )
        for name, quantity in targets.items():
            measure, _mark, year = name.rpartition("_")
            Commitment.objects.create(
                agreement=agreement, year=int(year), measure=measure, quantity=quantity
            )
        return agreement

    def standard(self, title: str, cluster: str | None = "صنعت", hours: int | None = None):
        return OccupationalStandard.objects.create(
            title=title,
            key=normal_key(title),
            sort_key=sort_key(title),
            cluster=self.clusters[cluster] if cluster else None,
            total_minutes=hours * 60 if hours else None,
        )

    def centre(self, name: str, **others: Any) -> Centre:
        place = {"centre_type": self.centre_type, "county": self.county, **others}
        return record(Centre, name, province=self.province, **place)

    def person(self, gender: str = "") -> Person:
        return Person.objects.create(gender=gender)

    def people(self, genders: Iterable[str]) -> list[Person]:
        """Make somebody of each gender, at once."""
        return Person.objects.bulk_create(Person(gender=gender) for gender in genders)

    def course(
        self,
        agreement: Agreement,
        ends: tuple[int, int, int],
        *,
        starts: tuple[int, int, int] | None = None,
        standard: OccupationalStandard | None = None,
        centre: Centre | None = None,
        hours: int = 100,
    ) -> Course:
        number = next(self.numbers)
        start = starts or ends
        course = Course.objects.create(
            key=f"course-{number}",
            code=f"C{number}",
            title=f"دوره {number}",
            sort_key=f"{number:06}",
            agreement=agreement,
            standard=standard or self._any_standard(),
            centre=centre or self.centre("مرکز یک"),
            starts_on=from_jalali(*start),
            ends_on=from_jalali(*ends),
            start_month=start[0] * 100 + start[1],
            end_month=ends[0] * 100 + ends[1],
            planned_minutes=hours * 60,
        )
        self.changed(course)
        return course

    def _any_standard(self) -> OccupationalStandard:
        found = OccupationalStandard.objects.filter(title="جوشکاری").first()
        return found or self.standard("جوشکاری", hours=80)

    def enrol(
        self,
        person: Person,
        course: Course,
        *,
        minutes: int = 600,
        audience: str | None = None,
        marks: tuple[int | None, int | None] = (None, None),
        passed: bool = False,
        certificate: str = "",
        **others: Any,
    ) -> Enrolment:
        enrolment = Enrolment.objects.create(
            course=course,
            person=person,
            audience=self.audiences[audience] if audience else None,
            credited_minutes=minutes,
            written_mark=marks[0],
            practical_mark=marks[1],
            passed=passed,
            recorded_at=timezone.now(),
            **others,
        )
        if certificate:
            Certificate.objects.create(enrolment=enrolment, number=certificate)
        self.changed(course)
        return enrolment

    def enrol_many(
        self,
        people: list[Person],
        course: Course,
        *,
        minutes: int = 600,
        audience: str | None = None,
        certificate: str = "",
        each: Iterable[dict[str, Any]] = NOTHING_MORE,
        **others: Any,
    ) -> list[Enrolment]:
        """Enrol people in a course, at once; ``certificate`` begins their numbers.

        ``each`` is what differs from one to the next.
        """
        enrolments = Enrolment.objects.bulk_create(
            Enrolment(
                course=course,
                person=person,
                audience=self.audiences[audience] if audience else None,
                credited_minutes=minutes,
                recorded_at=timezone.now(),
                **others,
                **more,
            )
            for person, more in zip(people, each, strict=False)
        )
        if certificate:
            Certificate.objects.bulk_create(
                Certificate(enrolment=one, number=f"{certificate}-{number}")
                for number, one in enumerate(enrolments)
            )
        self.changed(course)
        return enrolments

    def register(self, enrolment: Enrolment, sessions: list[tuple[int, int]]) -> None:
        """Record attendance: (Jalali month, minutes credited) for each session."""
        for ordinal, (month, minutes) in enumerate(sessions, 1):
            session, _made = CourseSession.objects.get_or_create(
                course=enrolment.course,
                ordinal=ordinal,
                defaults={
                    "held_on": from_jalali(*divmod(month, 100), 10),
                    "month": month,
                    "minutes": 240,
                },
            )
            Attendance.objects.create(
                enrolment=enrolment, session=session, mark="present", credited_minutes=minutes
            )
        self.changed(enrolment.course)

    def changed(self, course: Course) -> None:
        ChangedCourse.objects.create(course_id=course.id, end_month=course.end_month)
