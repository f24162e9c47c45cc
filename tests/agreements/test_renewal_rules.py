"""Into which years of a new term commitments go."""

import pytest

from tafahom.agreements.renewals.rules import Placement, placement, years_of
from tafahom.jalali import from_jalali


def test_a_term_has_a_day_of_its_first_and_its_last_year() -> None:
    assert years_of(from_jalali(1397, 12, 29), from_jalali(1399, 1, 1)) == range(1397, 1400)
    assert years_of(from_jalali(1397, 1, 1), from_jalali(1397, 12, 29)) == range(1397, 1398)


@pytest.mark.parametrize(
    ("old", "promised", "new", "years", "is_clear"),
    [
        ((1397, 1398), [], (1399, 1400), {1399: None}, True),
        ((1397, 1398), [1397], (1399, 1400), {1399: 1397}, True),
        ((1396, 1398), [1396, 1397], (1398, 1400), {1398: 1396, 1399: 1397}, True),
        # Promised for one year of two: that is moved, the new term's other year is empty.
        ((1396, 1398), [1397], (1398, 1400), {1398: None, 1399: 1397}, False),
        # Terms of other lengths: the first promised year comes first.
        ((1395, 1398), [1396, 1397], (1398, 1399), {1398: 1396}, False),
        ((1396, 1397), [1396], (1398, 1400), {1398: 1396, 1399: None}, False),
        # A year without a promise between two stays one; as many years as the new term has.
        (
            (1394, 1398),
            [1395, 1397],
            (1399, 1402),
            {1399: 1395, 1400: None, 1401: 1397},
            True,
        ),
        # Clear by what was promised, though the terms are of one length too.
        ((1396, 1398), [1397, 1398], (1398, 1400), {1398: 1397, 1399: 1398}, True),
    ],
)
def test_promised_years_are_moved_into_the_new_term(
    old: tuple[int, int],
    promised: list[int],
    new: tuple[int, int],
    years: dict[int, int | None],
    is_clear: bool,
) -> None:
    found = placement(old_term=range(*old), promised=promised, new_term=range(*new))
    assert found == Placement(years, is_clear)
