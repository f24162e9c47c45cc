"""The arithmetic of figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.figures.rules import AGE_BANDS, age_band, growth, hours, percent


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (None, ""),
        (0, "0-14"),
        (14, "0-14"),
        (15, "15-19"),
        (29, "25-29"),
        (30, "30-39"),
        (59, "50-59"),
        (60, "60+"),
        (99, "60+"),
    ],
)
def test_ages_fall_in_bands(age: int | None, code: str):
    assert age_band(age) == code


def test_bands_follow_each_other():
    bounds = [bound for bound, _code, _name in AGE_BANDS]
    assert bounds == sorted(set(bounds))


@given(st.integers(0, 10**12))
def test_hours_are_exact_to_the_minute(minutes: int):
    shown = hours(minutes)
    assert round(shown * 60) == minutes
    assert isinstance(shown, int) == (minutes % 60 == 0)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 8, 12.5), (1, 3, 33.3), (1, 2000, 0.1), (5, 0, None), (5, None, None), (0, 4, 0.0)],
)
def test_percentages_round_halves_up(part: int, whole: int | None, expected: float | None):
    assert percent(part, whole) == expected


def test_growth_needs_a_year_before():
    assert growth(150, 100) == 50.0
    assert growth(0, 100) == -100.0
    assert growth(5, 0) is None
    assert growth(None, 5) is None
