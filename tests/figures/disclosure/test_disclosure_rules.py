"""When a figure points at people, at the limit and beside it."""

from collections.abc import Callable

import pytest

from tafahom.figures.disclosure.rules import is_dominated, is_few, is_nearly_all, shown_months


@pytest.mark.parametrize(("persons", "few"), [(0, False), (1, True), (9, True), (10, False)])
def test_fewer_than_ten_are_few_and_none_are_not(persons: int, few: bool) -> None:
    assert is_few(persons) is few


@pytest.mark.parametrize(
    ("minutes", "dominated"),
    [([], False), ([5], True), ([5, 5], False), ([51, 50], True), ([50, 30, 20], False)],
)
def test_one_person_has_more_than_half_of_the_hours(minutes: list[int], dominated: bool) -> None:
    assert is_dominated(minutes) is dominated


@pytest.mark.parametrize(
    ("part", "whole", "nearly_all"),
    [
        (900, 1000, False),
        (901, 1000, True),
        (0, 5, False),
        (0, 0, False),
        (1, 10, True),  # nine others
        (1, 11, False),  # ten others
        (80, 90, False),
        (81, 90, True),
    ],
)
def test_a_slice_is_nearly_all_of_its_margin(part: int, whole: int, nearly_all: bool) -> None:
    assert is_nearly_all(part, whole) is nearly_all


def few_between(*persons: int) -> Callable[[int, int], bool]:
    """People of months 1, 2 …: what they add between two months may be too few to be shown."""
    return lambda after, through: is_few(sum(persons[after:through]))


@pytest.mark.parametrize(
    ("persons", "fixed", "shown"),
    [
        ((10, 10, 10), {}, [1, 2, 3]),
        ((10, 10, 9), {}, [1, 3]),  # the last month first: 2 would tell the nine of 3
        ((9, 10, 10), {}, [2, 3]),
        ((9, 0, 0), {}, []),
        ((9, 1, 10), {}, [2, 3]),
        ((10, 10, 9), {2: True}, [1, 2]),
        ((10, 10, 10), {2: False}, [1, 3]),
        ((9, 10, 10), {1: True}, [2, 3]),  # what points at people now is not shown
        ((10, 9, 10), {1: True}, [1, 3]),
    ],
)
def test_months_are_shown_that_do_not_tell_what_lies_between(
    persons: tuple[int, ...], fixed: dict[int, bool], shown: list[int]
) -> None:
    assert shown_months([1, 2, 3], few_between(*persons), fixed=fixed) == shown
