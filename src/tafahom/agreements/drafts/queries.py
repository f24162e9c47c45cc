"""What depends on a draft."""

from collections.abc import Callable
from typing import Final

from tafahom.agreements.models import Agreement, Proposal
from tafahom.agreements.rules import DRAFT_STATES
from tafahom.scoping import everything

_ABOVE: Final[dict[str, Callable[[Agreement], bool]]] = {}


def keep_drafts_with(code: str, has_any: Callable[[Agreement], bool]) -> None:
    """Let no draft be deleted while a floor above has something of it; ``code`` says what."""
    _ABOVE[code] = has_any


@everything("what one may not see depends on a draft as well")
def dependents(agreement: Agreement) -> list[str]:
    """Return codes of what stands against deleting a draft; none when nothing does.

    ``draft.signed`` (it is no draft), what floors above have of it (``draft.has_courses``),
    ``draft.has_children`` (provincial
    agreements implement it), ``draft.has_successors``, ``draft.has_signatures``,
    ``draft.has_files``, ``draft.has_proposal`` (it answers one).
    """
    found = {
        "draft.signed": agreement.state not in DRAFT_STATES,
        **{code: has_any(agreement) for code, has_any in _ABOVE.items()},
        "draft.has_children": agreement.implementations.exists(),
        "draft.has_successors": agreement.successors.exists(),
        "draft.has_signatures": agreement.signatories.filter(signed_on__isnull=False).exists(),
        "draft.has_files": agreement.files.exists(),
        "draft.has_proposal": Proposal.objects.filter(agreement=agreement).exists(),
    }
    return [code for code, holds in found.items() if holds]
