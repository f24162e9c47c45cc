"""What a published set of linked tables is to somebody who attacks it: sums of unknown counts.

A *variable* is a count that no published sum divides further, such as the persons new in a month
in a county with a partner. A *cell* is a sum of variables that is published unless it is hidden.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """What may be done with a cell that needs no protection itself."""

    FREE = "free"  # shown, and may be hidden to protect others
    SHOWN = "shown"  # already public or always exact: is never hidden
    HIDDEN = "hidden"  # stays hidden; also a sum that no table shows but that must be protected


@dataclass(frozen=True)
class Interval:
    """What an attacker must believe possible of a sum: every count from ``low`` to ``high``."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError("An interval of counts goes from low to high.")


@dataclass(frozen=True)
class Cell:
    """A sum of variables. With a need it is hidden from the start, and its need is to be met.

    ``cost`` is the loss of hiding it, in proportion to that of others; greater than zero.
    """

    variables: tuple[int, ...]
    need: Interval | None = None
    cost: float = 1.0
    status: Status = Status.FREE

    def __post_init__(self) -> None:
        if self.cost <= 0:
            raise ValueError("The cost of hiding a cell must be greater than zero.")
        if self.need is not None and self.status is Status.SHOWN:
            raise ValueError("A cell that is always shown cannot be protected.")

    @property
    def starts_hidden(self) -> bool:
        """Whether it is hidden before any cell is chosen."""
        return self.need is not None or self.status is Status.HIDDEN


@dataclass(frozen=True)
class System:
    """True values of the variables (counts), the cells over them and the sums that all know.

    Each of ``known`` is (plus, minus): that the plus variables less the minus variables have their
    true value is public. So are links between tables (a total by centre less one by county) and
    margins that are always exact.

    ``steady`` are variables that need not change for cells to be protected, mostly: those who choose
    leave them alone as long as they can, to be faster. ``idle`` are left alone too where cells are
    searched among all, not where those that were found are tried again. To who attacks they are as
    unknown as others.
    """

    values: Sequence[int]
    cells: Sequence[Cell]
    known: Sequence[tuple[tuple[int, ...], tuple[int, ...]]] = ()
    steady: frozenset[int] = frozenset()
    idle: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(value < 0 for value in self.values):
            raise ValueError("A count cannot be negative.")
        sums = [cell.variables for cell in self.cells]
        sums += [part for pair in self.known for part in pair]
        for one in sums:
            if len(set(one)) != len(one):
                raise ValueError("A sum counts each variable once.")
            if one and (min(one) < 0 or max(one) >= len(self.values)):
                raise ValueError("A sum names a variable that the system does not have.")

    def total(self, variables: Iterable[int]) -> int:
        """Return the true sum of some variables."""
        return sum(map(self.values.__getitem__, variables))


@dataclass(frozen=True)
class Exposed:
    """A cell whose need is not met: all that an attacker must believe possible is this range.

    ``high`` is infinite where nothing bounds it.
    """

    cell: int
    need: Interval
    low: float
    high: float


@dataclass(frozen=True)
class Suppression:
    """Which cells (by their place in the system) are hidden, and what could not be protected."""

    hidden: frozenset[int]
    unmet: tuple[Exposed, ...]
    programmes: int  # linear programmes solved
    seconds: float
