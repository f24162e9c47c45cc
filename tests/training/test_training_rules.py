import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters import course
from tafahom.training.attendance.rules import credited_minutes
from tafahom.training.courses.rules import age_on, course_key
from tafahom.training.examinations.rules import passed, rule_on


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


def test_age_is_in_whole_years():
    born = dt.date(1990, 6, 10)
    assert age_on(dt.date(2018, 6, 9), born) == 27
    assert age_on(dt.date(2018, 6, 10), born) == 28
    assert age_on(dt.date(1980, 1, 1), born) is None
    assert age_on(dt.date(2018, 6, 10), None) is None
