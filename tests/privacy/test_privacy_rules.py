"""How long identities are kept, and what is a reason."""

import datetime as dt

import pytest

from tafahom.jalali import from_jalali
from tafahom.privacy.rules import LONGEST_REASON, SHORTEST_REASON, good_reason, years_before
from tafahom.refusals import Refusal


@pytest.mark.parametrize(
    ("day", "years", "earlier"),
    [
        ((1404, 1, 1), 5, (1399, 1, 1)),
        ((1403, 12, 30), 1, (1402, 12, 29)),  # from a leap year into one that is none
        ((1403, 12, 30), 4, (1399, 12, 30)),  # and into another
        ((1404, 12, 29), 1, (1403, 12, 29)),
        ((1404, 6, 31), 1, (1403, 6, 31)),
    ],
)
def test_the_same_day_of_an_earlier_year(
    day: tuple[int, int, int], years: int, earlier: tuple[int, int, int]
) -> None:
    assert years_before(from_jalali(*day), years) == from_jalali(*earlier)


def test_no_years_earlier_is_the_day_itself() -> None:
    assert years_before(dt.date(2025, 3, 20), 0) == dt.date(2025, 3, 20)


def test_a_reason_is_kept_with_single_spaces() -> None:
    assert good_reason("  برای \n بررسی  پرونده ") == "برای بررسی پرونده"


@pytest.mark.parametrize("length", [SHORTEST_REASON, LONGEST_REASON])
def test_a_reason_may_be_as_short_and_as_long_as_its_limits(length: int) -> None:
    assert good_reason("د" * length) == "د" * length


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("د" * (SHORTEST_REASON - 1), "reason.short"),
        ("   بررسی      ", "reason.short"),
        ("د" * (LONGEST_REASON + 1), "reason.long"),
        ("پرونده 123456789 است", "reason.number"),
        ("پرونده ۰۰۱۲۳۴-۵۶۷ ۸ است", "reason.number"),
    ],
)
def test_a_reason_that_says_nothing_too_much_or_who_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        good_reason(text)
    assert refused.value.code == code


def test_a_number_of_eight_digits_names_nobody() -> None:
    assert good_reason("نامه شماره 12345678") == "نامه شماره 12345678"
