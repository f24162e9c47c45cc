"""What two texts differ in, clause by clause, and names in templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.agreements.texts.placeholders import BLANK, NAMES, fill, unknown
from tafahom.agreements.texts.rules import (
    LONGEST_TEXT,
    MAX_NOTES,
    Content,
    DiffKind,
    Numbered,
    clause_title,
    compare,
    merged,
    note_title,
    refusals,
    tidy,
)


def text(*clauses: tuple[str, str]) -> list[Numbered]:
    """Clauses by lineage and words."""
    return [
        Numbered(lineage, place, Content(words, f"متن {words} است"))
        for place, (lineage, words) in enumerate(clauses, 1)
    ]


def changes(old: list[Numbered], new: list[Numbered]) -> list[tuple[str, int | None, int | None]]:
    return [(one.change.value, one.old_number, one.new_number) for one in compare(old, new)]


OLD = text(("a", "موضوع"), ("b", "مدت"), ("c", "نظارت"), ("d", "نسخه‌ها"))


def test_equal_texts_do_not_differ() -> None:
    assert {one.change for one in compare(OLD, OLD)} == {DiffKind.SAME}


def test_a_clause_that_was_put_in_does_not_make_those_behind_it_differ() -> None:
    new = text(("a", "موضوع"), ("x", "هدف"), ("b", "مدت"), ("c", "نظارت"), ("d", "نسخه‌ها"))
    assert changes(OLD, new) == [
        ("same", 1, 1),
        ("added", None, 2),
        ("same", 2, 3),
        ("same", 3, 4),
        ("same", 4, 5),
    ]


def test_what_was_removed_stands_where_it_stood() -> None:
    new = text(("a", "موضوع"), ("c", "نظارت"), ("d", "نسخه‌ها"))
    assert changes(OLD, new)[1] == ("removed", 2, None)
    assert changes(OLD, [])[-1] == ("removed", 4, None)
    assert changes([], OLD)[0] == ("added", None, 1)


def test_only_the_clause_that_moved_is_said_to_have_moved() -> None:
    new = text(("d", "نسخه‌ها"), ("a", "موضوع"), ("b", "مدت"), ("c", "نظارت"))
    assert changes(OLD, new) == [
        ("moved", 4, 1),
        ("same", 1, 2),
        ("same", 2, 3),
        ("same", 3, 4),
    ]


def test_a_clause_that_moved_and_changed_shows_both() -> None:
    new = text(("d", "نسخه‌های تازه"), ("a", "موضوع"), ("b", "مدت"), ("c", "نظارت"))
    first = compare(OLD, new)[0]
    assert first.change == DiffKind.MOVED
    assert ("+", "نسخه‌های تازه") in first.heading


def test_texts_of_other_origin_are_aligned_by_their_words() -> None:
    new = text(("p", "مدت"), ("q", "نظارت"))
    found = {one.new_number: one.old_number for one in compare(OLD, new)}
    assert found[1] == 2
    assert found[2] == 3


def test_a_note_is_found_again_behind_another() -> None:
    old = [Numbered("a", 1, Content("موضوع", "", ("تبصره ای برای آزمودن است",)))]
    new = [Numbered("a", 1, Content("موضوع", "", ("چیزی دیگر", "تبصره ای برای آزمودن بود")))]
    first, second = compare(old, new)[0].notes
    assert (first.old_number, first.new_number) == (None, 1)
    assert (second.old_number, second.new_number) == (1, 2)
    assert second.words == [("=", "تبصره ای برای آزمودن "), ("-", "است"), ("+", "بود")]


orders = st.permutations(range(7)).flatmap(
    lambda whole: st.integers(0, 7).map(lambda size: whole[:size])
)


@given(orders, orders)
def test_each_clause_of_both_texts_is_told_once(old: list[int], new: list[int]) -> None:
    before = text(*((str(one), f"عنوان{one}") for one in old))
    after = text(*((str(one), f"عنوان{one}") for one in new))
    found = compare(before, after)
    assert sorted(one.old_number for one in found if one.old_number) == [c.number for c in before]
    assert [one.new_number for one in found if one.new_number] == [c.number for c in after]
    for one in found:
        assert (one.change == DiffKind.ADDED) == (one.old_number is None)
        assert (one.change == DiffKind.REMOVED) == (one.new_number is None)
    still = [one for one in found if one.change == DiffKind.SAME]
    assert [one.old_number for one in still] == sorted(one.old_number or 0 for one in still)


def test_numbers_are_read_in_persian_and_a_single_note_has_none() -> None:
    assert clause_title(12) == "ماده ۱۲"
    assert note_title(1, 1) == "تبصره"
    assert note_title(2, 3) == "تبصره ۲"


def test_what_is_stored_is_tidy_line_by_line() -> None:
    typed = Content("  موضوع  ", "سطر يك\r\n\r\n  سطر دو ", ("  ", "تبصره"))
    assert tidy(typed) == Content("موضوع", "سطر یک\nسطر دو", ("تبصره",))


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (Content("", ""), ["clause.empty"]),
        (Content("الف", ""), []),
        (Content("", "الف" * LONGEST_TEXT), ["clause.too_long"]),
        (Content("الف", "", ("ب",) * MAX_NOTES), []),
        (Content("الف", "", ("ب",) * (MAX_NOTES + 1)), ["clause.too_many_notes"]),
    ],
)
def test_a_clause_says_something_and_has_its_limits(content: Content, codes: list[str]) -> None:
    assert refusals(content) == codes


@pytest.mark.parametrize(
    ("typed", "strange"),
    [
        ("با {{ partner }} و {{number}}", []),
        ("با {{ partnr }}", ["partnr"]),
        ("با {{ }}", ["{{ }}"]),
        ("با {{ partner", ["{{"]),
        ("با partner }} و {{ x }}", ["x", "}}"]),
        ("با {partner}", []),
    ],
)
def test_only_names_of_the_list_are_taken(typed: str, strange: list[str]) -> None:
    assert unknown(typed) == strange


def test_names_become_values_and_what_is_not_known_dots() -> None:
    assert fill("{{ partner }}: {{subject}}", {"partner": "صنعت"}) == (
        f"صنعت: {BLANK}",
        ["subject"],
    )


def test_values_are_not_filled_again() -> None:
    assert fill("{{ partner }}", {"partner": "{{ number }}", "number": "۱"})[0] == "{{ number }}"


def test_a_line_of_further_duties_goes_where_there_are_none() -> None:
    assert fill("الف؛\n{{ obligations_partner }}", {}) == ("الف؛", [])


def test_every_name_has_words_on_the_page() -> None:
    from tafahom.web.texts.forms import PLACEHOLDER_WORDS

    assert set(PLACEHOLDER_WORDS) == set(NAMES)


def test_what_i_left_alone_is_theirs() -> None:
    base = Content("الف", "ب", ("پ",))
    theirs = Content("الف", "ب تازه", ("پ", "ت"))
    assert merged(base, theirs, Content("آ", "ب", ("پ",))) == Content("آ", "ب تازه", ("پ", "ت"))
    assert merged(base, theirs, Content("الف", "مال من", ())) == Content("الف", "مال من", ())
    assert merged(base, theirs, base) == theirs
