"""Changes of the counts that leave all that is shown as it is, or else cost something."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from tafahom.figures.disclosure.lines import Aim, Line
from tafahom.figures.disclosure.merging import Merged, distinct, key, thin, told
from tafahom.figures.disclosure.programmes import (
    INFINITY,
    TOLERANCE,
    Floats,
    Method,
    Programme,
    ProgrammeRow,
)


@dataclass(frozen=True)
class CountChange:
    """What a change of the counts does: the lines that it must hide and the aims that it meets."""

    moved: Sequence[Line]
    met: tuple[Aim, ...]


class Changes:
    """The programme of all changes. It holds fast the ``still`` sums; ``elastic`` lines may move.

    Columns are the changes of (merged) variables, then what is added to each elastic line and what
    is taken from it, each at the line's loss. Lines with aims are hidden: they move freely.
    ``steady`` variables do not change: what is found without them is a change all the same.
    """

    def __init__(
        self,
        values: Sequence[int],
        aims: Sequence[Aim],
        elastic: Sequence[Line],
        still: Sequence[ProgrammeRow],
        steady: Collection[int] = (),
    ) -> None:
        asked = list({id(aim.line): aim.line for aim in aims}.values())
        self._row = {id(line): at for at, line in enumerate(asked)}
        self._aims = aims
        self._at = np.array([self._row[id(aim.line)] for aim in aims], dtype=np.int64)
        self._by = np.array([aim.by for aim in aims], dtype=float)
        sums = [line.row for line in (*asked, *elastic)]
        merged = Merged(values, [*sums, *still], told(values, still) | {*steady})
        self._size = len(merged.values)
        self._together = _alike(elastic, merged)
        self._losses = np.array([sum(line.weight for line in one) for one in self._together])
        rows = [merged.row(line.row) for line in asked]
        rows += [merged.row(one[0].row) for one in self._together]
        for number in range(len(self._together)):
            rows[len(asked) + number] |= dict(zip(self._columns(number), (-1.0, 1.0), strict=True))
        rows += distinct(merged.row(row) for row in still)
        rows = thin(rows, range(len(asked), len(rows)), self._size)
        self._programme = self._build(merged.values, rows, len(asked))
        self._columns_of = [list(merged.row(line.row)) for line in asked]

    def _build(self, values: list[int], rows: list[dict[int, float]], free: int) -> Programme:
        low = np.concatenate([-np.array(values, dtype=float), np.zeros(2 * len(self._losses))])
        costs = np.concatenate([np.zeros(self._size), np.repeat(self._losses, 2)])
        limits = np.zeros(len(rows))
        limits[:free] = INFINITY
        high = np.full(len(costs), INFINITY)
        return Programme(rows, (-limits, limits), (low, high), costs, Method.DUAL)

    def _columns(self, number: int) -> tuple[int, int]:
        return self._size + 2 * number, self._size + 2 * number + 1

    @property
    def solved(self) -> int:
        """How many linear programmes were solved."""
        return self._programme.solved

    def move(self, aim: Aim) -> CountChange | None:
        """Return the change of least loss that meets an aim, if there is any."""
        row = self._row[id(aim.line)]
        self._programme.bound_row(row, aim.by, aim.by)
        found = self._programme.solve()
        self._programme.bound_row(row, -INFINITY, INFINITY)
        if found is None:
            return None
        moved = [line for number in self._moved(found.columns) for line in self._together[number]]
        return CountChange(moved, self._met(found.rows))

    def farthest(self, aim: Aim) -> Aim:
        """Return the aim cut to what could be met if all elastic lines were hidden."""
        row, sign = self._row[id(aim.line)], math.copysign(1, aim.by)
        own, others = self._columns_of[row], range(self._size, self._size + 2 * len(self._losses))
        self._programme.price(others, 0.0)
        self._programme.price(own, -sign)
        self._programme.bound_row(row, min(0, aim.by), max(0, aim.by))
        found = self._programme.solve()
        self._programme.bound_row(row, -INFINITY, INFINITY)
        self._programme.price(own, 0.0)
        self._programme.price(others, np.repeat(self._losses, 2))
        if found is None:
            raise ArithmeticError("No change at all keeps every bound, yet none was found.")
        return Aim(aim.line, -found.cost * sign * (1 - TOLERANCE))

    def _moved(self, columns: Floats) -> list[int]:
        """Return which elastic lines a change moves; from now on they are hidden, without loss."""
        changes = columns[self._size :].reshape(-1, 2).max(axis=1)
        moved: list[int] = np.flatnonzero(changes > TOLERANCE).tolist()
        self._losses[moved] = 0.0
        self._programme.price([at for number in moved for at in self._columns(number)], 0.0)
        return moved

    def _met(self, rows: Floats) -> tuple[Aim, ...]:
        near = np.flatnonzero(rows[self._at] / self._by >= 1 - TOLERANCE).tolist()
        return tuple(self._aims[at] for at in near)


def _alike(lines: Sequence[Line], merged: Merged) -> list[list[Line]]:
    """Return the lines that can change, those together that always change alike."""
    found: dict[frozenset[tuple[int, float]], list[Line]] = {}
    for line in lines:
        found.setdefault(key(merged.row(line.row)), []).append(line)
    found.pop(frozenset(), None)
    return list(found.values())
