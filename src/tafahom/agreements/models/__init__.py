"""Memoranda of understanding and what was promised in them."""

from tafahom.agreements.models.agreement import Agreement, AgreementState, Level, Side
from tafahom.agreements.models.commitment import Commitment, CommittedMeasure
from tafahom.agreements.models.life import Signatory, Transition
from tafahom.agreements.models.obligation import Obligation

__all__ = [
    "Agreement",
    "AgreementState",
    "Commitment",
    "CommittedMeasure",
    "Level",
    "Obligation",
    "Side",
    "Signatory",
    "Transition",
]
