"""All that the register knows of one agreement, as one value."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from tafahom.agreements import models
from tafahom.agreements.intake.queries import proposal_of
from tafahom.agreements.models import Agreement
from tafahom.agreements.parts.queries import breakdowns_of
from tafahom.agreements.promises.of_agreement import (
    AgreementPromises,
    CommitmentLine,
    promises_of,
)
from tafahom.agreements.promises.rules import shares_of_hundred
from tafahom.agreements.queries import life_by, revealing
from tafahom.agreements.rules import (
    AMENDABLE_STATES,
    DRAFT_STATES,
    RENEWABLE_STATES,
    LifeState,
    allowed_transitions,
)
from tafahom.agreements.terminations.queries import unsettled
from tafahom.agreements.texts.queries import current_of, versions_of
from tafahom.parties.models import Audience
from tafahom.scoping import everything

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class AmendmentRecord:
    """An amendment with the promises and the parts of promises that it changes."""

    amendment: models.Amendment
    lines: list[models.AmendmentLine]
    slice_lines: list[models.SliceLine]


@dataclass(frozen=True, slots=True)
class AgreementRecord:
    """An agreement on a ``day`` with what belongs to it; figures are another matter.

    ``lines`` are its commitments on that day, ``transitions`` the steps of its life, the latest
    first, ``next_states`` those that it may take. ``texts`` are the versions of its words, the
    draft first. ``reveals_status`` says that it tells of who is trained under it.
    """

    agreement: Agreement
    day: dt.date
    promises: AgreementPromises
    lines: list[CommitmentLine]
    breakdowns: list[models.Breakdown]
    amendments: list[AmendmentRecord]
    audiences: list[Audience]
    parties: list[models.AgreementParty]
    signatories: list[models.Signatory]
    transitions: list[models.Transition]
    next_states: list[LifeState]
    proposal: models.Proposal | None
    texts: list[models.TextVersion]
    files: list[models.AgreementFile]
    obligations: list[models.Obligation]
    cost_shares: list[models.CostShare]
    members: list[models.CommitteeMember]
    meetings: list[models.Meeting]
    successors: list[Agreement]
    is_unsettled: bool
    reveals_status: bool

    @property
    def is_draft(self) -> bool:
        """Whether it is still written: nothing is signed."""
        return self.agreement.state in DRAFT_STATES

    @property
    def is_living(self) -> bool:
        """Whether its promises may be changed by amendments."""
        return self.agreement.state in AMENDABLE_STATES

    @property
    def is_renewable(self) -> bool:
        """Whether another agreement may renew it."""
        return self.agreement.state in RENEWABLE_STATES

    @property
    def text(self) -> models.TextVersion | None:
        """The text that counts; None before the first."""
        return current_of(self.texts)

    @property
    def kept_texts(self) -> list[models.TextVersion]:
        """The versions of the text that are kept, without the draft."""
        return [one for one in self.texts if one.number is not None]

    @property
    def carried_over(self) -> int:
        """How many commitments a renewal copied from the predecessor."""
        return sum(one.is_carried for one in self.promises.commitments)

    @property
    def national_shares(self) -> list[models.CommitmentShare]:
        """What it has taken over of national commitments, the latest year first."""
        own = (one for one in self.promises.shares if one.agreement_id == self.agreement.pk)
        return sorted(own, key=lambda one: (-one.commitment.year, one.commitment.measure))

    @property
    def cost_percents(self) -> list[tuple[models.CostShare, float]]:
        """The instalments, each with its share of all in percent; these add up to a hundred."""
        tenths = shares_of_hundred([one.amount for one in self.cost_shares])
        return [(one, part / 10) for one, part in zip(self.cost_shares, tenths, strict=True)]

    @property
    def cost(self) -> int:
        """What both sides pay, in rials."""
        return sum(one.amount for one in self.cost_shares)

    @property
    def paid(self) -> int:
        """What was paid of it, in rials."""
        return sum(one.paid for one in self.cost_shares)


def agreement_record(agreement: Agreement, *, on: dt.date) -> AgreementRecord:
    """Return what is known of an agreement (``queries.agreements_in_full``) on a day.

    One question says what there is of it; then one is asked for each kind of thing that there is.
    """
    there = _there_is(agreement)
    is_shared = there["shares"] or there["implementations"]
    promises = promises_of(agreement, is_shared=is_shared, is_amended=there["changes"])
    breakdowns = (
        breakdowns_of(agreement, is_amended=there["amendments"]) if there["breakdowns"] else []
    )
    parties = _if(there["parties"], agreement.parties.select_related("partner"))
    signatories = list(agreement.signatories.select_related("party__partner"))
    successors = _if(there["successors"], agreement.successors.all())
    life = life_by(
        agreement,
        parties=len(parties),
        signatories=signatories,
        promises=promises.commitments,
        successors=successors,
    )
    amendments = _if(there["amendments"], agreement.amendments.all())
    meetings = agreement.meetings.prefetch_related("decisions", "attended")
    return AgreementRecord(
        agreement=agreement,
        day=on,
        promises=promises,
        lines=promises.lines(on),
        breakdowns=breakdowns,
        amendments=list(_with_lines(amendments, promises, breakdowns)),
        audiences=_if(there["audiences"], agreement.audiences.all()),
        parties=parties,
        signatories=signatories,
        transitions=list(agreement.transitions.select_related("by")),
        next_states=allowed_transitions(life, today=on),
        proposal=proposal_of(agreement) if there["proposal"] else None,
        texts=list(versions_of(agreement)),
        files=_if(there["files"], agreement.files.select_related("added_by")),
        obligations=_if(there["obligations"], agreement.obligations.all()),
        cost_shares=_if(there["cost_shares"], agreement.cost_shares.all()),
        members=_if(there["members"], agreement.members.all()),
        meetings=_if(there["meetings"], meetings),
        successors=successors,
        is_unsettled=agreement.state == LifeState.TERMINATED and bool(unsettled(agreement, on=on)),
        reveals_status=there["reveals_status"],
    )


@everything("this says what to read; it is read in the scope of who asks")
def _there_is(agreement: Agreement) -> dict[str, bool]:
    """Return by kind of thing whether the agreement has any."""
    here = OuterRef("pk")
    shares = Q(agreement=here) | Q(commitment__agreement=here)
    changes = (
        Q(agreement=here)
        | Q(agreement__parent=here)
        | Q(agreement__national_shares__commitment__agreement=here)
        | Q(agreement__commitments__shares__agreement=here)
    )
    kinds: dict[str, QuerySet[Any]] = {
        "shares": models.CommitmentShare.objects.filter(shares),
        "implementations": Agreement.objects.filter(parent=here),
        "breakdowns": models.Breakdown.objects.filter(commitment__agreement=here),
        "changes": models.Amendment.objects.filter(changes),
        "amendments": models.Amendment.objects.filter(agreement=here),
        "audiences": Agreement.audiences.through._default_manager.filter(agreement=here),
        "parties": models.AgreementParty.objects.filter(agreement=here),
        "successors": Agreement.objects.filter(predecessor=here),
        "proposal": models.Proposal.objects.filter(agreement=here),
        "files": models.AgreementFile.objects.filter(agreement=here),
        "obligations": models.Obligation.objects.filter(agreement=here),
        "cost_shares": models.CostShare.objects.filter(agreement=here),
        "members": models.CommitteeMember.objects.filter(agreement=here),
        "meetings": models.Meeting.objects.filter(agreement=here),
        "reveals_status": revealing().filter(pk=here),
    }
    exists = [Exists(found.order_by()) for found in kinds.values()]
    found = Agreement.objects.filter(pk=agreement.pk).values_list(*exists).get()
    return dict(zip(kinds, found, strict=True))


def _if(is_there: bool, rows: QuerySet[M]) -> list[M]:
    return list(rows) if is_there else []


def _with_lines(
    amendments: Iterable[models.Amendment],
    promises: AgreementPromises,
    breakdowns: Iterable[models.Breakdown],
) -> Iterator[AmendmentRecord]:
    """Yield amendments with their lines, which their promises and parts have at hand."""
    lines: dict[int, list[models.AmendmentLine]] = defaultdict(list)
    for commitment in promises.commitments:
        for line in commitment.lines.all():
            line.commitment = commitment
            lines[line.amendment_id].append(line)
    slice_lines: dict[int, list[models.SliceLine]] = defaultdict(list)
    for part in (part for breakdown in breakdowns for part in breakdown.slices.all()):
        for part_line in part.lines.all():
            slice_lines[part_line.amendment_id].append(part_line)
    for one in amendments:
        yield AmendmentRecord(
            one,
            sorted(lines[one.pk], key=attrgetter("pk")),
            sorted(slice_lines[one.pk], key=attrgetter("pk")),
        )
