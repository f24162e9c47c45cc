"""Into which years of a new term commitments go."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters import prepare
from tafahom.agreements.actions import move, save_commitment
from tafahom.agreements.models import Agreement, CommittedMeasure
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.renewals.queries import differences
from tafahom.agreements.renewals.rules import placement, years_of
from tafahom.agreements.rules import LifeState
from tafahom.jalali import from_jalali, year_end
from tafahom.refusals import Refusal

HOURS = CommittedMeasure.PERSON_HOURS


@pytest.mark.parametrize(
    ("old", "promised", "new", "years", "is_clear"),
    [
        ((1397, 1397), [1397], (1398, 1398), {1398: 1397}, True),
        ((1396, 1397), [1396, 1397], (1398, 1399), {1398: 1396, 1399: 1397}, True),
        # Of a long term only the last year was promised, and the new one has a year.
        ((1395, 1399), [1397], (1400, 1400), {1400: 1397}, True),
        # As many years in both terms, of which one was promised: that year comes again, if asked.
        ((1395, 1397), [1397], (1398, 1400), {1398: None, 1399: None, 1400: 1397}, False),
        ((1396, 1397), [1396, 1397], (1398, 1398), {1398: 1396}, False),
        ((1397, 1397), [1397], (1398, 1399), {1398: 1397, 1399: None}, False),
        ((1395, 1397), [1395, 1397], (1398, 1400), {1398: 1395, 1399: None, 1400: 1397}, True),
        ((1397, 1397), [], (1398, 1399), {1398: None, 1399: None}, True),
    ],
)
def test_years_move_by_what_lies_between(old, promised, new, years, is_clear) -> None:
    found = placement(
        old_term=range(old[0], old[1] + 1), promised=promised, new_term=range(new[0], new[1] + 1)
    )
    assert (found.years, found.is_clear) == (years, is_clear)


@given(st.sets(st.integers(1390, 1399), min_size=1), st.integers(1391, 1405), st.integers(1, 12))
def test_no_year_is_taken_twice_and_a_clear_way_takes_all(
    promised: set[int], first: int, length: int
) -> None:
    term = range(first, first + length)
    found = placement(old_term=range(1390, 1400), promised=promised, new_term=term)
    taken = [year for year in found.years.values() if year is not None]
    assert list(found.years) == list(term)
    assert len(set(taken)) == len(taken)
    assert set(taken) <= promised
    if found.is_clear:
        assert set(taken) == promised


def test_a_term_has_the_years_of_its_days() -> None:
    term = years_of(from_jalali(1396, 7, 1), from_jalali(1398, 6, 31))
    assert list(term) == [1396, 1397, 1398]


@pytest.fixture
def old(db: None) -> Agreement:
    """In force for 1396 and 1397, with 600 and 900 person-hours."""
    found = prepare()
    Agreement.objects.filter(pk=found.pk).update(
        starts_on=from_jalali(1396, 1, 1), ends_on=year_end(1397)
    )
    found.refresh_from_db()
    save_commitment(found, year=1396, measure=HOURS, quantity=600, by=None)
    save_commitment(found, year=1397, measure=HOURS, quantity=900, by=None)
    return found


def _renewed(old: Agreement, first: dt.date, last: dt.date, **years: object) -> Agreement:
    return renew(old, number="9/98", starts_on=first, ends_on=last, by=None, **years)  # type: ignore[arg-type]


def test_two_years_go_year_by_year(old: Agreement) -> None:
    new = _renewed(old, from_jalali(1398, 1, 1), year_end(1399))
    told = new.commitments.values_list("year", "quantity", "carried_from")
    assert set(told) == {(1398, 600, 1396), (1399, 900, 1397)}
    pairs = [(one.year, one.old.quantity, one.both_count) for one in differences(new).pairs]
    assert pairs == [(1398, 600, False), (1399, 900, False)]
    assert differences(new).empty_years == []


def test_what_is_chosen_is_written_and_the_rest_is_shown(old: Agreement) -> None:
    years = {1398: 1397, 1399: None}
    new = _renewed(old, from_jalali(1398, 1, 1), year_end(1399), years=years)
    [carried] = new.commitments.all()
    assert (carried.year, carried.quantity, carried.carried_from) == (1398, 900, 1397)
    found = differences(new)
    assert found.empty_years == [1399]
    assert [(one.year, one.old.year) for one in found.pairs] == [(1398, 1397), (None, 1396)]


def test_a_year_in_which_both_count_is_said(old: Agreement) -> None:
    years = {1397: 1397, 1398: None}
    new = _renewed(old, from_jalali(1397, 7, 1), from_jalali(1398, 6, 31), years=years)
    assert [one.both_count for one in differences(new).pairs if one.new] == [True]


@pytest.mark.parametrize(
    "years", [{1398: 1396}, {1398: 1397, 1399: 1397}, {1398: None, 1399: None, 1400: 1396}]
)
def test_other_years_and_a_year_twice_are_refused(old: Agreement, years) -> None:
    with pytest.raises(Refusal, match=r"renewal\.years"):
        _renewed(old, from_jalali(1398, 1, 1), year_end(1399), years=years)


def test_a_draft_that_came_to_nothing_is_in_nobodys_way(old: Agreement) -> None:
    new = _renewed(old, from_jalali(1398, 1, 1), year_end(1399))
    move(new, LifeState.TERMINATED, reason="انصراف", by=None)
    assert renew(
        old, number="10/98", starts_on=from_jalali(1398, 1, 1), ends_on=year_end(1399), by=None
    ).commitments.count() == 2  # fmt: skip
