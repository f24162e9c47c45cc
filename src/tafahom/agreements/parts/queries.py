"""Reading parts of promises and shares of national ones."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, QuerySet

from tafahom.agreements.amended import in_force, steps_of
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
    def of(cls, promise: Commitment, breakdowns: Iterable[Breakdown]) -> "QuarterSteps":
        """Return them of a promise, by the breakdowns (``breakdowns_of``) of its agreement."""
        return cls(
            [
                (one.quarter or 1, one.quantity, steps_of(one.lines.all()))
                for breakdown in breakdowns
                if breakdown.commitment_id == promise.pk and breakdown.dimensions == "quarter"
                for one in breakdown.slices.all()
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


def breakdowns_of(agreement: Agreement, *, is_amended: bool = True) -> list[Breakdown]:
    """Return the breakdowns of an agreement's promises, the latest year first, in three questions.

    With their slices and what amendments changed of these: see ``parts_on``. Where it is known
    that it never was amended, nothing is asked of that.
    """
    changed = SliceLine.objects.select_related("amendment")
    lines = Prefetch("lines", changed if is_amended else SliceLine.objects.none())
    slices = Slice.objects.select_related("audience", "county__province").prefetch_related(lines)
    return list(
        Breakdown.objects.filter(commitment__agreement=agreement)
        .select_related("commitment")
        .order_by("-commitment__year", "commitment__measure", "id")
        .prefetch_related(Prefetch("slices", slices.order_by("quarter", "id")))
    )


def parts_on(breakdown: Breakdown, day: dt.date) -> list[tuple[Slice, int]]:
    """Return the slices of a breakdown at hand that promise something on a day, with how much."""
    found = (
        (one, quantity_on(day, one.quantity, steps_of(one.lines.all())))
        for one in breakdown.slices.all()
    )
    return [(one, quantity) for one, quantity in found if quantity]
