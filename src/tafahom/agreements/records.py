"""What agreements and proposals are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.access.reaching import reach_also
from tafahom.agreements.closed_months import CLOSED_MONTHS
from tafahom.agreements.intake.queries import proposal_names
from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    Commitment,
    CommitmentShare,
    Obligation,
    Signatory,
)
from tafahom.agreements.queries import agreement_names, co_signed
from tafahom.agreements.texts.queries import template_names
from tafahom.audit.acts import describe_acts
from tafahom.parties.models import Partner
from tafahom.records import OwnedTable, RecordKind, register
from tafahom.records.labels import label_fields

ACTS: Final = {
    "agreements.": _("worked on an agreement"),
    "agreements.amended": _("amended the promises"),
    "agreements.appointed": _("put somebody on the joint committee"),
    "agreements.broken_down": _("divided a promise into parts"),
    "agreements.carried_out": _("recorded that a decision was carried out"),
    "agreements.clause_": _("changed a clause of the text"),
    "agreements.cost_shared": _("wrote down an instalment"),
    "agreements.decided": _("wrote down a decision of the joint committee"),
    "agreements.draft_begun": _("began the draft of an agreement"),
    "agreements.draft_deleted": _("deleted a draft agreement"),
    "agreements.draft_edited": _("edited the draft of an agreement"),
    "agreements.drafted_from_proposal": _("made a draft of a proposal"),
    "agreements.file_attached": _("attached a file to the agreement"),
    "agreements.file_removed": _("removed a file from the agreement"),
    "agreements.fulfilled": _("recorded that an obligation was met"),
    "agreements.implemented": _("drafted a provincial agreement that implements it"),
    "agreements.left": _("recorded what a termination left of a commitment"),
    "agreements.meeting_called": _("wrote down a meeting of the joint committee"),
    "agreements.minuted": _("wrote the minutes of a meeting"),
    "agreements.moved": _("moved the agreement on in its life"),
    "agreements.obliged": _("wrote down an obligation"),
    "agreements.paid": _("recorded a payment"),
    "agreements.party_added": _("added a further body to the agreement"),
    "agreements.party_removed": _("took a further body out of the agreement"),
    "agreements.promised": _("wrote down a promise"),
    "agreements.proposal_accepted": _("accepted a proposal"),
    "agreements.proposal_answered": _("the sender of a proposal answered"),
    "agreements.proposal_asked": _("asked the sender of a proposal for more"),
    "agreements.proposal_contacts_erased": _("erased who spoke for declined proposals"),
    "agreements.proposal_declined": _("declined a proposal"),
    "agreements.proposal_received": _("a proposal came in"),
    "agreements.proposal_taken_up": _("took a proposal up"),
    "agreements.renewal_drafted": _("drafted the renewal of the agreement"),
    "agreements.reveals_status_set": _("said whether an agreement tells of sensitive groups"),
    "agreements.shared_out": _("wrote down a share of the national commitment"),
    "agreements.signed": _("recorded a signature"),
    "agreements.template_changed": _("changed a template of texts"),
    "agreements.template_made": _("made a template of texts"),
    "agreements.text_": _("worked on the text of an agreement"),
    "registry.agreements_loaded": _("loaded the registry of agreements"),
}
_PARTS: Final = (
    OwnedTable(Commitment, "agreement", _("Commitment")),
    OwnedTable(CommitmentShare, "agreement", _("Share of the national commitments")),
    OwnedTable(AgreementParty, "agreement", _("Further party")),
    OwnedTable(Obligation, "agreement", _("Obligation")),
    OwnedTable(Signatory, "agreement", _("Signatory")),
)


def register_records() -> None:
    """Make agreements, proposals and templates of texts known."""
    register(
        RecordKind(
            name="agreement",
            model=Agreement,
            names=agreement_names,
            parts=_PARTS,
            closed_months=CLOSED_MONTHS,
        )
    )
    register(RecordKind(name="proposal", names=proposal_names))
    register(RecordKind(name="template", names=template_names))
    Partner.scope_paths.widen(
        provinces="agreements__province",
        agreements="agreements__uid",
        many={"provinces", "agreements"},
    )
    reach_also(co_signed)
    describe_acts(ACTS)
    label_fields(
        agreement=_("Agreement"),
        parent=_("Implements"),
        predecessor=_("Renews"),
        commitment=_("Commitment"),
        party=_("Further party"),
    )
