"""Guarded roles ask the figures whatever they may; an attacker reckons with all answers together."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations, product
from types import SimpleNamespace
from typing import Any

import pytest

from figures.conftest import world
from figures.disclosure.asker import MONTHLY, Asked, Reckoner
from figures.disclosure.groups import groups_of, revealing_rows, true_answers
from figures.world import World, record
from tafahom.access.queries import scope_as
from tafahom.access.rules import Act, Role
from tafahom.agreements.models import Agreement
from tafahom.figures import warehouse
from tafahom.figures.catalogue import DIMENSIONS
from tafahom.figures.disclosure.family import REVEALING, NotOfferedError, is_revealing
from tafahom.figures.disclosure.slices import Enrolments, Revealing
from tafahom.figures.queries import FigureQuery, FigureRow, FigureTable, figures
from tafahom.parties.models import Centre, CentreType, County, Partner, PartnerKind
from tafahom.persian import normal_key, sort_key
from tafahom.scoping import current_scope, everything, scoped_to
from tafahom.web.overview import Kept

__all__ = ["world"]

# Courses: partner, county, month, people. The prisons' are few in two counties.
COURSES = [
    ("prison", 0, 1, 14), ("prison", 0, 2, 3), ("prison", 1, 2, 6), ("prison", 2, 3, 12),
    ("guild", 0, 1, 20), ("guild", 0, 3, 15), ("guild", 1, 1, 18), ("guild", 2, 2, 12),
    ("agency", 0, 2, 25), ("agency", 1, 2, 17), ("agency", 1, 3, 11), ("agency", 2, 1, 16),
    ("agency", 2, 3, 14), ("school", 0, 3, 13), ("school", 1, 3, 19), ("school", 2, 3, 4),
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


@pytest.fixture
def office(world: World) -> SimpleNamespace:
    """A province of three counties and four partners, of which the prisons tell of people."""
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
    for name, county, month, size in COURSES:
        kind = world.centre_type if name == "prison" else plain
        centre = world.centre(f"{kind.name} {county}", centre_type=kind, county=counties[county])
        course = world.course(agreements[name], (1397, month, 20), centre=centre)
        for _number in range(size):
            people += 1
            person = world.person("female" if people % 3 else "male")
            world.enrol(person, course, age=18 + people % 40, education=EDUCATION[people % 3])
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
    """Yield each question by up to two dimensions, of a month or since the first, with a filter."""
    filters = [(), (("partner", "prison"),), (("county", office.counties[1].name),)]
    if all_filters:
        filters += [
            (("partner", "guild"),),
            (("agreement", "1/97"),),
            (("gender", "زن"),),
            (("centre_type", "زندان"),),
        ]
    splits = [(), *((one,) for one in DIMENSIONS), *combinations(SPLITS, 2)]
    for by, where in product(splits, filters):
        yield FigureQuery(1397, 3, by=by, where=where)
        if len(by) < 2 or set(by) == {"partner", "county"}:
            yield FigureQuery(1397, 1, by=by, where=where)
            yield FigureQuery(1397, 2, by=by, where=where)
            yield FigureQuery(1397, 3, from_month=3, by=by, where=where)


def answered(query: FigureQuery) -> FigureTable | None:
    try:
        return figures(query)
    except NotOfferedError:
        return None


class Heard:
    """The answers of revealing questions, as rows of the tables that they are of."""

    def __init__(self) -> None:
        self.answers: dict[Asked, int | None] = {}
        with everything("which keys the registers' codes and names stand for"):
            self._keys = {
                dimension: {text: one.pk for one in model.objects.all() for text in texts(one)}
                for dimension, (model, texts) in REGISTERS.items()
            }

    def listen(self, table: FigureTable, confined: Mapping[str, str]) -> None:
        """Take the rows and the total in; the same question never has two answers."""
        query = table.query
        where = {**confined, **dict(query.where)}
        for row in [*table.rows, table.total]:
            named = {**where, **{name: value.code for name, value in row.dims.items()}}
            if not is_revealing(frozenset(named)):
                assert not row.is_hidden
                continue
            assert query.from_month == 1
            parts = {name: self._keys.get(name, {}).get(code, code) for name, code in named.items()}
            parts.pop("province", None)
            if "agreement" in parts:
                parts.pop("partner", None)  # a liaison's, who has no other
            names = next(one for one in MONTHLY if set(one) == set(parts))
            asked = Asked(names, tuple(parts[name] for name in names), query.through_month)
            number = row.values["person_courses"]
            assert self.answers.setdefault(asked, number) == number, asked
            delivered = [value for name, value in row.values.items() if "committed" not in name]
            assert row.is_hidden == all(value is None for value in delivered)
            assert row.is_hidden == (number is None)


def truth() -> list[Enrolments]:
    with everything("what really was"):
        warehouse.refresh()
        rows = [Enrolments(*row) for row in warehouse.enrolments(1397)]
    return [one._replace(month=one.month % 100) for one in rows]


def test_all_guarded_roles_together_learn_of_no_group(office: SimpleNamespace) -> None:
    heard, refused = Heard(), 0
    for role in GUARDED:
        confined = {"partner": "prison"} if role is Role.PARTNER_LIAISON else {}
        with seen_by(role, office):
            for query in questions(office, all_filters=role is Role.PLANNER):
                answer = answered(query)
                if answer is None:
                    refused += 1
                else:
                    heard.listen(answer, confined)
    rows = truth()
    prison, kind = office.partners["prison"].pk, office.world.centre_type.pk
    revealing = Revealing(
        partners=frozenset({prison}),
        agreements=frozenset({office.agreements["prison"].pk}),
        centres=frozenset({one.centre for one in rows if one.centre_type == kind}),
        centre_types=frozenset({kind}),
    )
    groups = groups_of(rows, revealing_rows(rows, revealing), is_closed=False)
    assert len(groups) > 10
    assert refused > 500
    hidden = {one for one, number in heard.answers.items() if number is None}
    assert any(one.table == ("partner", "county") and one.key[0] == prison for one in hidden)
    asker = Reckoner(rows, heard.answers, is_closed=False, own=revealing.centres)
    assert asker.learn(groups) == []
    assert asker.by_differences(groups) == []
    # And it would learn something if only what is few were hidden.
    few = {Asked(one.table, one.key, one.through) for one in groups if not one.after}
    counts = true_answers(rows, few, is_closed=False)
    assert Reckoner(rows, counts, is_closed=False).learn(groups)


@pytest.mark.parametrize(
    ("by", "where"),
    [
        (("partner", "county", "education"), ()),
        (("partner", "education"), (("county", "نظرآباد"),)),
        (("county", "education"), (("partner", "prison"),)),
        (("county", "education"), (("centre_type", "زندان"),)),
        (("audience",), ()),
        (("county",), (("audience", "زندانی"),)),
        (("audience", "county"), (("agreement", "1/97"),)),
        (("partner", "centre"), ()),
        (("month",), (("partner", "prison"),)),
        ((), (("partner", "prison"), ("education", "دیپلم"))),
        (("partner", "gender"), ()),  # the year is not closed
    ],
)
@pytest.mark.parametrize("role", GUARDED)
def test_what_could_point_at_people_is_refused(
    office: SimpleNamespace, role: Role, by: tuple[str, ...], where: tuple[tuple[str, str], ...]
) -> None:
    with seen_by(role, office), pytest.raises(NotOfferedError):
        figures(FigureQuery(1397, 3, by=by, where=where))


def by_county(month: int = 3, **others: bool) -> dict[str, FigureRow]:
    query = FigureQuery(1397, month, by=("county",), where=(("partner", "prison"),), **others)
    return {row.dims["county"].name: row for row in figures(query).rows}


def test_a_hidden_row_of_nobody_is_there_like_one_of_few(office: SimpleNamespace) -> None:
    with seen_by(Role.PLANNER, office):
        table = figures(FigureQuery(1397, 1, by=("partner", "county")))
    hidden = {
        (row.dims["partner"].name, row.dims["county"].name) for row in table.rows if row.is_hidden
    }
    come = {(name, office.counties[at].name) for name, at, month, _n in COURSES if month == 1}
    assert hidden - come


def test_a_total_of_several_is_hidden_where_a_part_is(office: SimpleNamespace) -> None:
    few = (("partner", "prison"), ("county", office.counties[1].name))
    with seen_by(Role.PUBLIC_RELATIONS, office):
        assert figures(FigureQuery(1397, 3, where=few)).total.is_hidden
        both = figures(FigureQuery(1397, 3, where=(*few, ("county", office.counties[0].name))))
        assert both.total.is_hidden
        assert not figures(FigureQuery(1397, 3, where=few[1:])).total.is_hidden


def test_people_who_were_with_two_partners_are_not_told(office: SimpleNamespace) -> None:
    two = (("partner", "prison"), ("partner", "guild"))
    with seen_by(Role.PLANNER, office):
        for by in ((), ("county",)):
            with pytest.raises(NotOfferedError):
                figures(FigureQuery(1397, 3, by=by, where=two))
        table = figures(FigureQuery(1397, 3, by=("partner",), where=two))
        plain = (("partner", "agency"), ("partner", "guild"))
        assert not figures(FigureQuery(1397, 3, where=plain)).total.is_hidden
    assert table.total.is_hidden
    assert [row.is_hidden for row in table.rows] == [False, False]


def test_last_year_and_growth_are_hidden_too(office: SimpleNamespace) -> None:
    centre = office.world.centre("زندان 0", county=office.counties[0])
    course = office.world.course(office.agreements["prison"], (1396, 2, 1), centre=centre)
    office.world.enrol(office.world.person(), course)
    with seen_by(Role.PLANNER, office):
        row = by_county(compare_last_year=True)[office.counties[0].name]
    assert row.is_previous_hidden
    assert row.previous is not None
    assert row.growth is not None
    assert row.previous["persons"] is None
    assert row.growth["persons"] is None


def test_who_came_late_is_hidden_until_they_are_ten(office: SimpleNamespace) -> None:
    first = office.counties[0].name
    with seen_by(Role.PLANNER, office):
        assert by_county()[first].values["persons"] == 17
    centre = office.world.centre("زندان 0", county=office.counties[0])
    late = office.world.course(office.agreements["prison"], (1397, 3, 25), centre=centre)
    office.world.enrol(office.world.person(), late)
    with seen_by(Role.PLANNER, office):
        assert by_county()[first].is_hidden
    for _number in range(9):
        office.world.enrol(office.world.person(), late)
    with seen_by(Role.PLANNER, office):
        assert by_county()[first].values["persons"] == 27


def test_facts_that_were_deleted_give_the_same_answers(office: SimpleNamespace) -> None:
    with seen_by(Role.PLANNER, office):
        before = {name: row.values for name, row in by_county().items()}
        shutil.rmtree(warehouse.folder())
        assert {name: row.values for name, row in by_county().items()} == before


def test_what_one_sees_is_not_kept_for_the_other(office: SimpleNamespace) -> None:
    with everything("the whole of it"):
        whole = replace(current_scope(), sees_statuses=True)
    for scope, word in ((whole, "exact"), (replace(whole, sees_statuses=False), "guarded")):
        with scoped_to(scope):
            assert Kept().get("disclosure", lambda word=word: word) == word
    with scoped_to(whole):
        assert Kept().get("disclosure", lambda: "made again") == "exact"
