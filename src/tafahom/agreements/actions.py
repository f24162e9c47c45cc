"""Writes of agreements."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min

from tafahom.access.models import User
from tafahom.agreements.acts import record_act
from tafahom.agreements.drafts.actions import Origin, create_draft
from tafahom.agreements.drafts.rules import DraftFacts
from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    Commitment,
    CommittedMeasure,
    Level,
    Obligation,
    Side,
    Signatory,
    Transition,
)
from tafahom.agreements.queries import life_of
from tafahom.agreements.rules import (
    DRAFT_STATES,
    TERMINABLE_STATES,
    TRAINING_STATES,
    LifeState,
    refusals,
)
from tafahom.agreements.terminations.actions import NOTHING_LEFT, settle
from tafahom.agreements.texts.actions import freeze
from tafahom.jalali import today
from tafahom.parties.actions import update_changed
from tafahom.parties.models import Partner, Province
from tafahom.persian import clean, number_key
from tafahom.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Term:
    """What an agreement says of itself."""

    partner: Partner
    level: Level
    signed_on: dt.date | None
    starts_on: dt.date
    ends_on: dt.date


def save_agreement(
    *,
    number: str,
    term: Term,
    province: Province,
    reveals_status: bool | None = None,
    by: User | None,
) -> tuple[Agreement, bool]:
    """Register an agreement that was signed, or correct its term; whether anything changed.

    ``reveals_status`` is left as it is where None. ``by`` is recorded by the caller, once for the
    whole registry.
    """
    wanted: dict[str, object] = {
        "partner_id": term.partner.pk,
        "level": term.level.value,
        "signed_on": term.signed_on,
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
    }
    if reveals_status is not None:
        wanted["reveals_status"] = reveals_status
    agreement = Agreement.objects.filter(key=number_key(number)).first()
    if agreement is not None:
        return agreement, update_changed(agreement, wanted)
    facts = DraftFacts(
        number=number,
        partner_id=term.partner.pk,
        level=term.level.value,
        parent="",
        subject="",
        starts_on=term.starts_on,
        ends_on=term.ends_on,
    )
    origin = Origin(
        act="",
        state=LifeState.IN_FORCE,
        signed_on=term.signed_on,
        reveals_status=reveals_status,
    )
    return create_draft(facts=facts, province=province, origin=origin, by=by), True


def save_commitment(
    agreement: Agreement,
    *,
    year: int,
    measure: CommittedMeasure,
    quantity: int,
    by: User | None,
) -> bool:
    """Set what was promised for a Solar Hijri year; whether that changed anything.

    This is the registry's door. A promise that an amendment has changed is left as it is: a
    registry tells what was signed first. So is one with parts or shares, which would not fit.
    """
    commitment, created = Commitment.objects.get_or_create(
        agreement=agreement, year=year, measure=measure, defaults={"quantity": quantity}
    )
    if not created and commitment.quantity != quantity and _is_settled(commitment):
        return False
    return created or update_changed(commitment, {"quantity": quantity})


def _is_settled(commitment: Commitment) -> bool:
    settled = (commitment.lines, commitment.breakdowns, commitment.shares)
    return any(found.exists() for found in settled)


@transaction.atomic
def set_reveals_status(agreement: Agreement, reveals: bool | None, *, by: User | None) -> bool:
    """Say whether an agreement tells of who is trained under it; whether that changed anything.

    None: as its parties and groups have it. Moves no figure, so closed months do not stand
    against it.
    """
    changed = update_changed(agreement, {"reveals_status": reveals})
    if changed:
        record_act("reveals_status_set", agreement, by)
    return changed


def set_parent(agreement: Agreement, parent: Agreement | None, *, by: User | None) -> bool:
    """Say which national agreement this one implements; whether that changed anything.

    Raises ValueError for a parent that is not national, or the agreement itself.
    """
    if parent is not None and (parent.pk == agreement.pk or parent.level != Level.NATIONAL):
        raise ValueError("a parent must be another, national agreement")
    return update_changed(agreement, {"parent_id": parent.pk if parent else None})


class TransitionRefusedError(Exception):
    """A step that the rules do not allow; ``codes`` are those of ``rules.refusals``."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@transaction.atomic
def move(
    agreement: Agreement,
    to: LifeState,
    *,
    reason: str = "",
    left: Mapping[Commitment, int] = NOTHING_LEFT,
    by: User | None,
) -> Transition:
    """Take an agreement one step on in its life. Raises TransitionRefusedError.

    Of two people who move it at once the second is judged by where the first has brought it. A
    termination says what is ``left`` of the commitments of its year
    (``terminations.queries.unsettled``), or Refusal is raised as by ``settle``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if codes := refusals(life_of(locked), to, today=today(), reason=reason):
        raise TransitionRefusedError(codes)
    if to == LifeState.TERMINATED:
        settle(locked, left=left, on=today(), by=by)
    step = Transition.objects.create(
        agreement=locked, from_state=locked.state, to_state=to.value, reason=clean(reason), by=by
    )
    stopped_on = _stopped_on(locked, to)
    Agreement.objects.filter(pk=locked.pk).update(state=to.value, stopped_on=stopped_on)
    agreement.state, agreement.stopped_on = to.value, stopped_on
    if to == LifeState.SIGNED:
        freeze(locked, by=by)
    record_act("moved", agreement, by, **{"from": step.from_state, "to": step.to_state})
    if to == LifeState.IN_FORCE:
        _close_predecessor(locked, by=by)
    return step


def _stopped_on(agreement: Agreement, to: LifeState) -> dt.date | None:
    """Return the first day on which a step has taken an agreement out of force; None if it has not."""
    if to == LifeState.TERMINATED:
        return today() if agreement.state in TERMINABLE_STATES else None
    if to == LifeState.RENEWED:
        successors = agreement.successors.filter(state__in=TRAINING_STATES)
        first: dt.date | None = successors.aggregate(first=Min("starts_on"))["first"]
        return first
    return None


def _close_predecessor(agreement: Agreement, *, by: User | None) -> None:
    """Record the agreement that this one renews as renewed, where it can be."""
    old = agreement.predecessor
    if old is not None and not refusals(life_of(old), LifeState.RENEWED, today=today()):
        move(old, LifeState.RENEWED, reason=agreement.number, by=by)


@transaction.atomic
def sign(
    agreement: Agreement,
    *,
    side: Side,
    name: str,
    title: str = "",
    signed_on: dt.date | None,
    party: AgreementParty | None = None,
    by: User | None,
) -> Signatory:
    """Record who signs for a side, or for a further body beside the partner, and when, if it was.

    The agreement is signed on the day of the last signature.
    """
    signatory, _created = Signatory.objects.update_or_create(
        agreement=agreement,
        side=Side.PARTNER.value if party else side.value,
        party=party,
        name=clean(name),
        defaults={"title": clean(title), "signed_on": signed_on},
    )
    days = agreement.signatories.exclude(signed_on=None).values_list("signed_on", flat=True)
    if days:
        update_changed(agreement, {"signed_on": max(day for day in days if day)})
    record_act("signed", agreement, by, side=side.value)
    return signatory


@transaction.atomic
def add_party(
    agreement: Agreement, *, partner: Partner, role: str = "", by: User | None
) -> AgreementParty:
    """Let a further body sign an agreement. Raises Refusal.

    Codes: ``party.signed`` (once it is signed nobody joins), ``party.present``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state not in DRAFT_STATES:
        raise Refusal("party.signed")
    if partner.pk == locked.partner_id or locked.parties.filter(partner=partner).exists():
        raise Refusal("party.present")
    last = locked.parties.aggregate(last=Max("ordinal"))["last"] or 0
    party = AgreementParty.objects.create(
        agreement=locked, partner=partner, role=clean(role), ordinal=last + 1
    )
    record_act("party_added", locked, by, party=party.uid)
    return party


@transaction.atomic
def remove_party(party: AgreementParty, *, by: User | None) -> None:
    """Take a further body out of a draft. Raises Refusal.

    Codes: ``party.signed``, ``party.has_signed`` (somebody signs for it already).
    """
    locked = Agreement.objects.select_for_update().get(pk=party.agreement_id)
    if locked.state not in DRAFT_STATES:
        raise Refusal("party.signed")
    if party.signatories.filter(signed_on__isnull=False).exists():
        raise Refusal("party.has_signed")
    party.signatories.all().delete()
    uid = party.uid
    party.delete()
    record_act("party_removed", locked, by, party=uid)


@transaction.atomic
def oblige(
    agreement: Agreement,
    *,
    side: Side,
    text: str,
    due_on: dt.date,
    responsible: str = "",
    by: User | None,
) -> Obligation:
    """Write down what a side has to do by a day. Raises ValueError for an empty text."""
    if not clean(text):
        raise ValueError("an obligation says what is to be done")
    obligation = Obligation.objects.create(
        agreement=agreement,
        side=side.value,
        text=clean(text),
        responsible=clean(responsible),
        due_on=due_on,
    )
    record_act("obliged", agreement, by, obligation=obligation.uid, side=side.value)
    return obligation


@transaction.atomic
def fulfil(obligation: Obligation, *, done_on: dt.date, evidence: str, by: User | None) -> None:
    """Record that an obligation was met and what proves it.

    Raises ValueError without evidence, for a day to come, or when it was met before.
    """
    proof = clean(evidence)
    if not proof or done_on > today():
        raise ValueError("a day that has come and something that proves it are needed")
    met = Obligation.objects.filter(pk=obligation.pk, done_on=None).update(
        done_on=done_on, evidence=proof
    )
    if not met:
        raise ValueError("it was met before")
    record_act("fulfilled", obligation.agreement, by, obligation=obligation.uid)
