"""Writing parts of promises. ``promises.actions`` says when that may be."""

from tafahom.agreements.models import Amendment, Breakdown, Commitment, Slice, SliceLine
from tafahom.agreements.parts.rules import Division, refusal
from tafahom.refusals import Refusal
from tafahom.scoping import everything


def divide(commitment: Commitment, division: Division, *, amendment: Amendment | None) -> bool:
    """Write a breakdown of a commitment; whether anything changed.

    With an ``amendment`` each change is one of its lines. The caller holds the lock on the
    agreement, and judges the commitment when all is written. Raises Refusal
    ``slices.dimensions``, ``slices.twice``.
    """
    if code := division.refusal():
        raise Refusal(code)
    breakdown, made = Breakdown.objects.get_or_create(
        commitment=commitment, dimensions=",".join(division.dimensions)
    )
    now = {one.key: one for one in breakdown.slices.all()}
    changed = False
    for place, quantity in division.quantities.items():
        old = now.get(place.key)
        if quantity == (old.quantity if old else 0):
            continue
        changed = True
        part = old or Slice.objects.create(
            breakdown=breakdown,
            audience_id=place.audience,
            cluster=place.cluster,
            county_id=place.county,
            quarter=place.quarter,
            label=place.label,
            key=place.key,
            quantity=0,
        )
        if amendment:
            SliceLine.objects.create(
                amendment=amendment, part=part, old=part.quantity, new=quantity
            )
            Slice.objects.filter(pk=part.pk).update(quantity=quantity)
        elif quantity:
            Slice.objects.filter(pk=part.pk).update(quantity=quantity)
        else:
            part.delete()
    if breakdown.is_complete != division.is_complete:
        changed = True
        Breakdown.objects.filter(pk=breakdown.pk).update(is_complete=division.is_complete)
    if made and not breakdown.slices.exists():
        breakdown.delete()
        return False
    return changed


def check_allocation(commitment: Commitment) -> None:
    """Raise Refusal where parts or provincial shares do not fit a commitment.

    ``slices.too_much``, ``slices.not_whole``, ``shares.too_much``; its ``params`` tell how far.
    """
    promised = Commitment.objects.values_list("quantity", flat=True).get(pk=commitment.pk)
    # Summed here: the sum of the largest numbers is more than a database's column holds.
    for one in commitment.breakdowns.prefetch_related("slices"):
        total = sum(part.quantity for part in one.slices.all())
        if code := refusal(promised, [total], is_complete=one.is_complete):
            raise Refusal(code, promised=promised, parts=total)
    with everything("shares of provinces that one may not see count too"):
        shared = sum(commitment.shares.values_list("quantity", flat=True))
    if shared > promised:
        raise Refusal("shares.too_much", promised=promised, parts=shared)


def copy_parts(old: Commitment, new: Commitment) -> None:
    """Give a commitment the breakdowns of another, as they are after all amendments."""
    for one in old.breakdowns.prefetch_related("slices"):
        made = Breakdown.objects.create(
            commitment=new, dimensions=one.dimensions, is_complete=one.is_complete
        )
        Slice.objects.bulk_create(
            Slice(
                breakdown=made,
                audience_id=part.audience_id,
                cluster=part.cluster,
                county_id=part.county_id,
                quarter=part.quarter,
                label=part.label,
                key=part.key,
                quantity=part.quantity,
            )
            for part in one.slices.all()
            if part.quantity
        )
