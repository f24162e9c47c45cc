"""The rules of closing, walked at random: no way leads out of closed but by two persons."""

import datetime as dt
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tafahom.jalali import add_months, days_in_month, from_jalali, is_leap, month_of
from tafahom.periods import rules
from tafahom.periods.rules import Facts, Measured, MonthState, Request, differences

NOW = dt.datetime(2019, 4, 1, 12, tzinfo=dt.UTC)
PEOPLE = st.integers(1, 3)


class ClosingMachine(RuleBasedStateMachine):
    """One month; every step is taken only when nothing stands against it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.state = MonthState.OPEN
        self.request: Request | None = None
        self.was_closed = False

    @property
    def facts(self) -> Facts:
        return Facts(self.state, 139712, self.request)

    @rule()
    def begin(self) -> None:
        if not rules.against_beginning(self.facts, this_month=139801):
            self.state = MonthState.CLOSING

    @rule()
    def leave(self) -> None:
        if not rules.against_leaving(self.facts):
            self.state = MonthState.OPEN

    @rule(found=st.sets(st.sampled_from("ab")), reason=st.sampled_from(["", " ", "دلیل"]))
    def close(self, found: set[str], reason: str) -> None:
        accepted = {"a": reason}
        against = rules.against_closing(
            self.facts, this_month=139801, found=found, accepted=accepted
        )
        if not against:
            assert found <= ({"a"} if reason.strip() else set())
            self.state, self.was_closed = MonthState.CLOSED, True

    @rule(by=PEOPLE, days=st.integers(-2, 40), reason=st.sampled_from(["", "دلیل"]))
    def ask(self, by: int, days: int, reason: str) -> None:
        until = self.now + dt.timedelta(days=days)
        if not rules.against_asking(self.facts, reason=reason, until=until, now=self.now):
            assert reason
            assert 0 < days <= 31
            self.request = Request(by, until)

    @rule(by=PEOPLE)
    def approve(self, by: int) -> None:
        if not rules.against_approving(self.facts, by=by, now=self.now):
            assert self.request is not None
            self.request = Request(self.request.asked_by, self.request.until, by)

    @rule()
    def decline(self) -> None:
        if not rules.against_declining(self.facts):
            self.request = None

    @rule()
    def close_again(self) -> None:
        if not rules.against_closing_again(self.facts):
            self.request = None

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    @invariant()
    def closed_is_for_good(self) -> None:
        assert (self.state is MonthState.CLOSED) == self.was_closed

    @invariant()
    def only_two_persons_let_writes_through_and_only_in_time(self) -> None:
        if not self.was_closed:
            assert rules.takes_writes(self.facts, self.now)
        elif rules.takes_writes(self.facts, self.now):
            assert self.request is not None
            assert self.request.approved_by not in (None, self.request.asked_by)
            assert self.now < self.request.until


TestClosingMachine = ClosingMachine.TestCase


@pytest.mark.parametrize(
    ("month", "this_month", "codes"),
    [
        (139712, 139801, []),
        (139712, 139712, ["month.not_over"]),
        (139801, 139712, ["month.not_over"]),
        (139801, 139802, []),
    ],
)
def test_a_month_is_closed_only_when_it_is_over(
    month: int, this_month: int, codes: list[str]
) -> None:
    facts = Facts(MonthState.CLOSING, month)
    assert rules.against_closing(facts, this_month=this_month, found=(), accepted={}) == codes


def test_closing_begins_in_the_month_itself_and_not_before() -> None:
    facts = Facts(MonthState.OPEN, 139801)
    assert rules.against_beginning(facts, this_month=139712) == ["month.not_begun"]
    assert rules.against_beginning(facts, this_month=139801) == []


@given(st.integers(1300, 1500))
def test_the_last_day_of_a_year_is_of_its_twelfth_month_leap_or_not(year: int) -> None:
    last = from_jalali(year, 12, days_in_month(year, 12))
    assert (month_of(last), month_of(last + dt.timedelta(days=1))) == (
        year * 100 + 12,
        add_months(year * 100 + 12, 1),
    )
    assert (days_in_month(year, 12) == 30) == is_leap(year)


def test_differences_are_told_once_with_what_was_and_what_is() -> None:
    def measured(kind: str, record: str, persons: int) -> Measured:
        return Measured(kind, record, record, {"persons": persons})

    before = [measured("month", "", 3), measured("partner", "a", 3), measured("course", "x", 3)]
    after = [measured("month", "", 4), measured("partner", "a", 3), measured("course", "y", 4)]
    found = {(one.kind, one.record): (one.before, one.after) for one in differences(before, after)}
    assert found == {
        ("month", ""): ({"persons": 3}, {"persons": 4}),
        ("course", "x"): ({"persons": 3}, {}),
        ("course", "y"): ({}, {"persons": 4}),
    }


def in_days(days: float) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("facts", "this_month", "codes"),
    [
        (Facts(MonthState.CLOSING, 139712), 139712, ["state.not_open"]),
        (Facts(MonthState.CLOSED, 139801), 139712, ["state.not_open", "month.not_begun"]),
    ],
)
def test_what_is_begun_already_does_not_begin(
    facts: Facts, this_month: int, codes: list[str]
) -> None:
    assert rules.against_beginning(facts, this_month=this_month) == codes


def test_only_what_is_closing_is_left_or_closed() -> None:
    for state in (MonthState.OPEN, MonthState.CLOSED):
        facts = Facts(state, 139712)
        assert rules.against_leaving(facts) == ["state.not_closing"]
        against = rules.against_closing(facts, this_month=139801, found=(), accepted={})
        assert against == ["state.not_closing"]
    assert rules.against_leaving(Facts(MonthState.CLOSING, 139712)) == []


@pytest.mark.parametrize(
    ("accepted", "codes"),
    [
        ({"a": "دلیل", "b": "دلیل"}, []),
        ({"a": "دلیل"}, ["findings.not_accepted"]),
        ({"a": "دلیل", "b": " "}, ["findings.not_accepted"]),
        ({}, ["findings.not_accepted"]),
    ],
)
def test_each_finding_is_accepted_with_a_reason(accepted: dict[str, str], codes: list[str]) -> None:
    facts = Facts(MonthState.CLOSING, 139712)
    against = rules.against_closing(facts, this_month=139801, found="ab", accepted=accepted)
    assert against == codes


@pytest.mark.parametrize(
    ("facts", "reason", "days", "codes"),
    [
        (Facts(MonthState.CLOSED, 139712), "دلیل", 31, []),
        (Facts(MonthState.CLOSED, 139712), "دلیل", 31.01, ["until.too_late"]),
        (Facts(MonthState.CLOSED, 139712), "دلیل", 0.01, []),
        (Facts(MonthState.CLOSED, 139712), " ", 0, ["reason.missing", "until.over"]),
        (Facts(MonthState.OPEN, 139712), "دلیل", 1, ["state.not_closed"]),
        (
            Facts(MonthState.CLOSED, 139712, Request(1, NOW)),
            "دلیل",
            1,
            ["reopening.under_way"],
        ),
    ],
)
def test_a_reopening_is_asked_for_with_a_reason_and_for_a_month_at_most(
    facts: Facts, reason: str, days: float, codes: list[str]
) -> None:
    against = rules.against_asking(facts, reason=reason, until=in_days(days), now=NOW)
    assert against == codes


@pytest.mark.parametrize(
    ("request_", "approving", "declining", "ending"),
    [
        (None, ["reopening.none_asked"], ["reopening.none_asked"], ["reopening.none_running"]),
        (Request(1, in_days(1)), [], [], ["reopening.none_running"]),
        (Request(1, NOW), ["until.over"], [], ["reopening.none_running"]),
        (Request(2, in_days(1)), ["reopening.same_person"], [], ["reopening.none_running"]),
        (Request(1, in_days(1), 3), ["reopening.none_asked"], ["reopening.none_asked"], []),
        (Request(1, NOW, 3), ["reopening.none_asked"], ["reopening.none_asked"], []),
    ],
)
def test_what_may_become_of_a_request(
    request_: Request | None, approving: list[str], declining: list[str], ending: list[str]
) -> None:
    facts = Facts(MonthState.CLOSED, 139712, request_)
    assert rules.against_approving(facts, by=2, now=NOW) == approving
    assert rules.against_declining(facts) == declining
    assert rules.against_closing_again(facts) == ending


def test_refusals_say_why() -> None:
    refused = rules.RefusedError("a", "b")
    assert (refused.codes, str(refused)) == (("a", "b"), "a, b")


def test_a_closed_month_is_named_once_and_in_order() -> None:
    closed = rules.PeriodClosedError([139801, 139712, 139801])
    assert (closed.months, str(closed)) == ((139712, 139801), "period.closed 139712 139801")
    assert (rules.PeriodClosedError().months, str(rules.PeriodClosedError())) == (
        (),
        "period.closed",
    )


def test_a_difference_has_the_name_of_now_or_else_of_before() -> None:
    before = [
        Measured("partner", "a", "old", {"persons": 3}),
        Measured("course", "x", "gone", {"persons": 1}),
    ]
    after = [Measured("partner", "a", "new", {"persons": 4})]
    assert differences(before, after) == [
        rules.Difference("partner", "a", "new", {"persons": 3}, {"persons": 4}),
        rules.Difference("course", "x", "gone", {"persons": 1}, {}),
    ]


def test_what_moved_is_told_of_the_measures_that_both_sides_know() -> None:
    was = {("", ""): {"persons": 3, "hours": 5}, ("level", "b"): {"persons": 2}}
    now = {("", ""): {"persons": 3, "hours": 6}, ("level", "a"): {"persons": 4, "sat": 1}}
    assert rules.moved_figures(was, now, ["persons", "hours"]) == [
        rules.Moved("", "", "hours", 5, 6),
        rules.Moved("level", "a", "persons", 0, 4),
        rules.Moved("level", "b", "persons", 2, 0),
    ]


def test_the_digest_of_a_table_is_the_one_that_is_kept() -> None:
    groups = {("level", "ب"): {"persons": 2, "hours": 1}, ("", ""): {"persons": 3}}
    text = (
        '[["hours","persons"],[["","",[["persons",3]]],["level","ب",[["hours",1],["persons",2]]]]]'
    )
    assert rules.table_digest(groups, ["persons", "hours"]) == (
        hashlib.sha256(text.encode()).hexdigest()
    )
