"""What agreements promised, for the same slices that figures are asked for."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum

from tafahom.agreements.models import Agreement, CommittedMeasure
from tafahom.agreements.promises.of_agreement import AgreementPromises
from tafahom.agreements.promises.queries import carried, counted
from tafahom.figures.members import Key, Slices
from tafahom.figures.scope import cut_nations, cuts_nation, holds_whole_agreements

_FIELDS = {
    "partner": "agreement__partner_id",
    "level": "agreement__level",
    "agreement": "agreement_id",
    "partner_kind": "agreement__partner__kind_id",
}


@dataclass(frozen=True, slots=True)
class Committed:
    """Quantities that count for a whole year; None where nothing of the kind was promised."""

    persons: int | None = None
    person_hours: int | None = None


def committed(
    by: tuple[str, ...], slices: Slices, *, year: int, on: dt.date
) -> dict[Key, Committed]:
    """Return the commitments of a Solar Hijri year that count, by the keys of ``by``.

    Always of the full year, whatever months are asked for: that is what was promised. An amended
    promise is the one in force ``on`` a day, the end of the period. Those of agreements that are or
    were in force in the year count (``promises.queries.counted``). What provinces carry of a national
    one counts there, and the rest with the national agreement, where the nation is seen whole
    (``scope.cut_nations``). Empty where the slice, a group or what the asker sees is finer than an
    agreement, since nothing was promised to it.
    """
    if not _FIELDS.keys() >= {*by, *slices.keys} or not holds_whole_agreements():
        return {}
    fields = [_FIELDS[name] for name in by]
    wanted = {f"{_FIELDS[name]}__in": keys for name, keys in slices.keys.items()}
    rows = counted(year, on=on).filter(~cut_nations("agreement"), **wanted).order_by()
    sums = rows.values_list(*fields, "measure").annotate(quantity_sum=Sum("in_force"))
    found: dict[Key, dict[str, int]] = {}
    for *key, measure, quantity in sums:
        found.setdefault(tuple(key), {})[measure] = quantity
    for key, measure, moved in _moved(rows, fields, wanted, year=year, on=on):
        quantities = found.setdefault(key, {})
        quantities[measure] = quantities.get(measure, 0) + moved
    return {
        key: Committed(one.get(CommittedMeasure.PERSONS), one.get(CommittedMeasure.PERSON_HOURS))
        for key, one in found.items()
    }


def comparable(promises: AgreementPromises) -> AgreementPromises:
    """Return what figures of an agreement compare with: nothing where less than it is seen."""
    agreement = promises.agreement
    is_seen = holds_whole_agreements() and not cuts_nation(agreement)
    return promises if is_seen else AgreementPromises(agreement, [])


def committed_by(
    promises: AgreementPromises, *, year: int, on: dt.date, by: tuple[str, ...] = ()
) -> dict[Key, Committed]:
    """Return what ``committed`` does of one agreement, from what it promises; ``by`` it or nothing."""
    found = promises.counted(year, on)
    if not found:
        return {}
    quantities = (
        found.get(one) for one in (CommittedMeasure.PERSONS, CommittedMeasure.PERSON_HOURS)
    )
    return {(promises.agreement.pk,) * len(by): Committed(*quantities)}


def _moved(
    rows: QuerySet[Any], fields: list[str], wanted: dict[str, Any], *, year: int, on: dt.date
) -> Iterator[tuple[Key, str, int]]:
    """Yield what to add to the sum of a key and measure, so that shares count once."""
    shares = carried(year, on=on)
    if not shares.national:
        return
    nations = rows.filter(pk__in=list(shares.national))
    for pk, in_force, measure, *key in nations.values_list("pk", "in_force", "measure", *fields):
        yield tuple(key), measure, -min(in_force, shares.national[pk])
    # The same paths from the agreement itself; its key is its own.
    of_agreement = {
        path: path.removeprefix("agreement__") if "__" in path else "pk"
        for path in _FIELDS.values()
    }
    names = {f"{path}__in": f"{own}__in" for path, own in of_agreement.items()}
    children = (
        Agreement.objects.filter(pk__in=[agreement for agreement, _measure in shares.alone])
        .filter(**{names[name]: keys for name, keys in wanted.items()})
        .order_by()
    )
    keys = {
        pk: tuple(key)
        for pk, *key in children.values_list("pk", *(of_agreement[path] for path in fields))
    }
    for (agreement, measure), quantity in shares.alone.items():
        if agreement in keys:
            yield keys[agreement], measure, quantity
