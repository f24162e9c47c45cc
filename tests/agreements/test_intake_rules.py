"""Rules of proposals: what is a link, a code, a share of a year, a name like another."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.agreements.intake.rules import (
    alike,
    has_link,
    most_alike,
    phone_number,
    read_code,
    spread,
    tracking_code,
)
from tafahom.jalali import from_jalali
from tafahom.persian import normal_key


@pytest.mark.parametrize(
    "text",
    ["https://a.b", "ببینید www.site", "site.com", "خرید از shop.ir/x", "a@b", "[url=x]", "t.me/x",
     "<a href=1>", "HTTP://X", "mailto:x"],
)  # fmt: skip
def test_what_leads_somewhere_is_a_link(text: str) -> None:
    assert has_link(text)


@pytest.mark.parametrize(
    "text",
    ["آموزش جوشکاری در کارگاه ۱۲.۵ متری", "شرکت فولاد (سهامی خاص)", "ISO 9001:2015", "No.12", "U.S.",
     "واحد ۳، طبقه 2/1", "", "همکاری... و دیگر هیچ", "CNC.Irani"],
)  # fmt: skip
def test_plain_words_are_none(text: str) -> None:
    assert not has_link(text)


def test_telephone_numbers_come_in_any_digits() -> None:
    assert phone_number("۰۲۶-۳۲۷۰ ۰۰۰۰") == "02632700000"
    assert phone_number("+98 (912) 000 0000") == "+989120000000"
    for wrong in ("1234567", "۰۲۶x۳۲۷۰۰", "1" * 16, ""):
        with pytest.raises(ValueError, match="digits"):
            phone_number(wrong)


def test_a_code_is_of_its_form_and_of_this_installation() -> None:
    code = tracking_code("form", "secret")
    assert code == tracking_code("form", "secret")
    assert code not in (tracking_code("form2", "secret"), tracking_code("form", "secret2"))
    assert read_code(f" {code.lower().replace('-', ' ')} ") == code
    assert len(code.replace("-", "")) == 20


DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2040, 1, 1))


@given(st.integers(1, 10**9), DAYS, st.integers(0, 3650))
def test_shares_of_years_sum_up(quantity: int, first: dt.date, length: int) -> None:
    shares = spread(quantity, first, first + dt.timedelta(days=length))
    assert sum(shares.values()) == quantity
    assert all(shares.values())


def test_a_year_has_the_share_of_its_days() -> None:
    whole = spread(730, from_jalali(1405, 1, 1), from_jalali(1406, 12, 29))
    assert whole == {1405: 365, 1406: 365}
    assert spread(1, from_jalali(1405, 12, 29), from_jalali(1406, 1, 31)) == {1406: 1}
    assert spread(7, from_jalali(1405, 3, 1), from_jalali(1405, 3, 1)) == {1405: 7}


def test_names_are_alike_by_what_they_share() -> None:
    key = normal_key("سازمان زندان‌ها و اقدامات تأمینی")
    assert alike("سازمان زندانها و اقدامات تامینی", key) == 1.0
    assert alike("سازمان زندان‌ها", key) > 0.5
    assert alike("اداره کل سازمان زندان‌ها و اقدامات تامینی استان", key) > 0.4
    assert alike("شرکت فولاد البرز", key) == 0.0
    assert alike("", "") in (0.0, 1.0)


@pytest.mark.parametrize(
    ("name", "key", "share"),
    [
        ("abcde", "abcde", 1.0),
        ("abcdef", "abcdefx", 0.9),  # one holds the other
        ("abcdefx", "abcdef", 0.9),
        ("abcde", "abcdex", 0.625),  # too short for that: 5 of 8 groups of three
        ("abcde", "abcdx", 0.5),  # 4 of 8
        ("abcdefghijklm", "abcdefghinopqr", 0.45),  # 9 of 20
        ("abcde", "abxyz", 0.0),  # 2 of 10
        ("", "abcde", 0.0),
    ],
)
def test_names_are_alike_by_groups_of_three_letters(name: str, key: str, share: float) -> None:
    assert alike(name, key) == share


def test_how_alike_is_alike_may_be_told() -> None:
    assert alike("abcde", "abcdx", least=0.5) == 0.5
    assert alike("abcde", "abcdx", least=0.51) == 0.0


def test_the_likest_come_first_and_of_equals_the_first() -> None:
    keys = [(9, "abcdx"), (2, "abcdy"), (7, "zzz"), (3, "abcde"), (5, "abcdex"), (4, "abcdz")]
    assert most_alike("abcde", [*keys, (8, "abcdw")]) == [3, 5, 2, 4, 8]
    assert most_alike("abcde", keys, most=2) == [3, 5]


def test_a_code_has_no_letters_that_look_like_digits() -> None:
    """In base 32 the digest begins with JX6ODIZUGVH64OBZ2BEK."""
    assert tracking_code("0", "secret") == "JX68D-9ZUGV-H648B-Z2BEK"
    assert read_code("jx6odizugvh64obz2bek") == "JX68D-9ZUGV-H648B-Z2BEK"


def test_a_code_is_read_to_forty_letters() -> None:
    assert read_code("A" * 41) == "-".join(["AAAAA"] * 8)
    assert read_code("۱۲۳۴۵۶") == "12345-6"


@pytest.mark.parametrize(
    ("quantity", "first", "last", "shares"),
    [
        (366, (1399, 1, 1), (1399, 12, 30), {1399: 366}),
        (731, (1398, 1, 1), (1399, 12, 30), {1398: 365, 1399: 366}),
        (2, (1397, 12, 29), (1398, 1, 1), {1397: 1, 1398: 1}),
        (3, (1397, 12, 29), (1398, 1, 1), {1397: 2, 1398: 1}),  # of equals the first
        (10, (1397, 12, 29), (1398, 1, 2), {1397: 3, 1398: 7}),  # 3⅓ and 6⅔
    ],
)
def test_a_quantity_is_shared_by_the_days_of_each_year(
    quantity: int,
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    shares: dict[int, int],
) -> None:
    assert spread(quantity, from_jalali(*first), from_jalali(*last)) == shares


@pytest.mark.parametrize("digits", [8, 15])
def test_a_telephone_number_has_eight_to_fifteen_digits(digits: int) -> None:
    assert phone_number("1" * digits) == "1" * digits
