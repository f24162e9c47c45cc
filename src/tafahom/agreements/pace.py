"""Where a promise is heading, as the office judges it."""

from collections.abc import Mapping, Sequence

from django.conf import settings

from tafahom.agreements.parts.rules import due_by
from tafahom.agreements.rules import Forecast, forecast

MONTHS = 12


def pace(monthly: Sequence[float], *, committed: float, quarters: Mapping[int, float]) -> Forecast:
    """Return the forecast of a year's promise from what its first months brought.

    What should be there by now follows its ``quarters`` where it has some; how far one may lie
    behind before it is said so is the setting ``ATTENTION_PACE``, in percent.
    """
    return forecast(
        monthly,
        months=MONTHS,
        committed=committed,
        tolerance=settings.ATTENTION_PACE / 100,
        due=due_by(len(monthly), committed, quarters),
    )
