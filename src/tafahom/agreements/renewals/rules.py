"""Into which years of a new term commitments go. Knows no framework."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tafahom.jalali import to_jalali


def years_of(starts_on: dt.date, ends_on: dt.date) -> range:
    """Return the Solar Hijri years of which a term has a day."""
    return range(to_jalali(starts_on)[0], to_jalali(ends_on)[0] + 1)


@dataclass(frozen=True, slots=True)
class Placement:
    """From which year of the old agreement each year of the new term takes its commitments.

    None for nothing. ``is_clear`` says that there is one way only: as many years in the new term as
    those of which something was promised. Otherwise it is a proposal, and is asked about.
    """

    years: Mapping[int, int | None]
    is_clear: bool


def placement(*, old_term: range, promised: Collection[int], new_term: range) -> Placement:
    """Put promised years into the years of a new term.

    They are moved by the number of years between what was promised and the new term; where only
    the terms are of one length, by the years between these.
    """
    if not promised:
        return Placement(dict.fromkeys(new_term), is_clear=True)
    span = range(min(promised), max(promised) + 1)
    is_clear = len(span) == len(new_term)
    first = old_term.start if len(old_term) == len(new_term) and not is_clear else span.start
    shift = new_term.start - first
    years = {year: year - shift if year - shift in promised else None for year in new_term}
    return Placement(years, is_clear)
