"""Whoever asks all that a guarded role may ask tells no small group of those that reveal a status."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import pytest

from figures.disclosure.asker import Answers, Asked, Learnt, Reckoner, Target
from figures.disclosure.groups import groups_of, revealing_rows, true_answers
from figures.disclosure.years import YearShape, made_year
from tafahom.figures.disclosure.decisions import decide
from tafahom.figures.disclosure.slices import Enrolments

TINY = [
    YearShape(courses, partners=partners, counties=2, months=3)
    for courses, partners in ((1, 1), (2, 2), (3, 3), (5, 3))
]
SMALL = YearShape(60, months=3)
SPARSE = YearShape(40)
FULL = YearShape(400)
# How many years the suite tries of each; two hundred of all were tried by hand.
YEARS = [
    *((seed, shape, closed) for seed in range(5) for shape in TINY for closed in (False, True)),
    *((seed, SMALL, False) for seed in range(4)),
    (0, SPARSE, True),
]


@dataclass(frozen=True)
class Year:
    """A year, what is hidden of it, and the groups of which one may not tell too much."""

    rows: Sequence[Enrolments]
    hidden: frozenset[Asked]
    answers: Answers
    groups: Sequence[Target]
    own: frozenset[int]  # centres that reveal by themselves
    is_closed: bool

    def learn(self, answers: Answers) -> list[Learnt]:
        """Return of which groups these answers tell too much."""
        asker = Reckoner(self.rows, answers, is_closed=self.is_closed, own=self.own)
        return [*asker.by_differences(self.groups[:200]), *asker.learn(self.groups)]


@cache
def guarded_year(seed: int, shape: YearShape, is_closed: bool) -> Year:
    rows, revealing = made_year(seed, shape)
    decision = decide(rows, revealing=revealing, is_closed=is_closed)
    names = frozenset(Asked(*name) for name, one in decision.cells.items() if one.is_hidden)
    return Year(
        rows,
        names,
        true_answers(rows, names, is_closed=is_closed),
        groups_of(rows, revealing_rows(rows, revealing), is_closed=is_closed),
        frozenset(one.centre for one in rows if one.centre_type in revealing.centre_types),
        is_closed,
    )


@pytest.mark.parametrize(("seed", "shape", "is_closed"), YEARS)
def test_too_much_is_told_of_no_group(seed: int, shape: YearShape, is_closed: bool):
    year = guarded_year(seed, shape, is_closed)
    assert year.learn(year.answers) == []


def test_the_years_have_small_groups_and_hidden_cells():
    years = [guarded_year(seed, SMALL, False) for seed in range(4)]
    assert sum(len(year.groups) for year in years) > 50
    assert all(year.hidden for year in years)


def test_a_third_of_the_cells_of_a_full_year_is_hidden_at_most():
    rows, revealing = made_year(1, FULL)
    cells = decide(rows, revealing=revealing).cells
    for table, limit in ((("partner",), 0.0), (("partner", "county"), 1 / 3)):
        those = [
            one.is_hidden
            for name, one in cells.items()
            if name.table == table and name.month == 12
            if name.key[0] in revealing.partners and one.count
        ]
        assert len(those) >= 9
        assert sum(those) <= limit * len(those)


def true_count(year: Year, asked: Asked) -> int:
    """Return what a hidden row would have said."""
    through = asked.month or 12
    inside = [one for one in year.rows if one.month <= through]
    return sum(one.number for one in inside if one.key(asked.table) == asked.key)


def beside(year: Year) -> list[Asked]:
    """Return the hidden rows that hide others: no group themselves of which one may not tell."""
    groups = {Asked(one.table, one.key, one.through) for one in year.groups if not one.after}
    return sorted(year.hidden - groups, key=repr)


def show(year: Year, rows: Sequence[Asked]) -> Answers:
    return {**year.answers, **{one: true_count(year, one) for one in rows}}


def forget_zeros(year: Year, _rows: Sequence[Asked]) -> Answers:
    return {
        one: number for one, number in year.answers.items() if number is not None
        or true_count(year, one)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hole", "rows"),
    [
        (show, lambda year: [one for one in beside(year) if one.table == ("partner", "county")]),
        (show, lambda year: [one for one in year.hidden if one.month == year.rows[0].month]),
        (forget_zeros, lambda year: []),
    ],
)
def test_a_planted_hole_is_found(
    hole: Callable[[Year, Sequence[Asked]], Answers],
    rows: Callable[[Year], Sequence[Asked]],
):
    years = [guarded_year(seed, SMALL, False) for seed in range(4)]
    assert any(year.learn(hole(year, rows(year))) for year in years)


def test_a_small_group_that_is_shown_is_found():
    year = guarded_year(0, SMALL, False)
    target = next(one for one in year.groups if not one.after)
    shown = Asked(target.table, target.key, target.through)
    learnt = {one.target: one for one in year.learn({**year.answers, shown: target.count})}
    assert learnt[target].is_exact
