"""What amendments leave of a quantity on a day, as the database works it out."""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce


def in_force(lines: QuerySet[Any], day: dt.date) -> Coalesce:
    """Return the expression of a row's quantity on a day; ``lines`` are its lines of amendments.

    Of the amendments still to come on that day, the first tells what held until then.
    ``promises.rules.quantity_on`` says the same of one quantity whose amendments are at hand.
    """
    later = lines.filter(amendment__effective_on__gt=day).order_by(
        "amendment__effective_on", "amendment__number"
    )
    return Coalesce(Subquery(later.values("old")[:1]), F("quantity"))
