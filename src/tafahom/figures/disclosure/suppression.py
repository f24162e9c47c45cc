"""Choose which cells to hide besides those that must be, so that none of these can be told.

The heuristic by linear programmes of Kelly, Golden & Assad (Networks 22, 1992) as refined by
Fischetti & Salazar (Management Science 47, 2001) and Castro (European Journal of Operational
Research 216, 2012): for each cell with a need, up and down, find the cheapest change of the counts
that moves the cell far enough and keeps all that is shown; what it must change is hidden.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tafahom.figures.disclosure.attacks import Attacker, audit, is_hidden
from tafahom.figures.disclosure.merging import Merged, difference, plus
from tafahom.figures.disclosure.programmes import INFINITY, Method, Programme, Solution
from tafahom.figures.disclosure.systems import (
    Cell,
    Exposed,
    Interval,
    Status,
    Suppression,
    System,
)

__all__ = [
    "Cell",
    "Exposed",
    "Interval",
    "Status",
    "Suppression",
    "System",
    "audit",
    "suppress",
]

TOLERANCE = 1e-6


def suppress(system: System) -> Suppression:
    """Choose the cells to hide; what could not be protected is in ``unmet``, never silent."""
    started = time.perf_counter()
    search = _Search(system)
    search.protect()
    attacker = Attacker(system, search.hidden())
    unmet = tuple(attacker.exposed())
    return Suppression(
        frozenset(search.hidden()),
        unmet,
        search.solved + attacker.solved,
        time.perf_counter() - started,
    )


@dataclass
class _Line:
    """Cells that are always equal: shown or hidden as one."""

    row: dict[int, float]
    value: int
    cells: list[int] = field(default_factory=list)
    fixed: bool = False
    low: int | None = None  # what an attacker must believe possible
    high: int | None = None
    weight: float = 0.0
    hidden: bool = False


def _lines(system: System, merged: Merged) -> Iterator[_Line]:
    """Yield the distinct sums of a system with what is known and asked of each."""
    known = {_key(merged.row(difference(pair))) for pair in system.known}
    lines: dict[tuple[tuple[int, float], ...], _Line] = {}
    for at, cell in enumerate(system.cells):
        row = merged.row(plus(cell.variables))
        key = _key(row)
        value = system.total(cell.variables)
        line = lines.setdefault(key, _Line(row, value))
        line.cells.append(at)
        line.fixed = line.fixed or key in known or cell.status is Status.SHOWN
        if cell.need is not None and not cell.need.low >= value >= cell.need.high:
            line.low = min(cell.need.low, value if line.low is None else line.low)
            line.high = max(cell.need.high, value if line.high is None else line.high)
    for line in lines.values():
        free = [system.cells[at] for at in line.cells if not is_hidden(system.cells[at])]
        line.hidden = not line.fixed and (line.high is not None or not free)
        line.weight = sum(cell.cost for cell in free) * (1 + math.log1p(line.value))
        yield line


def _key(row: dict[int, float]) -> tuple[tuple[int, float], ...]:
    return tuple(sorted(row.items()))


class _Search:
    """The pattern so far, with points that show which needs it meets."""

    def __init__(self, system: System) -> None:
        self._system = system
        sums = [plus(cell.variables) for cell in system.cells]
        sums += [difference(pair) for pair in system.known]
        merged = Merged(system.values, sums)
        self._lines = list(_lines(system, merged))
        known = [merged.row(difference(pair)) for pair in system.known]
        size, count = len(merged.values), len(self._lines)
        self._free = [at for at, line in enumerate(self._lines) if not (line.fixed or line.hidden)]
        self._up = {at: size + 2 * number for number, at in enumerate(self._free)}
        rows = [dict(line.row) for line in self._lines] + known
        for at, column in self._up.items():
            rows[at] |= {column: -1.0, column + 1: 1.0}
        columns = size + 2 * len(self._free)
        low = np.concatenate([-np.array(merged.values, dtype=float), np.zeros(columns - size)])
        costs = np.zeros(columns)
        for at, column in self._up.items():
            costs[column] = costs[column + 1] = self._lines[at].weight
        limits = np.zeros(len(rows))
        limits[[at for at in range(count) if self._lines[at].hidden]] = INFINITY
        self._programme = Programme(
            rows, (-limits, limits), (low, np.full(columns, INFINITY)), costs, Method.DUAL
        )
        self._least = np.zeros(count)
        self._most = np.zeros(count)

    @property
    def solved(self) -> int:
        """How many linear programmes were solved."""
        return self._programme.solved

    def hidden(self) -> set[int]:
        """Return the cells that the pattern hides."""
        found = {at for at, cell in enumerate(self._system.cells) if is_hidden(cell)}
        return found.union(*(line.cells for line in self._lines if line.hidden))

    def protect(self) -> None:
        """Hide what each need asks for, the smallest cells first."""
        asked = [at for at, line in enumerate(self._lines) if line.high is not None and line.hidden]
        for at in sorted(asked, key=lambda at: (self._lines[at].value, at)):
            line = self._lines[at]
            assert line.low is not None
            assert line.high is not None
            if self._most[at] < line.high - line.value - TOLERANCE:
                self._move(at, line.high - line.value)
            if self._least[at] > line.low - line.value + TOLERANCE:
                self._move(at, line.low - line.value)

    def _move(self, at: int, by: float) -> None:
        """Find the cheapest change that moves a line so far, and hide the lines it changes."""
        self._programme.bound_row(at, by, by)
        found = self._programme.solve()
        self._programme.bound_row(at, -INFINITY, INFINITY)
        if found is not None:
            self._hide(found)

    def _hide(self, found: Solution) -> None:
        for at in [a for a in self._free if not self._lines[a].hidden]:
            column = self._up[at]
            if found.columns[column] + found.columns[column + 1] > TOLERANCE:
                self._lines[at].hidden = True
                self._programme.price([column, column + 1], 0.0)
        count = len(self._lines)
        moved = found.rows[:count].copy()
        self._least = np.minimum(self._least, moved)
        self._most = np.maximum(self._most, moved)
