"""What an agreement that renews another has yet to decide."""

import datetime as dt
from dataclasses import dataclass

from tafahom.agreements.models import Agreement, Clause, Commitment, CostShare, Obligation
from tafahom.agreements.texts.queries import draft_of, outdated
from tafahom.agreements.texts.rules import Content


@dataclass(frozen=True, slots=True)
class Differences:
    """What goes along, and what of the predecessor is not in its successor.

    ``promises`` are the successor's, with those that were carried over marked; ``obligations`` and
    ``shares`` the predecessor's that the successor does not have, with the day that is as far
    from its beginning. ``clauses`` say something else than the record of now.
    """

    old: Agreement
    promises: list[Commitment]
    obligations: list[tuple[Obligation, dt.date]]
    shares: list[tuple[CostShare, dt.date]]
    clauses: list[tuple[Clause, Content]]


def differences(agreement: Agreement) -> Differences:
    """Return them of an agreement that renews another; it must."""
    old = agreement.predecessor
    assert old is not None
    duties = set(agreement.obligations.values_list("side", "text"))
    costs = set(agreement.cost_shares.values_list("side", "title"))
    draft = draft_of(agreement)
    return Differences(
        old=old,
        promises=list(agreement.commitments.order_by("year", "measure")),
        obligations=[
            (one, _moved(one.due_on, old, agreement))
            for one in old.obligations.order_by("due_on", "id")
            if (one.side, one.text) not in duties
        ],
        shares=[
            (one, _moved(one.due_on, old, agreement))
            for one in old.cost_shares.order_by("due_on", "id")
            if (one.side, one.title) not in costs
        ],
        clauses=outdated(draft) if draft else [],
    )


def _moved(day: dt.date, old: Agreement, new: Agreement) -> dt.date:
    """Return the day that is as far from the new beginning, at most the new end."""
    return min(max(new.starts_on, new.starts_on + (day - old.starts_on)), new.ends_on)
