"""What somebody learns who knows all that is shown, and that counts are not negative.

The attacker of Hundepool et al., Statistical Disclosure Control (2012), ch. 4: for each hidden sum
the least and the greatest value that agree with everything known, each by a linear programme.
"""

from collections.abc import Collection, Sequence

import numpy as np

from tafahom.figures.disclosure.merging import Merged, difference, distinct, plus, thin, told
from tafahom.figures.disclosure.programmes import (
    INFINITY,
    TOLERANCE,
    Floats,
    Method,
    Programme,
    ProgrammeRow,
    UnboundedError,
)
from tafahom.figures.disclosure.systems import Exposed, Interval, System

# How often what is still large is made small together before each is tried by itself.
ROUNDS_TOGETHER = 3
# Of so many cells together little is left of the solution before.
MANY = 100


def audit(system: System, hidden: Collection[int]) -> list[Exposed]:
    """Return the cells whose need is not met when these cells, and no others, are hidden.

    How they were chosen plays no part. The range is over real numbers: an attacker who reckons
    with whole persons may learn more where tables of three or more ways are linked.
    """
    return Attacker(system, hidden).exposed()


class Attacker:
    """The attacker's linear programme: the same bounds for every question, other costs.

    ``asked`` are the cells with needs that are tried; None is all.
    """

    def __init__(
        self, system: System, hidden: Collection[int], asked: Collection[int] | None = None
    ) -> None:
        closed = set(hidden)
        shown = [plus(c.variables) for at, c in enumerate(system.cells) if at not in closed]
        shown += [difference(pair) for pair in system.known]
        tried = range(len(system.cells)) if asked is None else sorted(asked)
        self._needs = [(at, need) for at in tried if (need := system.cells[at].need)]
        secret = [plus(system.cells[at].variables) for at, _need in self._needs]
        merged = Merged(system.values, [*shown, *secret], told(system.values, shown))
        rows = distinct(merged.row(row) for row in shown)
        rows = thin(rows, range(len(rows)), len(merged.values))
        self._programme = _programme(merged.values, rows)
        self._rows = [list(merged.row(row)) for row in secret]
        self._sums = _Sums(self._rows)
        self._least = np.array([system.total(row) for row in secret], dtype=float)
        self._most = self._least.copy()
        open_part = [sum(merged.values[at] for at in row) for row in self._rows]
        self._told = self._least - np.array(open_part, dtype=float)

    @property
    def solved(self) -> int:
        """How many linear programmes were solved."""
        return self._programme.solved

    def exposed(self) -> list[Exposed]:
        """Ask for each cell with a need, unless points found for others answer it already.

        What is exposed has its whole range.
        """
        found = []
        self._push_all()
        for number, (at, need) in enumerate(self._needs):
            if self._most[number] < need.high - TOLERANCE:
                self._push(number, -1.0)
            if self._least[number] > need.low + TOLERANCE:
                self._push(number, 1.0)
            if not self._meets(number, need):
                self._push(number, -1.0)
                self._push(number, 1.0)
                low, high = float(self._least[number]), float(self._most[number])
                found.append(Exposed(at, need, low, high))
        return found

    def _meets(self, number: int, need: Interval) -> bool:
        high, low = need.high - TOLERANCE, need.low + TOLERANCE
        return bool(self._most[number] >= high and self._least[number] <= low)

    def _push_all(self) -> None:
        """Make all cells together small: where many are to be, one point shows most of them so."""
        for _round in range(ROUNDS_TOGETHER):
            large = [
                number
                for number, (_at, need) in enumerate(self._needs)
                if self._least[number] > need.low + TOLERANCE
            ]
            places = sorted({at for number in large for at in self._rows[number]})
            self._reach(places, 1.0, is_far=len(large) > MANY)

    def _push(self, number: int, cost: float) -> None:
        """Make a cell as great (cost -1) or as small (cost 1) as all that is known allows."""
        self._reach(self._rows[number], cost, number)

    def _reach(
        self,
        places: Sequence[int],
        cost: float,
        number: int | None = None,
        *,
        is_far: bool = False,
    ) -> None:
        """Push places and note of every cell how far it can go."""
        if not places:
            return
        self._programme.price(places, cost)
        try:
            best = self._programme.solve(is_far=is_far)
        except UnboundedError:
            if number is not None:
                self._most[number] = INFINITY
        else:
            if best is None:
                raise ArithmeticError("The true values do not agree with what is shown.")
            reached = self._told + self._sums.of(best.columns)
            self._least = np.minimum(self._least, reached)
            self._most = np.maximum(self._most, reached)
        self._programme.price(places, 0.0)


class _Sums:
    """Sums of columns, taken all at once."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        self._row = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self._columns = np.array([at for row in rows for at in row], dtype=np.int64)
        self._number = len(rows)

    def of(self, columns: Floats) -> Floats:
        """Return each sum."""
        found = np.bincount(self._row, columns[self._columns], self._number)
        return np.asarray(found, dtype=np.float64)


def _programme(values: Sequence[int], shown: Sequence[ProgrammeRow]) -> Programme:
    totals = np.array([sum(values[at] * sign for at, sign in row.items()) for row in shown])
    size = len(values)
    return Programme(
        shown,
        (totals, totals),
        (np.zeros(size), np.full(size, INFINITY)),
        np.zeros(size),
        Method.PRIMAL,
    )
