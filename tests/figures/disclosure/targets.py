"""What an asker asks and wants to learn, and what may be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

Key: TypeAlias = tuple[int | str, ...]
Table: TypeAlias = tuple[str, ...]
Where: TypeAlias = tuple[int | str, ...]
Columns: TypeAlias = tuple[str, ...]
Terms: TypeAlias = frozenset[int]

NEAR = 1e-5


class Asked(NamedTuple):
    """One row of one answer; month 0 is a closed year."""

    table: Table
    key: Key
    month: int


Answers: TypeAlias = Mapping[Asked, int | None]  # None is hidden; what no answer has is nothing


class Target(NamedTuple):
    """A group in a row that reveals a status: those in the months after one through another.

    An asker must believe possible that it has no more than ``low`` and as many as ``high``.
    """

    table: Table
    key: Key
    after: int
    through: int
    count: int
    low: float
    high: float

    def is_told(self, low: float, high: float) -> bool:
        """Whether more is told by such a range than may be."""
        return low > self.low + NEAR or high < self.high - NEAR


@dataclass(frozen=True)
class Learnt:
    """What can be told of a target for certain: no fewer than ``low``, no more than ``high``."""

    target: Target
    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.high - self.low < 1 - NEAR

    def tells_more_than(self, other: "Learnt | None") -> bool:
        """Whether the range is narrower than another, where it may not be."""
        if other is None:
            return True
        narrower = self.low > max(self.target.low, other.low) + NEAR
        return narrower or self.high < min(self.target.high, other.high) - NEAR
