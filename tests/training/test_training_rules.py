import datetime as dt
import hashlib
import pickle
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters import course, entry
from tafahom.training.attendance.rules import credited_minutes, register_minutes
from tafahom.training.courses.rules import age_on, course_key
from tafahom.training.examinations.rules import passed, rule_on
from tafahom.training.rosters.rules import RosterEntry
from tafahom.training.standards.rules import standard_key


@dataclass(frozen=True)
class OfficialRule:
    valid_from: dt.date = dt.date(1921, 3, 21)
    written_minimum: int = 5000
    practical_minimum: int = 7000
    total_minimum: int = 7000
    written_weight: int = 25


RULE = OfficialRule()
marks = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("written", "practical", "verdict"),
    [
        (50, 70, False),  # 65 together
        (70, 70, True),
        (50, 76.66, False),  # 69.995
        (50, 76.67, True),
        (100, 69.99, False),
        (49.99, 100, False),
        (None, 100, False),
        (100, None, False),
    ],
)
def test_the_pass_rule_holds_at_its_edges(written, practical, verdict):
    hundredths = [None if mark is None else round(mark * 100) for mark in (written, practical)]
    assert passed(*hundredths, RULE) is verdict


@given(marks, marks)
def test_the_pass_rule_is_the_published_formula(written, practical):
    w, p = Fraction(written, 100), Fraction(practical, 100)
    expected = w >= 50 and p >= 70 and Fraction(1, 4) * w + Fraction(3, 4) * p >= 70
    assert passed(written, practical, RULE) is expected


@given(marks, marks, st.integers(0, 500))
def test_a_better_mark_never_fails(written, practical, more):
    if passed(written, practical, RULE):
        assert passed(min(10_000, written + more), practical, RULE)
        assert passed(written, min(10_000, practical + more), RULE)


def test_the_rule_in_force_is_the_last_that_has_begun():
    later = OfficialRule(valid_from=dt.date(2020, 1, 1), written_minimum=6000)
    assert rule_on([RULE, later], dt.date(2019, 12, 31)) is RULE
    assert rule_on([RULE, later], dt.date(2020, 1, 1)) is later
    assert rule_on([RULE], dt.date(1900, 1, 1)) is None


def test_a_code_makes_the_course_whatever_else_is_written():
    assert course_key(course("12")) == course_key(course("۱۲", centre="دیگر"))
    assert course_key(course("12")) != course_key(course("13"))


def test_without_a_code_the_facts_make_the_course():
    bare = course("")
    assert course_key(bare) == course_key(course("", centre="مركز شماره ۱ كرج"))
    for change in (
        {"agreement_number": "1/2/3"},
        {"standard_code": "1"},
        {"centre": "دیگر"},
        {"starts_on": dt.date(2018, 5, 24)},
        {"ends_on": dt.date(2018, 6, 11)},
    ):
        assert course_key(course("", **change)) != course_key(bare)


def test_without_a_standard_the_title_tells_courses_apart():
    untold = course("", standard_code="")
    assert course_key(untold) != course_key(course("", standard_code="", title="دیگر"))
    assert course_key(course("")) == course_key(course("", title="دیگر"))


def test_keys_of_courses_are_those_that_are_stored():
    """Another key would let the next roster make the same course a second time."""
    facts = "facts|553/96/2508|721220230030011|مرکزشماره1کرج|2018-05-25|2018-06-10"
    assert course_key(course("1397-1")) == digest("code|1397/1")
    assert course_key(course("")) == digest(facts)


def digest(text):
    return hashlib.sha256(text.replace("|", "\x1f").encode()).hexdigest()


def test_a_standard_is_told_by_its_code_or_else_its_title():
    assert standard_key("۱۲", "جوشکار") == standard_key("12", "دیگر") == "12"
    assert standard_key("", "جوشكار") == "جوشکار"


def test_an_entry_comes_out_of_the_reading_process_as_it_was():
    whole = entry(7, course(), attendance=(("late", 45),), written_mark=7050, column=4)
    assert pickle.loads(pickle.dumps(whole)) == whole
    assert whole.__reduce__()[0] is RosterEntry


@pytest.mark.parametrize(
    ("mark", "whole", "minutes"),
    [
        ("present", True, 90),
        ("late", True, 90),
        ("late", False, 70),
        ("absent", True, 0),
        ("excused", True, 0),
    ],
)
def test_marks_of_the_register_credit_minutes(mark, whole, minutes):
    assert credited_minutes(mark, 90, late_counts_whole=whole, late_minutes=20) == minutes


def test_late_counts_whole_with_no_minutes_missed_unless_told():
    assert credited_minutes("late", 90) == credited_minutes("late", 90, late_minutes=20) == 90
    assert credited_minutes("late", 90, late_counts_whole=False) == 90


@pytest.mark.parametrize(("missed", "minutes"), [(0, 90), (89, 1), (90, 0), (91, 0)])
def test_who_is_late_loses_what_was_missed_and_no_more(missed, minutes):
    assert credited_minutes("late", 90, late_counts_whole=False, late_minutes=missed) == minutes


@pytest.mark.parametrize("marks_of_all", [["present"] * 3, ["present", "late", "late"]])
def test_full_attendance_is_exactly_the_hours_of_the_course(marks_of_all):
    sessions = [240, 240, 225]
    credited = [
        register_minutes(mark, minutes, late_counts_whole=True)
        for mark, minutes in zip(marks_of_all, sessions, strict=True)
    ]
    assert credited == sessions


@pytest.mark.parametrize(
    ("mark", "session", "minutes"),
    [
        ("present", 91, 91),
        ("late", 90, 45),
        ("late", 91, 45),
        ("late", 1, 0),
        ("absent", 90, 0),
        ("excused", 90, 0),
    ],
)
def test_late_without_minutes_is_half_a_session_rounded_down(mark, session, minutes):
    assert register_minutes(mark, session, late_counts_whole=False) == minutes


def test_age_is_in_whole_years():
    born = dt.date(1990, 6, 10)
    assert age_on(dt.date(2018, 6, 9), born) == 27
    assert age_on(dt.date(2018, 6, 10), born) == 28
    assert age_on(dt.date(1980, 1, 1), born) is None
    assert age_on(dt.date(2018, 6, 10), None) is None


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (dt.date(1990, 6, 9), None),
        (dt.date(1990, 6, 10), 0),
        (dt.date(1991, 6, 9), 0),
        (dt.date(2111, 6, 9), 120),
        (dt.date(2111, 6, 10), None),
    ],
)
def test_an_age_is_of_somebody_born_who_can_be_alive(day, years):
    assert age_on(day, dt.date(1990, 6, 10)) == years


def test_who_is_born_on_a_leap_day_is_a_year_older_on_the_first_of_march():
    born = dt.date(2000, 2, 29)
    assert age_on(dt.date(2018, 2, 28), born) == 17
    assert age_on(dt.date(2018, 3, 1), born) == 18
