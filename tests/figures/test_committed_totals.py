"""Committed totals of a random year against sums written by hand, one for each rule.

Agreements are made, shared, amended, renewed and terminated by the actions that pages use; what
counts is then added up here by the domain's rules alone, with plain loops over the rows.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tafahom.agreements.actions import move, sign
from tafahom.agreements.levels.actions import share_out
from tafahom.agreements.models import Agreement, CommittedMeasure, Level, Side
from tafahom.agreements.promises.actions import amend, promise
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import LifeState
from tafahom.agreements.terminations.queries import unsettled
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import from_jalali, to_jalali, today, year_end
from tafahom.parties.actions import load_reference_data, save_partner
from tafahom.parties.models import Partner, Province
from tafahom.parties.queries import home_province
from tafahom.persian import number_key
from tafahom.refusals import Refusal
from tafahom.scoping import Scope, scoped_to

YEAR = to_jalali(today())[0]
FIRST_DAY = from_jalali(YEAR, 1, 1)
MEASURES = tuple(CommittedMeasure)


@dataclass
class Told:
    """What the test itself knows of an agreement, beside the register."""

    agreement: Agreement
    own: dict[str, int] = field(default_factory=dict)
    parent: str = ""
    shares: dict[str, int] = field(default_factory=dict)
    counts: bool = False
    is_terminated: bool = False
    province: str = ""


@st.composite
def stories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw what becomes of each agreement."""
    fates = ["drafting", "negotiation", "signed", "in_force", "suspended", "ended", "renewed",
             "renewal draft", "withdrawn", "terminated", "terminated renewal", "in_force", "terminated"]  # fmt: skip
    quantity = st.one_of(st.none(), st.integers(1, 5000))
    story = st.fixed_dictionaries(
        {
            "fate": st.sampled_from(fates),
            "national": st.booleans(),
            "promises": st.tuples(quantity, quantity),
            "amended": st.one_of(st.none(), st.integers(0, 5000)),
            "share": st.integers(0, 100),
            "parent": st.integers(0, 10),
            "left": st.integers(0, 100),
            "here": st.booleans(),
        }
    )
    return draw(st.lists(story, min_size=3, max_size=9))


class Office:
    """Tells stories through the actions, and keeps the hand-written account."""

    def __init__(self, partners: list[Partner], provinces: list[Province]) -> None:
        self.partners, self.provinces = partners, provinces
        self.told: dict[str, Told] = {}

    def tell(self, story: dict[str, Any], place: int) -> None:
        parents = [one for one in self.told.values() if one.agreement.level == Level.NATIONAL]
        wanted = parents[int(story["parent"]) % len(parents)] if parents else None
        parent = None if story["national"] else wanted
        number = f"{place}/{YEAR}"
        province = self.provinces[bool(story["here"])]
        partner = parent.agreement.partner if parent else self.partners[place % 2]
        made = Agreement.objects.create(
            number=number, key=number_key(number), province=province, partner=partner,
            level=Level.NATIONAL if story["national"] else Level.PROVINCIAL,
            parent=parent.agreement if parent else None, state=LifeState.DRAFTING,
            starts_on=from_jalali(YEAR - 1, 1, 1), ends_on=year_end(YEAR + 1),
        )  # fmt: skip
        told = Told(made, parent=parent.agreement.number if parent else "", province=province.code)
        self.told[number] = told
        for measure, quantity in zip(MEASURES, story["promises"], strict=True):
            if quantity is not None:
                promise(made, year=YEAR, measure=measure, quantity=quantity, by=None)
                promise(made, year=YEAR + 1, measure=measure, quantity=7, by=None)
                told.own[measure] = quantity
        self._live(told, story)
        if parent:
            self._share(told, parent, int(story["share"]))

    def _live(self, told: Told, story: dict[str, Any]) -> None:
        fate, made = str(story["fate"]), told.agreement
        if fate == "withdrawn":
            move(made, LifeState.TERMINATED, reason="انصراف", by=None)
        if fate in ("drafting", "withdrawn"):
            return
        move(made, LifeState.NEGOTIATION, by=None)
        if fate == "negotiation":
            return
        for side in Side:
            sign(made, side=side, name="نوری", signed_on=today(), by=None)
        made.refresh_from_db()
        move(made, LifeState.SIGNED, by=None)
        if fate == "signed":
            return
        move(made, LifeState.IN_FORCE, by=None)
        told.counts = True
        self._amend(told, story["amended"])
        if fate == "suspended":
            move(made, LifeState.SUSPENDED, reason="بازنگری", by=None)
        elif fate == "terminated":
            self._terminate(told, int(story["left"]))
        elif fate == "ended":
            Agreement.objects.filter(pk=made.pk).update(ends_on=today() - dt.timedelta(days=1))
            made.refresh_from_db()
            move(made, LifeState.ENDED, by=None)
            told.counts = today() > FIRST_DAY
        elif "rene" in fate:
            self._renew(told, fate)

    def _amend(self, told: Told, quantity: object) -> None:
        if not isinstance(quantity, int):
            return
        measure = MEASURES[quantity % 2]
        if told.own.get(measure, 0) == quantity:
            return
        amend(
            told.agreement, year=YEAR, quantities={measure: quantity}, signed_on=today(),
            effective_on=today(), reason="تغییر ظرفیت", by=None,
        )  # fmt: skip
        told.own[measure] = quantity

    def _terminate(self, told: Told, percent: int) -> None:
        ending = unsettled(told.agreement, on=today())
        left = {one: told.own[one.measure] * percent // 100 for one in ending}
        move(told.agreement, LifeState.TERMINATED, reason="فسخ", left=left, by=None)
        told.is_terminated = True
        # On the first day of the year it was not in force in it.
        told.counts = today() > FIRST_DAY
        told.own = {one.measure: quantity for one, quantity in left.items()}

    def _renew(self, told: Told, fate: str) -> None:
        """Renew; the successor stays a draft, is terminated as one, or comes in force."""
        number = f"{told.agreement.number}/تمدید"
        made = renew(
            told.agreement, number=number, starts_on=from_jalali(YEAR, 1, 1),
            ends_on=year_end(YEAR + 2), by=None,
        )  # fmt: skip
        successor = Told(made, parent=told.parent, province=told.province)
        self.told[number] = successor
        successor.own = {one.measure: one.quantity for one in made.commitments.filter(year=YEAR)}
        if fate == "terminated renewal":
            move(made, LifeState.TERMINATED, reason="انصراف", by=None)
        if fate != "renewed":
            return
        for side in Side:
            sign(made, side=side, name="نوری", signed_on=today(), by=None)
        made.refresh_from_db()
        for to in (LifeState.NEGOTIATION, LifeState.SIGNED, LifeState.IN_FORCE):
            move(made, to, by=None)
        successor.counts = True
        # The successor's term began with the year: the old one was not in force in it.
        told.counts = False

    def _share(self, told: Told, parent: Told, percent: int) -> None:
        was = dict(told.own)
        for commitment in parent.agreement.commitments.filter(year=YEAR):
            taken = sum(
                one.shares.get(commitment.measure, 0)
                for one in self.told.values()
                if one.parent == parent.agreement.number
            )
            quantity = (commitment.quantity - taken) * percent // 100
            try:
                with transaction.atomic():
                    share_out(commitment, agreement=told.agreement, quantity=quantity, by=None)
            except Refusal:
                continue
            told.shares[commitment.measure] = quantity
            if told.agreement.state in ("drafting", "negotiation"):
                was[commitment.measure] = quantity
        told.own = was

    # The account by hand.

    def counted_at(self, told: Told, measure: str) -> int | None:
        """What counts with one agreement: its own, its share, or what nobody carries of it."""
        if not told.counts:
            return None
        own, share = told.own.get(measure), told.shares.get(measure, 0)
        if told.agreement.level == Level.NATIONAL:
            return None if own is None else max(0, own - self.carried_of(told, measure))
        parent = self.told.get(told.parent)
        if not own and share and not told.is_terminated and parent and parent.counts:
            return share
        return own

    def carried_of(self, national: Told, measure: str) -> int:
        carried = 0
        for one in self.told.values():
            if one.parent == national.agreement.number and one.counts:
                share = one.shares.get(measure, 0)
                left = one.own.get(measure, 0)
                carried += min(share, left) if one.is_terminated else share
        return carried


def total(**query: object) -> dict[str, Any]:
    values = figures(FigureQuery(YEAR, 12, **query)).total.values  # type: ignore[arg-type]
    return {one.value: values[f"committed_{one.value}"] for one in MEASURES}


def added(quantities: list[int | None]) -> int | None:
    known = [one for one in quantities if one is not None]
    return sum(known) if known else None


@pytest.fixture
def office(db: None) -> Office:
    load_reference_data()
    partners = [
        save_partner(name=name, kind="دولتی", main_audience="", by=None)[0]
        for name in ("سازمان یک", "سازمان دو")
    ]
    other = Province.objects.exclude(pk=home_province().pk).order_by("pk")[0]
    return Office(partners, [other, home_province()])


def test_committed_totals_are_the_sums_of_the_rules(office: Office) -> None:
    reached: Counter[str] = Counter()

    @settings(
        max_examples=16,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(year=stories())
    def check(year: list[dict[str, Any]]) -> None:
        with transaction.atomic():
            office.told = {}
            for place, story in enumerate(year):
                office.tell(story, place)
            _check(office)
            for told in office.told.values():
                reached.update(_rules_of(told, office))
            transaction.set_rollback(True)

    check()
    # A walk that reaches little proves little.
    assert {"carried", "alone", "cut short", "renewed", "rest"} <= {*reached}


def _rules_of(told: Told, office: Office) -> Iterator[str]:
    """Yield the rules that an agreement brings into play."""
    for measure in MEASURES:
        is_national = told.agreement.level == Level.NATIONAL
        carried = office.carried_of(told, measure) if is_national and told.counts else 0
        if carried:
            yield "carried"
        if 0 < carried < told.own.get(measure, 0):
            yield "rest"
        if not told.own.get(measure) and office.counted_at(told, measure):
            yield "alone"
        if told.is_terminated and told.own.get(measure):
            yield "cut short"
    if told.agreement.state == LifeState.RENEWED:
        yield "renewed"


def _check(office: Office) -> None:
    everyone = list(office.told.values())
    for told in everyone:
        told.agreement.refresh_from_db()

    def by_hand(members: list[Told]) -> dict[str, int | None]:
        return {
            one.value: added([office.counted_at(told, one.value) for told in members])
            for one in MEASURES
        }

    assert total() == by_hand(everyone)
    rows = {
        row.dims["agreement"].code: row.values
        for row in figures(FigureQuery(YEAR, 12, by=("agreement",))).rows
    }
    for told in everyone:
        values = rows.get(told.agreement.number, {})
        expected = by_hand([told])
        assert {one: values.get(f"committed_{one}") for one in expected} == expected
    for told in everyone[:2]:
        number = told.agreement.number
        assert total(where=(("agreement", number),)) == by_hand([told])
    for partner in office.partners:
        members = [one for one in everyone if one.agreement.partner_id == partner.pk]
        assert total(where=(("partner", partner.name),)) == by_hand(members)
    for level in Level:
        members = [one for one in everyone if one.agreement.level == level]
        assert total(where=(("level", level.value),)) == by_hand(members)
    # Who sees one province sees no rest of the nation, as soon as another has agreements.
    here = office.provinces[1]
    seen = [one for one in everyone if one.province == here.code]
    if len(seen) < len(everyone):
        seen = [one for one in seen if one.agreement.level == Level.PROVINCIAL]
    with scoped_to(Scope(provinces=frozenset({here.pk}))):
        assert total() == by_hand(seen)
