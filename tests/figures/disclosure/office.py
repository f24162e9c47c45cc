"""An office of few people, whoever asks its figures in a role, and what is heard."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import combinations, product
from types import SimpleNamespace
from typing import Any

from figures.disclosure.asker import MONTHLY
from figures.disclosure.targets import Asked
from figures.world import World, record
from tafahom.access.queries import scope_as
from tafahom.access.rules import Act, Role
from tafahom.agreements.models import Agreement
from tafahom.figures import warehouse
from tafahom.figures.catalogue import DIMENSIONS, MEASURES
from tafahom.figures.disclosure.family import REVEALING, NotOfferedError, is_revealing
from tafahom.figures.disclosure.slices import Enrolments, Revealing
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureTable
from tafahom.parties.models import Centre, CentreType, County, Partner, PartnerKind
from tafahom.persian import normal_key, sort_key
from tafahom.scoping import everything, scoped_to

# Courses: partner, county, month, people. The prisons' are few in two counties.
COURSES = [
    ("prison", 0, 1, 14), ("prison", 0, 2, 3), ("prison", 1, 2, 6), ("prison", 2, 3, 12),
    ("guild", 0, 1, 20), ("guild", 0, 3, 15), ("guild", 1, 1, 18), ("guild", 2, 2, 12),
    ("agency", 0, 2, 25), ("agency", 1, 2, 17), ("agency", 1, 3, 11), ("agency", 2, 1, 16),
    ("agency", 2, 3, 14), ("school", 0, 3, 13), ("school", 1, 3, 19), ("school", 2, 3, 4),
]  # fmt: skip
# And of the year before.
COURSES_BEFORE = [
    ("prison", 0, 1, 4), ("prison", 1, 2, 15), ("guild", 0, 1, 12), ("guild", 1, 2, 22),
    ("agency", 0, 1, 18), ("agency", 2, 2, 11), ("school", 2, 2, 16), ("school", 1, 3, 14),
]  # fmt: skip
EDUCATION = ("زیر دیپلم", "دیپلم", "کارشناسی")
# Of others the table is that of a figure that reveals nothing.
SPLITS = (*sorted(REVEALING), "county", "province", "month", "gender", "education")
REGISTERS: dict[str, tuple[Any, Callable[[Any], tuple[str, ...]]]] = {
    "partner": (Partner, lambda one: (one.uid, one.name)),
    "agreement": (Agreement, lambda one: (one.number,)),
    "county": (County, lambda one: (one.key, one.name)),
    "centre": (Centre, lambda one: (one.uid, one.name)),
    "centre_type": (CentreType, lambda one: (one.code, one.name)),
    "partner_kind": (PartnerKind, lambda one: (one.code, one.name)),
}
GUARDED = (Role.HEADQUARTERS, Role.PLANNER, Role.PUBLIC_RELATIONS, Role.PARTNER_LIAISON)


def office_of(world: World) -> SimpleNamespace:
    """Make a province of three counties and four partners, of which the prisons tell of people."""
    counties = [world.county, *(_county(world, name) for name in ("طالقان", "اشتهارد"))]
    plain = record(type(world.centre_type), "ثابت شهری", code="test-fixed")
    world.centre_type.reveals_status = True
    world.centre_type.save(update_fields=["reveals_status"])
    kinds = {"guild": "صنفی", "school": "صنفی"}
    partners = {
        name: world.partner(name, kinds.get(name, "دولتی"))
        for name in ("prison", "guild", "agency", "school")
    }
    partners["prison"].reveals_status = True
    partners["prison"].save(update_fields=["reveals_status"])
    agreements = {
        name: world.agreement(f"{place}/97", partner, persons_1397=100)
        for place, (name, partner) in enumerate(partners.items(), 1)
    }
    people = 0
    courses = [(1397, *one) for one in COURSES] + [(1396, *one) for one in COURSES_BEFORE]
    for year, name, county, month, size in courses:
        kind = world.centre_type if name == "prison" else plain
        centre = world.centre(f"{kind.name} {county}", centre_type=kind, county=counties[county])
        course = world.course(agreements[name], (year, month, 20), centre=centre)
        numbers = range(people + 1, people + 1 + size)
        people += size
        world.enrol_many(
            world.people("female" if number % 3 else "male" for number in numbers),
            course,
            each=({"age": 18 + one % 40, "education": EDUCATION[one % 3]} for one in numbers),
        )
    return SimpleNamespace(world=world, partners=partners, agreements=agreements, counties=counties)


def _county(world: World, name: str) -> County:
    names = {"name": name, "key": normal_key(name), "sort_key": sort_key(name)}
    return County.objects.create(province=world.province, **names)


@contextmanager
def seen_by(role: Role, office: SimpleNamespace, partner: str = "prison") -> Iterator[None]:
    """Enter the scope in which somebody in a role sees figures."""
    part = {
        Role.HEADQUARTERS: {},
        Role.PARTNER_LIAISON: {"partner": office.partners[partner]},
    }.get(role, {"province": office.world.province})
    with everything("whom the role is for"):
        scope = scope_as(role, Act.SEE_FIGURES, **part)
    with scoped_to(scope):
        yield


def questions(office: SimpleNamespace, *, all_filters: bool) -> Iterator[FigureQuery]:
    """Yield each question by up to two dimensions, of a month or since the first, with a filter.

    What can be answered of people by why they are there is asked beside the year before, too. Who
    has not ``all_filters`` asks of fewer months, and little of what tells nothing of anybody.
    """
    filters: list[tuple[tuple[str, str], ...]] = [()]
    if all_filters:
        filters += [
            (("partner", "prison"),),
            (("county", office.counties[1].name),),
            (("agreement", "1/97"),),
            (("gender", "زن"),),
            (("centre_type", "زندان"),),
        ]
    splits: list[tuple[str, ...]] = [(), *((one,) for one in DIMENSIONS), *combinations(SPLITS, 2)]
    for by, where in product(splits, filters):
        names = frozenset((*by, *(name for name, _value in where)))
        is_answered = len(names - {"province"}) < 2 or names == {"partner", "county"}
        if not is_revealing(names):
            if not where and (all_filters or not by):
                yield FigureQuery(1397, 3, by=by)
            continue
        if not is_answered:
            if all_filters or len(by) < 2:
                yield FigureQuery(1397, 3, by=by, where=where)
            continue
        compares = all_filters and not where
        for month in (1, 2, 3) if all_filters else (2, 3):
            yield FigureQuery(1397, month, by=by, where=where, compare_last_year=compares)
        yield FigureQuery(1397, 3, from_month=3, by=by, where=where)


def answered(query: FigureQuery) -> FigureTable | None:
    """Return an answer, or None where the question is refused."""
    try:
        return figures(query)
    except NotOfferedError:
        return None


class Heard:
    """The answers of revealing questions, by year, as rows of the tables that they are of."""

    def __init__(self) -> None:
        self.of_year: dict[int, dict[Asked, int | None]] = {1396: {}, 1397: {}}
        with everything("which keys the registers' codes and names stand for"):
            self._keys = {
                dimension: {text: one.pk for one in model.objects.all() for text in texts(one)}
                for dimension, (model, texts) in REGISTERS.items()
            }

    def listen(self, table: FigureTable, confined: Mapping[str, str] | None = None) -> None:
        """Take in what an answer says."""
        self.read(table.as_json(), confined or {})

    def read(self, document: Mapping[str, Any], confined: Mapping[str, str]) -> None:
        """Take in an answer as the command gives it; the same question never has two answers."""
        period, by = document["period"], document["by"]
        where = {**confined, **{one["dimension"]: one["value"] for one in document["where"]}}
        for row in [*document["rows"], document["total"]]:
            codes = {name: row[name]["code"] for name in by if isinstance(row.get(name), dict)}
            named = {**where, **codes}
            before = row.get("previous")
            if not is_revealing(frozenset(named)):
                assert not row.get("hidden")
                assert not row.get("previous_hidden")
                continue
            assert period["from_month"] == 1
            asked = self._asked(named, period["through_month"])
            self._hear(period["year"], asked, row, is_hidden=row.get("hidden", False))
            if before is None:
                continue
            is_hidden = row.get("previous_hidden", False)
            self._hear(period["year"] - 1, asked, before, is_hidden=is_hidden)
            told = [one for one in row["growth"].values() if one is not None]
            assert not (told and (is_hidden or row.get("hidden")))

    def _asked(self, named: Mapping[str, str], month: int) -> Asked:
        parts = {name: self._keys.get(name, {}).get(code, code) for name, code in named.items()}
        parts.pop("province", None)
        if "agreement" in parts:
            parts.pop("partner", None)  # a liaison's, who has no other
        names = next(one for one in MONTHLY if set(one) == set(parts))
        return Asked(names, tuple(parts[name] for name in names), month)

    def _hear(self, year: int, asked: Asked, row: Mapping[str, Any], *, is_hidden: bool) -> None:
        number = row["person_courses"]
        assert self.of_year[year].setdefault(asked, number) == number, asked
        assert is_hidden == (number is None)
        delivered = [row[name] for name in MEASURES if not MEASURES[name].is_committed]
        assert is_hidden == all(value is None for value in delivered)


def truth(year: int = 1397) -> list[Enrolments]:
    """Return what really was."""
    with everything("what really was"):
        warehouse.refresh()
        rows = [Enrolments(*row) for row in warehouse.enrolments(year)]
    return [one._replace(month=one.month % 100) for one in rows]


def revealing_in(office: SimpleNamespace, rows: Iterable[Enrolments]) -> Revealing:
    """Return what of the office reveals a status."""
    kind = office.world.centre_type.pk
    return Revealing(
        partners=frozenset({office.partners["prison"].pk}),
        agreements=frozenset({office.agreements["prison"].pk}),
        centres=frozenset({one.centre for one in rows if one.centre_type == kind}),
        centre_types=frozenset({kind}),
    )
