"""People who come late to a group that was shown already: the two answers must not tell of them."""

from collections.abc import Mapping, Sequence

import pytest

from figures.disclosure.asker import Reckoner
from figures.disclosure.groups import true_answers
from figures.disclosure.targets import Asked, Target
from figures.disclosure.years import YearShape, made_year
from tafahom.figures.disclosure.decisions import decide
from tafahom.figures.disclosure.names import Decided, Name
from tafahom.figures.disclosure.slices import Enrolments

ROWS, REVEALING = made_year(3, YearShape(60, months=3))
LAST = 3


def decided(
    rows: Sequence[Enrolments], before: Mapping[Name, Decided] | None = None
) -> Mapping[Name, Decided]:
    return decide(rows, revealing=REVEALING, before=before).cells


def shown_cell(cells: Mapping[Name, Decided]) -> Name:
    """Return the cell of a partner in a county that is shown through the last month."""
    return next(
        name
        for name, one in cells.items()
        if name.table == ("partner", "county")
        and name.month == LAST
        and name.key[0] in REVEALING.partners
        and one.count
        and not one.is_hidden
    )


def with_late(name: Name, number: int) -> list[Enrolments]:
    """Return the year with so many more people in a cell in the last month."""
    like = next(one for one in ROWS if one.key(name.table) == name.key)
    more = [like._replace(month=LAST, person=10**7 + at) for at in range(number)]
    return [*ROWS, *more]


@pytest.mark.parametrize("number", [1, 9])
def test_few_late_people_hide_the_cell_that_they_came_to(number: int):
    before = decided(ROWS)
    name = shown_cell(before)
    rows = with_late(name, number)
    after = decided(rows, before)
    assert after[name].is_hidden
    assert after[name].last_shown == before[name].count
    count = before[name].count
    hidden = {Asked(*one) for one, it in after.items() if it.is_hidden}
    asker = Reckoner(rows, true_answers(rows, hidden, is_closed=False), is_closed=False)
    group = Target(*name[:2], 0, LAST, count + number, low=count, high=count + 10)
    assert asker.learn([group]) == []


def test_late_people_are_shown_once_they_are_enough():
    before = decided(ROWS)
    name = shown_cell(before)
    hidden = decided(with_late(name, 6), before)
    assert hidden[name].is_hidden
    shown = decided(with_late(name, 10), hidden)
    assert not shown[name].is_hidden
    assert shown[name].last_shown == before[name].count + 10


def test_who_is_taken_away_is_not_told_either():
    late = with_late(shown_cell(decided(ROWS)), 10)
    before = decided(late)
    name = shown_cell(before)
    fewer = late[:-1]
    after = decided(fewer, before)
    assert after[name].is_hidden == (name.key == late[-1].key(name.table))


def test_the_same_people_have_the_same_answer():
    before = decided(ROWS)
    again = decided(ROWS, before)
    assert {one for one, it in again.items() if it.is_hidden} == {
        one for one, it in before.items() if it.is_hidden
    }


def test_a_month_more_brings_no_earlier_one_to_light():
    early = [one for one in ROWS if one.month < LAST]
    before = decided(early)
    after = decided(ROWS, before)
    lit = [one for one, it in before.items() if it.is_hidden and not after[one].is_hidden]
    assert lit == []


def test_what_late_people_change_brings_nothing_else_to_light():
    before = decided(ROWS)
    after = decided(with_late(shown_cell(before), 3), before)
    hidden = {one: it.count for one, it in before.items() if it.is_hidden}
    same = {one for one, count in hidden.items() if after[one].count == count}
    assert same
    assert all(after[one].is_hidden for one in same)
