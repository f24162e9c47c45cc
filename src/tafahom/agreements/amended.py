"""What amendments leave of a quantity on a day: worked out by the database, or told by lines."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tafahom.agreements.models import AmendmentLine, SliceLine
from tafahom.agreements.promises.rules import PaceStep


def steps_of(lines: Iterable[AmendmentLine | SliceLine]) -> list[PaceStep]:
    """Return the steps that lines of amendments are, in the order in which they come in force."""
    ordered = sorted(lines, key=lambda line: (line.amendment.effective_on, line.amendment.number))
    return [(line.amendment.effective_on, line.old, line.new) for line in ordered]


def in_force(lines: QuerySet[Any], day: dt.date) -> Coalesce:
    """Return the expression of a row's quantity on a day; ``lines`` are its lines of amendments.

    Of the amendments still to come on that day, the first tells what held until then.
    ``promises.rules.quantity_on`` says the same of one quantity whose amendments are at hand.
    """
    later = lines.filter(amendment__effective_on__gt=day).order_by(
        "amendment__effective_on", "amendment__number"
    )
    return Coalesce(Subquery(later.values("old")[:1]), F("quantity"))
