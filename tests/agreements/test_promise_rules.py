"""Quantities by their day, and shares that add up."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.agreements.promises.rules import quantity_on, shares_of_hundred

FIRST, SECOND = dt.date(2018, 6, 1), dt.date(2018, 9, 1)
STEPS = [(FIRST, 100, 150), (SECOND, 150, 120)]
ONE_DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "quantity"),
    [
        (FIRST - ONE_DAY, 100),
        (FIRST, 150),
        (SECOND - ONE_DAY, 150),
        (SECOND, 120),
        (SECOND + ONE_DAY, 120),
    ],
)
def test_an_amendment_counts_from_its_first_day(day: dt.date, quantity: int) -> None:
    assert quantity_on(day, 120, STEPS) == quantity


def test_without_amendments_a_quantity_holds_always() -> None:
    assert quantity_on(FIRST, 120, []) == 120


@pytest.mark.parametrize(
    ("amounts", "shares"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([5], [1000]),
        ([1, 1, 1], [334, 333, 333]),  # the first of equals
        ([1, 1, 1, 1, 1, 1], [167, 167, 167, 167, 166, 166]),
        ([1, 2], [333, 667]),  # the larger remainder
        ([1, 0, 3], [250, 0, 750]),
    ],
)
def test_shares_by_the_largest_remainders(amounts: list[int], shares: list[int]) -> None:
    assert shares_of_hundred(amounts) == shares


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9).filter(any))
def test_shares_add_up(amounts: list[int]) -> None:
    assert sum(shares_of_hundred(amounts)) == 1000
