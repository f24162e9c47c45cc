"""Cells of a system that are always equal, as one: they are shown or hidden together."""

import math
from dataclasses import dataclass, field

from tafahom.figures.disclosure.merging import difference, key, plus
from tafahom.figures.disclosure.programmes import ProgrammeRow
from tafahom.figures.disclosure.systems import Interval, Status, System

# The loss of hiding a cell, beside its size: with less, more small cells are hidden; with more,
# fewer and greater ones. Tried on systems like those of a province and a year.
BASE_LOSS = 8.0


@dataclass
class Line:
    """A sum, the cells that show it and what is asked of it."""

    row: ProgrammeRow
    value: int
    cells: list[int] = field(default_factory=list)
    fixed: bool = False  # known, whatever is hidden
    hidden: bool = False
    need: Interval | None = None
    weight: float = 0.0  # the loss of hiding it

    @property
    def may_hide(self) -> bool:
        """Whether it is shown and may be hidden."""
        return not (self.fixed or self.hidden)

    @property
    def spare(self) -> bool:
        """Whether it is hidden only to protect others."""
        return self.hidden and self.need is None and self.weight > 0

    def aims(self) -> "list[Aim]":
        """Return by how much an attacker must believe that it may be greater, and less."""
        if self.need is None or not self.hidden:
            return []
        up, down = self.need.high - self.value, self.need.low - self.value
        return [Aim(self, by) for by, real in ((up, up > 0), (down, down < 0)) if real]


@dataclass(frozen=True, eq=False)
class Aim:
    """By how much a line must be able to change: up if positive, down if negative."""

    line: Line
    by: float


def lines_of(system: System) -> list[Line]:
    """Return the different sums of the cells of a system."""
    known = {key(difference(pair)) for pair in system.known}
    lines: dict[frozenset[tuple[int, float]], Line] = {}
    for at, cell in enumerate(system.cells):
        row = plus(cell.variables)
        value = system.total(cell.variables)
        same = key(row)
        line = lines.setdefault(same, Line(row, value, fixed=same in known))
        line.cells.append(at)
        line.fixed = line.fixed or cell.status is Status.SHOWN
        if cell.need is not None and not cell.need.low >= value >= cell.need.high:
            line.need = _both(line.need, cell.need)
    for line in lines.values():
        free = [system.cells[at] for at in line.cells if not system.cells[at].starts_hidden]
        line.hidden = not line.fixed and (line.need is not None or not free)
        line.weight = sum(cell.cost for cell in free) * (BASE_LOSS + math.log1p(line.value))
    return list(lines.values())


def _both(one: Interval | None, other: Interval) -> Interval:
    if one is None:
        return other
    return Interval(min(one.low, other.low), max(one.high, other.high))
