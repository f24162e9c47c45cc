"""Where a promise is heading, as the office judges it."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from tafahom.agreements.parts.rules import WHOLE_YEAR, Stretch, due_by
from tafahom.agreements.rules import Forecast, forecast


def pace(
    monthly: Sequence[float],
    *,
    committed: float,
    quarters: Mapping[int, float],
    term: Stretch = WHOLE_YEAR,
) -> Forecast:
    """Return the forecast of a year's promise from what each of its first months brought.

    It reaches to the end of the ``term`` in that year, and counts from its beginning. What should
    be there by now follows the ``quarters`` where there are some; how far one may lie behind
    before it is said so is the setting ``ATTENTION_PACE``, in percent.
    """
    through = len(monthly)
    return forecast(
        monthly[int(term.opens) :],
        months=term.months,
        passed=term.passed(through),
        committed=committed,
        tolerance=settings.ATTENTION_PACE / 100,
        due=due_by(through, committed, quarters, term),
    )


def is_behind(
    monthly: Sequence[float], *, committed: float, quarters: Mapping[int, float], term: Stretch
) -> bool:
    """Whether ``pace`` would say so: for whoever asks of a thousand promises at once."""
    if term.passed(len(monthly)) < min(1, term.months):
        return False
    due = due_by(len(monthly), committed, quarters, term)
    tolerance: int = settings.ATTENTION_PACE
    return sum(monthly[int(term.opens) :]) < tolerance / 100 * due
