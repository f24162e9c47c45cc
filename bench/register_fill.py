"""Fills an installation, from inside it, with a register of agreements and all that hangs on them."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.conf import settings
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.models import (
    Agreement,
    Breakdown,
    Commitment,
    CommittedMeasure,
    CostShare,
    Decision,
    Level,
    Meeting,
    Obligation,
    Side,
    Slice,
)
from tafahom.agreements.rules import LifeState
from tafahom.figures import warehouse
from tafahom.jalali import from_jalali, to_jalali, today
from tafahom.parties.models import Centre, County, Partner, PartnerKind
from tafahom.parties.queries import home_province
from tafahom.people.models import Person
from tafahom.persian import normal_key, number_key, sort_key
from tafahom.training.models import ChangedCourse, Course, Enrolment, OccupationalStandard

M = TypeVar("M", bound=Model)

SEED = 20_000
PARTNERS = 200
OBLIGATIONS = 10  # of each agreement
BATCH = 1_000
STATES = [LifeState.IN_FORCE] * 8 + [
    LifeState.ENDED,
    LifeState.NEGOTIATION,
    LifeState.DRAFTING,
    LifeState.SUSPENDED,
]
TEXTS = ("تأمین کارگاه", "معرفی کارآموز", "پرداخت سهم", "تأمین مواد مصرفی")


def main(count: str) -> None:
    """Record so many agreements; print an officer's session key and one agreement's external id."""
    chance = random.Random(SEED)
    agreements = _agreements(int(count), chance)
    _promises(agreements, chance)
    _duties(agreements, chance)
    _courses(agreements[: len(agreements) * 3 // 4], chance)
    warehouse.refresh()
    user = User.objects.create(username="bench")
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER)
    client = Client()
    client.force_login(user)
    print(client.cookies[settings.SESSION_COOKIE_NAME].value, agreements[0].uid)


def _make(model: type[M], rows: Iterable[M]) -> list[M]:
    return model._default_manager.bulk_create(list(rows), batch_size=BATCH)


def _named(name: str) -> dict[str, str]:
    return {"name": name, "key": normal_key(name), "sort_key": sort_key(name)}


def _agreements(count: int, chance: random.Random) -> list[Agreement]:
    kinds = list(PartnerKind.objects.all())
    partners = _make(
        Partner,
        (
            Partner(**_named(f"سازمان همکار {at}"), kind=chance.choice(kinds))
            for at in range(PARTNERS)
        ),
    )
    province, now = home_province(), today()

    def one(at: int) -> Agreement:
        starts_on = now - dt.timedelta(days=30 if at == 0 else chance.randint(30, 900))
        term = dt.timedelta(days=730 if at == 0 else chance.choice([365, 730, 1095]))
        number = f"{at + 1}/{chance.randint(1, 5):02}/{20_000 + at}"
        return Agreement(
            number=number,
            key=number_key(number),
            partner=chance.choice(partners),
            level=Level.NATIONAL if at % 6 == 1 else Level.PROVINCIAL,
            province=province,
            starts_on=starts_on,
            ends_on=starts_on + term,
            signed_on=starts_on,
            state=(LifeState.IN_FORCE if at == 0 else chance.choice(STATES)).value,
        )

    return _make(Agreement, (one(at) for at in range(count)))


def _promises(agreements: Sequence[Agreement], chance: random.Random) -> None:
    """Two measures of two years; every third promise of persons is divided by county."""
    year = to_jalali(today())[0]
    promises = _make(
        Commitment,
        (
            Commitment(
                agreement=one,
                year=when,
                measure=measure,
                quantity=chance.randint(20, 400)
                * (1 if measure == CommittedMeasure.PERSONS else 60),
            )
            for one in agreements
            for when in (year - 1, year)
            for measure in CommittedMeasure
        ),
    )
    divided = [one for one in promises if one.measure == CommittedMeasure.PERSONS][::3]
    breakdowns = _make(
        Breakdown, (Breakdown(commitment=one, dimensions="county") for one in divided)
    )
    counties = list(County.objects.filter(province=home_province())[:4])
    _make(
        Slice,
        (
            Slice(
                breakdown=one,
                county=county,
                label=county.name,
                key=f"county={county.pk}",
                quantity=one.commitment.quantity // len(counties),
            )
            for one in breakdowns
            for county in counties
        ),
    )


def _duties(agreements: Sequence[Agreement], chance: random.Random) -> None:
    """Obligations, three in four met; instalments, meetings and decisions of some agreements."""
    now = today()

    def day(first: int, last: int) -> dt.date:
        return now + dt.timedelta(days=chance.randint(first, last))

    def duty(of: Agreement, at: int) -> Obligation:
        is_met = chance.random() < 0.75
        return Obligation(
            agreement=of,
            side=chance.choice(Side.values),
            text=f"{chance.choice(TEXTS)}، مرحله {at + 1}",
            responsible="کارشناس",
            due_on=day(-200, 400),
            done_on=now if is_met else None,
            evidence="نامه" if is_met else "",
        )

    _make(Obligation, (duty(one, at) for one in agreements for at in range(OBLIGATIONS)))
    some = agreements[: len(agreements) * 2 // 5]
    _make(
        CostShare,
        (
            CostShare(
                agreement=one,
                side=Side.PARTNER,
                title=f"قسط {at + 1}",
                due_on=day(-100, 300),
                amount=chance.randint(1, 90) * 10_000_000,
            )
            for one in some
            for at in range(2)
        ),
    )
    meetings = _make(
        Meeting,
        (
            Meeting(
                agreement=one,
                held_on=day(-100, 100),
                agenda="بررسی",
                minutes=chance.choice(["", "گفت‌وگو شد."]),
            )
            for one in some
        ),
    )
    _make(
        Decision,
        (
            Decision(meeting=one, text="پیگیری", responsible="کارشناس", due_on=day(-60, 200))
            for one in meetings
        ),
    )


def _courses(agreements: Sequence[Agreement], chance: random.Random) -> None:
    """Two courses of each, of three to fifteen people who come more than once."""
    year = to_jalali(today())[0]
    standard = OccupationalStandard.objects.create(
        title="کاربر رایانه", key="bench", sort_key="bench", total_minutes=6_000
    )
    province = home_province()
    centres = _make(
        Centre,
        (
            Centre(**_named(f"مرکز {county.name}"), province=province, county=county)
            for county in County.objects.filter(province=province)
        ),
    )

    def course(of: Agreement, number: str, when: int) -> Course:
        month = chance.randint(1, 8)
        ends_on = from_jalali(when, month, 15)
        return Course(
            key=f"bench {number} {when}",
            code=f"B{number}",
            title=f"دوره {number}",
            sort_key=number,
            agreement=of,
            standard=standard,
            centre=chance.choice(centres),
            starts_on=ends_on - dt.timedelta(days=20),
            ends_on=ends_on,
            start_month=when * 100 + month,
            end_month=when * 100 + month,
            planned_minutes=6_000,
        )

    courses = _make(
        Course,
        (
            course(one, f"{at:06}", when)
            for at, one in enumerate(agreements)
            for when in (year - 1, year)
        ),
    )
    people = _make(Person, (Person() for _ in range(len(courses) * 2)))
    _make(
        Enrolment,
        (
            Enrolment(
                person=who,
                course=one,
                credited_minutes=chance.randint(1_000, 12_000),
                recorded_at=timezone.now(),
            )
            for one in courses
            for who in chance.sample(people, min(len(people), chance.randint(3, 15)))
        ),
    )
    _make(ChangedCourse, (ChangedCourse(course_id=o.pk, end_month=o.end_month) for o in courses))
