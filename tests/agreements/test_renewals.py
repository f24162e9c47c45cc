"""What a renewal takes along, what it leaves to be decided, and what decides it."""

import datetime as dt

import pytest

from rosters import prepare
from tafahom.agreements.actions import oblige, save_commitment
from tafahom.agreements.models import Agreement, CommittedMeasure, Side, TextVersion
from tafahom.agreements.promises.actions import promise, share_cost
from tafahom.agreements.renewals.actions import carry_forward, renew
from tafahom.agreements.renewals.queries import differences, moved
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts.actions import save_as_version
from tafahom.agreements.texts.beginning import draft_from_template
from tafahom.agreements.texts.queries import clauses_of, draft_of, templates_for, versions_of
from tafahom.agreements.texts.templates import load_templates
from tafahom.jalali import from_jalali
from tafahom.parties.models import Audience
from tafahom.refusals import Refusal

HOURS, PERSONS = CommittedMeasure.PERSON_HOURS, CommittedMeasure.PERSONS


@pytest.fixture
def old(db: None) -> Agreement:
    """In force for 1397: 600 hours, a text, a duty of Tir and an instalment of Azar."""
    found = prepare()
    Agreement.objects.filter(pk=found.pk).update(
        starts_on=from_jalali(1397, 1, 1),
        ends_on=from_jalali(1397, 12, 29),
        state=LifeState.IN_FORCE,
    )
    found.refresh_from_db()
    save_commitment(found, year=1397, measure=HOURS, quantity=600, by=None)
    save_commitment(found, year=1397, measure=PERSONS, quantity=30, by=None)
    oblige(
        found, side=Side.PARTNER, text="تأمین کارگاه", responsible="رابط",
        due_on=from_jalali(1397, 4, 1), by=None,
    )  # fmt: skip
    share_cost(
        found, side=Side.PARTNER, title="قسط نخست", amount=900,
        due_on=from_jalali(1397, 9, 10), by=None,
    )  # fmt: skip
    return found


@pytest.fixture
def new(old: Agreement) -> Agreement:
    return renew(
        old, number="9/98", starts_on=from_jalali(1398, 1, 1), ends_on=from_jalali(1398, 8, 30),
        by=None,
    )  # fmt: skip


def test_what_differs_is_told(old: Agreement, new: Agreement) -> None:
    found = differences(new)
    assert found.old == old
    assert {(one.year, one.measure, one.quantity, one.is_carried) for one in found.promises} == {
        (1398, "person_hours", 600, True),
        (1398, "persons", 30, True),
    }
    # The same day of the year; not after the end of the shorter term.
    assert [(one.text, day) for one, day in found.obligations] == [
        ("تأمین کارگاه", from_jalali(1398, 4, 1))
    ]
    assert [(one.title, day) for one, day in found.shares] == [
        ("قسط نخست", from_jalali(1398, 8, 30))
    ]


@pytest.mark.parametrize(
    ("day", "becomes"),
    [
        ((1394, 3, 1), (1398, 3, 1)),
        ((1397, 1, 1), (1399, 1, 1)),
        ((1395, 12, 30), (1398, 12, 29)),  # 1395 was a leap year
        ((1397, 2, 20), (1398, 2, 20)),
        ((1398, 7, 5), (1398, 7, 5)),
        ((1397, 2, 14), (1399, 2, 13)),  # its last day
    ],
)
def test_days_come_again_in_the_new_term(day, becomes) -> None:
    term = from_jalali(1398, 2, 15), from_jalali(1399, 2, 13)
    assert moved(from_jalali(*day), term) == from_jalali(*becomes)


def test_what_is_decided_is_written_and_asked_no_more(old: Agreement, new: Agreement) -> None:
    found = differences(new)
    quantities = {one: 45 if one.measure == PERSONS else one.quantity for one in found.promises}
    due_on = from_jalali(1398, 5, 1)
    carry_forward(
        new,
        promises=quantities,
        obligations={found.obligations[0][0]: due_on},
        shares={found.shares[0][0]: (1200, due_on)},
        by=None,
    )
    told = {(one.measure, one.quantity, one.is_carried) for one in new.commitments.all()}
    assert told == {("persons", 45, False), ("person_hours", 600, True)}
    [duty], [share] = new.obligations.all(), new.cost_shares.all()
    assert (duty.text, duty.responsible, duty.due_on) == ("تأمین کارگاه", "رابط", due_on)
    assert (share.title, share.amount, share.paid) == ("قسط نخست", 1200, 0)
    left = differences(new)
    assert (left.obligations, left.shares) == ([], [])
    assert old.obligations.count() == old.cost_shares.count() == 1


def test_promised_again_as_it_was_it_stays_carried_over(new: Agreement) -> None:
    promise(new, year=1398, measure=HOURS, quantity=600, by=None)
    assert new.commitments.get(measure=HOURS).is_carried
    promise(new, year=1398, measure=HOURS, quantity=601, by=None)
    assert not new.commitments.get(measure=HOURS).is_carried


def test_only_a_draft_decides_and_only_about_its_own(old: Agreement, new: Agreement) -> None:
    nothing = {"promises": {}, "obligations": {}, "shares": {}, "by": None}
    duty = old.obligations.get()
    mine = oblige(new, side=Side.PARTNER, text="دیگر", due_on=duty.due_on, by=None)
    day = dt.date(2019, 6, 1)
    for given in (
        {"obligations": {mine: day}},
        {"promises": dict.fromkeys(old.commitments.all(), 1)},
    ):
        with pytest.raises(Refusal, match="not_its_own"):
            carry_forward(new, **nothing | given)
    with pytest.raises(Refusal, match="decided"):
        carry_forward(old, **nothing)
    Agreement.objects.filter(pk=new.pk).update(state=LifeState.SIGNED)
    with pytest.raises(Refusal, match="decided"):
        carry_forward(new, **nothing | {"obligations": {duty: day}})
    assert old.commitments.get(measure=HOURS).quantity == 600


def test_the_text_and_the_groups_go_along(old: Agreement) -> None:
    old.audiences.set(Audience.objects.all()[:2])
    load_templates()
    Agreement.objects.filter(pk=old.pk).update(state=LifeState.DRAFTING)
    template = templates_for(old.partner.kind)[0]
    text, _missing = draft_from_template(old, template, by=None)
    kept = save_as_version(text, note="", by=None)
    Agreement.objects.filter(pk=old.pk).update(state=LifeState.IN_FORCE)
    new = renew(
        old, number="9/98", starts_on=from_jalali(1398, 1, 1), ends_on=from_jalali(1398, 8, 30),
        by=None,
    )  # fmt: skip
    assert set(new.audiences.all()) == set(old.audiences.all())
    [first] = versions_of(new).exclude(number=None)
    before, now = ([one.text for one in clauses_of(text)] for text in (first, _draft(new)))
    assert before == [one.text for one in clauses_of(kept)]
    changed = [(one, other) for one, other in zip(before, now, strict=True) if one != other]
    assert any("۱۳۹۷" in one and "۱۳۹۸" in other for one, other in changed)
    # Duties are decided yet: their clause will ask to be filled again.
    assert not differences(new).clauses
    duty, day = differences(new).obligations[0]
    carry_forward(new, promises={}, obligations={duty: day}, shares={}, by=None)
    [(clause, content)] = differences(new).clauses
    assert "تأمین کارگاه" not in clause.text
    assert "تأمین کارگاه" in content.text


def _draft(agreement: Agreement) -> TextVersion:
    found = draft_of(agreement)
    assert found
    return found
