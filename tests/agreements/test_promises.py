"""Promises, money and committees: what changes them, and what stands against it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.agreements.actions import TransitionRefusedError, move, save_commitment, sign
from tafahom.agreements.models import Agreement, CommittedMeasure, Side
from tafahom.agreements.promises.actions import (
    amend,
    call_meeting,
    carry_out,
    decide,
    minute,
    pay,
    promise,
    share_cost,
)
from tafahom.agreements.promises.rules import quantity_on, shares_of_hundred
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import LifeState
from tafahom.jalali import from_jalali, to_jalali, today
from tafahom.refusals import Refusal

HOURS = CommittedMeasure.PERSON_HOURS


@given(st.lists(st.integers(0, 10**15), max_size=12))
def test_shares_add_up_to_a_hundred_percent_exactly(amounts: list[int]) -> None:
    tenths = shares_of_hundred(amounts)
    whole = sum(amounts)
    assert sum(tenths) == (1000 if whole else 0)
    assert all(
        abs(part * whole - amount * 1000) < whole or not whole
        for part, amount in zip(tenths, amounts, strict=True)
    )


@given(st.integers(0, 1000), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 1000))))
def test_of_a_promise_that_changes_the_one_in_force_holds(
    first: int, changes: list[tuple[int, int]]
) -> None:
    day = dt.date(2018, 3, 21)
    steps, now = [], first
    for wait, new in sorted(changes, key=lambda change: change[0]):
        steps.append((day + dt.timedelta(days=wait), now, new))
        now = new
    for offset in range(-1, 62):
        on = day + dt.timedelta(days=offset)
        held = [new for begins, _old, new in steps if begins <= on]
        assert quantity_on(on, now, steps) == (held[-1] if held else first)


@pytest.fixture
def signed(db: None) -> Agreement:
    """In force for 1397, with 600 person-hours promised."""
    found = prepare()
    save_commitment(found, year=1397, measure=HOURS, quantity=600, by=None)
    return found


def change(agreement: Agreement, quantity: int, *, year: int = 1397, day: int = 1) -> None:
    amend(
        agreement,
        year=year,
        quantities={HOURS: quantity},
        signed_on=from_jalali(1397, 6, 1),
        effective_on=from_jalali(1397, 7, day),
        reason="افزایش ظرفیت",
        by=None,
    )


def test_what_is_signed_changes_by_numbered_amendments_only(signed: Agreement) -> None:
    with pytest.raises(Refusal, match="signed"):
        promise(signed, year=1397, measure=HOURS, quantity=1, by=None)
    change(signed, 900)
    change(signed, 800, day=2)
    lines = [(one.number, line.old, line.new) for one in signed.amendments.all()
             for line in one.lines.all()]  # fmt: skip
    assert lines == [(1, 600, 900), (2, 900, 800)]
    assert signed.commitments.get().quantity == 800
    # The register is loaded again with what was signed first: the amendment holds.
    assert not save_commitment(signed, year=1397, measure=HOURS, quantity=600, by=None)
    assert signed.commitments.get().quantity == 800


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"quantity": 800}, "nothing"),
        ({"quantity": 5}, "out_of_order"),
        ({"quantity": 5, "year": 1398}, "beyond_term"),
    ],
)
def test_amendments_that_are_refused(signed: Agreement, given: dict[str, int], code: str) -> None:
    change(signed, 800, day=2)
    day = 1 if code == "out_of_order" else 3
    with pytest.raises(Refusal, match=code):
        change(signed, given["quantity"], year=given.get("year", 1397), day=day)
    assert signed.amendments.count() == 1


def test_an_instalment_is_never_overpaid(signed: Agreement) -> None:
    share = share_cost(
        signed, side=Side.PARTNER, title="قسط یک", amount=10**12, due_on=today(), by=None
    )
    pay(share, amount=4 * 10**11, paid_on=today(), reference="۱۲", by=None)
    stale = type(share).objects.get(pk=share.pk)
    pay(share, amount=6 * 10**11, paid_on=today(), reference="۱۳", by=None)
    with pytest.raises(ValueError, match="left"):
        pay(stale, amount=1, paid_on=today(), reference="۱۴", by=None)
    share.refresh_from_db()
    assert (share.paid, share.rest, share.reference) == (10**12, 0, "۱۳")


def test_minutes_are_written_once_and_decisions_need_evidence(signed: Agreement) -> None:
    coming = today() + dt.timedelta(days=1)
    later = call_meeting(signed, held_on=coming, place="", agenda="برنامه", by=None)
    with pytest.raises(ValueError, match="held"):
        minute(later, minutes="متن", attended=[], by=None)
    meeting = call_meeting(signed, held_on=today(), place="کرج", agenda="برنامه", by=None)
    minute(meeting, minutes="متن", attended=[], by=None)
    with pytest.raises(ValueError, match="before"):
        minute(meeting, minutes="متن دیگر", attended=[], by=None)
    task = decide(meeting, text="معرفی کارآموز", responsible="کارشناس", due_on=today(), by=None)
    with pytest.raises(ValueError, match="proves"):
        carry_out(task, done_on=today(), evidence=" ", by=None)
    carry_out(task, done_on=today(), evidence="نامه ۸", by=None)
    with pytest.raises(ValueError, match="before"):
        carry_out(task, done_on=today(), evidence="نامه ۹", by=None)


def test_a_successor_in_force_makes_the_old_one_renewed(signed: Agreement) -> None:
    starts = today() - dt.timedelta(days=10)
    ends = starts + dt.timedelta(days=300)
    new = renew(signed, number="9/1", starts_on=starts, ends_on=ends, by=None)
    carried = new.commitments.get()
    assert (carried.quantity, carried.is_carried) == (600, True)
    assert carried.year == to_jalali(starts)[0]
    with pytest.raises(Refusal, match="done"):
        renew(signed, number="9/2", starts_on=starts, ends_on=ends, by=None)
    with pytest.raises(TransitionRefusedError, match=r"successor\.missing"):
        move(signed, LifeState.RENEWED, by=None)  # by a draft nothing is renewed
    for side in Side:
        sign(new, side=side, name="نام", signed_on=starts, by=None)
    for to in (LifeState.NEGOTIATION, LifeState.SIGNED, LifeState.IN_FORCE):
        move(new, to, by=None)
    signed.refresh_from_db()
    assert signed.state == LifeState.RENEWED
    assert signed.transitions.get().reason == "9/1"


def test_a_number_that_is_taken_is_refused(signed: Agreement) -> None:
    make_agreement("9/1")
    with pytest.raises(Refusal, match="taken"):
        renew(signed, number="۹/۱", starts_on=today(), ends_on=today(), by=None)
