"""What somebody learns who knows all that is shown, and that counts are not negative.

The attacker of Hundepool et al., Statistical Disclosure Control (2012), ch. 4: for each hidden sum
the least and the greatest value that agree with everything known, each by a linear programme.
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from tafahom.figures.disclosure.merging import Merged, difference, plus
from tafahom.figures.disclosure.programmes import (
    INFINITY,
    Method,
    Programme,
    Row,
    UnboundedError,
)
from tafahom.figures.disclosure.systems import Cell, Exposed, Status, System

TOLERANCE = 1e-6


def audit(system: System, hidden: Collection[int]) -> list[Exposed]:
    """Return the cells whose need is not met when these cells are hidden, with what is learnt.

    How the hidden cells were chosen plays no part. The range is over real numbers: an attacker who
    reckons with whole persons may learn more where tables of three or more ways are linked.
    """
    return Attacker(system, hidden).exposed()


class Attacker:
    """The attacker's linear programme: the same bounds for every question, other costs."""

    def __init__(self, system: System, hidden: Collection[int]) -> None:
        self._system = system
        closed = set(hidden) | {at for at, cell in enumerate(system.cells) if is_hidden(cell)}
        self._asked = [at for at, cell in enumerate(system.cells) if cell.need is not None]
        shown = [plus(c.variables) for at, c in enumerate(system.cells) if at not in closed]
        shown += [difference(pair) for pair in system.known]
        secret = [plus(system.cells[at].variables) for at in self._asked]
        merged = Merged(system.values, [*shown, *secret])
        self._rows = [merged.row(row) for row in secret]
        self._low = {at: float(system.total(system.cells[at].variables)) for at in self._asked}
        self._high = dict(self._low)
        self._programme = _programme(merged.values, _different(merged.row(row) for row in shown))
        self._paths = [np.array(list(row), dtype=np.int64) for row in self._rows]

    @property
    def solved(self) -> int:
        """How many linear programmes were solved."""
        return self._programme.solved

    def exposed(self) -> list[Exposed]:
        """Ask for each cell with a need, unless points found for others answer it already."""
        found = []
        for number, at in enumerate(self._asked):
            need = self._system.cells[at].need
            assert need is not None
            if self._high[at] < need.high - TOLERANCE:
                self._push(number, -1.0)
            if self._low[at] > need.low + TOLERANCE:
                self._push(number, 1.0)
            if not (
                self._high[at] >= need.high - TOLERANCE and self._low[at] <= need.low + TOLERANCE
            ):
                found.append(Exposed(at, need, self._low[at], self._high[at]))
        return found

    def _push(self, number: int, cost: float) -> None:
        """Make a cell as great (cost -1) or as small (cost 1) as all that is known allows."""
        columns = list(self._rows[number])
        self._programme.price(columns, cost)
        try:
            best = self._programme.solve()
        except UnboundedError:
            self._high[self._asked[number]] = INFINITY
        else:
            if best is None:
                raise ArithmeticError("The true values do not agree with what is shown.")
            for path, at in zip(self._paths, self._asked, strict=True):
                value = float(best.columns[path].sum())
                self._low[at] = min(self._low[at], value)
                self._high[at] = max(self._high[at], value)
        self._programme.price(columns, 0.0)


def is_hidden(cell: Cell) -> bool:
    """Return whether a cell is hidden before any is chosen."""
    return cell.need is not None or cell.status is Status.HIDDEN


def _different(rows: Iterable[Row]) -> list[Row]:
    """Return rows without those that say the same again."""
    return list({tuple(sorted(row.items())): row for row in rows}.values())


def _programme(values: Sequence[int], shown: Sequence[Row]) -> Programme:
    totals = np.array([sum(values[at] * sign for at, sign in row.items()) for row in shown])
    size = len(values)
    return Programme(
        shown,
        (totals, totals),
        (np.zeros(size), np.full(size, INFINITY)),
        np.zeros(size),
        Method.PRIMAL,
    )
