"""What agreements promised, for the same slices that figures are asked for."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum

from tafahom.agreements.models import CommittedMeasure
from tafahom.agreements.promises.queries import promised
from tafahom.figures.members import Key, Slices
from tafahom.figures.scope import holds_whole_agreements

_FIELDS = {
    "partner": "agreement__partner_id",
    "level": "agreement__level",
    "agreement": "agreement_id",
    "partner_kind": "agreement__partner__kind_id",
}


@dataclass(slots=True)
class Committed:
    """Quantities promised for a whole year; None where nothing of the kind was promised."""

    persons: int | None = None
    person_hours: int | None = None


def committed(
    by: tuple[str, ...], slices: Slices, *, year: int, on: dt.date
) -> dict[Key, Committed]:
    """Return the commitments of a Solar Hijri year by the keys of ``by``.

    Always of the full year, whatever months are asked for: that is what was promised. An amended
    promise is the one in force ``on`` a day, the end of the period. A national agreement's
    commitment and its provincial child's are separate promises and add up. Empty where the
    slice, a group or what the asker sees is finer than an agreement, since nothing was promised
    to it.
    """
    if not _FIELDS.keys() >= {*by, *slices.keys} or not holds_whole_agreements():
        return {}
    fields = [_FIELDS[name] for name in by]
    wanted = {f"{_FIELDS[name]}__in": keys for name, keys in slices.keys.items()}
    sums = (
        promised(year, on=on)
        .filter(**wanted)
        .order_by()
        .values_list(*fields, "measure")
        .annotate(quantity_sum=Sum("in_force"))
    )
    found: dict[Key, Committed] = {}
    for *key, measure, quantity in sums:
        promise = found.setdefault(tuple(key), Committed())
        if measure == CommittedMeasure.PERSONS:
            promise.persons = quantity
        else:
            promise.person_hours = quantity
    return found
