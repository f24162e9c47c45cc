"""Reading parts of promises and shares of national ones."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tafahom.agreements.models import Agreement, Breakdown, Slice, SliceLine


def slices_on(day: dt.date) -> QuerySet[Any]:
    """Return slices, each with ``in_force``: its quantity on a day."""
    later = SliceLine.objects.filter(part=OuterRef("pk"), amendment__effective_on__gt=day).order_by(
        "amendment__effective_on", "amendment__number"
    )
    in_force = Coalesce(Subquery(later.values("old")[:1]), F("quantity"))
    return Slice.objects.annotate(in_force=in_force)


def quarters_on(
    day: dt.date, commitments: Collection[int] | None = None
) -> dict[int, dict[int, int]]:
    """Return what is promised for quarters on a day, by commitment and quarter.

    Of breakdowns by quarter and nothing else; of all commitments, or of those with these ids.
    """
    found = slices_on(day).filter(breakdown__dimensions="quarter", in_force__gt=0)
    if commitments is not None:
        found = found.filter(breakdown__commitment__in=commitments)
    quarters: dict[int, dict[int, int]] = defaultdict(dict)
    for commitment, quarter, quantity in found.order_by().values_list(
        "breakdown__commitment_id", "quarter", "in_force"
    ):
        quarters[commitment][quarter] = quantity
    return quarters


def breakdowns_of(agreement: Agreement, *, on: dt.date) -> list[Breakdown]:
    """Return the breakdowns of an agreement's promises with their slices of a day, in two queries.

    The latest year comes first. Slices that promise nothing that day are left out.
    """
    slices = slices_on(on).filter(in_force__gt=0).select_related("audience", "county__province")
    return list(
        Breakdown.objects.filter(commitment__agreement=agreement)
        .select_related("commitment")
        .order_by("-commitment__year", "commitment__measure", "id")
        .prefetch_related(Prefetch("slices", slices.order_by("quarter", "id"), to_attr="parts"))
    )
