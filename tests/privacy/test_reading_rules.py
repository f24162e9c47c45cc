"""When names are slowed, when somebody hears of it, when a register is open."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.privacy.rules import (
    Looked,
    ReadingLimits,
    is_alarming,
    is_register_open,
    seconds_to_wait,
)

LIMITS = ReadingLimits(
    free_hour=150, free_day=400, alarm_hour=300, alarm_day=800, wait=120, long_wait=900
)
NOW = dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC)
counts = st.integers(0, 2_000)


def looked(
    shown_hour: int = 0,
    shown_day: int = 0,
    asked_hour: int = 0,
    asked_day: int = 0,
    ago: int | None = 0,
) -> Looked:
    last = None if ago is None else NOW - dt.timedelta(seconds=ago)
    return Looked(shown_hour, shown_day, asked_hour, asked_day, last)


def wait(found: Looked) -> int:
    return seconds_to_wait(found, LIMITS, now=NOW)


@pytest.mark.parametrize(
    ("found", "seconds"),
    [
        (looked(149, 399), 0),
        (looked(150, 150), 120),
        (looked(0, 400), 120),
        (looked(150, 150, ago=119), 1),
        (looked(150, 150, ago=120), 0),
        (looked(150, 150, asked_hour=299, asked_day=299), 120),
        (looked(150, 150, asked_hour=300, asked_day=300), 900),
        (looked(0, 400, asked_day=800, ago=899), 1),
        # Whoever has seen nobody yet is not kept from the first page, however many it holds.
        (looked(0, 0, asked_hour=452, asked_day=452, ago=None), 0),
    ],
)
def test_pages_wait_beyond_what_is_free(found: Looked, seconds: int) -> None:
    assert wait(found) == seconds


@pytest.mark.parametrize(
    ("hour", "day", "alarming"),
    [(299, 799, False), (300, 300, True), (0, 800, True), (0, 799, False)],
)
def test_an_alarm_is_raised_at_the_limit(hour: int, day: int, alarming: bool) -> None:
    assert is_alarming(looked(asked_hour=hour, asked_day=day), LIMITS) is alarming


@given(counts, counts, counts, st.integers(0, 2_000))
def test_who_looked_at_more_never_waits_less(hour: int, day: int, asked: int, ago: int) -> None:
    less = looked(hour, day, asked, asked, ago)
    more = looked(hour + 10, day + 10, asked + 10, asked + 10, ago)
    assert 0 <= wait(less) <= wait(more) <= LIMITS.long_wait


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (dt.date(2026, 3, 3), False),
        (dt.date(2026, 3, 4), True),
        (dt.date(2026, 3, 20), True),
        (dt.date(2026, 4, 30), True),
        (dt.date(2026, 5, 1), False),
    ],
)
def test_a_register_is_open_around_its_course(day: dt.date, is_open: bool) -> None:
    first, last = dt.date(2026, 3, 11), dt.date(2026, 3, 31)
    assert is_register_open(first, last, on=day, days_before=7, days_after=30) is is_open
