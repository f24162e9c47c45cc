"""Writes of what an agreement promises: amendments, money, the joint committee."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import F, Max

from tafahom.access.models import User
from tafahom.agreements.acts import record_act
from tafahom.agreements.models import (
    Agreement,
    Amendment,
    AmendmentLine,
    Commitment,
    CommittedMeasure,
    CommitteeMember,
    CostShare,
    Decision,
    Meeting,
    Side,
)
from tafahom.agreements.parts.actions import check_allocation, divide
from tafahom.agreements.parts.rules import Division
from tafahom.agreements.rules import AMENDABLE_STATES, DRAFT_STATES
from tafahom.jalali import from_jalali, today, year_end
from tafahom.persian import clean
from tafahom.refusals import Refusal


@transaction.atomic
def promise(
    agreement: Agreement, *, year: int, measure: CommittedMeasure, quantity: int, by: User | None
) -> Commitment:
    """Write down what a draft promises for a year. Raises Refusal.

    Codes: ``promise.signed`` (then only an amendment changes it), ``promise.beyond_term``, and
    those of ``parts.actions.check_allocation`` where parts of it would no longer fit.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state not in DRAFT_STATES:
        raise Refusal("promise.signed")
    _within_term(locked, year)
    old = locked.commitments.filter(year=year, measure=measure).first()
    found, _made = Commitment.objects.update_or_create(
        agreement=locked,
        year=year,
        measure=measure.value,
        defaults={
            "quantity": quantity,
            "is_carried": bool(old and old.is_carried and old.quantity == quantity),
        },
    )
    check_allocation(found)
    before = old.quantity if old else 0
    record_act("promised", locked, by, year=year, measure=measure.value, new=quantity, old=before)
    return found


@transaction.atomic
def break_down(
    agreement: Agreement,
    *,
    year: int,
    measure: CommittedMeasure,
    division: Division,
    by: User | None,
) -> Commitment:
    """Divide what a draft promises for a year. Raises Refusal.

    Codes: ``promise.signed``, ``slices.no_promise`` and those of ``parts.actions``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state not in DRAFT_STATES:
        raise Refusal("promise.signed")
    commitment = locked.commitments.filter(year=year, measure=measure).first()
    if commitment is None:
        raise Refusal("slices.no_promise")
    if divide(commitment, division, amendment=None):
        check_allocation(commitment)
        record_act(
            "broken_down", locked, by, year=year, measure=measure.value,
            dimensions=list(division.dimensions),
        )  # fmt: skip
    return commitment


@transaction.atomic
def amend(
    agreement: Agreement,
    *,
    year: int,
    quantities: Mapping[CommittedMeasure, int],
    signed_on: dt.date,
    effective_on: dt.date,
    reason: str,
    by: User | None,
    divisions: Mapping[CommittedMeasure, Sequence[Division]] | None = None,
) -> Amendment:
    """Change promises of a signed agreement by the next amendment. Raises Refusal.

    ``divisions`` say what becomes of their parts.

    Codes: ``amendment.not_signed`` (a draft is edited), ``amendment.no_reason``,
    ``amendment.nothing``, ``amendment.beyond_term``, ``amendment.before_signing``,
    ``amendment.out_of_order`` (an amendment in force from a later day is there already), and
    those of ``parts.actions`` where parts would not fit.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    before = locked.amendments.aggregate(number=Max("number"), day=Max("effective_on"))
    _refuse_amendment(locked, signed_on, effective_on, latest=before["day"])
    if not clean(reason):
        raise Refusal("amendment.no_reason")
    _within_term(locked, year)
    now = {one.measure: one for one in locked.commitments.filter(year=year)}
    changed = {
        measure: quantity
        for measure, quantity in quantities.items()
        if quantity != (now[measure].quantity if measure in now else 0)
    }
    if not changed and not divisions:
        raise Refusal("amendment.nothing")
    amendment = Amendment.objects.create(
        agreement=locked,
        number=(before["number"] or 0) + 1,
        signed_on=signed_on,
        effective_on=effective_on,
        reason=clean(reason),
        made_by=by,
    )
    for measure, quantity in changed.items():
        now[measure.value] = _change(now.get(measure.value), amendment, year, measure, quantity)
    divided = [
        _divided(now.get(measure.value), division, amendment)
        for measure, wanted in (divisions or {}).items()
        for division in wanted
    ]
    if not changed and not any(divided):
        raise Refusal("amendment.nothing")
    for commitment in now.values():
        check_allocation(commitment)
    record_act("amended", locked, by, amendment=amendment.uid)
    return amendment


def _change(
    commitment: Commitment | None,
    amendment: Amendment,
    year: int,
    measure: CommittedMeasure,
    quantity: int,
) -> Commitment:
    """Let an amendment change a commitment, made when there was none; return it."""
    found = commitment or Commitment.objects.create(
        agreement_id=amendment.agreement_id, year=year, measure=measure.value, quantity=0
    )
    AmendmentLine.objects.create(
        amendment=amendment, commitment=found, old=found.quantity, new=quantity
    )
    Commitment.objects.filter(pk=found.pk).update(quantity=quantity)
    return found


def _divided(commitment: Commitment | None, division: Division, amendment: Amendment) -> bool:
    if commitment is None:
        raise Refusal("slices.no_promise")
    return divide(commitment, division, amendment=amendment)


def _refuse_amendment(
    agreement: Agreement, signed_on: dt.date, effective_on: dt.date, *, latest: dt.date | None
) -> None:
    """Raise Refusal for days that an amendment of this agreement can not have.

    ``latest`` is the day from which the last amendment holds.
    """
    if agreement.state not in AMENDABLE_STATES:
        raise Refusal("amendment.not_signed")
    if not agreement.starts_on <= effective_on <= agreement.ends_on:
        raise Refusal("amendment.beyond_term")
    if signed_on > today() or (agreement.signed_on and signed_on < agreement.signed_on):
        raise Refusal("amendment.before_signing")
    if latest and effective_on < latest:
        raise Refusal("amendment.out_of_order")


def _within_term(agreement: Agreement, year: int) -> None:
    """Raise Refusal where a year lies outside the term."""
    if not 1300 <= year <= 1600 or (
        year_end(year) < agreement.starts_on or from_jalali(year, 1, 1) > agreement.ends_on
    ):
        raise Refusal("promise.beyond_term")


@transaction.atomic
def share_cost(
    agreement: Agreement,
    *,
    side: Side,
    title: str,
    amount: int,
    due_on: dt.date,
    by: User | None,
) -> CostShare:
    """Write down an instalment in rials that a side owes. Raises ValueError for nothing owed."""
    if amount < 1 or not clean(title):
        raise ValueError("an instalment is for something and is more than nothing")
    share = CostShare.objects.create(
        agreement=agreement, side=side.value, title=clean(title), amount=amount, due_on=due_on
    )
    record_act("cost_shared", agreement, by, share=share.uid, amount=amount)
    return share


@transaction.atomic
def pay(
    share: CostShare, *, amount: int, paid_on: dt.date, reference: str, by: User | None
) -> None:
    """Record a payment of an instalment, or of a part of it.

    Raises ValueError for more than is left (also when two record at once), a day to come, or
    without the payment's reference.
    """
    if amount < 1 or paid_on > today() or not clean(reference):
        raise ValueError("a payment has an amount, a day that has come and a reference")
    left = CostShare.objects.filter(pk=share.pk, paid__lte=F("amount") - amount)
    if not left.update(paid=F("paid") + amount, paid_on=paid_on, reference=clean(reference)):
        raise ValueError("more than is left to pay")
    record_act("paid", share.agreement, by, share=share.uid, amount=amount)


@transaction.atomic
def appoint(
    agreement: Agreement, *, side: Side, name: str, role: str, by: User | None
) -> CommitteeMember:
    """Put somebody on the joint committee, or change the role."""
    member, _made = CommitteeMember.objects.update_or_create(
        agreement=agreement, side=side.value, name=clean(name), defaults={"role": clean(role)}
    )
    record_act("appointed", agreement, by, member=member.pk)
    return member


@transaction.atomic
def call_meeting(
    agreement: Agreement, *, held_on: dt.date, place: str, agenda: str, by: User | None
) -> Meeting:
    """Write down a meeting of the joint committee, held or to be held."""
    meeting = Meeting.objects.create(
        agreement=agreement, held_on=held_on, place=clean(place), agenda=agenda.strip()
    )
    record_act("meeting_called", agreement, by, meeting=meeting.uid)
    return meeting


@transaction.atomic
def minute(
    meeting: Meeting, *, minutes: str, attended: Collection[CommitteeMember], by: User | None
) -> None:
    """Keep the minutes of a meeting and who was there. Raises ValueError.

    Before the day of the meeting there is nothing to minute; minutes are written once.
    """
    if not minutes.strip() or meeting.held_on > today():
        raise ValueError("minutes say something, of a meeting that was held")
    if not Meeting.objects.filter(pk=meeting.pk, minutes="").update(minutes=minutes.strip()):
        raise ValueError("it was minuted before")
    meeting.attended.set(attended)
    record_act("minuted", meeting.agreement, by, meeting=meeting.uid)


@transaction.atomic
def decide(
    meeting: Meeting, *, text: str, responsible: str, due_on: dt.date, by: User | None
) -> Decision:
    """Make a decision of a meeting a task of somebody."""
    decision = Decision.objects.create(
        meeting=meeting, text=clean(text), responsible=clean(responsible), due_on=due_on
    )
    record_act("decided", meeting.agreement, by, decision=decision.uid)
    return decision


@transaction.atomic
def carry_out(decision: Decision, *, done_on: dt.date, evidence: str, by: User | None) -> None:
    """Record that a decision was carried out and what proves it. Raises ValueError."""
    proof = clean(evidence)
    if not proof or done_on > today():
        raise ValueError("a day that has come and something that proves it are needed")
    open_one = Decision.objects.filter(pk=decision.pk, done_on=None)
    if not open_one.update(done_on=done_on, evidence=proof):
        raise ValueError("it was carried out before")
    record_act("carried_out", decision.meeting.agreement, by, decision=decision.uid)
