"""Addresses that pages of several wings lead to."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from tafahom.jalali import MonthSpan


def report_address(period: MonthSpan, **asked: str | Sequence[str]) -> str:
    """Return the address of the report on a period, with what else it is asked."""
    words = {
        "year": period.year,
        "from": period.from_month,
        "through": period.through_month,
        **asked,
    }
    return f"{reverse('web:report')}?{urlencode(words, doseq=True)}"
