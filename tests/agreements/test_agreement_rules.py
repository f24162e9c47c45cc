"""No path leads an agreement where its rules forbid; forecasts are done by hand beside."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tafahom.agreements.pace import is_behind, pace
from tafahom.agreements.parts.rules import Stretch
from tafahom.agreements.rules import (
    TRANSITIONS,
    Forecast,
    Life,
    LifeState,
    Pace,
    allowed_transitions,
    forecast,
    refusals,
)

S = LifeState
START, END = dt.date(2018, 3, 21), dt.date(2019, 3, 20)
BEFORE, WITHIN, AFTER = dt.date(2018, 1, 1), dt.date(2018, 6, 1), dt.date(2019, 6, 1)
SIGNED = Life(S.SIGNED, dt.date(2018, 2, 1), START, END, signed_sides=2)


def test_a_signed_agreement_comes_into_force_within_its_term() -> None:
    assert refusals(SIGNED, S.IN_FORCE, today=WITHIN) == []
    assert (
        refusals(SIGNED, S.IN_FORCE, today=START) == refusals(SIGNED, S.IN_FORCE, today=END) == []
    )
    assert refusals(SIGNED, S.IN_FORCE, today=BEFORE) == ["term.not_begun"]
    assert refusals(SIGNED, S.IN_FORCE, today=AFTER) == ["term.over"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signed_sides": 1}, "signature.missing"),
        ({"signed_on": None}, "signature.missing"),
        ({"ends_on": None}, "dates.missing"),
        ({"ends_on": BEFORE}, "dates.not_in_order"),
        (
            {"commitment_years": ((dt.date(2020, 3, 20), dt.date(2021, 3, 20)),)},
            "commitment.beyond_term",
        ),
    ],
)
def test_nothing_is_signed_or_in_force_without_signatures_dates_and_promises_within(
    changes: dict[str, object], code: str
) -> None:
    for state, to in ((S.NEGOTIATION, S.SIGNED), (S.SIGNED, S.IN_FORCE)):
        life = replace(SIGNED, state=state, **changes)  # type: ignore[arg-type]
        assert code in refusals(life, to, today=WITHIN)


def test_a_year_that_the_term_touches_may_be_promised_for() -> None:
    touching = ((dt.date(2018, 3, 21), dt.date(2019, 3, 20)), (dt.date(2017, 3, 21), START))
    assert refusals(replace(SIGNED, commitment_years=touching), S.IN_FORCE, today=WITHIN) == []


def test_ends_are_reached_in_their_time_with_their_reasons() -> None:
    force = replace(SIGNED, state=S.IN_FORCE)
    assert refusals(force, S.ENDED, today=END) == ["term.not_over"]
    assert refusals(force, S.ENDED, today=AFTER) == []
    assert refusals(force, S.TERMINATED, today=WITHIN, reason=" ") == ["reason.missing"]
    assert refusals(force, S.TERMINATED, today=WITHIN, reason="به خواست دو طرف") == []
    assert refusals(force, S.RENEWED, today=WITHIN) == ["successor.missing"]
    assert allowed_transitions(replace(force, has_successor=True), today=WITHIN) == [
        S.SUSPENDED, S.TERMINATED, S.RENEWED,
    ]  # fmt: skip


def test_the_ends_of_a_life_are_ends() -> None:
    assert {state for state, after in TRANSITIONS.items() if not after} == {S.TERMINATED, S.RENEWED}
    assert set(TRANSITIONS) == set(LifeState)


class Lives(RuleBasedStateMachine):
    """Everything anybody may try, in any order, on any day."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(S.PROPOSED)
        self.today = BEFORE
        self.past: list[LifeState] = [S.PROPOSED]

    @rule(days=st.integers(1, 200))
    def time_passes(self, days: int) -> None:
        self.today += dt.timedelta(days=days)

    @precondition(lambda self: self.life.state in (S.DRAFTING, S.NEGOTIATION))
    @rule(start=st.integers(-400, 400), length=st.integers(-10, 800))
    def dates_are_written(self, start: int, length: int) -> None:
        begins = START + dt.timedelta(days=start)
        self.life = replace(self.life, starts_on=begins, ends_on=begins + dt.timedelta(days=length))

    @rule(sides=st.integers(0, 2))
    def sides_sign(self, sides: int) -> None:
        if self.life.state == S.NEGOTIATION:
            self.life = replace(self.life, signed_sides=sides, signed_on=self.today)

    @rule()
    def a_successor_is_made(self) -> None:
        self.life = replace(self.life, has_successor=True)

    @rule(to=st.sampled_from(LifeState), reason=st.sampled_from(["", "دلیل"]))
    def somebody_tries(self, to: LifeState, reason: str) -> None:
        if not refusals(self.life, to, today=self.today, reason=reason):
            if to in (S.SUSPENDED, S.TERMINATED):
                assert reason
            if to == S.IN_FORCE:
                assert self.life.starts_on <= self.today <= self.life.ends_on  # type: ignore[operator]
            self.life = replace(self.life, state=to)
            self.past.append(to)

    @invariant()
    def nothing_forbidden_was_reached(self) -> None:
        life = self.life
        if life.state in (S.SIGNED, S.IN_FORCE, S.SUSPENDED, S.ENDED, S.RENEWED):
            assert life.signed_on is not None
            assert life.signed_sides == 2
            assert life.starts_on is not None
            assert life.ends_on is not None
            assert life.starts_on <= life.ends_on
            assert S.SIGNED in self.past
        if life.state == S.ENDED:
            assert self.today > life.ends_on  # type: ignore[operator]
        assert all(b in TRANSITIONS[a] for a, b in zip(self.past, self.past[1:], strict=False))
        assert not {S.TERMINATED, S.RENEWED} & set(self.past[:-1])


TestLives = Lives.TestCase


def test_a_forecast_done_by_hand() -> None:
    found = forecast([100, 140, 120], months=12, committed=1800)
    assert (found.delivered, found.due, found.expected) == (360, 450, 1440)
    # Spread 20; nine months left: 1.2816 × 20 × √(9 + 81/3) = 153.79
    assert (round(found.low, 2), round(found.high, 2)) == (1286.21, 1593.79)
    assert found.pace == Pace.BEHIND
    assert found.share == 0.2


def test_an_amendment_in_mid_year_moves_the_line_and_not_what_is_delivered() -> None:
    before = forecast([100] * 6, months=12, committed=1200)
    after = forecast([100] * 6, months=12, committed=1000)
    assert (before.pace, after.pace) == (Pace.ON, Pace.AHEAD)
    assert before.expected == after.expected == after.low == after.high == 1200


def test_a_forecast_reaches_to_the_end_of_the_term_by_hand() -> None:
    """A term of months 3 to 9; Tir, Mordad and Shahrivar brought 100, 50 and 150 of 600."""
    found = pace([0, 0, 0, 100, 50, 150], committed=600, quarters={}, term=Stretch(3, 9))
    assert (found.delivered, found.due, found.expected, found.pace) == (300, 300, 600, Pace.ON)
    # Spread 50; three months left: 1.2816 × 50 × √(3 + 9/3) = 156.96
    assert (round(found.low, 2), round(found.high, 2)) == (443.04, 756.96)
    over = pace(
        [0, 0, 0, 100, 50, 150, 100, 100, 100], committed=600, quarters={}, term=Stretch(3, 9)
    )
    assert (over.delivered, over.due, over.expected, over.high) == (600, 600, 600, 600)


def test_an_amendment_in_mid_year_and_a_term_that_ends_by_hand() -> None:
    """1,200 until month 9, raised from 900: after six months 800 of the 1,200 are due."""
    before = pace([150] * 6, committed=900, quarters={}, term=Stretch(0, 9))
    after = pace([150] * 6, committed=1200, quarters={}, term=Stretch(0, 9))
    assert (before.due, before.pace) == (600, Pace.AHEAD)
    assert (after.due, after.pace) == (800, Pace.AHEAD)
    assert before.expected == after.expected == after.low == after.high == 1350
    slower = pace([110] * 6, committed=1200, quarters={}, term=Stretch(0, 9))
    assert (slower.expected, slower.pace) == (990, Pace.BEHIND)  # 660 of 800


@given(
    st.lists(st.integers(0, 300), max_size=12),
    st.integers(1, 3000),
    st.dictionaries(st.sampled_from([1, 2, 3, 4]), st.integers(0, 400)),
    st.tuples(st.floats(0, 12), st.floats(0, 12)).filter(lambda ends: ends[0] != ends[1]),
)
def test_what_is_behind_is_told_the_same_in_short(
    monthly: list[int], committed: int, quarters: dict[int, int], ends: tuple[float, float]
) -> None:
    promise = {"committed": committed, "quarters": quarters, "term": Stretch(*sorted(ends))}
    assert is_behind(monthly, **promise) == (pace(monthly, **promise).pace == Pace.BEHIND)


def test_before_a_month_has_passed_there_is_no_pace() -> None:
    early = pace([0] * 7 + [40], committed=100, quarters={}, term=Stretch(7.5, 12))
    assert (early.pace, early.delivered, early.expected, early.high) == (Pace.UNKNOWN, 40, 40, 100)
    assert pace([0] * 7, committed=100, quarters={}, term=Stretch(7.5, 12)).pace == Pace.UNKNOWN


def test_the_edges_of_a_forecast() -> None:
    assert forecast([], months=12, committed=10).pace == Pace.UNKNOWN
    assert forecast([5], months=12, committed=0).pace == Pace.UNKNOWN
    assert forecast([90], months=10, committed=1000).pace == Pace.ON  # 90 of 100 due
    assert forecast([89], months=10, committed=1000).pace == Pace.BEHIND
    one = forecast([10], months=3, committed=30)
    assert (one.low, one.expected, one.high) == (10, 30, 50)
    with pytest.raises(ValueError, match="months"):
        forecast([1, 1], months=1, committed=1)


@given(
    st.lists(st.integers(0, 10_000), max_size=12),
    st.integers(0, 12),
    st.integers(0, 100_000),
)
def test_a_forecast_is_never_below_what_is_done(done: list[int], more: int, committed: int) -> None:
    months = len(done) + more
    if months:
        found = forecast(done, months=months, committed=committed)
        assert found.low <= found.expected + 1e-6 <= found.high + 2e-6 or not done
        assert found.low >= found.delivered - 1e-6


ONE_DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (START - ONE_DAY, ["term.not_begun"]),
        (START, []),
        (END, []),
        (END + ONE_DAY, ["term.over"]),
    ],
)
def test_the_first_and_the_last_day_are_of_the_term(today: dt.date, codes: list[str]) -> None:
    assert refusals(SIGNED, S.IN_FORCE, today=today) == codes


def test_an_end_is_reached_the_day_after_the_last() -> None:
    force = replace(SIGNED, state=S.IN_FORCE)
    assert refusals(force, S.ENDED, today=END) == ["term.not_over"]
    assert refusals(force, S.ENDED, today=END + ONE_DAY) == []
    assert refusals(replace(force, ends_on=None), S.ENDED, today=AFTER) == ["term.not_over"]


@pytest.mark.parametrize(
    ("year", "codes"),
    [
        ((START - ONE_DAY * 365, START), []),
        ((START - ONE_DAY * 365, START - ONE_DAY), ["commitment.beyond_term"]),
        ((END, END + ONE_DAY * 365), []),
        ((END + ONE_DAY, END + ONE_DAY * 365), ["commitment.beyond_term"]),
    ],
)
def test_a_promised_year_has_a_day_of_the_term(
    year: tuple[dt.date, dt.date], codes: list[str]
) -> None:
    life = replace(SIGNED, commitment_years=(year,))
    assert refusals(life, S.IN_FORCE, today=WITHIN) == codes


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"ends_on": START}, []),  # of one day
        ({"ends_on": START - ONE_DAY}, ["dates.not_in_order"]),
        ({"starts_on": None}, ["dates.missing"]),
        ({"ends_on": None}, ["dates.missing"]),
        ({"signed_on": None}, ["signature.missing"]),
        ({"signed_sides": 0, "starts_on": None}, ["signature.missing", "dates.missing"]),
        ({"sides": 3}, ["signature.missing"]),
        ({"sides": 1}, []),
    ],
)
def test_what_stands_against_a_signature(changes: dict[str, object], codes: list[str]) -> None:
    life = replace(SIGNED, state=S.NEGOTIATION, **changes)  # type: ignore[arg-type]
    assert refusals(life, S.SIGNED, today=BEFORE) == codes


def test_what_no_row_names_is_not_possible() -> None:
    assert refusals(SIGNED, S.DRAFTING, today=WITHIN) == ["transition.impossible"]
    suspended = replace(SIGNED, state=S.IN_FORCE)
    assert refusals(suspended, S.SUSPENDED, today=WITHIN) == ["reason.missing"]


@pytest.mark.parametrize(("passed", "months"), [(-0.5, 12), (12.5, 12), (0, 0)])
def test_more_months_than_a_promise_has_are_an_error(passed: float, months: float) -> None:
    with pytest.raises(ValueError, match=r"^more months than the promise has$"):
        forecast([], months=months, committed=10, passed=passed)


def test_before_a_month_has_passed_what_is_promised_is_within_reach() -> None:
    found = forecast([5], months=12, committed=120, passed=0.5)
    assert found == Forecast(5, 120, 5, 5, 5, 120, Pace.UNKNOWN)
    more = forecast([130], months=12, committed=120, passed=0.5)
    assert (more.low, more.high) == (130, 130)
    # A term of half a month is not over before it is.
    assert forecast([5], months=0.5, committed=10, passed=0.4).pace == Pace.UNKNOWN
    assert forecast([5], months=0.5, committed=10, passed=0.5).pace == Pace.BEHIND
    assert forecast([10], months=12, committed=120, passed=1).pace == Pace.ON


@pytest.mark.parametrize(
    ("done", "expected"),
    [(101, Pace.AHEAD), (100, Pace.ON), (90, Pace.ON), (89.9, Pace.BEHIND)],
)
def test_the_pace_at_its_limits(done: float, expected: Pace) -> None:
    assert forecast([done], months=10, committed=1000).pace == expected
    assert forecast([done], months=12, committed=1000, passed=1, due=100).pace == expected


def test_another_tolerance_and_no_promise() -> None:
    assert forecast([50], months=10, committed=1000, tolerance=0.5).pace == Pace.ON
    assert forecast([49], months=10, committed=1000, tolerance=0.5).pace == Pace.BEHIND
    nothing = forecast([50, 50], months=10, committed=0)
    assert (nothing.pace, nothing.share) == (Pace.UNKNOWN, None)


def test_a_range_begins_at_what_is_delivered() -> None:
    found = forecast([0, 300], months=3, committed=450)
    # Spread 212.13; one month left: 1.2816 × 212.13 × √(1 + 1/2) = 332.97
    assert (found.expected, found.low, round(found.high, 2)) == (450, 300, 782.97)
    three = forecast([10, 20], months=3, committed=45, passed=1.5)
    # Mean 20 in each of 1.5 months that are left; spread 7.07 of the months that are given.
    assert (three.expected, round(three.high, 2)) == (60, 75.7)
