"""The small current year of the demonstration, attacked with all that guarded roles are answered."""

import datetime as dt

import pytest

from figures.disclosure.guarded_years import guarded
from figures.disclosure.sample import CurrentYear
from tafahom.jalali import from_jalali


@pytest.mark.parametrize("today", [from_jalali(1405, 9, 8), from_jalali(1406, 5, 1)])
def test_nothing_is_told_of_the_current_year(today: dt.date):
    sample = CurrentYear(today)
    year = guarded(sample.rows, sample.revealing, is_closed=False, silent=sample.silent)
    assert 200 < len(sample.rows) < 1000
    assert len(year.groups) > 50
    assert year.groups_crossed() > 200
    assert year.hidden
    assert year.learn(year.answers) == []
