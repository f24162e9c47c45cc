"""Reading proposals."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet

from tafahom.agreements.intake.rules import WAITING, ProposalState, most_alike
from tafahom.agreements.models import Agreement, Proposal, ProposalStep
from tafahom.identifiers.tokens import token_digest
from tafahom.jalali import to_jalali, today
from tafahom.parties.models import County, Partner
from tafahom.persian import normal_key, number_key, to_ascii_digits, words
from tafahom.scoping import everything


class Why(StrEnum):
    """Why a known partner may be who proposes."""

    LEGAL_ID = "legal_id"
    NAME = "name"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known partner who may be the body that proposes."""

    partner: Partner
    why: Why

    @property
    def is_sure(self) -> bool:
        """Whether a new partner beside this one cannot be: its name or legal ID is taken."""
        return self.why != Why.ALIKE


def proposals(*, state: str = "", text: str = "", county: str = "") -> QuerySet[Proposal]:
    """Return proposals in a state ("waiting" for all that wait for us), with words, of a county."""
    found = Proposal.objects.select_related("county")
    if state == "waiting":
        found = found.filter(state__in=WAITING)
    elif state:
        found = found.filter(state=state)
    for word in words(text[:200]):
        key = normal_key(word)
        if key:
            found = found.filter(
                Q(key__contains=key)
                | Q(subject__icontains=word)
                | Q(legal_id__startswith=to_ascii_digits(word))
            )
    if county.isdecimal() and len(county) < 10:
        found = found.filter(county_id=int(county))
    return found


def counts() -> dict[str, int]:
    """Return how many proposals are in each state, and under "waiting" how many wait for us."""
    counted = Proposal.objects.order_by().values("state").annotate(count=Count("pk"))
    by_state = dict(counted.values_list("state", "count"))
    found = {state.value: by_state.get(state, 0) for state in ProposalState}
    return {"waiting": sum(found[state] for state in WAITING)} | found


def waiting() -> QuerySet[Proposal]:
    """Return the proposals that wait for the directorate, with what a line of a list shows."""
    found = Proposal.objects.filter(state__in=WAITING)
    return found.only("uid", "organisation", "subject", "state", "received_at")


def by_code(code: str) -> Proposal | None:
    """Return the proposal that a tracking code (``rules.read_code``) opens."""
    return Proposal.objects.filter(code_hash=token_digest(code)).first()


def candidates(proposal: Proposal) -> list[Candidate]:
    """Return known partners who may be the body that proposes, the surest first.

    Whoever has its legal ID or its name is that body, wherever its agreements lie; names that
    are merely alike are looked for in the present scope.
    """
    is_same = Q(key=proposal.key) | (Q(legal_id=proposal.legal_id) & ~Q(legal_id=""))
    with everything("a name or a legal ID is taken by whomever it is"):
        found = [
            Candidate(one, Why.LEGAL_ID if one.legal_id == proposal.legal_id else Why.NAME)
            for one in Partner.objects.select_related("kind").filter(is_same)
        ]
    found.sort(key=lambda one: one.why != Why.LEGAL_ID)
    taken = {one.partner.pk for one in found}
    keys: Mapping[int, str] = dict(Partner.objects.values_list("pk", "key"))
    like = most_alike(
        proposal.organisation, ((pk, key) for pk, key in keys.items() if pk not in taken)
    )
    partners = Partner.objects.select_related("kind").in_bulk(like) if like else {}
    return found + [Candidate(partners[pk], Why.ALIKE) for pk in like]


def proposal_names(uids: Collection[str]) -> dict[str, str]:
    """Return who proposes, of proposals by uid."""
    return dict(Proposal.objects.filter(uid__in=uids).values_list("uid", "organisation"))


@everything("a number is taken by whomever it is")
def suggested_number(proposal: Proposal) -> str:
    """Return a number for the draft that no agreement has, in the manner of our letters."""
    number = f"پ/{to_jalali(today())[0]}/{proposal.pk}"
    taken = Agreement.objects.filter(key__startswith=number_key(number)).count()
    return f"{number}-{taken + 1}" if taken else number


def proposals_in_full() -> QuerySet[Proposal]:
    """Return proposals with all that is told of one."""
    return Proposal.objects.select_related("kind", "county", "province", "agreement")


def proposal_of(agreement: Agreement) -> Proposal | None:
    """Return the proposal that an agreement answers; None where it answers none."""
    return Proposal.objects.filter(agreement=agreement).first()


def counties_of_proposals() -> QuerySet[County]:
    """Return the counties that something was proposed for."""
    return County.objects.filter(pk__in=Proposal.objects.values("county"))


def last_step(proposal: Proposal) -> ProposalStep | None:
    """Return what happened to a proposal last, with who did it."""
    return ProposalStep.objects.filter(proposal=proposal).select_related("by").first()
