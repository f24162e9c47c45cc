"""Whoever asks all that a guarded role may ask tells no small group of those that reveal a status."""

from collections.abc import Callable, Sequence

import pytest

from figures.disclosure.guarded_years import Year, guarded, guarded_year, show, true_count
from figures.disclosure.programme import Programme
from figures.disclosure.targets import Answers, Asked, Target
from figures.disclosure.years import YearShape, made_year
from tafahom.figures.disclosure import decisions, tables
from tafahom.figures.disclosure.crossings import is_told
from tafahom.figures.disclosure.decisions import decide
from tafahom.figures.disclosure.systems import Exposed, Interval

TINY = [
    YearShape(courses, partners=partners, counties=2, months=3)
    for courses, partners in ((1, 1), (2, 2), (3, 3), (5, 3))
]
SMALL = YearShape(60, months=3)
THIN = YearShape(12, partners=6, counties=3, months=4)
FULL = YearShape(400)
# What the suite tries; many more are tried by ``test_many_years``.
YEARS = [
    *((seed, shape, closed) for seed in range(2) for shape in TINY for closed in (False, True)),
    *((seed, SMALL, False) for seed in range(2)),
    *((seed, THIN, True) for seed in range(2)),
]


@pytest.mark.parametrize(("seed", "shape", "is_closed"), YEARS)
def test_too_much_is_told_of_no_group(seed: int, shape: YearShape, is_closed: bool):
    year = guarded_year(seed, shape, is_closed)
    assert year.learn(year.answers) == []


def test_whole_people_tell_no_more():
    """Reckoning over real numbers leaves open what whole people may settle: it is tried too."""
    for seed in range(3):
        for shape in TINY[1:]:
            year = guarded_year(seed, shape, False)
            assert year.asker(year.answers).learn(year.groups, is_whole=True) == []


def test_the_years_have_small_groups_and_hidden_cells():
    years = [guarded_year(seed, SMALL, False) for seed in range(2)]
    assert sum(len(year.groups) for year in years) > 25
    assert all(year.hidden for year in years)
    assert guarded_year(0, THIN, True).groups_crossed() > 50


def test_nothing_is_told_where_months_of_nobody_are_left_alone(monkeypatch: pytest.MonkeyPatch):
    """As in great years: they are too slow for this suite."""
    monkeypatch.setattr(tables, "GREAT", 0)
    rows, revealing = made_year(0, SMALL)
    assert tables.year_system(rows, revealing=revealing).system.idle
    for seed, shape, is_closed in ((0, SMALL, False), (1, THIN, True)):
        year = guarded_year.__wrapped__(seed, shape, is_closed)
        assert year.learn(year.answers) == []


@pytest.mark.parametrize(
    ("low", "high", "need", "told"),
    [
        (3, 9, Interval(0, 7), True),
        (9, 20, Interval(0, 9), False),  # as many may be as are shown
        (31, 40, Interval(30, 40), True),  # fewer than ten others
    ],
)
def test_few_are_told_where_they_are_certainly_few(low: int, high: int, need: Interval, told: bool):
    assert is_told(Exposed(0, need, low, high)) is told


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


def beside(year: Year) -> list[Asked]:
    """Return the hidden rows that hide others: no group themselves of which one may not tell."""
    groups = {Asked(one.table, one.key, one.through) for one in year.groups if not one.after}
    return sorted(year.hidden - groups, key=repr)


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
    years = [guarded_year(seed, SMALL, False) for seed in range(2)]
    assert any(year.asker(hole(year, rows(year))).learn(year.groups) for year in years)


def test_a_small_group_that_is_shown_is_found():
    year = guarded_year(0, SMALL, False)
    target = next(one for one in year.groups if not one.after)
    shown = Asked(target.table, target.key, target.through)
    found = year.asker({**year.answers, shown: target.count}).learn(year.groups)
    learnt = {one.target: one for one in found}
    assert learnt[target].is_exact


def test_three_ways_at_once_are_found_where_they_are_not_hidden(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(decisions, "CROSSINGS", ())
    years = [guarded_year.__wrapped__(seed, THIN, True) for seed in range(4)]
    told = [year.crossings(year.answers) for year in years]
    assert any(any(each) for each in told)
    assert all(year.asker(year.answers).learn(year.groups) == [] for year in years)


def test_a_difference_is_found_wherever_its_group_stands():
    year = guarded_year(0, SMALL, False)
    target = year.groups[-1]
    span = [Asked(target.table, target.key, month) for month in (target.after, target.through)]
    answers = show(year, [one for one in span if one.month])
    found = year.asker(answers).by_differences(year.groups)
    assert target in {one.target for one in found}


def test_whole_people_are_told_apart_from_parts_of_them():
    """Of three, any two of whom at most one came, real numbers allow one and a half."""
    a, b, c, rest = 0, 1, 2, (3, 4, 5)
    known = {
        frozenset({a, b, rest[0]}): 1, frozenset({b, c, rest[1]}): 1, frozenset({a, c, rest[2]}): 1
    }  # fmt: skip
    three = [frozenset({a, b, c})]
    target = [Target(("partner",), (1,), 0, 1, 1, low=0, high=2)]
    assert Programme(6, known, []).bounds(three, target) == [(0, 1.5)]
    assert Programme(6, known, [], is_whole=True).bounds(three, target) == [(0, 1)]


def test_values_of_one_word_in_two_columns_are_not_taken_for_each_other():
    """Who has neither an education nor an age recorded has the same empty word for both."""
    rows, revealing = made_year(0, THIN)
    rows = [
        one._replace(education="", age_band="") if at % 4 else one for at, one in enumerate(rows)
    ]
    year = guarded(rows, revealing, is_closed=True)
    assert year.learn(year.answers) == []
