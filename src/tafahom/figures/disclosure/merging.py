"""Make a system small without loss: leave out what is told, merge what always goes together."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from tafahom.figures.disclosure.programmes import Floats, ProgrammeRow

Integers = NDArray[np.int64]


class _Entries:
    """All entries of rows one after another: the number of the row, the variable and its sign."""

    def __init__(self, rows: Sequence[ProgrammeRow]) -> None:
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        size = int(lengths.sum())
        signs = chain.from_iterable(row.values() for row in rows)
        self.rows: Integers = np.repeat(np.arange(len(rows)), lengths)
        self.variables: Integers = np.fromiter(chain.from_iterable(rows), np.int64, size)
        self.signs: Floats = np.fromiter(signs, np.float64, size)

    def of_variables(self, chosen: NDArray[np.bool_], size: int) -> tuple[Integers, list[int]]:
        """Return the places of chosen entries by variable, and where those of each one begin."""
        places = np.flatnonzero(chosen)
        variables = self.variables[places]
        starts = np.concatenate([[0], np.cumsum(np.bincount(variables, minlength=size))])
        return places[np.argsort(variables, kind="stable")], starts.tolist()


class Merged:
    """Variables of a system, merged so far as the given sums cannot tell them apart.

    Sums are rows: ``{variable: sign}``. As all variables are at least zero, so is the sum of those
    that always go together, and nothing else is lost. Variables in ``told`` are left out.
    """

    def __init__(
        self, values: Sequence[int], sums: Sequence[ProgrammeRow], told: Collection[int] = ()
    ) -> None:
        entries = _Entries(sums)
        is_open = np.ones(len(values), dtype=bool)
        is_open[list(told)] = False
        order, starts = entries.of_variables(is_open[entries.variables], len(values))
        rows, signs = entries.rows[order], entries.signs[order]
        places: dict[tuple[bytes, bytes], int] = {}
        self._place: dict[int, int] = {}
        self.values: list[int] = []
        for variable, (start, end) in enumerate(pairwise(starts)):
            if start == end:
                continue
            signature = rows[start:end].tobytes(), signs[start:end].tobytes()
            at = places.setdefault(signature, len(places))
            if at == len(self.values):
                self.values.append(0)
            self._place[variable] = at
            self.values[at] += values[variable]

    def row(self, signed: ProgrammeRow) -> dict[int, float]:
        """Return a sum over the merged variables; it must be one of those given."""
        place = self._place
        return {place[at]: sign for at, sign in signed.items() if at in place}


def told(values: Sequence[int], shown: Sequence[ProgrammeRow]) -> set[int]:
    """Return variables that the shown sums tell at sight.

    That is what remains of a sum when all else in it is told, and all of a rest that is zero.
    """
    entries, size = _Entries(shown), len(shown)
    rows, variables, signs = entries.rows, entries.variables, entries.signs
    amounts = np.array(values, dtype=float)[variables] * signs
    found: set[int] = set()
    while True:
        are_left = np.bincount(rows, minlength=size)
        taken = np.bincount(rows, signs < 0, size)
        rest = np.bincount(rows, amounts, size)
        tells = (are_left == 1) | ((taken == 0) & (rest == 0))
        new = np.unique(variables[tells[rows]])
        if not len(new):
            return found
        found.update(new.tolist())
        stays = ~np.isin(variables, new)
        rows, variables = rows[stays], variables[stays]
        signs, amounts = signs[stays], amounts[stays]


def thin(rows: Sequence[ProgrammeRow], equal: range, width: int) -> list[dict[int, float]]:
    """Take from each row the longest row in it that is an equation, as month from month.

    Rows numbered in ``equal`` are equations with zero or with the true sums of the variables, which
    are the columns below ``width``. All solutions stay; rows of running totals become short.
    """
    entries = _Entries(rows)
    is_own = entries.variables < width
    taken = np.bincount(entries.rows, is_own & (entries.signs < 0), len(rows))
    is_part = taken == 0
    is_part[: equal.start], is_part[equal.stop :] = False, False
    chosen = is_own & is_part[entries.rows]
    sizes = np.bincount(entries.rows[chosen], minlength=len(rows))
    places, starts = entries.of_variables(chosen, width)
    holding = entries.rows[places]
    held = [holding[start:end] for start, end in pairwise(starts)]
    nothing = holding[:0]
    order = np.arange(len(rows))
    thinned = []
    for number, row in enumerate(rows):
        own = [at for at, sign in row.items() if at < width and sign > 0]
        found = np.bincount(np.concatenate([held[at] for at in own] or [nothing]))
        whole = (found == sizes[: len(found)]) & (found > 0)
        whole &= (found < len(own)) | (order[: len(found)] < number)
        best = int(np.argmax(found * whole)) if whole.any() else -1
        thinned.append(_less(row, rows[best]) if best >= 0 else dict(row))
    return thinned


def _less(row: ProgrammeRow, part: ProgrammeRow) -> dict[int, float]:
    left = dict(row)
    for at, sign in part.items():
        left[at] = left.get(at, 0.0) - sign
    return {at: sign for at, sign in left.items() if sign}


def plus(variables: Iterable[int]) -> dict[int, float]:
    """Return the row that adds up variables."""
    return dict.fromkeys(variables, 1.0)


def difference(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> dict[int, float]:
    """Return the row of the first variables less the second; what is in both falls out."""
    added, taken = set(pair[0]), set(pair[1])
    return plus(sorted(added - taken)) | dict.fromkeys(sorted(taken - added), -1.0)


def distinct(rows: Iterable[dict[int, float]]) -> list[dict[int, float]]:
    """Return rows without those that are empty or say the same again."""
    return list({key(row): row for row in rows if row}.values())


def key(row: ProgrammeRow) -> frozenset[tuple[int, float]]:
    """Return what is equal for equal rows."""
    return frozenset(row.items())
