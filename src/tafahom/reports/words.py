"""Periods, months and days as the reader's language has them."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tafahom.agreements.models import Slice
from tafahom.jalali import MONTH_NAMES, MonthSpan, format_date
from tafahom.persian import format_number, to_persian_digits
from tafahom.reports.tables import TableCell, holds_hidden

ENGLISH_MONTHS = dict(
    zip(
        MONTH_NAMES,
        ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar",
         "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
        strict=True,
    )
)  # fmt: skip

QUARTER_NAMES = {
    1: gettext_lazy("Spring"),
    2: gettext_lazy("Summer"),
    3: gettext_lazy("Autumn"),
    4: gettext_lazy("Winter"),
}
DIMENSION_NAMES = {
    "audience": gettext_lazy("Audience"),
    "cluster": gettext_lazy("Cluster"),
    "county": gettext_lazy("County"),
    "quarter": gettext_lazy("Quarter"),
}


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


def number(value: float) -> str:
    """Return a whole number with thousands marks, in the digits of the language."""
    return format_number(round(value)) if is_persian() else f"{round(value):,}"


def digits(text: str) -> str:
    """Return a text with the digits of the language."""
    return to_persian_digits(text) if is_persian() else text


def slice_name(part: Slice) -> str:
    """Return what a slice is called on a page."""
    quarter = str(QUARTER_NAMES[part.quarter]) if part.quarter else ""
    return "، ".join(text for text in (part.label, quarter) if text)


def dimensions(names: Iterable[str]) -> str:
    """Return by what a promise is divided: «گروه مخاطب × فصل»."""
    return " × ".join(str(DIMENSION_NAMES[name]) for name in names)


def hidden() -> str:
    """Return what stands in the place of a figure that the reader may not learn."""
    return _("confidential")


def hidden_alone() -> str:
    """Return the same where no note explains it."""
    return _("confidential (below the publishing limit)")


def hidden_reason() -> str:
    """Say why figures are hidden, to who sees that some are."""
    return _(
        "Confidential: below the publishing limit. Figures of fewer than ten people, and others from"
        " which these could be worked out, are not shown, so that nobody can be recognised by them."
        " It does not mean zero. What was promised is not confidential."
    )


def hidden_notes(rows: list[list[TableCell]], total: list[TableCell]) -> list[str]:
    """Say what a reader must know of a table in which figures are hidden; nothing where none are."""
    if not holds_hidden([*rows, total]):
        return []
    if not rows:
        return [hidden_reason()]
    if holds_hidden([total]):
        return [hidden_reason(), _("The total would give them away, so it is confidential too.")]
    return [hidden_reason(), _("The total is exact: what is confidential is counted in it.")]
