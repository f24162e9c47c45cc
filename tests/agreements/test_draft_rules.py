"""What becomes of a draft that two edit at once."""

import datetime as dt
from dataclasses import replace

import pytest

from tafahom.agreements.drafts.rules import (
    NAMES,
    DraftFacts,
    changed_names,
    clashes,
    merged,
    wrong_term,
)

DAY = dt.date(2018, 3, 21)
BASE = DraftFacts("1", 4, "national", "", "subject", DAY, dt.date(2019, 3, 20))


def test_what_differs_is_named_in_the_order_of_the_form() -> None:
    assert changed_names(BASE, BASE) == ()
    other = DraftFacts("2", 5, "provincial", "9", "other", BASE.ends_on, DAY)
    assert changed_names(BASE, other) == NAMES
    assert changed_names(BASE, replace(BASE, ends_on=DAY, number="2")) == ("number", "ends_on")


def test_mine_is_what_i_changed_and_theirs_everything_else() -> None:
    theirs = replace(BASE, subject="theirs", number="7")
    mine = replace(BASE, subject="mine", parent="9")
    assert merged(BASE, theirs, mine) == replace(BASE, subject="mine", number="7", parent="9")
    assert set(clashes(BASE, theirs, mine)) == {"subject"}


def test_the_same_change_twice_is_no_clash() -> None:
    both = replace(BASE, number="7")
    assert not set(clashes(BASE, both, replace(both, subject="mine")))


@pytest.mark.parametrize(("days", "wrong"), [(-1, True), (0, False), (1, False)])
def test_a_term_may_be_of_one_day(days: int, wrong: bool) -> None:
    assert wrong_term(replace(BASE, ends_on=DAY + dt.timedelta(days=days))) is wrong
