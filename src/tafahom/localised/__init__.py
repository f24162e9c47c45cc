"""Numbers, days and months as the language of the reader has them."""

import datetime as dt

from django.utils.translation import get_language

from tafahom.jalali import MONTH_NAMES, MonthSpan, format_date
from tafahom.persian import format_number, to_persian_digits

ENGLISH_MONTHS = dict(
    zip(
        MONTH_NAMES,
        ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
         "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
        strict=True,
    )
)  # fmt: skip


def is_persian() -> bool:
    """Whether the reader's language is Persian."""
    return (get_language() or "").startswith("fa")


def month_name(name: str) -> str:
    """Return the name of a Solar Hijri month, in English where that is the language."""
    return name if is_persian() else ENGLISH_MONTHS.get(name, name)


def period_title(period: MonthSpan) -> str:
    """Return a period in words: "ده‌ماهه ۱۳۹۷", or "Farvardin to Dey 1397"."""
    if is_persian():
        return to_persian_digits(period.title)
    if (period.from_month, period.through_month) == (1, 12):
        return f"{period.year}"
    months = (period.from_month, period.through_month)
    first, last = (month_name(MONTH_NAMES[month - 1]) for month in months)
    return f"{first} {period.year}" if first == last else f"{first} to {last} {period.year}"


def day(date: dt.date) -> str:
    """Return a Solar Hijri date in the digits of the language."""
    return format_date(date, digits="fa" if is_persian() else "en")


def number(value: float, decimals: int | None = None) -> str:
    """Return a number with thousands marks, in the digits of the language.

    Without ``decimals`` whole numbers have none and others one.
    """
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return format_number(value, decimals) if is_persian() else f"{value:,.{decimals}f}"


def digits(text: str) -> str:
    """Return a text with the digits of the language."""
    return to_persian_digits(text) if is_persian() else text
