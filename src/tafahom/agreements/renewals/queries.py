"""What an agreement that renews another has yet to decide."""

import datetime as dt
from dataclasses import dataclass

from tafahom.agreements.models import Agreement, Clause, Commitment, CostShare, Obligation
from tafahom.agreements.renewals.rules import Placement, placement, years_of
from tafahom.agreements.texts.queries import draft_of, outdated
from tafahom.agreements.texts.rules import Content
from tafahom.jalali import days_in_month, from_jalali, to_jalali


def proposed_years(agreement: Agreement, *, starts_on: dt.date, ends_on: dt.date) -> Placement:
    """Return from which years of an agreement those of a renewal would take their commitments."""
    promised = agreement.commitments.filter(quantity__gt=0).values_list("year", flat=True)
    return placement(
        old_term=years_of(agreement.starts_on, agreement.ends_on),
        promised=set(promised),
        new_term=years_of(starts_on, ends_on),
    )


@dataclass(frozen=True, slots=True)
class YearPair:
    """A year and measure of a renewal beside what it was carried over from.

    ``new`` is None where nothing is promised in the new term, ``old`` where it came from nothing.
    ``both_count`` says that the old agreement counts in the year of the new one too, with a
    commitment of its own.
    """

    year: int | None
    new: Commitment | None
    old: Commitment | None
    both_count: bool = False


@dataclass(frozen=True, slots=True)
class Differences:
    """What goes along, and what of the predecessor is not in its successor.

    ``promises`` are the successor's, with those that were carried over marked; ``pairs`` put them
    beside the predecessor's, year by year, ``empty_years`` of its term promise nothing yet;
    ``obligations`` and
    ``shares`` the predecessor's that the successor does not have, with the same day of the year in
    the new term. ``clauses`` say something else than the record of now.
    """

    old: Agreement
    promises: list[Commitment]
    pairs: list[YearPair]
    empty_years: list[int]
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
    promises = list(agreement.commitments.order_by("year", "measure"))
    years = {one.year for one in promises if one.quantity}
    return Differences(
        old=old,
        promises=promises,
        pairs=_pairs(promises, old, starts_on=agreement.starts_on),
        empty_years=[year for year in years_of(*term) if year not in years],
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


def _pairs(promises: list[Commitment], old: Agreement, *, starts_on: dt.date) -> list[YearPair]:
    """Put commitments beside those they came from; then come those that went nowhere."""
    before = {(one.year, one.measure): one for one in old.commitments.filter(quantity__gt=0)}
    pairs = []
    used = set()
    for one in promises:
        source = (one.carried_from or 0, one.measure)
        used.add(source)
        # Taken out of force with the first day of a year, the old one does not count in it.
        runs_on = from_jalali(one.year, 1, 1) < starts_on
        both = runs_on and (one.year, one.measure) in before
        pairs.append(YearPair(one.year, one, before.get(source), both))
    left_out = sorted(before.keys() - used)
    return [*pairs, *(YearPair(None, None, before[key]) for key in left_out)]


def moved(day: dt.date, term: tuple[dt.date, dt.date]) -> dt.date:
    """Return the first such day of the year that lies in the new term, or the term's last day."""
    starts_on, ends_on = term
    year, month, number = to_jalali(day)
    while day < starts_on:
        year += 1
        day = from_jalali(year, month, min(number, days_in_month(year, month)))
    return min(day, ends_on)
