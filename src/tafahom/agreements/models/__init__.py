"""Memoranda of understanding and what was promised in them."""

from tafahom.agreements.models.agreement import Agreement, AgreementState, Level, Side
from tafahom.agreements.models.amendment import Amendment, AmendmentLine
from tafahom.agreements.models.breakdown import Breakdown, Slice, SliceLine
from tafahom.agreements.models.commitment import Commitment, CommittedMeasure
from tafahom.agreements.models.committee import CommitteeMember, Decision, Meeting
from tafahom.agreements.models.file import AgreementFile, FileKind
from tafahom.agreements.models.life import Signatory, Transition
from tafahom.agreements.models.money import CostShare
from tafahom.agreements.models.obligation import Obligation
from tafahom.agreements.models.party import AgreementParty, CommitmentShare
from tafahom.agreements.models.proposal import (
    Proposal,
    ProposalContact,
    ProposalStateName,
    ProposalStep,
)
from tafahom.agreements.models.text import AgreementTemplate, Clause, Note, TextVersion

__all__ = [
    "Agreement",
    "AgreementFile",
    "AgreementParty",
    "AgreementState",
    "AgreementTemplate",
    "Amendment",
    "AmendmentLine",
    "Breakdown",
    "Clause",
    "Commitment",
    "CommitmentShare",
    "CommittedMeasure",
    "CommitteeMember",
    "CostShare",
    "Decision",
    "FileKind",
    "Level",
    "Meeting",
    "Note",
    "Obligation",
    "Proposal",
    "ProposalContact",
    "ProposalStateName",
    "ProposalStep",
    "Side",
    "Signatory",
    "Slice",
    "SliceLine",
    "TextVersion",
    "Transition",
]
