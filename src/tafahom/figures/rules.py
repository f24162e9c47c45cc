"""Arithmetic of figures that needs no database: hours, percentages, age bands."""

from decimal import ROUND_HALF_UP, Decimal

BASES = ("attended", "planned", "standard")
ATTRIBUTIONS = ("end", "start", "session")

# Lower bound in whole years, code, Persian name. A band runs up to the next one's bound.
AGE_BANDS: tuple[tuple[int, str, str], ...] = (
    (0, "0-14", "زیر ۱۵ سال"),
    (15, "15-19", "۱۵ تا ۱۹ سال"),
    (20, "20-24", "۲۰ تا ۲۴ سال"),
    (25, "25-29", "۲۵ تا ۲۹ سال"),
    (30, "30-39", "۳۰ تا ۳۹ سال"),
    (40, "40-49", "۴۰ تا ۴۹ سال"),
    (50, "50-59", "۵۰ تا ۵۹ سال"),
    (60, "60+", "۶۰ سال و بیشتر"),
)


class FigureError(ValueError):
    """A question about figures that cannot be answered; the message is for the reader."""


def age_band(age: int | None) -> str:
    """Return the code of the band of an age in whole years; empty when the age is unknown."""
    if age is None:
        return ""
    return next(code for bound, code, _name in reversed(AGE_BANDS) if age >= bound)


def hours(minutes: int) -> int | float:
    """Return minutes as hours, exact to the minute; an int when they are whole hours."""
    whole, rest = divmod(minutes, 60)
    return minutes / 60 if rest else whole


def percent(part: float, whole: float | None) -> float | None:
    """Return part of whole in percent to one decimal, halves up; None without a whole."""
    if not whole:
        return None
    share = Decimal(str(part)) * 100 / Decimal(str(whole))
    return float(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


def growth(now: float | None, before: float | None) -> float | None:
    """Return the growth from ``before`` to ``now`` in percent; None when there is no before."""
    if now is None or not before:
        return None
    return percent(now - before, before)
