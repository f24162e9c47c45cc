"""Guarded roles ask the figures whatever they may; an attacker reckons with all answers together."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

from figures.conftest import world
from figures.disclosure.asker import Reckoner
from figures.disclosure.crossing import CROSSINGS, Crossing
from figures.disclosure.groups import groups_of, revealing_rows, true_answers
from figures.disclosure.office import (
    COURSES,
    GUARDED,
    Heard,
    answered,
    office_of,
    questions,
    revealing_in,
    seen_by,
    truth,
)
from figures.disclosure.targets import Asked
from figures.world import World
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.figures import warehouse
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.monthly import monthly_hours
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureRow
from tafahom.jalali import MonthSpan
from tafahom.reports.definitions.overview import FigureCache
from tafahom.scoping import current_scope, everything, scoped_to

__all__ = ["world"]


@pytest.fixture
def office(world: World) -> SimpleNamespace:
    return office_of(world)


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
    assert refused > 200
    for year in (1396, 1397):
        assert_nothing_is_told(office, year, heard.of_year[year])


def assert_nothing_is_told(
    office: SimpleNamespace, year: int, answers: dict[Asked, int | None]
) -> None:
    rows = truth(year)
    prison, revealing = office.partners["prison"].pk, revealing_in(office, rows)
    groups = groups_of(rows, revealing_rows(rows, revealing), is_closed=False)
    assert len(groups) > 5
    hidden = {one for one, number in answers.items() if number is None}
    assert any(one.table == ("partner", "county") and one.key[0] == prison for one in hidden)
    asker = Reckoner(rows, answers, is_closed=False, own=revealing.centres)
    assert asker.learn(groups) == []
    assert asker.by_differences(groups) == []
    for columns in CROSSINGS:
        crossing = Crossing(asker, rows, columns)
        assert crossing.learn(crossing.groups({prison})) == []
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
            assert FigureCache().get("disclosure", lambda word=word: word) == word
    with scoped_to(whole):
        assert FigureCache().get("disclosure", lambda: "made again") == "exact"


def test_hours_month_by_month_are_those_of_the_cumulative_answers(office: SimpleNamespace) -> None:
    with seen_by(Role.PLANNER, office):
        lines = monthly_hours(MonthSpan(1397, 1, 3))
        tables = [figures(FigureQuery(1397, month, by=("agreement",))) for month in (1, 2, 3)]
        numbers = dict(Agreement.objects.values_list("pk", "number"))
    sums = [{row.dims["agreement"].code: row for row in table.rows} for table in tables]
    assert None in lines.values()
    for agreement, line in lines.items():
        number = numbers[agreement]
        through = [of_month[number] for of_month in sums if number in of_month]
        if line is None:
            assert any(row.is_hidden for row in through)
        else:
            hours = [row.values["person_hours"] for row in through]
            assert [sum(line[: at + 1]) for at in range(3)][-len(hours) :] == hours
