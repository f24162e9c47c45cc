"""Words that changed, in Persian."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.persian.diff import changed, word_diff

ZWNJ = "\u200c"
texts = st.text(alphabet="ابپ ۱۲٬.،\u200c\n", max_size=60)


@given(texts, texts)
def test_the_pieces_are_both_texts_to_the_letter(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(text for op, text in pieces if op != "+") == old
    assert "".join(text for op, text in pieces if op != "-") == new
    assert all(text for _op, text in pieces)
    assert changed(pieces) == (old != new)


@given(texts, texts)
def test_neighbours_are_joined_and_what_went_comes_first(old: str, new: str) -> None:
    ops = "".join(op for op, _text in word_diff(old, new))
    assert not any(pair in ops for pair in ("==", "--", "++", "+-"))


def test_a_word_changes_as_a_whole_with_its_joiner() -> None:
    pieces = word_diff(f"آموزش ارائه می{ZWNJ}شود.", f"آموزش ارائه می{ZWNJ}گردد.")
    assert pieces == [
        ("=", "آموزش ارائه "),
        ("-", f"می{ZWNJ}شود"),
        ("+", f"می{ZWNJ}گردد"),
        ("=", "."),
    ]


@pytest.mark.parametrize(
    ("old", "new"), [("۱٬۲۰۰", "۱٬۵۰۰"), ("۱۳۹۷/۱۰/۰۵", "۱۳۹۷/۱۱/۰۵"), ("12.5", "12.75")]
)
def test_a_number_changes_as_a_whole(old: str, new: str) -> None:
    assert word_diff(f"برابر {old} ساعت", f"برابر {new} ساعت") == [
        ("=", "برابر "),
        ("-", old),
        ("+", new),
        ("=", " ساعت"),
    ]


def test_a_sentence_that_was_rewritten_is_one_change() -> None:
    assert word_diff("الف ب پ ت", "الف ج چ ت") == [
        ("=", "الف "),
        ("-", "ب پ"),
        ("+", "ج چ"),
        ("=", " ت"),
    ]


def test_nothing_and_something() -> None:
    assert word_diff("", "") == []
    assert word_diff("", "متن") == [("+", "متن")]
    assert word_diff("متن", "") == [("-", "متن")]
    assert word_diff("متن", "متن") == [("=", "متن")]


def test_long_texts_of_few_words_take_no_time() -> None:
    old = "و به " * 4000
    began = time.perf_counter()
    pieces = word_diff(old + "پایان", "آغاز " + old)
    assert changed(pieces)
    word_diff("الف ب " * 3000, "ب الف پ " * 3000)
    assert time.perf_counter() - began < 5
