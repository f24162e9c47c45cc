"""When a digest is due."""

import datetime as dt

import pytest

from tafahom.desk.rules import Frequency, is_due, week_of

SATURDAY = dt.date(2026, 3, 21)
FRIDAY = SATURDAY - dt.timedelta(days=1)
LAST_SATURDAY = SATURDAY - dt.timedelta(days=7)


@pytest.mark.parametrize("days", range(7))
def test_a_week_begins_on_saturday(days: int) -> None:
    assert week_of(SATURDAY + dt.timedelta(days=days)) == SATURDAY


@pytest.mark.parametrize(
    ("frequency", "last", "today", "due"),
    [
        (Frequency.NONE, None, SATURDAY, False),
        (Frequency.NONE, LAST_SATURDAY, SATURDAY, False),
        (Frequency.DAILY, None, SATURDAY, True),
        (Frequency.DAILY, FRIDAY, SATURDAY, True),
        (Frequency.DAILY, SATURDAY, SATURDAY, False),
        (Frequency.DAILY, SATURDAY, FRIDAY, False),
        (Frequency.WEEKLY, None, FRIDAY, True),
        (Frequency.WEEKLY, FRIDAY, SATURDAY, True),
        (Frequency.WEEKLY, LAST_SATURDAY, FRIDAY, False),
        (Frequency.WEEKLY, SATURDAY, FRIDAY, False),
    ],
)
def test_a_digest_is_due_once_a_day_or_once_a_week(
    frequency: Frequency, last: dt.date | None, today: dt.date, due: bool
) -> None:
    assert is_due(frequency, last=last, today=today) is due
