"""What is checked before a release leaves: its numbers are figures, and they agree."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from tafahom.figures.catalogue import MEASURES
from tafahom.figures.tables import Number
from tafahom.jalali import MonthSpan
from tafahom.persian import to_persian_digits
from tafahom.reports.press.wording import Values, year_name

_NUMBER = re.compile(r"\d[\d٬]*(?:٫\d+)?")


def strange_numbers(
    sentences: Iterable[str], numbers: Collection[str], period: MonthSpan
) -> list[str]:
    """Return the numbers of the sentences that are neither figures nor years of the period.

    ``numbers`` are the figures as they are written in a release.
    """
    years = {year_name(period.year), year_name(period.year - 1)}
    return [
        found
        for sentence in sentences
        for found in _NUMBER.findall(to_persian_digits(sentence))
        if found not in numbers and found not in years
    ]


def contradictions(
    total: Values,
    *,
    programmes: Mapping[str, Values],
    partners: Sequence[str] | None,
    by_gender: Mapping[str, Number],
    by_month: Iterable[Number],
) -> list[str]:
    """Return which parts of a release do not fit its total; empty when all agree.

    Parts are read one after the other: an import between them makes them disagree. ``partners`` are
    None where some are hidden and can not be counted again.
    """
    found = [
        f"{title}: {name}"
        for title, own in programmes.items()
        for name in _counted()
        if (own[name] or 0) > (total[name] or 0)
    ]
    if partners is not None and len(partners) != total["partners"]:
        found.append("partners")
    if sum(count or 0 for count in by_gender.values()) > (total["persons"] or 0):
        found.append("gender")
    if abs(sum(hours or 0 for hours in by_month) - (total["person_hours"] or 0)) > 0.01:
        found.append("month")
    return found


def _counted() -> list[str]:
    return [name for name, measure in MEASURES.items() if not measure.is_committed]
