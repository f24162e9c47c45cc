"""Who speaks for a body that proposes: sealed in the database, and gone in time."""

import datetime as dt
from dataclasses import astuple, dataclass

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.agreements.intake.rules import ProposalState
from tafahom.agreements.models import Proposal, ProposalContact
from tafahom.audit.actions import record
from tafahom.people.actions import hold_keys
from tafahom.people.sealing import place_of, sealer
from tafahom.persian import clean


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Who speaks for the body."""

    name: str
    post: str
    phone: str
    email: str


def keep_contact(proposal: Proposal, contact: ContactPerson) -> None:
    """Write down who speaks for a proposal. The caller has begun a transaction."""
    hold_keys()
    seal = sealer()
    told = ContactPerson(clean(contact.name), clean(contact.post), contact.phone, contact.email)
    ProposalContact.objects.create(
        proposal=proposal,
        sealed=seal.seal_texts(astuple(told), place=_place(proposal)),
        key_version=seal.key_version,
    )


def contact_of(proposal: Proposal) -> ContactPerson | None:
    """Return who speaks for a proposal; None when that was erased, or no key opens it."""
    found = ProposalContact.objects.filter(proposal=proposal).first()
    if found is None:
        return None
    try:
        texts = sealer().open_texts(
            found.sealed, place=_place(proposal), key_version=found.key_version
        )
    except (InvalidTag, KeyError):
        return None
    return ContactPerson(*texts)


def is_kept(proposal: Proposal) -> bool:
    """Whether who speaks for it is written down still, whether a key opens it or not."""
    return ProposalContact.objects.filter(proposal=proposal).exists()


def erase_old_contacts(*, by: User | None, on: dt.datetime | None = None) -> int:
    """Erase who spoke for proposals that were declined long ago; how many that were.

    ``settings.INTAKE_KEEP_DAYS`` after the decision nobody needs to ring them any more.
    """
    before = (on or timezone.now()) - dt.timedelta(days=settings.INTAKE_KEEP_DAYS)
    with transaction.atomic():
        gone, _by_model = ProposalContact.objects.filter(
            proposal__state=ProposalState.DECLINED, proposal__decided_at__lt=before
        ).delete()
        if gone:
            record(action="agreements.proposal_contacts_erased", details={"count": gone}, by=by)
    return gone


def _place(proposal: Proposal) -> str:
    return place_of(ProposalContact._meta.db_table, proposal.pk)
