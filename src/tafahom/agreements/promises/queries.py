"""Reading what agreements promise."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, QuerySet

from tafahom.agreements.amended import in_force
from tafahom.agreements.models import AmendmentLine, Commitment


def promised(year: int, *, on: dt.date) -> QuerySet[Any]:
    """Return the promises of a Solar Hijri year, each with ``in_force``: its quantity on a day."""
    lines = AmendmentLine.objects.filter(commitment=OuterRef("pk"))
    return Commitment.objects.filter(year=year).annotate(in_force=in_force(lines, on))
