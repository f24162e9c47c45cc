"""Reading parts of promises and shares of national ones."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet

from tafahom.agreements.amended import in_force
from tafahom.agreements.models import Agreement, Breakdown, Commitment, Slice, SliceLine
from tafahom.agreements.promises.rules import PaceStep, quantity_on


def slices_on(day: dt.date) -> QuerySet[Any]:
    """Return slices, each with ``in_force``: its quantity on a day."""
    lines = SliceLine.objects.filter(part=OuterRef("pk"))
    return Slice.objects.annotate(in_force=in_force(lines, day))


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


@dataclass(frozen=True, slots=True)
class QuarterSteps:
    """What is promised for quarters after all amendments, and the steps that led there."""

    slices: list[tuple[int, int, list[PaceStep]]]

    @classmethod
    def of(cls, promise: Commitment) -> "QuarterSteps":
        """Read them, in two queries."""
        found = Slice.objects.filter(
            breakdown__commitment=promise, breakdown__dimensions="quarter"
        ).prefetch_related("lines__amendment")
        return cls(
            [
                (
                    one.quarter or 1,
                    one.quantity,
                    sorted(
                        (line.amendment.effective_on, line.old, line.new)
                        for line in one.lines.all()
                    ),
                )
                for one in found
            ]
        )

    def on(self, day: dt.date) -> dict[int, int]:
        """Return what each quarter is promised on a day; those without anything are left out."""
        found = {at: quantity_on(day, now, steps) for at, now, steps in self.slices}
        return {quarter: quantity for quarter, quantity in found.items() if quantity}

    @property
    def days(self) -> set[dt.date]:
        """The days on which something changes."""
        return {day for _at, _now, steps in self.slices for day, _old, _new in steps}


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
