"""The enrolments of a year by the rows of the published tables, and which rows reveal a status."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from tafahom.figures.disclosure import rules
from tafahom.figures.disclosure.family import BY_COUNTY, OF_CLOSED_YEARS, TableDimensions

SliceKey: TypeAlias = tuple[int | str, ...]


class Enrolments(NamedTuple):
    """Enrolments of one person that no table tells apart; columns as those of the facts."""

    province: int
    agreement: int
    partner: int
    level: str
    partner_kind: int
    centre: int
    centre_type: int
    county: int
    gender: str
    education: str
    age_band: str
    month: int
    person: int
    number: int
    minutes: int

    def key(self, table: TableDimensions) -> SliceKey:
        """Return the row of a table that they are in."""
        return tuple([self[_PLACES[name]] for name in table])


_PLACES = {name: place for place, name in enumerate(Enrolments._fields)}


@dataclass(frozen=True, slots=True)
class Revealing:
    """The ids of what reveals a status by itself."""

    partners: frozenset[int]
    agreements: frozenset[int]
    centres: frozenset[int]
    centre_types: frozenset[int]

    def of(self, dimension: str) -> frozenset[int]:
        """Return the ids of a dimension; none of one whose values are groups of others."""
        ids: frozenset[int] = getattr(self, f"{dimension}s", frozenset())
        return ids

    def covers(self, one: Enrolments) -> bool:
        """Whether being among these enrolments reveals a status."""
        return (
            one.agreement in self.agreements
            or one.partner in self.partners
            or one.centre in self.centres
            or one.centre_type in self.centre_types
        )


@dataclass(slots=True)
class RevealingSlice:
    """A row that reveals a status: its enrolments, people and their minutes, month by month."""

    counts: Counter[int] = field(default_factory=Counter)
    people: dict[int, AbstractSet[int]] = field(default_factory=dict)
    minutes: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    longest: int = 0  # the most minutes of one person in the year
    _hours: dict[int, int] = field(default_factory=dict)

    def add(self, one: Enrolments) -> None:
        """Count some enrolments."""
        self.counts[one.month] += one.number
        self.minutes[one.month][one.person] += one.minutes

    def close(self) -> None:
        """Fill what follows from the rest, once all are counted."""
        self.people = {month: set(those) for month, those in self.minutes.items()}
        self.longest = max(_together(self.minutes.values()).values(), default=0)
        self._hours = {month: those.total() for month, those in self.minutes.items()}

    def count(self, after: int, through: int) -> int:
        """Return the enrolments in the months after one through another."""
        return sum(n for month, n in self.counts.items() if after < month <= through)

    def is_few(self, after: int, through: int) -> bool:
        """Whether they are too few people to be shown."""
        inside = [those for month, those in self.people.items() if after < month <= through]
        if any(len(those) >= rules.MIN_PERSONS for those in inside):
            return False
        return rules.is_few(len(set().union(*inside)))

    def is_dominated(self, after: int, through: int) -> bool:
        """Whether one person has most of the hours of those months."""
        inside = [month for month in self.minutes if after < month <= through]
        all_hours = sum(self._hours[month] for month in inside)
        if not rules.is_dominated((self.longest, all_hours - self.longest)):
            return False  # not even with the hours of all months
        return rules.is_dominated(_together(self.minutes[month] for month in inside).values())


def _together(months: Iterable[Counter[int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for those in months:
        total.update(those)
    return total


def revealing_slices(
    enrolments: Sequence[Enrolments], table: TableDimensions, revealing: Revealing
) -> dict[SliceKey, RevealingSlice]:
    """Return the rows of a table that reveal a status.

    Those of a revealing partner, agreement, centre or type, and those most of whose people come by
    one. A partner's row reveals a status however it is divided further.
    """
    rows = (table[0],) if table in (BY_COUNTY, *OF_CLOSED_YEARS) else table
    whole: Counter[SliceKey] = Counter()
    part: Counter[SliceKey] = Counter()
    keys = [one.key(table) for one in enrolments]
    for key, one in zip((key[: len(rows)] for key in keys), enrolments, strict=True):
        whole[key] += one.number
        if revealing.covers(one):
            part[key] += one.number
    ids = revealing.of(rows[0])
    found = {
        key
        for key, count in whole.items()
        if key[0] in ids or (part[key] and part[key] >= rules.REVEALING_SHARE * count)
    }
    slices: dict[SliceKey, RevealingSlice] = defaultdict(RevealingSlice)
    for key, one in zip(keys, enrolments, strict=True):
        if key[: len(rows)] in found:
            slices[key].add(one)
    for some in slices.values():
        some.close()
    return dict(slices)


def counts_by(enrolments: Iterable[Enrolments], *columns: str) -> Mapping[SliceKey, int]:
    """Return how many enrolments there are by the values of columns."""
    found: Counter[SliceKey] = Counter()
    values = attrgetter(*columns, "number")
    for *key, number in map(values, enrolments):
        found[tuple(key)] += number
    return found
