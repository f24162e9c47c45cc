"""Variables that occur in exactly the same sums are one variable, equal sums one sum."""

from collections.abc import Iterable, Sequence

from tafahom.figures.disclosure.programmes import Row


class Merged:
    """Variables of a system, merged so far as the given sums cannot tell them apart.

    Sums are rows: ``{variable: sign}``. As all variables are at least zero, so is the sum of those
    that always go together, and nothing else is lost.
    """

    def __init__(self, values: Sequence[int], sums: Iterable[Row]) -> None:
        given = list(sums)
        where: dict[int, list[tuple[int, float]]] = {}
        for number, row in enumerate(given):
            for variable, sign in row.items():
                where.setdefault(variable, []).append((number, sign))
        places: dict[tuple[tuple[int, float], ...], int] = {}
        self.place = {
            variable: places.setdefault(tuple(signature), len(places))
            for variable, signature in sorted(where.items())
        }
        self.values = [0] * len(places)
        for variable, at in self.place.items():
            self.values[at] += values[variable]

    def row(self, signed: Row) -> dict[int, float]:
        """Return a sum over the merged variables; it must be one of those given."""
        return {self.place[variable]: sign for variable, sign in signed.items()}


def plus(variables: Iterable[int]) -> dict[int, float]:
    """Return the row that adds up variables."""
    return dict.fromkeys(variables, 1.0)


def difference(pair: tuple[tuple[int, ...], tuple[int, ...]]) -> dict[int, float]:
    """Return the row of the first variables less the second; what is in both falls out."""
    added, taken = set(pair[0]), set(pair[1])
    return plus(sorted(added - taken)) | dict.fromkeys(sorted(taken - added), -1.0)
