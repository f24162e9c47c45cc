"""Two tables of a partner taken together with what is exact of everybody: three ways at once.

From a partner by county and month, the partner by education and everybody by county, month and
education, an asker reckons how many of the partner's people of an education there must be in a county.
So with two of gender, education and age. No answer has such a group; it may be told all the same.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from figures.disclosure.asker import YEARLY, Reckoner
from figures.disclosure.groups import ENOUGH
from figures.disclosure.programme import Programme
from figures.disclosure.targets import NEAR, Columns, Key, Learnt, Target, Terms
from tafahom.figures.disclosure.slices import Enrolments

OF_YEAR = tuple(table[1] for table in YEARLY)
# The columns that are crossed, and by which of them groups are looked at.
CROSSINGS: Mapping[Columns, Sequence[Columns]] = {
    **{
        ("county", "month", one): (("county", "month", one), ("county", one), ("month", one))
        for one in OF_YEAR
    },
    **{pair: (pair,) for pair in combinations(OF_YEAR, 2)},
}


class Crossing:
    """What an asker can tell of the people of partners by columns of which no answer has all."""

    def __init__(self, asker: Reckoner, rows: Sequence[Enrolments], columns: Columns) -> None:
        self._asker, self._rows, self._columns = asker, rows, columns
        self._everybody = Counter[Key]()
        for one in rows:
            self._everybody[one.key(columns)] += one.number
        keys = [(partner, *key) for partner in asker.partners for key in self._everybody]
        self._places = {key: len(asker.places) + at for at, key in enumerate(keys)}

    def groups(self, partners: Collection[int]) -> list[Target]:
        """Return the groups of fewer than ten people of these partners."""
        found = []
        for columns in CROSSINGS[self._columns]:
            table = ("partner", *columns)
            counts = Counter[Key]()
            for one in self._rows:
                counts[one.key(table)] += one.number
            found += [
                Target(table, key, 0, 12, count, low=0, high=count)
                for key, count in counts.items()
                if key[0] in partners and count < ENOUGH
            ]
        return found

    def learn(self, groups: Sequence[Target]) -> list[Learnt]:
        """Return of which groups it is certain that there is somebody, and fewer than ten.

        Without those of which no more people are certain than from the figures of everybody alone,
        whatever is hidden: where a county has one partner. That there are no others beside them may
        be told.
        """
        told = self._told(groups, self._asker.equations)
        suspects = [one.target for one in told]
        anyway = self._least(suspects, self._asker.margins)
        return [one for one, least in zip(told, anyway, strict=True) if one.low > least + NEAR]

    def _least(self, groups: Sequence[Target], equations: Mapping[Terms, int]) -> list[float]:
        if not groups:
            return []
        sums = [self._terms(one) for one in groups]
        return [low for low, _high in self._programme(equations).bounds(sums, groups)]

    def _told(self, groups: Sequence[Target], equations: Mapping[Terms, int]) -> list[Learnt]:
        if not groups:
            return []
        programme = self._programme(equations)
        sums = [self._terms(one) for one in groups]
        least = programme.bounds(sums, groups)
        certain = [at for at, (low, _high) in enumerate(least) if low > NEAR]
        suspects = [groups[at]._replace(low=groups[at].count, high=ENOUGH) for at in certain]
        most = programme.bounds([sums[at] for at in certain], suspects)
        return [
            Learnt(groups[at], least[at][0], high)
            for at, (_low, high) in zip(certain, most, strict=True)
            if high < ENOUGH - NEAR
        ]

    def _terms(self, group: Target) -> Terms:
        values = dict(zip(group.table, group.key, strict=True))
        partner = values.pop("partner")
        kept = [(self._columns.index(name), value) for name, value in values.items()]
        return frozenset(
            self._places[partner, *key]
            for key in self._everybody
            if all(key[at] == value for at, value in kept)
        )

    def _programme(self, equations: Mapping[Terms, int]) -> Programme:
        along: dict[tuple[int | str, Columns, Key], list[int]] = defaultdict(list)
        across: dict[Key, list[int]] = defaultdict(list)
        for (partner, *rest), place in self._places.items():
            key = tuple(rest)
            across[key].append(place)
            for columns, part in self._parts(key):
                along[partner, columns, part].append(place)
        exact = {frozenset(those): self._everybody[key] for key, those in across.items()}
        links = self._asker.links | {
            (frozenset(those), self._asker.of_partner(*key)) for key, those in along.items()
        }
        size = len(self._asker.places) + len(self._places)
        return Programme(size, {**equations, **exact}, links)

    def _parts(self, key: Key) -> list[tuple[Columns, Key]]:
        """Return the rows of a partner's tables that a group is part of."""
        where = dict(zip(self._columns, key, strict=True))
        parts: list[tuple[Columns, Key]] = [
            ((name,), (where[name],))
            for name in self._columns
            if name in OF_YEAR and self._asker.is_closed
        ]
        if "county" in where:
            parts.append((("county", "month"), (where["county"], where["month"])))
        return parts
