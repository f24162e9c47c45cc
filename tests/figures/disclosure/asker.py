"""Somebody who asks all that a guarded role may ask of a year, and reckons with the answers.

Written apart from the code that hides: it has variables and equations of its own, and knows only what
an asker can know. The register of agreements and centres is no secret; nor are the exact figures of
everybody by county and month, by gender, education and age.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from figures.disclosure.programme import Programme
from figures.disclosure.targets import (
    Answers,
    Asked,
    Columns,
    Key,
    Learnt,
    Table,
    Target,
    Terms,
    Where,
)
from tafahom.figures.disclosure.slices import Enrolments

MONTHLY: tuple[Table, ...] = (
    ("partner",),
    ("agreement",),
    ("level",),
    ("partner_kind",),
    ("partner", "county"),
    ("centre",),
    ("centre_type",),
)
YEARLY: tuple[Table, ...] = (
    ("partner", "gender"),
    ("partner", "education"),
    ("partner", "age_band"),
)


class Reckoner:
    """The unknown counts of a year and everything that is known of them.

    Unknown are what an agreement brought to a county in a month, a centre's months, and a partner's
    people of each gender, education and age.
    """

    def __init__(
        self,
        rows: Sequence[Enrolments],
        answers: Answers,
        *,
        is_closed: bool,
        silent: Iterable[tuple[int, int, str, int]] = (),
        own: Collection[int] = (),
    ) -> None:
        """``silent`` are agreements (with partner, level, kind) of the register without people.

        ``own`` are centres that reveal: where all are of one partner, who else knows it.
        """
        self._rows, self._answers, self.is_closed = rows, answers, is_closed
        self.months = sorted({one.month for one in rows})
        self._counties = sorted({one.county for one in rows})
        contracts = {(o.agreement, o.partner, o.level, o.partner_kind) for o in rows} | set(silent)
        self._of_contract = {one[0]: one for one in contracts}
        self._centres = {o.centre: (o.centre, o.centre_type, o.county) for o in rows}
        self._yearly = YEARLY if is_closed else ()
        self.places: dict[Where, int] = {}
        self.equations: dict[Terms, int] = {}
        self.links: set[tuple[Terms, Terms]] = set()
        self._name_unknowns()
        self._know_margins()
        self._know_places(own)
        self.margins = dict(self.equations)
        self._hear_answers()

    def _name_unknowns(self) -> None:
        for month in self.months:
            for agreement in self._of_contract:
                for county in self._counties:
                    self._place("x", agreement, county, month)
            for centre in self._centres:
                self._place("y", centre, month)
        partners = {one[1] for one in self._of_contract.values()}
        for table in self._yearly:
            for value in {one.key(table)[1] for one in self._rows}:
                for partner in partners:
                    self._place("z", table[1], partner, value)

    def _place(self, *where: int | str) -> None:
        self.places[where] = len(self.places)

    def _know_margins(self) -> None:
        """Add the exact figures of everybody, and that all tables are of the same people."""
        everybody: dict[Where, int] = defaultdict(int)
        for one in self._rows:
            everybody["county", one.county, one.month] += one.number
            for table in self._yearly:
                everybody[table[1], one.key(table)[1]] += one.number
        for month in self.months:
            for county in self._counties:
                number = everybody["county", county, month]
                self._equal([("x", one, county, month) for one in self._of_contract], number)
                inside = [one for one, (_c, _t, place) in self._centres.items() if place == county]
                self._equal([("y", one, month) for one in inside], number)
        for partner in {one[1] for one in self._of_contract.values()}:
            own = self._unknowns(("partner",), (partner,), 0, 12)
            for table in self._yearly:
                values = [at for at in self.places if at[:3] == ("z", table[1], partner)]
                self.links.add((frozenset(self.places[at] for at in values), own))
        for table in self._yearly:
            for value in {one.key(table)[1] for one in self._rows}:
                where = [at for at in self.places if at[:2] == ("z", table[1]) and at[3] == value]
                self._equal(where, everybody[table[1], value])

    def _know_places(self, own: Collection[int]) -> None:
        """Add that whom a partner sends to a county is in its own centres there, if so it is."""
        sent: dict[tuple[int, int], set[int]] = defaultdict(set)
        came: dict[int, set[int]] = defaultdict(set)
        for one in self._rows:
            sent[one.partner, one.county].add(one.centre)
            came[one.centre].add(one.partner)
        for (partner, county), centres in sent.items():
            if all(centre in own and came[centre] == {partner} for centre in centres):
                for month in self.months:
                    there = frozenset(self.places["y", centre, month] for centre in centres)
                    of_partner = self._unknowns(("partner", "county"), (partner, county), 0, month)
                    before = self._unknowns(("partner", "county"), (partner, county), 0, month - 1)
                    self.links.add((there, of_partner - before))

    def _equal(self, where: Iterable[Where], number: int) -> None:
        self.equations[frozenset(self.places[at] for at in where)] = number

    def _hear_answers(self) -> None:
        for table in MONTHLY:
            for key in self._keys(table):
                for month in self.months:
                    self._hear(Asked(table, key, month), self._unknowns(table, key, 0, month))
        for table in self._yearly:
            for at, place in self.places.items():
                if at[:2] == ("z", table[1]):
                    self._hear(Asked(table, at[2:], 0), frozenset({place}))

    def _hear(self, asked: Asked, terms: Terms) -> None:
        number = self._answers.get(asked, 0)
        if number is not None:
            self.equations[terms] = number

    def _keys(self, table: Table) -> set[Key]:
        """Return all rows that a table could have."""
        if table in (("centre",), ("centre_type",)):
            return {(centre,) if table == ("centre",) else (kind,)
                    for centre, kind, _county in self._centres.values()}  # fmt: skip
        columns = ("agreement", "partner", "level", "partner_kind")
        keys = {(one[columns.index(table[0])],) for one in self._of_contract.values()}
        if table[-1] == "county":
            return {(*key, county) for key in keys for county in self._counties}
        return set(keys)

    def _unknowns(self, table: Table, key: Key, after: int, through: int) -> Terms:
        """Return the unknowns that a row counts in some months."""
        months = [month for month in self.months if after < month <= through]
        if table[0] in ("centre", "centre_type"):
            place = ("centre", "centre_type").index(table[0])
            those = [one for one, parts in self._centres.items() if parts[place] == key[0]]
            return frozenset(self.places["y", one, month] for one in those for month in months)
        place = ("agreement", "partner", "level", "partner_kind").index(table[0])
        those = [one for one, parts in self._of_contract.items() if parts[place] == key[0]]
        counties = [key[1]] if table[-1] == "county" else self._counties
        return frozenset(
            self.places["x", one, county, month]
            for one in those
            for county in counties
            for month in months
        )

    @property
    def partners(self) -> list[int]:
        """The partners that may have had somebody."""
        return sorted({one[1] for one in self._of_contract.values()})

    def of_partner(self, partner: int | str, columns: Columns, values: Key) -> Terms:
        """Return the unknowns of a partner's people of a county's month, or by a column of the year."""
        if columns == ("county", "month"):
            county, month = values
            span = int(month) - 1, int(month)
            return self._unknowns(("partner", "county"), (partner, county), *span)
        return frozenset({self.places["z", *columns, partner, *values]})

    def terms(self, target: Target) -> Terms:
        """Return the unknowns that a target is the sum of."""
        if target.table in YEARLY:
            return frozenset({self.places["z", target.table[1], *target.key]})
        return self._unknowns(target.table, target.key, target.after, target.through)

    def learn(self, targets: Sequence[Target], *, is_whole: bool = False) -> list[Learnt]:
        """Return of the targets those of which more can be told than may be."""
        if not targets:
            return []
        told = self._told(targets, self.equations, is_whole=is_whole)
        return self._beyond_margins(told, is_whole=is_whole)

    def _beyond_margins(self, told: Sequence[Learnt], *, is_whole: bool = False) -> list[Learnt]:
        """Return what is not told by everybody's figures already, whatever is hidden."""
        if not told:
            return []
        suspects = [one.target for one in told]
        margins = self._told(suspects, self.margins, is_whole=is_whole)
        anyway = {one.target: one for one in margins}
        return [one for one in told if one.tells_more_than(anyway.get(one.target))]

    def _told(
        self, targets: Sequence[Target], equations: Mapping[Terms, int], *, is_whole: bool
    ) -> list[Learnt]:
        programme = Programme(len(self.places), equations, self.links, is_whole=is_whole)
        bounds = programme.bounds([self.terms(one) for one in targets], targets)
        found = zip(targets, bounds, strict=True)
        return [Learnt(one, low, high) for one, (low, high) in found if one.is_told(low, high)]

    def by_differences(self, targets: Sequence[Target]) -> list[Learnt]:
        """Return the targets that are told by one sum known or by two, one taken from the other."""
        found = []
        known = _Sums(self.equations)
        for target in targets:
            number = known.tell(self.terms(target))
            if number is not None and target.is_told(number, number):
                found.append(Learnt(target, number, number))
        return self._beyond_margins(found)


class _Sums:
    """Known sums, to be found by what they hold."""

    def __init__(self, equations: Mapping[Terms, int]) -> None:
        self._equations = equations
        self._holding: dict[int, list[Terms]] = defaultdict(list)
        for terms in equations:
            for place in terms:
                self._holding[place].append(terms)

    def tell(self, terms: Terms) -> int | None:
        """Return what a sum is, if it is known or the rest of one known sum after another."""
        if terms in self._equations:
            return self._equations[terms]
        for some in min((self._holding[at] for at in terms), key=len, default=[]):
            if terms < some and some - terms in self._equations:
                return self._equations[some] - self._equations[some - terms]
        return None
