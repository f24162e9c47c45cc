"""Reading what agreements promise."""

import datetime as dt
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tafahom.agreements.models import AmendmentLine, Commitment


def promised(year: int, *, on: dt.date) -> QuerySet[Any]:
    """Return the promises of a Solar Hijri year, each with ``in_force``: its quantity on a day.

    ``rules.quantity_on`` says the same of one promise whose amendments are at hand.
    """
    # Of the amendments still to come on that day, the first tells what was promised until then.
    later = AmendmentLine.objects.filter(
        commitment=OuterRef("pk"), amendment__effective_on__gt=on
    ).order_by("amendment__effective_on", "amendment__number")
    in_force = Coalesce(Subquery(later.values("old")[:1]), F("quantity"))
    return Commitment.objects.filter(year=year).annotate(in_force=in_force)
