"""Identifiers: check digits, lost zeros, and a second opinion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iranian_national_code import validate as oracle

from tafahom import identifiers
from tafahom.persian import to_persian_digits


def with_check_digit(nine: str) -> str:
    """A national ID from its first nine digits."""
    return next(nine + d for d in "0123456789" if identifiers.is_national_id(nine + d))


bodies = st.text(alphabet="0123456789", min_size=9, max_size=9).filter(lambda t: int(t) > 0)


@given(st.text(alphabet="0123456789", min_size=10, max_size=10))
def test_it_agrees_with_the_oracle(text: str) -> None:
    assert identifiers.is_national_id(text) == bool(oracle(text))


@given(bodies.filter(lambda t: len(set(t)) > 1))
def test_any_wrong_digit_is_noticed(nine: str) -> None:
    right = with_check_digit(nine)
    for place in range(10):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            if wrong != right and identifiers.is_national_id(wrong):
                # Check digits 0 and 1 stand for two remainders each; only there may one slip.
                assert right[9] in "01" or wrong[9] in "01"


@pytest.mark.parametrize(
    "text",
    ["0012345679", "12345679", "۰۰۱۲۳۴۵۶۷۹", "٠٠١٢٣٤٥٦٧٩", "001-234567-9", " 0012345679\u200f"],
)
def test_spellings_of_one_national_id(text: str) -> None:
    assert identifiers.national_id(text) == "0012345679"


@pytest.mark.parametrize(
    "text", ["", "0012345678", "1111111111", "0000000000", "123", "00123456790", "12a4567890"]
)
def test_it_refuses_what_is_no_national_id(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        identifiers.national_id(text)


def test_a_fitting_check_digit_is_accepted_though_it_proves_nothing() -> None:
    assert identifiers.is_national_id("0123456789")


def test_legal_entities() -> None:
    assert identifiers.legal_id(to_persian_digits("10380284790")) == "10380284790"
    for wrong in ("10380284791", "1038028479", ""):
        with pytest.raises(ValueError, match=r"."):
            identifiers.legal_id(wrong)


def test_foreigners() -> None:
    assert identifiers.fida_code("۱۲۳۴۵۶۷۸۹۰۱۲") == "123456789012"
    for wrong in ("01234567890", "1234567890123", "111111111111", "", "abcdefghijkl"):
        with pytest.raises(ValueError, match=r"."):
            identifiers.fida_code(wrong)
        assert not identifiers.is_fida(wrong)


def test_a_foreigners_code_keeps_the_zero_that_a_spreadsheet_dropped() -> None:
    assert identifiers.fida_code("12345678901") == "012345678901"


@given(st.text(alphabet="0123456789", min_size=1, max_size=14))
def test_a_number_is_of_one_kind_at_most_and_its_digits_say_which(digits: str) -> None:
    text = to_persian_digits(digits)
    assert not (identifiers.is_fida(text) and identifiers.is_national_id(text))
    if identifiers.is_fida(text):
        assert identifiers.person_number(text) == ("", digits.zfill(12))
    elif identifiers.is_national_id(text):
        assert identifiers.person_number(text) == (digits.zfill(10), "")
    else:
        with pytest.raises(ValueError, match=r"."):
            identifiers.person_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "10380284790",  # 3,432 is 0 more than a multiple of 11
        "10101234565",  # 2,337: 5
        "14007650912",  # 1,443: 2
        "10320100009",  # 625: 9
        "10000000010",  # 736: 10, which counts as 0
        "10000000024",  # 983: 4
    ],
)
def test_the_check_digit_of_a_legal_entity_by_hand(text: str) -> None:
    assert identifiers.legal_id(text) == text
    assert identifiers.is_legal_id(text)
    for digit in set("0123456789") - {text[-1]}:
        assert not identifiers.is_legal_id(text[:-1] + digit)


@pytest.mark.parametrize("text", ["1038028479", "103802847900"])
def test_a_legal_entity_has_eleven_digits(text: str) -> None:
    with pytest.raises(ValueError, match="eleven digits"):
        identifiers.legal_id(text)
