"""Make a system small without loss: leave out what is told, merge what always goes together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from tafahom.figures.disclosure.programmes import ProgrammeRow


class Merged:
    """Variables of a system, merged so far as the given sums cannot tell them apart.

    Sums are rows: ``{variable: sign}``. As all variables are at least zero, so is the sum of those
    that always go together, and nothing else is lost. Variables in ``told`` are left out.
    """

    def __init__(
        self, values: Sequence[int], sums: Iterable[ProgrammeRow], told: Collection[int] = ()
    ) -> None:
        where: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for number, row in enumerate(sums):
            for variable, sign in row.items():
                if variable not in told:
                    where[variable].append((number, sign))
        places: dict[tuple[tuple[int, float], ...], int] = {}
        self._place = {
            variable: places.setdefault(tuple(signature), len(places))
            for variable, signature in sorted(where.items())
        }
        self.values = [0] * len(places)
        for variable, at in self._place.items():
            self.values[at] += values[variable]

    def row(self, signed: ProgrammeRow) -> dict[int, float]:
        """Return a sum over the merged variables; it must be one of those given."""
        place = self._place
        return {place[at]: sign for at, sign in signed.items() if at in place}


def told(values: Sequence[int], shown: Sequence[ProgrammeRow]) -> set[int]:
    """Return variables that the shown sums tell at sight.

    That is what remains of a sum when all else in it is told, and all of a sum that is zero.
    """
    empty = _empty(values, shown)
    left = [{at for at in row if at not in empty} for row in shown]
    sums_of: dict[int, list[int]] = defaultdict(list)
    for number, those in enumerate(left):
        for variable in those:
            sums_of[variable].append(number)
    rest = [
        sum(values[at] * shown[number][at] for at in those) for number, those in enumerate(left)
    ]
    positive = [all(shown[number][at] > 0 for at in those) for number, those in enumerate(left)]
    waiting = list(range(len(shown)))
    found = empty
    while waiting:
        number = waiting.pop()
        if len(left[number]) != 1 and not (positive[number] and rest[number] == 0):
            continue
        for variable in list(left[number]):
            found.add(variable)
            for other in sums_of[variable]:
                left[other].discard(variable)
                rest[other] -= values[variable] * shown[other][variable]
                waiting.append(other)
    return found


def _empty(values: Sequence[int], shown: Sequence[ProgrammeRow]) -> set[int]:
    """Return the variables of the sums that are zero and take nothing away."""
    rows = (row for row in shown if not any(values[at] for at in row))
    return {at for row in rows if min(row.values(), default=0) > 0 for at in row}


def thin(rows: Sequence[ProgrammeRow], equal: range, width: int) -> list[dict[int, float]]:
    """Take from each row the longest row in it that is an equation, as month from month.

    Rows numbered in ``equal`` are equations with zero or with the true sums of the variables, which
    are the columns below ``width``. All solutions stay; rows of running totals become short.
    """
    sizes = np.zeros(len(rows), dtype=np.int64)
    holders: list[list[int]] = [[] for _variable in range(width)]
    for number in equal:
        own = [at for at in rows[number] if at < width]
        if own and all(rows[number][at] > 0 for at in own):
            sizes[number] = len(own)
            for at in own:
                holders[at].append(number)
    held = [np.array(numbers, dtype=np.int64) for numbers in holders]
    order = np.arange(len(rows))
    thinned = []
    for number, row in enumerate(rows):
        own = [at for at, sign in row.items() if at < width and sign > 0]
        found = np.bincount(np.concatenate([held[at] for at in own] or [order[:0]]))
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


def key(row: ProgrammeRow) -> tuple[tuple[int, float], ...]:
    """Return what is equal for equal rows."""
    return tuple(sorted(row.items()))
