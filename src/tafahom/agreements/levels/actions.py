"""Writing how provincial agreements implement a national one."""

import datetime as dt

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.acts import record_act
from tafahom.agreements.drafts.actions import Origin, create_draft
from tafahom.agreements.drafts.rules import DraftFacts
from tafahom.agreements.models import (
    Agreement,
    Commitment,
    CommitmentShare,
    CommittedMeasure,
    Level,
)
from tafahom.agreements.parts.actions import check_allocation
from tafahom.agreements.promises.actions import promise
from tafahom.agreements.rules import AMENDABLE_STATES, DRAFT_STATES
from tafahom.agreements.texts.beginning import inherit_text
from tafahom.parties.models import Province
from tafahom.refusals import Refusal


@transaction.atomic
def implement(
    national: Agreement,
    *,
    number: str,
    province: Province,
    starts_on: dt.date,
    ends_on: dt.date,
    by: User | None,
) -> Agreement:
    """Draft a provincial agreement that implements a national one. Raises Refusal.

    Its first text is the one that was signed; its promises come with its share of the national
    ones (``share_out``); the partner is the national one's, and who signs in the province may join
    as a further body. Codes: ``level.not_national``, ``level.not_living``, ``level.term`` (the term lies within
    the national one's) and those of ``create_draft``.
    """
    locked = Agreement.objects.select_for_update().get(pk=national.pk)
    if locked.level != Level.NATIONAL:
        raise Refusal("level.not_national")
    if locked.state not in AMENDABLE_STATES:
        raise Refusal("level.not_living")
    if not locked.starts_on <= starts_on <= ends_on <= locked.ends_on:
        raise Refusal("level.term")
    facts = DraftFacts(
        number=number,
        partner_id=locked.partner_id,
        level=Level.PROVINCIAL,
        parent="",
        subject="",
        starts_on=starts_on,
        ends_on=ends_on,
    )
    origin = Origin(act="", parent=locked, reveals_status=locked.reveals_status)
    made = create_draft(facts=facts, province=province, origin=origin, by=by)
    inherit_text(made, by=by)
    record_act("implemented", locked, by, provincial=made.uid)
    return made


@transaction.atomic
def share_out(
    commitment: Commitment, *, agreement: Agreement, quantity: int, by: User | None
) -> None:
    """Write down what a provincial agreement takes over of a national commitment; 0 for nothing.

    What a provincial draft promises of that measure and year becomes its share. Raises
    Refusal: ``shares.not_its_parent``, ``shares.too_much`` (``params`` tell the
    commitment and what the shares would sum up to), ``promise.beyond_term``.
    """
    Agreement.objects.select_for_update().get(pk=commitment.agreement_id)
    if agreement.parent_id != commitment.agreement_id:
        raise Refusal("shares.not_its_parent")
    if quantity:
        CommitmentShare.objects.update_or_create(
            commitment=commitment, agreement=agreement, defaults={"quantity": quantity}
        )
    else:
        commitment.shares.filter(agreement=agreement).delete()
    check_allocation(commitment)
    if agreement.state in DRAFT_STATES:
        measure = CommittedMeasure(commitment.measure)
        promise(agreement, year=commitment.year, measure=measure, quantity=quantity, by=by)
    record_act(
        "shared_out", agreement, by, year=commitment.year, measure=commitment.measure, new=quantity
    )
