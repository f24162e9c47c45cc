"""Reading what agreements promise, and which of it counts."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, When

from tafahom.agreements.amended import in_force
from tafahom.agreements.models import Agreement, AmendmentLine, Commitment, CommitmentShare
from tafahom.agreements.rules import COUNTED_STATES, LifeState
from tafahom.jalali import from_jalali, year_end
from tafahom.scoping import everything


def promised(year: int, *, on: dt.date) -> QuerySet[Any]:
    """Return the promises of a Solar Hijri year, each with ``in_force``: its quantity on a day.

    Whatever the state of their agreements: what counts is ``counted``.
    """
    return _quantified(on).filter(year=year)


def _quantified(on: dt.date) -> QuerySet[Any]:
    """Return all promises, each with ``in_force``: as ``of_agreement.quantity_in_force`` has it."""
    lines = AmendmentLine.objects.filter(commitment=OuterRef("pk"))
    is_cut = Q(
        agreement__state=LifeState.TERMINATED, agreement__stopped_on__lte=on, left__isnull=False
    )
    quantity = Case(When(is_cut, then=F("left")), default=in_force(lines, on))
    return Commitment.objects.annotate(in_force=quantity)


def counted(year: int, *, on: dt.date) -> QuerySet[Any]:
    """Return the promises of a year that count, each with ``in_force``.

    They are those of agreements that are or were in force in the year. What provinces carry of a
    national one is still in both: see ``carried``.
    """
    return promised(year, on=on).filter(was_in_force("agreement", year))


def was_in_force(path: str, year: int) -> Q:
    """Return the condition that the agreement at a path is or was in force in a year.

    ``rules.was_in_force`` says the same of one agreement.
    """
    first, last = from_jalali(year, 1, 1), year_end(year)
    stopped = Q(**{f"{path}__stopped_on__gt": first})
    in_term = Q(**{f"{path}__starts_on__lte": last, f"{path}__ends_on__gte": first})
    lives = Q(**{f"{path}__state__in": COUNTED_STATES})
    ended_early = Q(**{f"{path}__state": LifeState.TERMINATED})
    never_stopped = Q(**{f"{path}__stopped_on__isnull": True})
    return in_term & ((lives & (never_stopped | stopped)) | (ended_early & stopped))


@dataclass(frozen=True, slots=True)
class Carried:
    """What provincial agreements carry of national commitments in a year, so that it counts once.

    ``national`` is by the national commitment's id: it counts at the provinces. ``alone`` is by
    provincial agreement and measure: shares of agreements without a commitment of their own.
    """

    national: dict[int, int]
    alone: dict[tuple[int, str], int]


@everything("what provinces that one may not see carry counts there and not at the nation")
def carried(year: int, *, on: dt.date) -> Carried:
    """Return what provincial agreements carry of the national commitments of a year.

    A share is carried while the provincial agreement counts; of a terminated one no more than the
    termination left. What nobody carries stays with the national agreement.
    """
    shares = list(
        CommitmentShare.objects.filter(was_in_force("agreement", year), commitment__year=year)
        .select_related("agreement", "commitment")
        .order_by()
    )
    if not shares:
        return Carried(Counter(), Counter())
    sides = {one.agreement_id for one in shares} | {one.commitment.agreement_id for one in shares}
    rows = counted(year, on=on).filter(agreement__in=sides)
    own = {
        (agreement, measure): quantity
        for agreement, measure, quantity in rows.values_list("agreement_id", "measure", "in_force")
    }
    return carried_by(shares, own, on=on)


def carried_by(
    shares: Sequence[CommitmentShare], own: Mapping[tuple[int, str], int], *, on: dt.date
) -> Carried:
    """Return what shares of a year carry, of agreements that were in force in it.

    ``own`` has the commitments of both sides that count, by agreement and measure.
    """
    found = Carried(Counter(), Counter())
    for one in shares:
        child, measure = one.agreement, one.commitment.measure
        promise = own.get((child.pk, measure)) or 0
        stopped_on = child.stopped_on
        is_terminated = child.state == LifeState.TERMINATED and (
            stopped_on is None or stopped_on <= on
        )
        part = min(one.quantity, promise) if is_terminated else one.quantity
        found.national[one.commitment_id] += part
        if not promise and not is_terminated and (one.commitment.agreement_id, measure) in own:
            found.alone[child.pk, measure] += part
    return found


def national_commitment(agreement: Agreement, *, year: int, measure: str) -> Commitment | None:
    """Return what the national agreement that this one implements promises; None for nothing."""
    return Commitment.objects.filter(
        agreement=agreement.parent_id, year=year, measure=measure
    ).first()
