"""An agreement moves by its rules, and what happened is kept."""

import datetime as dt

import pytest

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.access.models import User
from tafahom.agreements.actions import TransitionRefusedError, move, save_commitment, sign
from tafahom.agreements.models import Agreement, CommittedMeasure, Side
from tafahom.agreements.queries import life_of
from tafahom.agreements.rules import LifeState
from tafahom.audit.models import Entry
from tafahom.jalali import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return User.objects.create_user(username="officer")


@pytest.fixture
def draft(db: None) -> Agreement:
    """An agreement in negotiation whose term is around today."""
    prepare()
    made = make_agreement("12/1", partner="سازمان بهزیستی")
    Agreement.objects.filter(pk=made.pk).update(
        state=LifeState.NEGOTIATION,
        signed_on=None,
        starts_on=today() - dt.timedelta(days=100),
        ends_on=today() + dt.timedelta(days=265),
    )
    made.refresh_from_db()
    return made


def test_what_a_registry_brings_is_in_force(db: None) -> None:
    assert prepare().state == LifeState.IN_FORCE


def test_it_is_signed_by_both_and_comes_into_force(draft: Agreement, officer: User) -> None:
    with pytest.raises(TransitionRefusedError) as refused:
        move(draft, LifeState.SIGNED, by=officer)
    assert refused.value.codes == ["signature.missing"]
    day = today() - dt.timedelta(days=110)
    sign(
        draft, side=Side.DIRECTORATE, name="ناصر امینی", title="مدیر کل", signed_on=day, by=officer
    )
    with pytest.raises(TransitionRefusedError):
        move(draft, LifeState.SIGNED, by=officer)
    later = day + dt.timedelta(days=3)
    sign(draft, side=Side.PARTNER, name="سارا نوری", signed_on=later, by=officer)
    draft.refresh_from_db()
    assert draft.signed_on == later
    move(draft, LifeState.SIGNED, by=officer)
    move(draft, LifeState.IN_FORCE, by=officer)
    draft.refresh_from_db()
    assert draft.state == LifeState.IN_FORCE
    steps = [(step.from_state, step.to_state) for step in draft.transitions.order_by("id")]
    assert steps == [("negotiation", "signed"), ("signed", "in_force")]
    assert Entry.objects.filter(action="agreements.moved", by=officer).count() == 2


def test_a_promise_beyond_the_term_stands_against_it(draft: Agreement, officer: User) -> None:
    for side in Side:
        sign(draft, side=side, name="نام", signed_on=today(), by=officer)
    draft.refresh_from_db()
    save_commitment(draft, year=1390, measure=CommittedMeasure.PERSONS, quantity=5, by=officer)
    with pytest.raises(TransitionRefusedError) as refused:
        move(draft, LifeState.SIGNED, by=officer)
    assert refused.value.codes == ["commitment.beyond_term"]


def test_who_comes_second_is_judged_by_what_the_first_did(draft: Agreement, officer: User) -> None:
    stale = Agreement.objects.get(pk=draft.pk)
    move(draft, LifeState.DRAFTING, by=officer)
    with pytest.raises(TransitionRefusedError):
        move(stale, LifeState.DRAFTING, by=officer)
    assert draft.transitions.count() == 1


def test_the_end_needs_a_reason_and_is_the_end(draft: Agreement, officer: User) -> None:
    with pytest.raises(TransitionRefusedError) as refused:
        move(draft, LifeState.TERMINATED, reason="  ", by=officer)
    assert refused.value.codes == ["reason.missing"]
    step = move(draft, LifeState.TERMINATED, reason="دستگاه كناره گرفت", by=officer)
    assert step.reason == "دستگاه کناره گرفت"
    assert life_of(draft).state == LifeState.TERMINATED
    for to in LifeState:
        with pytest.raises(TransitionRefusedError):
            move(draft, to, reason="x", by=officer)
