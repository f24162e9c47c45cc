"""Whose time is over, and which exports somebody may see."""

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from tafahom.access.models import User
from tafahom.access.requests.rules import RequestState
from tafahom.agreements.models import Agreement
from tafahom.parties.models import Audience, Partner
from tafahom.people.models import Person
from tafahom.people.queries import chunks, identities_of
from tafahom.people.sealing import IdentityData
from tafahom.privacy.models import (
    DataExport,
    Erasure,
    ReadingAlarm,
    RetentionRequest,
    RetentionRule,
    Subject,
    YearsRequest,
)
from tafahom.privacy.rules import years_before
from tafahom.scoping import Scope, current_scope, everything
from tafahom.training.courses.queries import taken_by
from tafahom.training.models import Course, Enrolment, RosterImport

# Requests are few: this many are looked at, the latest first.
MAX_REQUESTS = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """For how many years people of an audience keep their identity.

    ``audience`` None stands for enrolments without one. ``is_changed`` when an officer set it.
    """

    audience: Audience | None
    years: int
    is_changed: bool

    @property
    def code(self) -> str:
        """The code it is kept under; empty for enrolments without an audience."""
        return self.audience.code if self.audience else ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person with who it is, and the courses taken, the latest first.

    ``identity`` is None when it was destroyed, which ``erasure`` tells of, or never kept.
    """

    person: Person
    identity: IdentityData | None
    erasure: Erasure | None
    enrolments: list[Enrolment]


def retention_rules() -> list[Rule]:
    """Return the rule of every audience, that of enrolments without an audience first."""
    changed = dict(RetentionRule.objects.values_list("audience_code", "years"))
    audiences: list[Audience | None] = [None, *Audience.objects.order_by("sort_key")]
    return [_rule(audience, changed) for audience in audiences]


def due(on: dt.date | None = None) -> QuerySet[Person]:
    """Return the people with an identity all of whose enrolments are past their time."""
    day, scope = on or timezone.localdate(), current_scope()
    with_years: dict[int, list[int | None]] = defaultdict(list)
    for rule in retention_rules():
        with_years[rule.years].append(rule.audience.pk if rule.audience else None)
    still_kept = Q()
    for years, audiences in with_years.items():
        of = Q(audience_id__in=[pk for pk in audiences if pk])
        if None in audiences:
            of |= Q(audience__isnull=True)
        still_kept |= of & Q(course__ends_on__gte=years_before(day, years))
    taken = Enrolment._base_manager.filter(person=OuterRef("pk"))
    with everything("a course outside the scope of who asks keeps the identity as well"):
        found = (
            Person.objects.filter(Exists(taken), identity__isnull=False)
            .exclude(Exists(taken.filter(still_kept)))
            .order_by("pk")
        )
        if scope.is_everything:
            return found
        ids = list(found.values_list("pk", flat=True))
    return Person.objects.filter(pk__in=ids).order_by("pk")


def with_last_course(people: QuerySet[Person]) -> QuerySet[Any]:
    """Return people with ``last_course``, the day on which their last course ended."""
    return people.annotate(last_course=Max("enrolments__course__ends_on"))


def with_last_course_by_uid(uids: Collection[str]) -> QuerySet[Any]:
    """Return some people of the scope as ``with_last_course`` does, in the order of their uids."""
    return with_last_course(Person.objects.filter(uid__in=uids)).order_by("uid")


def files_of(person_ids: Iterable[int]) -> set[str]:
    """Return the digests of the rosters in which these people stand."""
    found: set[str] = set()
    with everything("a file that names somebody who is forgotten must go"):
        for chunk in chunks(person_ids):
            rosters = RosterImport.objects.filter(enrolments__person_id__in=chunk)
            found |= set(rosters.values_list("sha256", flat=True))
    return found


def person_record(person: Person) -> PersonRecord:
    """Return what is kept of a person. Who shows it records that before (``gate.names``)."""
    return PersonRecord(
        person,
        identity=identities_of([person]).get(person.pk),
        erasure=Erasure.objects.filter(person=person).first(),
        enrolments=list(taken_by(person)),
    )


def erasures_seen() -> QuerySet[Erasure]:
    """Return how identities of people in the scope were destroyed, the latest first."""
    found = Erasure.objects.filter(person__in=Person.objects.all())
    return found.select_related("person", "erased_by", "request__decided_by")


def taken_elsewhere(person: Person) -> int:
    """Count the enrolments of a person that lie outside the present scope."""
    inside = Enrolment.objects.filter(person=person).count()
    with everything("what lies outside is counted, and not shown"):
        return Enrolment.objects.filter(person=person).count() - inside


def exports_seen_by(user: User, *, all_of_them: bool) -> QuerySet[DataExport]:
    """Return exports that someone may see: their own and, for who decides, those in the scope."""
    seen = Q(requested_by=user)
    if all_of_them:
        seen |= Q(subject=Subject.COURSE, subject_uid__in=Course.objects.values("uid"))
        seen |= Q(subject=Subject.AGREEMENT, subject_uid__in=Agreement.objects.values("uid"))
        seen |= Q(subject=Subject.PARTNER, subject_uid__in=Partner.objects.values("uid"))
    return DataExport.objects.select_related("requested_by", "decided_by", "job").filter(seen)


def export_titles(uids: Collection[str]) -> dict[str, str]:
    """Return the titles of exports by uid."""
    return dict(DataExport.objects.filter(uid__in=uids).values_list("uid", "title"))


def people_by_request(uids: Collection[str]) -> dict[str, int]:
    """Return how many people each of some requests to forget is about, by its uid."""
    found = RetentionRequest.objects.filter(uid__in=uids)
    return {row.uid: len(row.people) for row in found}


def requests_seen_by(user: User, *, all_of_them: bool) -> list[RetentionRequest]:
    """Return requests that someone may see, the latest first.

    Their own and, for who decides or audits, those all of whose people lie in the scope.
    """
    found = RetentionRequest.objects.select_related("requested_by", "decided_by", "job")
    if not all_of_them:
        return list(found.filter(requested_by=user)[:MAX_REQUESTS])
    return [one for one in found[:MAX_REQUESTS] if sees_request(user, one)]


def request_seen_by(user: User, uid: str, *, all_of_them: bool) -> RetentionRequest | None:
    """Return a request that someone may see (``requests_seen_by``); None when there is none."""
    rows = RetentionRequest.objects.select_related("requested_by", "decided_by", "job")
    found = rows.filter(uid=uid).first()
    if found is None or found.requested_by_id == user.pk:
        return found
    return found if all_of_them and sees_request(user, found) else None


def sees_request(user: User, request: RetentionRequest) -> bool:
    """Whether someone who decides may see a request: their own, or all of it in their scope."""
    if request.requested_by_id == user.pk or current_scope().is_everything:
        return True
    inside = sum(Person.objects.filter(uid__in=part).count() for part in chunks(request.people))
    with everything("people whose import was undone are nobody's"):
        there = sum(Person.objects.filter(uid__in=part).count() for part in chunks(request.people))
    return inside == there


def waiting_years() -> QuerySet[YearsRequest]:
    """Return the request for other years that somebody may still decide; at most one."""
    found = YearsRequest.objects.filter(state=RequestState.WAITING, lapses_at__gt=timezone.now())
    return found.select_related("asked_by")


def latest_years() -> YearsRequest | None:
    """Return the latest request for other years; None before the first."""
    return YearsRequest.objects.select_related("asked_by", "decided_by").first()


def reading_alarms(scope: Scope) -> QuerySet[ReadingAlarm]:
    """Return alarms about accounts that asked for many names, of the provinces of a scope."""
    found = ReadingAlarm.objects.select_related("account", "province", "answered_by")
    return found if scope.is_everything else found.filter(province__in=scope.provinces)


def open_alarms(scope: Scope) -> QuerySet[ReadingAlarm]:
    """Return those of ``reading_alarms`` that nobody has answered."""
    return reading_alarms(scope).filter(answered_at__isnull=True)


def _rule(audience: Audience | None, changed: dict[str, int]) -> Rule:
    code = audience.code if audience else ""
    if code in changed:
        return Rule(audience, changed[code], is_changed=True)
    reference = _reference()
    if audience is None:
        return Rule(audience, reference["everyone"], is_changed=False)
    usual = reference["sensitive" if audience.is_sensitive else "everyone"]
    return Rule(audience, reference["audiences"].get(code, usual), is_changed=False)


@cache
def _reference() -> Any:
    path = Path(__file__).with_name("reference.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
