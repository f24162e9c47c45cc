"""What an address or a form asks for, read so that nonsense does no harm."""

from collections.abc import Collection

from django.http import HttpRequest

from tafahom.jalali import MonthSpan

MAX_DIGITS = 9


def whole(text: str | None, *, digits: int = MAX_DIGITS) -> int | None:
    """Return a whole number of so many digits at most, in any script; None for anything else."""
    return int(text) if text and text.isdecimal() and len(text) <= digits else None


def asked_period(
    request: HttpRequest, latest: MonthSpan, *, known: Collection[int] | None = None
) -> MonthSpan:
    """Return the period of ``?year=&through=``, from its first month on.

    What is missing, makes no sense or, where years are ``known``, is none of them is as in the
    latest.
    """
    year = whole(request.GET.get("year"), digits=4)
    if year is None or (year not in known if known is not None else not 1300 <= year <= 1600):
        return latest
    through = whole(request.GET.get("through"), digits=2)
    last = latest.through_month if year == latest.year else 12
    return MonthSpan(year, 1, through if through and through <= 12 else last)
