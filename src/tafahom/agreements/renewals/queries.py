"""What an agreement that renews another has yet to decide."""

import datetime as dt
from dataclasses import dataclass

from tafahom.agreements.models import Agreement, Clause, Commitment, CostShare, Obligation
from tafahom.agreements.texts.queries import draft_of, outdated
from tafahom.agreements.texts.rules import Content
from tafahom.jalali import days_in_month, from_jalali, to_jalali


@dataclass(frozen=True, slots=True)
class Differences:
    """What goes along, and what of the predecessor is not in its successor.

    ``promises`` are the successor's, with those that were carried over marked; ``obligations`` and
    ``shares`` the predecessor's that the successor does not have, with the same day of the year in
    the new term. ``clauses`` say something else than the record of now.
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
    term = agreement.starts_on, agreement.ends_on
    return Differences(
        old=old,
        promises=list(agreement.commitments.order_by("year", "measure")),
        obligations=[
            (one, moved(one.due_on, term))
            for one in old.obligations.order_by("due_on", "id")
            if (one.side, one.text) not in duties
        ],
        shares=[
            (one, moved(one.due_on, term))
            for one in old.cost_shares.order_by("due_on", "id")
            if (one.side, one.title) not in costs
        ],
        clauses=outdated(draft) if draft else [],
    )


def moved(day: dt.date, term: tuple[dt.date, dt.date]) -> dt.date:
    """Return the first such day of the year that lies in the new term, or the term's last day."""
    starts_on, ends_on = term
    year, month, number = to_jalali(day)
    while day < starts_on:
        year += 1
        day = from_jalali(year, month, min(number, days_in_month(year, month)))
    return min(day, ends_on)
