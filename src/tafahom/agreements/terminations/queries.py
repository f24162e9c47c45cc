"""What a termination has to settle."""

import datetime as dt

from tafahom.agreements.models import Agreement, Commitment
from tafahom.agreements.promises.queries import promised
from tafahom.agreements.rules import TERMINABLE_STATES, LifeState
from tafahom.jalali import from_jalali, to_jalali


def unsettled(agreement: Agreement, *, on: dt.date) -> list[Commitment]:
    """Return the commitments of which a termination on a day has to say what it leaves.

    They are those of the year of that day, each with ``in_force``. Years that are over stay as
    promised; in years to come the agreement is not in force. Of a draft there are none: it was
    never in force. Of an agreement that is terminated already: those that nothing was said of.
    """
    if agreement.state in TERMINABLE_STATES:
        day = on
    elif agreement.state == LifeState.TERMINATED and agreement.stopped_on:
        day = agreement.stopped_on
    else:
        return []
    year = to_jalali(day)[0]
    if not _is_cut_short(year, day, agreement.ends_on):
        return []
    found = promised(year, on=on).filter(agreement=agreement, left=None, in_force__gt=0)
    return list(found.order_by("measure"))


def without_remainder(year: int | None = None) -> set[int]:
    """Return ids of terminated agreements of which nobody has said what is left.

    Their commitments count whole until then. Of one Solar Hijri year, or of all.
    """
    rows = Commitment.objects.filter(
        agreement__state=LifeState.TERMINATED,
        agreement__stopped_on__isnull=False,
        left=None,
        quantity__gt=0,
    )
    if year is not None:
        rows = rows.filter(year=year)
    found = rows.values_list("agreement_id", "year", "agreement__stopped_on", "agreement__ends_on")
    return {
        agreement
        for agreement, of, stopped_on, ends_on in found
        if stopped_on and _is_cut_short(of, stopped_on, ends_on)
    }


def _is_cut_short(year: int, stopped_on: dt.date, ends_on: dt.date) -> bool:
    """Whether a termination on a day fell into a year in which the agreement was in force."""
    first = from_jalali(year, 1, 1)
    return to_jalali(stopped_on)[0] == year and first < stopped_on and first <= ends_on
