"""Parts of a promise: what slices may be, and the pace that quarters give a year. No framework."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# By what a promise may be divided, in the order in which it is said.
DIMENSIONS = ("audience", "cluster", "county", "quarter")
QUARTERS = (1, 2, 3, 4)
_MONTHS = 3


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


def due_by(month: float, promised: float, quarters: Mapping[int, float]) -> float:
    """Return how much of a year's promise is due when so many months (0 to 12) have passed.

    Each quarter brings its slice at an even pace. What no slice names is spread evenly over the
    quarters without one, or over the whole year when each has one. Without slices the pace is
    even.
    """
    rest = promised - sum(quarters.values())
    bare = [quarter for quarter in QUARTERS if quarter not in quarters] or list(QUARTERS)
    due = 0.0
    for quarter in QUARTERS:
        share = quarters.get(quarter, 0) + (rest / len(bare) if quarter in bare else 0)
        passed = min(max(month - (quarter - 1) * _MONTHS, 0), _MONTHS)
        due += share * passed / _MONTHS
    return due
