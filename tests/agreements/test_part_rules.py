"""Slices of a promise and the part of a year in which a term runs, by hand."""

import datetime as dt

import pytest

from tafahom.agreements.parts.rules import Division, Place, Stretch, due_by, refusal
from tafahom.jalali import from_jalali

ONE_DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("parts", "is_complete", "code"),
    [
        ([40, 60], False, ""),
        ([40, 60], True, ""),
        ([40, 61], False, "slices.too_much"),
        ([40, 61], True, "slices.too_much"),
        ([40, 59], False, ""),
        ([40, 59], True, "slices.not_whole"),
    ],
)
def test_slices_are_no_more_than_the_promise_and_all_of_it_where_they_say_so(
    parts: list[int], is_complete: bool, code: str
) -> None:
    assert refusal(100, parts, is_complete=is_complete) == code


@pytest.mark.parametrize(
    ("dimensions", "places", "code"),
    [
        (("quarter",), [Place(quarter=1), Place(quarter=4)], ""),
        (("quarter",), [Place(quarter=5)], "slices.dimensions"),
        (("audience", "quarter"), [Place(audience=3, quarter=1)], ""),
        (("quarter", "audience"), [Place(audience=3, quarter=1)], "slices.dimensions"),
        (("audience",), [Place(audience=3, quarter=1)], "slices.dimensions"),
        (("audience",), [Place(audience=3), Place(audience=4)], ""),
        (("audience",), [Place(audience=3), Place(audience=3, label="x")], "slices.twice"),
        ((), [], "slices.dimensions"),
        (("moon",), [], "slices.dimensions"),
        (("moon", "quarter"), [], "slices.dimensions"),
        (("cluster",), [Place(cluster="a")], ""),
    ],
)
def test_a_division_is_by_known_dimensions_with_no_place_twice(
    dimensions: tuple[str, ...], places: list[Place], code: str
) -> None:
    assert Division(dimensions, dict.fromkeys(places, 1)).refusal() == code


YEAR_1399 = (from_jalali(1399, 1, 1), from_jalali(1399, 12, 30))  # a leap year


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "stretch"),
    [
        (*YEAR_1399, Stretch(0, 12)),
        (YEAR_1399[0] - ONE_DAY, YEAR_1399[1] + ONE_DAY, Stretch(0, 12)),
        (YEAR_1399[0] + ONE_DAY, YEAR_1399[1], Stretch(1 / 31, 12)),
        (YEAR_1399[0], YEAR_1399[1] - ONE_DAY, Stretch(0, 11 + 29 / 30)),
        (YEAR_1399[0] - ONE_DAY, YEAR_1399[0], Stretch(0, 1 / 31)),
        (YEAR_1399[1], YEAR_1399[1] + ONE_DAY, Stretch(11 + 29 / 30, 12)),
        (YEAR_1399[0] - ONE_DAY, YEAR_1399[0] - ONE_DAY, Stretch(0, 12)),  # no day of it
        (YEAR_1399[1] + ONE_DAY, YEAR_1399[1] + ONE_DAY, Stretch(0, 12)),
    ],
)
def test_a_term_has_its_first_and_its_last_day_of_a_year(
    starts_on: dt.date, ends_on: dt.date, stretch: Stretch
) -> None:
    assert Stretch.of_year(1399, starts_on, ends_on) == stretch


def test_what_of_a_stretch_is_over() -> None:
    term = Stretch(3, 9)
    assert term.months == 6
    assert [term.passed(month) for month in (0, 3, 4, 8.5, 9, 12)] == [0, 0, 1, 5.5, 6, 6]


def test_a_stretch_has_its_part_of_each_quarter() -> None:
    term = Stretch(2, 6)
    assert term.of_quarter(1) == Stretch(2, 3)
    assert term.of_quarter(2) == Stretch(3, 6)
    assert term.of_quarter(3) is term.of_quarter(4) is None
    assert Stretch(11.5, 12).of_quarter(4) == Stretch(11.5, 12)


@pytest.mark.parametrize(
    ("quarters", "term", "due"),
    [
        ({}, Stretch(), [0, 300, 600, 900, 1200]),
        ({}, Stretch(3, 9), [0, 0, 600, 1200, 1200]),
        ({1: 600}, Stretch(), [0, 600, 800, 1000, 1200]),
        ({2: 300}, Stretch(3, 9), [0, 0, 300, 1200, 1200]),
        ({1: 100, 2: 200, 3: 300, 4: 400}, Stretch(), [0, 150, 400, 750, 1200]),
        ({1: 100}, Stretch(3, 9), [0, 100, 650, 1200, 1200]),  # due though the term has none of it
        ({2: 200, 3: 400}, Stretch(3, 9), [0, 0, 500, 1200, 1200]),
        ({2: 300}, Stretch(2, 9), [0, 225, 525, 1200, 1200]),
    ],
)
def test_what_is_due_at_the_ends_of_the_quarters(
    quarters: dict[int, float], term: Stretch, due: list[float]
) -> None:
    found = [due_by(month, 1200, quarters, term) for month in (0, 3, 6, 9, 12)]
    assert found == pytest.approx(due)


def test_within_a_quarter_the_pace_is_even() -> None:
    assert due_by(1.5, 1200, {1: 600}) == 300
    assert due_by(4.5, 1200, {1: 600}) == 700
    assert due_by(6, 1200, {}) == 600
