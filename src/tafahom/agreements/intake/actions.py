"""Writes of proposals: taken from the public form, decided, and made draft agreements."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.agreements.actions import sign
from tafahom.agreements.drafts.actions import Origin, create_draft
from tafahom.agreements.drafts.rules import DraftFacts
from tafahom.agreements.intake.contacts import ContactPerson, contact_of, keep_contact
from tafahom.agreements.intake.queries import Candidate, candidates
from tafahom.agreements.intake.rules import (
    LONGEST_DETAILS,
    STEPS,
    ProposalState,
    spread,
    tracking_code,
)
from tafahom.agreements.models import (
    Agreement,
    Commitment,
    CommittedMeasure,
    Level,
    Proposal,
    ProposalStep,
    Side,
)
from tafahom.agreements.rules import LifeState
from tafahom.audit.actions import record
from tafahom.identifiers.tokens import token_digest
from tafahom.parties.actions import name_fields, update_changed
from tafahom.parties.models import Audience, County, Partner, PartnerKind, Province
from tafahom.persian import clean, normal_key
from tafahom.refusals import Refusal
from tafahom.scoping import everything


@dataclass(frozen=True, slots=True)
class SubmittedProposal:
    """What a body writes in the form."""

    organisation: str
    kind: PartnerKind
    legal_id: str
    subject: str
    details: str
    audiences: Collection[Audience]
    persons: int
    person_hours: int | None
    county: County
    address: str
    starts_on: dt.date
    ends_on: dt.date


class StaleProposalError(Exception):
    """Somebody else has changed the proposal since it was looked at; ``now`` is how it is."""

    def __init__(self, now: Proposal) -> None:
        super().__init__(now.state)
        self.now = now


def receive(
    offer: SubmittedProposal, contact: ContactPerson, *, token: str, province: Province
) -> str:
    """Keep a proposal and return its tracking code; a form that was taken is not taken again.

    ``token`` is the form's own: sent twice, also at the same moment, it gives one proposal and
    the same code.
    """
    code = tracking_code(token, settings.SECRET_KEY)
    if Proposal.objects.filter(token_hash=token_digest(token)).exists():
        return code
    try:
        _keep(offer, contact, code=code, token=token, province=province)
    except IntegrityError:
        if not Proposal.objects.filter(token_hash=token_digest(token)).exists():
            raise
    return code


@transaction.atomic
def _keep(
    offer: SubmittedProposal, contact: ContactPerson, *, code: str, token: str, province: Province
) -> None:
    proposal = Proposal.objects.create(
        code_hash=token_digest(code),
        token_hash=token_digest(token),
        province=province,
        organisation=clean(offer.organisation),
        key=normal_key(offer.organisation),
        legal_id=offer.legal_id,
        kind=offer.kind,
        subject=clean(offer.subject),
        details=offer.details.strip(),
        persons=offer.persons,
        person_hours=offer.person_hours,
        county=offer.county,
        address=clean(offer.address),
        starts_on=offer.starts_on,
        ends_on=offer.ends_on,
    )
    proposal.audiences.set(offer.audiences)
    keep_contact(proposal, contact)
    ProposalStep.objects.create(proposal=proposal, state=ProposalState.RECEIVED)
    _record("received", proposal, None)


@transaction.atomic
def take_up(proposal: Proposal, *, seen: int, by: User | None) -> None:
    """Say that a proposal is being reviewed. Raises StaleProposalError."""
    _step(proposal, ProposalState.REVIEW, seen=seen, by=by)
    _record("taken_up", proposal, by)


@transaction.atomic
def ask(proposal: Proposal, *, question: str, seen: int, by: User | None) -> None:
    """Ask the sender for more. Raises StaleProposalError and Refusal."""
    _step(proposal, ProposalState.ASKED, words=_said(question), seen=seen, by=by)
    _record("asked", proposal, by)


@transaction.atomic
def answer(proposal: Proposal, *, words: str) -> None:
    """Keep what the sender answers to a question. Raises StaleProposalError when none is open."""
    locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.state != ProposalState.ASKED:
        raise StaleProposalError(locked)
    _step(proposal, ProposalState.REVIEW, words=_said(words), seen=locked.revision, by=None)
    _record("answered", proposal, None)


@transaction.atomic
def decline(proposal: Proposal, *, reason: str, seen: int, by: User | None) -> None:
    """Decline, for a reason that the sender reads.

    Raises StaleProposalError and Refusal.
    """
    _step(proposal, ProposalState.DECLINED, words=_said(reason), seen=seen, by=by)
    _record("declined", proposal, by)


@transaction.atomic
def accept(
    proposal: Proposal,
    *,
    number: str,
    level: Level,
    partner: Partner | None,
    seen: int,
    by: User | None,
) -> Agreement:
    """Accept, and make the agreement that was proposed of what was written in the form.

    ``partner`` None registers the body as a new partner. The numbers become promises of the years
    of the term, the contact person signs for the partner, until the draft says otherwise.
    Raises StaleProposalError and Refusal.
    """
    now = _locked(proposal, ProposalState.ACCEPTED, seen)
    origin = Origin(
        act="drafted_from_proposal",
        state=LifeState.PROPOSED,
        audiences=list(now.audiences.all()),
        details={"proposal": proposal.uid},
    )
    with everything("a new partner lies nowhere yet"):
        facts = DraftFacts(
            number=number,
            partner_id=_partner(now, partner).pk,
            level=level.value,
            parent="",
            subject=now.subject,
            starts_on=now.starts_on,
            ends_on=now.ends_on,
        )
        agreement = create_draft(facts=facts, province=now.province, origin=origin, by=by)
    _promise(now, agreement)
    contact = contact_of(now)
    if contact:
        sign(
            agreement,
            side=Side.PARTNER,
            name=contact.name,
            title=contact.post,
            signed_on=None,
            by=by,
        )
    _write(now, ProposalState.ACCEPTED, by=by, agreement=agreement)
    _record("accepted", proposal, by, agreement=agreement.uid)
    return agreement


def _locked(proposal: Proposal, to: ProposalState, seen: int) -> Proposal:
    """Return the proposal as it is, held. Raises StaleProposalError for another than was seen."""
    now = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if now.revision != seen or to not in STEPS[ProposalState(now.state)]:
        raise StaleProposalError(now)
    return now


def _step(
    proposal: Proposal, to: ProposalState, *, words: str = "", seen: int, by: User | None
) -> None:
    _write(_locked(proposal, to, seen), to, words=words, by=by)


def _write(
    now: Proposal,
    to: ProposalState,
    *,
    words: str = "",
    by: User | None,
    agreement: Agreement | None = None,
) -> None:
    now.state, now.revision, now.agreement = to.value, now.revision + 1, agreement
    now.decided_at = None if STEPS[to] else timezone.now()
    now.save(update_fields=["state", "revision", "agreement", "decided_at"])
    ProposalStep.objects.create(proposal=now, state=to.value, words=words, by=by)


def _partner(proposal: Proposal, chosen: Partner | None) -> Partner:
    """Return the partner that a proposal is of, made when it is new."""
    if chosen is None:
        known: list[Candidate] = [one for one in candidates(proposal) if one.is_sure]
        if known:
            raise Refusal("partner.known", field="partner")
        audiences = list(proposal.audiences.all()[:2])
        return Partner.objects.create(
            **name_fields(proposal.organisation),
            kind_id=proposal.kind_id,
            legal_id=proposal.legal_id,
            main_audience=audiences[0] if len(audiences) == 1 else None,
        )
    is_taken = Partner.objects.filter(legal_id=proposal.legal_id).exists()
    if not chosen.legal_id and not is_taken:
        update_changed(chosen, {"legal_id": proposal.legal_id})
    return chosen


def _promise(proposal: Proposal, agreement: Agreement) -> None:
    numbers = {
        CommittedMeasure.PERSONS: proposal.persons,
        CommittedMeasure.PERSON_HOURS: proposal.person_hours or 0,
    }
    Commitment.objects.bulk_create(
        Commitment(agreement=agreement, year=year, measure=measure.value, quantity=quantity)
        for measure, whole in numbers.items()
        for year, quantity in spread(whole, proposal.starts_on, proposal.ends_on).items()
    )


def _said(text: str) -> str:
    words = text.strip()[:LONGEST_DETAILS]
    if not words:
        raise Refusal("words.missing")
    return words


def _record(what: str, proposal: Proposal, by: User | None, **details: object) -> None:
    record(
        action=f"agreements.proposal_{what}",
        target=f"proposal:{proposal.uid}",
        details=details,
        by=by,
    )
