"""All that guarded askers may learn of a province's year, as one system of linked tables.

Three blocks of variables, each a count of enrolments: of an agreement in a county and month; of a
centre and month; and, of a closed year, of a partner and a gender, an education or an age. Blocks are
linked by what everybody knows: the exact totals over all partners, that a partner has as many
enrolments by gender as by month, and that a prison's people come from the prisons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tafahom.figures.disclosure import rules
from tafahom.figures.disclosure.family import ALONE, BY_COUNTY, OF_CLOSED_YEARS, TableDimensions
from tafahom.figures.disclosure.names import (
    WHOLE_YEAR,
    Contract,
    Decided,
    InCentre,
    InCounty,
    Name,
    OfYear,
)
from tafahom.figures.disclosure.slices import (
    Enrolments,
    Revealing,
    RevealingSlice,
    SliceKey,
    counts_by,
    revealing_slices,
)
from tafahom.figures.disclosure.systems import Cell, Interval, Status, System

_CENTRES = ("centre", "centre_type")
# Needs times variables that are not steady, from which on a year takes long: an office's with two
# agreements a partner has 1,300,000 to 2,000,000, with one 300,000.
GREAT = 1_000_000


@dataclass(frozen=True, slots=True)
class YearSystem:
    """A system with the names of its cells; a cell without a name is no table's, only protected."""

    system: System
    names: Sequence[Name | None]

    @property
    def asks(self) -> bool:
        """Whether any cell is to be protected."""
        return any(cell.need is not None for cell in self.system.cells)

    def counts(self) -> dict[Name, int]:
        """Return how many enrolments each named cell counts."""
        return {
            name: self.system.total(cell.variables)
            for name, cell in zip(self.names, self.system.cells, strict=True)
            if name is not None
        }


def year_system(
    enrolments: Sequence[Enrolments],
    *,
    revealing: Revealing,
    others: Iterable[Contract] = (),
    is_closed: bool = False,
    decided: Mapping[Name, Decided] | None = None,
) -> YearSystem:
    """Return the system of a province's year; there is at least one enrolment.

    ``others`` are agreements in force without an enrolment: an attacker can not tell them from
    those that have some. ``decided`` is the pattern of before: what has not changed since keeps it.
    """
    builder = _Builder(enrolments, revealing, is_closed=is_closed, decided=decided or {})
    builder.count(others)
    builder.know()
    for one in ALONE:
        builder.publish_months((one,))
    builder.publish_months(BY_COUNTY)
    for table in builder.of_year:
        builder.publish_year(table)
    steady = builder.steady()
    idle = builder.idle(steady)
    system = System(builder.values, builder.cells, builder.known, steady, idle)
    return YearSystem(system, builder.names)


class _Builder:
    """Collects variables, then what is known of them, then the cells of each table."""

    def __init__(
        self,
        enrolments: Sequence[Enrolments],
        revealing: Revealing,
        *,
        is_closed: bool,
        decided: Mapping[Name, Decided],
    ) -> None:
        self._enrolments, self._revealing, self._decided = enrolments, revealing, decided
        self.of_year = OF_CLOSED_YEARS if is_closed else ()
        self._months = sorted({one.month for one in enrolments})
        self._by_month: dict[int | str | None, Counter[int]] = defaultdict(Counter)
        for (county, month), number in counts_by(enrolments, "county", "month").items():
            for place in (county, None):
                self._by_month[place][int(month)] += number
        self._telling = revealing.partners | {
            one.partner for one in enrolments if one.agreement in revealing.agreements
        }
        self._county_of = {one.centre: one.county for one in enrolments}
        self._type_of = {one.centre: one.centre_type for one in enrolments}
        self.values: list[int] = []
        self._places: dict[InCounty | InCentre | OfYear, int] = {}
        self.cells: list[Cell] = []
        self.names: list[Name | None] = []
        self.known: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def count(self, others: Iterable[Contract]) -> None:
        """Make the variables: the whole grid, since who attacks does not know what is empty."""
        by_contract = counts_by(self._enrolments, *Contract._fields, "county", "month")
        contracts = {Contract(*key[:4]) for key in by_contract}  # type: ignore[arg-type]  # columns of the facts
        have = {one.agreement for one in contracts}
        contracts |= {one for one in others if one.agreement not in have}
        for contract in sorted(contracts):
            for county in sorted({one.county for one in self._enrolments}):
                for month in self._months:
                    self._add(
                        InCounty(contract, county, month), by_contract[*contract, county, month]
                    )
        by_centre = counts_by(self._enrolments, *InCentre._fields)
        for centre in sorted({InCentre._make(key)._replace(month=0) for key in by_centre}):
            for month in self._months:
                variable = centre._replace(month=month)
                self._add(variable, by_centre[tuple(variable)])
        for table in self.of_year:
            self._count_year(table, {one.partner for one in contracts})

    def _count_year(self, table: TableDimensions, partners: Iterable[int]) -> None:
        column = table[-1]
        counts = counts_by(self._enrolments, *table)
        values = sorted({str(key[1]) for key in counts})
        for partner in sorted(partners):
            for value in values:
                self._add(OfYear(column, partner, value), counts[partner, value])

    def _add(self, variable: InCounty | InCentre | OfYear, value: int) -> None:
        self._places[variable] = len(self.values)
        self.values.append(value)

    def steady(self) -> frozenset[int]:
        """Return variables that seldom help to hide others.

        Of an agreement in a county to which it brought nobody, and of all but the greatest
        agreement of a partner that reveals nothing.
        """
        brought: Counter[tuple[Contract, int]] = Counter()
        size: Counter[Contract] = Counter()
        for one, place in self._in_counties():
            brought[one.contract, one.county] += self.values[place]
            size[one.contract] += self.values[place]
        greatest: dict[int, Contract] = {}
        for contract in sorted(size):
            if size[contract] > size[greatest.setdefault(contract.partner, contract)]:
                greatest[contract.partner] = contract
        return frozenset(
            place
            for one, place in self._in_counties()
            if not brought[one.contract, one.county]
            or not (self._tells(one.contract) or one.contract == greatest[one.contract.partner])
        )

    def idle(self, steady: frozenset[int]) -> frozenset[int]:
        """Return, of a great year, the months in which nobody came by who tells nothing, or to a centre."""
        needs = sum(cell.need is not None for cell in self.cells)
        if needs * (len(self.values) - len(steady)) < GREAT:
            return frozenset()
        return frozenset(
            place
            for one, place in self._places.items()
            if not self.values[place]
            and (
                isinstance(one, InCentre)
                or (isinstance(one, InCounty) and not self._tells(one.contract))
            )
        )

    def _tells(self, contract: Contract) -> bool:
        """Whether a partner or one of its agreements reveals a status."""
        return contract.partner in self._telling

    def _in_counties(self) -> Iterable[tuple[InCounty, int]]:
        return ((one, at) for one, at in self._places.items() if isinstance(one, InCounty))

    def know(self) -> None:
        """Add what everybody knows: exact totals over all partners, and links between blocks."""
        totals: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        of_partner: dict[int, list[int]] = defaultdict(list)
        of_year: dict[tuple[str, int], list[int]] = defaultdict(list)
        for one, place in self._places.items():
            if isinstance(one, OfYear):
                totals[one.column, one.value].append(place)
                of_year[one.column, one.partner].append(place)
            else:
                totals[type(one), one.county, one.month].append(place)
                if isinstance(one, InCounty):
                    of_partner[one.contract.partner].append(place)
        self.known += [(tuple(places), ()) for places in totals.values()]
        self.known += [
            (tuple(places), tuple(of_partner[partner]))
            for (_column, partner), places in of_year.items()
        ]
        self._know_places()

    def _know_places(self) -> None:
        """Add that a partner's own centres of a county have all whom it sends there.

        A prison's people come from the prisons' organisation: who sees one sees the other. Of a
        centre that tells nothing by itself nobody knows who came to it.
        """
        partners: dict[int, set[int]] = defaultdict(set)
        centres: dict[tuple[int, int], set[int]] = defaultdict(set)
        for one in self._enrolments:
            partners[one.centre].add(one.partner)
            centres[one.partner, one.county].add(one.centre)
        own = {
            key: those
            for key, those in centres.items()
            if all(len(partners[centre]) == 1 and self._reveals(centre) for centre in those)
        }
        of_centres: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        of_partner: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for variable, place in self._places.items():
            if isinstance(variable, InCounty):
                of_partner[variable.contract.partner, variable.county, variable.month].append(place)
            elif isinstance(variable, InCentre) and self._reveals(variable.centre):
                partner = min(partners[variable.centre])
                of_centres[partner, variable.county, variable.month].append(place)
        self.known += [
            (tuple(of_centres[*key, month]), tuple(of_partner[*key, month]))
            for key in own
            for month in self._months
        ]

    def _reveals(self, centre: int) -> bool:
        found = self._revealing
        return centre in found.centres or self._type_of[centre] in found.centre_types

    def publish_months(self, table: TableDimensions) -> None:
        """Add the cells of a table that is published month by month, from the first month on."""
        slices = revealing_slices(self._enrolments, table, self._revealing)
        for key, of_month in sorted(self._by_row(table).items(), key=lambda item: str(item[0])):
            row = slices.get(key)
            shown = self._shown(table, key, row) if row else self._months
            for month in self._months:
                cell = tuple(place for at in self._months if at <= month for place in of_month[at])
                self._publish(Name(table, key, month), cell, is_hidden=month not in shown)
            if row:
                self._protect_months(table, key, row, of_month)

    def _by_row(self, table: TableDimensions) -> dict[SliceKey, dict[int, list[int]]]:
        """Return the variables of each row by month."""
        kind = InCentre if table[0] in _CENTRES else InCounty
        found: dict[SliceKey, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for one, place in self._places.items():
            if isinstance(one, kind):
                found[one.key(table)][one.month].append(place)
        return found

    def _shown(self, table: TableDimensions, key: SliceKey, row: RevealingSlice) -> Sequence[int]:
        """Return the months through which a row that reveals a status may be shown."""
        fixed = {
            month: not before.is_hidden
            for month in self._months
            if (before := self._decided.get(Name(table, key, month)))
            and before.count == row.count(0, month)
        }

        def points(after: int, through: int) -> bool:
            if not after and self._few_changed(Name(table, key, through), row.count(0, through)):
                return True
            return self._points_at_people(table, key, row, (after, through))

        return rules.shown_months(self._months, points, fixed=fixed)

    def _few_changed(self, name: Name, count: int) -> bool:
        """Whether a cell that is shown again would tell of few people more, or fewer, than before."""
        before = self._decided.get(name)
        if before is None or before.last_shown is None:
            return False
        return rules.is_few(abs(count - before.last_shown))

    def _points_at_people(
        self, table: TableDimensions, key: SliceKey, row: RevealingSlice, span: tuple[int, int]
    ) -> bool:
        """Whether the figures of some months of a row would tell of people in it."""
        return (
            row.is_few(*span)
            or rules.is_nearly_all(row.count(*span), self._margin(table, key, *span))
            or row.is_dominated(*span)
        )

    def _margin(self, table: TableDimensions, key: SliceKey, after: int, through: int) -> int:
        """Return how many of everybody there were where a row was."""
        county: int | None = None
        if table in (BY_COUNTY, ("centre",)):
            county = int(key[1]) if table == BY_COUNTY else self._county_of[int(key[0])]
        there = self._by_month[county].items()
        return sum(number for month, number in there if after < month <= through)

    def _protect_months(
        self,
        table: TableDimensions,
        key: SliceKey,
        row: RevealingSlice,
        of_month: Mapping[int, Sequence[int]],
    ) -> None:
        """Ask for protection of the people of every span of months that would point at them.

        Not only of what a hidden month adds to the one shown before it: that one may be hidden
        too to protect others, and then more is told of a longer span than of the shorter.
        """
        for span in combinations((0, *self._months), 2):
            if self._points_at_people(table, key, row, span):
                after, through = span
                inside = [month for month in self._months if after < month <= through]
                places = tuple(place for month in inside for place in of_month[month])
                margin = self._margin(table, key, *span)
                self._protect(places, margin, is_few=row.is_few(*span))
        for month in self._months:
            places = tuple(p for at in self._months if at <= month for p in of_month[at])
            self._protect_change(Name(table, key, month), places)

    def _protect_change(self, name: Name, variables: tuple[int, ...]) -> None:
        """Ask that an attacker must believe that nobody came to a cell since, or enough."""
        value = self._total(variables)
        if not self._few_changed(name, value):
            return
        last = self._decided[name].last_shown or 0
        enough = rules.MIN_PERSONS
        need = (
            Interval(last, last + enough) if value > last else Interval(max(0, last - enough), last)
        )
        self.cells.append(Cell(variables, need, 1.0, Status.HIDDEN))
        self.names.append(None)

    def publish_year(self, table: TableDimensions) -> None:
        """Add the cells of a table that is published of a closed year."""
        column = table[-1]
        whole = counts_by(self._enrolments, column)
        slices = revealing_slices(self._enrolments, table, self._revealing)
        revealing = {key[0] for key in slices}
        for one, place in self._places.items():
            if not isinstance(one, OfYear) or one.column != column:
                continue
            row = slices.get((one.partner, one.value), RevealingSlice())
            margin = whole[one.value,]
            few = row.is_few(0, self._months[-1])
            told = rules.is_nearly_all(self.values[place], margin)
            points = bool(row.counts) and (few or told or row.is_dominated(0, self._months[-1]))
            name = Name(table, (one.partner, one.value), WHOLE_YEAR)
            reveals = one.partner in revealing
            changed = reveals and self._few_changed(name, self.values[place])
            self._publish(name, (place,), is_hidden=points or changed)
            if points:
                self._protect((place,), margin, is_few=few)
            if changed:
                self._protect_change(name, (place,))

    def _publish(self, name: Name, variables: tuple[int, ...], *, is_hidden: bool) -> None:
        value = self._total(variables)
        status = Status.HIDDEN if is_hidden else Status.FREE
        before = self._decided.get(name)
        if not is_hidden and before is not None and before.count == value:
            status = Status.HIDDEN if before.is_hidden else Status.SHOWN
        self.cells.append(Cell(variables, None, self._cost(name, value), status))
        self.names.append(name)

    def _protect(self, variables: tuple[int, ...], margin: int, *, is_few: bool) -> None:
        """Ask that an attacker must believe much possible of a hidden slice.

        Of few people: anything from nobody to enough of them, as far as the margin goes. Else, where
        it is nearly all of a margin or mostly one person's: a fifth less at the least, and that
        enough of the margin are others', since each small group of it would be told else.
        """
        value = self._total(variables)
        high = max(value, min(rules.MIN_PERSONS, margin))
        less = min(value - max(1, value // 5), margin - rules.MIN_PERSONS)
        need = Interval(0, high) if is_few else Interval(max(0, less), value)
        self.cells.append(Cell(variables, need, 1.0, Status.HIDDEN))
        self.names.append(None)

    def _total(self, variables: Iterable[int]) -> int:
        return sum(map(self.values.__getitem__, variables))

    def _cost(self, name: Name, value: int) -> float:
        """Return what hiding a cell costs.

        The latest figures and the coarser tables matter most; of these by county, those of whom
        something is told. What is split by gender, education or age is asked least.
        """
        if name.month == WHOLE_YEAR:
            return 1.0
        latest = 2.0 if name.month == self._months[-1] else 1.0
        if name.table == BY_COUNTY:
            return latest * (2.0 if value and name.key[0] in self._revealing.partners else 1.0)
        return latest * (1.0 if name.table == ("centre",) else 3.0)
