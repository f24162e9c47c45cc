"""Parts of a promise: what slices may be, and the pace that quarters give a year. No framework."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tafahom.jalali import from_jalali, months_passed, year_end

# By what a promise may be divided, in the order in which it is said.
DIMENSIONS = ("audience", "cluster", "county", "quarter")
QUARTERS = (1, 2, 3, 4)
MONTHS = 12
_MONTHS_OF_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Whom, in what, where and when a slice is about; what it does not say is left empty.

    ``audience`` and ``county`` are ids, ``cluster`` is a code, ``quarter`` is of the Solar Hijri
    year. ``label`` names the first three and does not tell places apart.
    """

    audience: int | None = None
    cluster: str = ""
    county: int | None = None
    quarter: int | None = None
    label: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the place says, in the order of ``DIMENSIONS``."""
        return tuple(name for name in DIMENSIONS if getattr(self, name))

    @property
    def key(self) -> str:
        """The place as one text."""
        return "|".join(f"{name}={getattr(self, name)}" for name in self.dimensions)


@dataclass(frozen=True, slots=True)
class Division:
    """A breakdown as somebody wants it: quantities by place, all by the same ``dimensions``.

    A place of the breakdown of now that is not named keeps its quantity; 0 takes it out.
    """

    dimensions: tuple[str, ...]
    quantities: Mapping[Place, int]
    is_complete: bool = False

    def refusal(self) -> str:
        """Return why it can not be: ``slices.dimensions``, ``slices.twice``; "" when it can."""
        known = tuple(name for name in DIMENSIONS if name in self.dimensions)
        if not known or known != self.dimensions:
            return "slices.dimensions"
        if any(
            place.dimensions != known or (place.quarter or 1) not in QUARTERS
            for place in self.quantities
        ):
            return "slices.dimensions"
        keys = [place.key for place in self.quantities]
        return "slices.twice" if len(set(keys)) < len(keys) else ""


def refusal(promised: int, parts: Iterable[int], *, is_complete: bool) -> str:
    """Return what stands against slices of a promise: ``slices.too_much``, ``slices.not_whole``.

    "" when nothing does: they are no more than the promise, and all of it where they say so.
    """
    total = sum(parts)
    if total > promised:
        return "slices.too_much"
    return "slices.not_whole" if is_complete and total < promised else ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The part of a year in which a term runs, in months of the year: 3 to 9 is Tir to Azar."""

    opens: float = 0.0
    closes: float = 12.0

    @classmethod
    def of_year(cls, year: int, starts_on: dt.date, ends_on: dt.date) -> "Stretch":
        """Return the stretch of a term in a year; the whole year where the term has no day of it."""
        first, last = _days_of(year)
        if ends_on < first or starts_on > last:
            return cls()
        after = ends_on + dt.timedelta(days=1)
        return cls(
            opens=months_passed(starts_on) if starts_on > first else 0.0,
            closes=months_passed(after) if after <= last else float(MONTHS),
        )

    @property
    def months(self) -> float:
        """How long it is."""
        return self.closes - self.opens

    def passed(self, month: float) -> float:
        """Return how much of it is over when so many months of the year are."""
        return min(max(month - self.opens, 0.0), self.months)

    def of_quarter(self, quarter: int) -> "Stretch | None":
        """Return what it has of a quarter of the year; None when that is nothing."""
        start = (quarter - 1) * _MONTHS_OF_QUARTER
        found = Stretch(max(start, self.opens), min(start + _MONTHS_OF_QUARTER, self.closes))
        return found if found.months > 0 else None


WHOLE_YEAR = Stretch()


@lru_cache(maxsize=32)
def _days_of(year: int) -> tuple[dt.date, dt.date]:
    return from_jalali(year, 1, 1), year_end(year)


def due_by(
    month: float, promised: float, quarters: Mapping[int, float], term: Stretch = WHOLE_YEAR
) -> float:
    """Return how much of a year's promise is due when so many months (0 to 12) have passed.

    Each quarter brings its slice at an even pace while the term runs. What no slice names is
    spread evenly over the quarters without one, or over the whole term when each has one. Without
    slices the pace is even from the beginning of the term in that year to its end.
    """
    if not quarters:
        return promised * term.passed(month) / term.months
    running = {quarter: part for quarter in QUARTERS if (part := term.of_quarter(quarter))}
    bare = [quarter for quarter in running if quarter not in quarters] or list(running)
    rest = promised - sum(quarters.values())
    length = sum(running[quarter].months for quarter in bare)
    due = 0.0
    for quarter in QUARTERS:
        # A slice of a quarter without a day of the term is due in it all the same.
        part = running.get(quarter) or WHOLE_YEAR.of_quarter(quarter) or WHOLE_YEAR
        share = quarters.get(quarter, 0) + (rest * part.months / length if quarter in bare else 0)
        due += share * part.passed(month) / part.months
    return due
