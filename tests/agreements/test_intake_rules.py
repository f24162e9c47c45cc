"""Rules of proposals: what is a link, a code, a share of a year, a name like another."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.agreements.intake.rules import (
    alike,
    has_link,
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
