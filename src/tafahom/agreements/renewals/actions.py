"""Renewing an agreement, and deciding what its successor takes over."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.actions import oblige
from tafahom.agreements.acts import record_act
from tafahom.agreements.drafts.actions import Origin, create_draft, facts_of
from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    Commitment,
    CommittedMeasure,
    CommitteeMember,
    CostShare,
    Obligation,
    Side,
)
from tafahom.agreements.parts.actions import copy_parts
from tafahom.agreements.promises.actions import promise, share_cost
from tafahom.agreements.renewals.queries import proposed_years
from tafahom.agreements.renewals.rules import years_of
from tafahom.agreements.rules import DRAFT_STATES, RENEWABLE_STATES, LifeState
from tafahom.agreements.texts.beginning import begin_like
from tafahom.agreements.texts.queries import current_text
from tafahom.refusals import Refusal


@transaction.atomic
def renew(
    agreement: Agreement,
    *,
    number: str,
    starts_on: dt.date,
    ends_on: dt.date,
    years: Mapping[int, int | None] | None = None,
    by: User | None,
) -> Agreement:
    """Copy an agreement into a draft that succeeds it. Raises Refusal.

    ``years`` say for each year of the new term from which old year it takes its commitments; None
    for nothing. Without them ``queries.proposed_years`` holds. Parts of promises, further bodies,
    committee members, groups to be trained and the text go along. Obligations and cost shares are
    decided one by one (``carry_forward``). A successor that was terminated as a draft is none.
    Codes: ``renewal.impossible``, ``renewal.done``, ``renewal.term``, ``renewal.years`` (other years
    than those of the new term, or an old one twice) and those of ``create_draft``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state not in RENEWABLE_STATES:
        raise Refusal("renewal.impossible")
    if locked.successors.exclude(state=LifeState.TERMINATED, stopped_on=None).exists():
        raise Refusal("renewal.done")
    if starts_on <= locked.starts_on or ends_on < starts_on:
        raise Refusal("renewal.term")
    if years is None:
        years = proposed_years(locked, starts_on=starts_on, ends_on=ends_on).years
    _refuse_years(years, years_of(starts_on, ends_on))
    facts = replace(
        facts_of(locked), number=number, parent="", starts_on=starts_on, ends_on=ends_on
    )
    origin = Origin(
        act="",
        parent=locked.parent,
        predecessor=locked,
        reveals_status=locked.reveals_status,
        audiences=list(locked.audiences.all()),
    )
    made = create_draft(facts=facts, province=locked.province, origin=origin, by=by)
    _carry_over(locked, made, years)
    for party in locked.parties.all():
        AgreementParty.objects.create(
            agreement=made, partner_id=party.partner_id, role=party.role, ordinal=party.ordinal
        )
    for member in locked.members.all():
        CommitteeMember.objects.create(
            agreement=made, side=member.side, name=member.name, role=member.role
        )
    begin_like(made, current_text(locked), by=by)
    placed = {str(year): source for year, source in years.items()}
    record_act("renewal_drafted", locked, by, successor=made.uid, years=placed)
    return made


@transaction.atomic
def carry_forward(
    agreement: Agreement,
    *,
    promises: Mapping[Commitment, int],
    obligations: Mapping[Obligation, dt.date],
    shares: Mapping[CostShare, tuple[int, dt.date]],
    by: User | None,
) -> None:
    """Write what was decided about a draft that renews another. Raises Refusal.

    ``promises`` are its own, with what they promise from now on; ``obligations`` and ``shares``
    those of its predecessor that it takes over, with their new days and amounts (rials). Codes:
    ``renewal.decided`` (it is no draft any more, or renews nothing), ``renewal.not_its_own`` and
    those of ``promise``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state not in DRAFT_STATES or locked.predecessor_id is None:
        raise Refusal("renewal.decided")
    old = locked.predecessor_id
    if (
        any(one.agreement_id != locked.pk for one in promises)
        or any(duty.agreement_id != old for duty in obligations)
        or any(share.agreement_id != old for share in shares)
    ):
        raise Refusal("renewal.not_its_own")
    for carried, quantity in promises.items():
        if quantity != carried.quantity:
            measure = CommittedMeasure(carried.measure)
            promise(locked, year=carried.year, measure=measure, quantity=quantity, by=by)
    for duty, due_on in obligations.items():
        side = Side(duty.side)
        oblige(
            locked, side=side, text=duty.text, responsible=duty.responsible, due_on=due_on, by=by
        )
    for share, (amount, due_on) in shares.items():
        side = Side(share.side)
        share_cost(locked, side=side, title=share.title, amount=amount, due_on=due_on, by=by)


def _refuse_years(years: Mapping[int, int | None], term: range) -> None:
    sources = [source for source in years.values() if source is not None]
    if set(years) != set(term) or len(set(sources)) < len(sources):
        raise Refusal("renewal.years")


def _carry_over(old: Agreement, new: Agreement, years: Mapping[int, int | None]) -> None:
    """Copy promises into the years of the new term, with their parts."""
    goals = {source: year for year, source in years.items() if source is not None}
    for one in old.commitments.filter(quantity__gt=0, year__in=goals):
        made = Commitment.objects.create(
            agreement=new,
            year=goals[one.year],
            measure=one.measure,
            quantity=one.quantity,
            is_carried=True,
            carried_from=one.year,
        )
        copy_parts(one, made)
