"""Three ways at once: what two tables of a partner and the exact figures of everybody tell together.

Who came by a partner to a county in a month, who of the partner was of an education in the year, and
everybody there by education: where the others of the county have hardly any of an education, those who
have it are the partner's. No table has such a group, so its protection is asked for by itself.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TypeAlias

from tafahom.figures.disclosure import rules
from tafahom.figures.disclosure.family import BY_COUNTY, OF_CLOSED_YEARS
from tafahom.figures.disclosure.names import WHOLE_YEAR, Name
from tafahom.figures.disclosure.slices import Enrolments, SliceKey, counts_by
from tafahom.figures.disclosure.systems import Cell, Exposed, Interval, Status, System
from tafahom.figures.disclosure.tables import YearSystem

CrossedColumns: TypeAlias = tuple[str, ...]
_PLACE = ("county", "month")
_YEARLY = tuple(table[-1] for table in OF_CLOSED_YEARS)
# What is crossed: a county's month, or another column of the year.
CROSSINGS: tuple[CrossedColumns, ...] = (
    *((*_PLACE, column) for column in _YEARLY),
    *combinations(_YEARLY, 2),
)


def crossed(
    made: YearSystem,
    hidden: Collection[int],
    enrolments: Sequence[Enrolments],
    columns: CrossedColumns,
    partners: Collection[int],
) -> System:
    """Return a closed year's system with the people of each partner by these columns.

    Only what is split by a column of the year may be hidden further: it is asked least, and
    without it no more is told than by partner and county, which is protected already. The groups
    of ``partners``, those that reveal, are the cells with needs, after all others.
    """
    crossing = _Crossing(made, hidden, enrolments, columns)
    return crossing.linked(partners)


def is_told(group: Exposed) -> bool:
    """Whether what is known of a group that is not protected tells of it.

    Where a partner had most of a county's people in a month, some of them were women if there were
    more women than others: that is told of as many as there may be, not of few, and goes by no hiding
    of gender, education or age. Of fewer than ten, the most that there may be must be fewer too.
    """
    return group.high < rules.MIN_PERSONS or not rules.is_few(group.need.high)


class _Crossing:
    """The variables of partners by columns of which no table has all."""

    def __init__(
        self,
        made: YearSystem,
        hidden: Collection[int],
        enrolments: Sequence[Enrolments],
        columns: CrossedColumns,
    ) -> None:
        self._made, self._hidden, self._columns = made, hidden, columns
        self._cells = {name: at for at, name in enumerate(made.names) if name is not None}
        self._months = sorted({one.month for one in enrolments})
        self._everybody = counts_by(enrolments, *columns)
        counts = counts_by(enrolments, "partner", *columns)
        self._values = list(made.system.values)
        self._places: dict[SliceKey, int] = {}
        self._margins = self._margins_of_partners()
        partners = sorted({name.key[0] for name in self._cells if name.table == ("partner",)})
        for partner in partners:
            for key in sorted(self._everybody, key=repr):
                if all((partner, *part) in self._margins for part in self._parts(key)):
                    self._places[partner, *key] = len(self._values)
                    self._values.append(counts[partner, *key])

    def _parts(self, key: SliceKey) -> list[SliceKey]:
        """Return the rows of the partner's tables that a group is part of, each with its column."""
        if self._columns[:2] == _PLACE:
            return [("county", *key[:2]), (self._columns[2], key[2])]
        return list(zip(self._columns, key, strict=True))

    def _margins_of_partners(self) -> dict[SliceKey, tuple[int, ...]]:
        """Return what is counted of a partner in a county's month, and by each value of the year.

        Without counties' months that are known to have nobody.
        """
        found: dict[SliceKey, tuple[int, ...]] = {}
        for name, at in self._cells.items():
            if name.table in OF_CLOSED_YEARS and name.table[-1] in self._columns:
                partner, value = name.key
                found[partner, name.table[-1], value] = self._made.system.cells[at].variables
            elif name.table == BY_COUNTY and self._columns[:2] == _PLACE:
                found |= self._of_month(name)
        return found

    def _of_month(self, name: Name) -> dict[SliceKey, tuple[int, ...]]:
        place = self._months.index(name.month)
        cells = self._made.system.cells
        at = self._cells[name]
        own, known = set(cells[at].variables), at not in self._hidden
        if place:
            before = self._cells[name._replace(month=self._months[place - 1])]
            own -= set(cells[before].variables)
            known = known and before not in self._hidden
        if known and not self._made.system.total(own):
            return {}
        partner, county = name.key
        return {(partner, "county", county, name.month): tuple(sorted(own))}

    def linked(self, partners: Collection[int]) -> System:
        """Return the year's system with these variables, what is known of them and the groups."""
        of_margin: dict[SliceKey, list[int]] = defaultdict(list)
        of_all: dict[SliceKey, list[int]] = defaultdict(list)
        for (partner, *rest), place in self._places.items():
            of_all[tuple(rest)].append(place)
            for part in self._parts(tuple(rest)):
                of_margin[partner, *part].append(place)
        links = [(tuple(those), self._margins[key]) for key, those in of_margin.items()]
        links += [(tuple(those), ()) for those in of_all.values()]
        known = [*self._made.system.known, *links]
        return System(self._values, [*self._published(), *self.groups(partners)], known)

    def _published(self) -> Iterable[Cell]:
        """Yield the cells of the tables as they were chosen; those of the columns may be hidden yet."""
        for at, (cell, name) in enumerate(
            zip(self._made.system.cells, self._made.names, strict=True)
        ):
            if at in self._hidden:
                yield replace(cell, need=None, status=Status.HIDDEN)
            elif name and name.month == WHOLE_YEAR and name.table[-1] in self._columns:
                yield cell
            else:
                yield replace(cell, status=Status.SHOWN)

    def groups(self, partners: Collection[int]) -> Iterable[Cell]:
        """Yield the sums that an asker may not tell, for these partners.

        Of fewer than ten people: that there is anybody. Of nearly all of a group that is known of
        everybody: that fewer than ten of it are others', which would tell of each small part of it.
        """
        for kept in self._kinds():
            own: dict[SliceKey, list[int]] = defaultdict(list)
            whole: Counter[SliceKey] = Counter()
            for key, number in self._everybody.items():
                whole[_only(key, kept)] += number
            for (partner, *rest), place in self._places.items():
                if partner in partners:
                    own[partner, *_only(tuple(rest), kept)].append(place)
            for key, places in own.items():
                yield from self._group(tuple(places), whole[key[1:]])

    def _kinds(self) -> Sequence[tuple[int, ...]]:
        """Return which of the columns groups are by."""
        return ((0, 1, 2), (0, 2), (1, 2)) if self._columns[:2] == _PLACE else ((0, 1),)

    def _group(self, places: tuple[int, ...], whole: int) -> Iterable[Cell]:
        value = sum(self._values[at] for at in places)
        low = 0 if rules.is_few(value) else max(0, whole - rules.MIN_PERSONS)
        if low < value:
            yield Cell(places, Interval(low, value), status=Status.HIDDEN)


def _only(key: SliceKey, kept: Iterable[int]) -> SliceKey:
    return tuple(key[at] for at in kept)
