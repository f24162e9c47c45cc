"""Parts of promises: what they may sum up to, and how amendments change them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rosters import prepare
from tafahom.agreements.actions import save_commitment
from tafahom.agreements.models import Agreement, Breakdown, CommittedMeasure, Slice
from tafahom.agreements.parts.queries import quarters_on, slices_on
from tafahom.agreements.parts.rules import Division, Place, Stretch, due_by
from tafahom.agreements.promises.actions import amend, break_down, promise
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import LifeState
from tafahom.jalali import from_jalali
from tafahom.refusals import Refusal

HOURS = CommittedMeasure.PERSON_HOURS


def quarters(*quantities: int, is_complete: bool = False) -> Division:
    places = {Place(quarter=at): quantity for at, quantity in enumerate(quantities, 1)}
    return Division(("quarter",), places, is_complete=is_complete)


def test_quarters_bend_the_pace_of_the_year() -> None:
    """100, 200, 300 and 600 of 1,200: 100 after three months, 200 after 4.5, 600 after nine."""
    shares = {1: 100, 2: 200, 3: 300, 4: 600}
    assert [due_by(month, 1200, shares) for month in (0, 3, 4.5, 9, 12)] == [0, 100, 200, 600, 1200]
    # What no quarter names goes to the quarters without one: 900 to three of them.
    assert [due_by(month, 1200, {4: 300}) for month in (3, 9, 12)] == [300, 900, 1200]
    # With every quarter named it goes over the year: 200 over four quarters.
    assert due_by(3, 1200, {1: 100, 2: 200, 3: 300, 4: 400}) == 150
    assert due_by(5, 1200, {}) == 500


def test_the_pace_runs_while_the_term_does() -> None:
    """From 1 Tir to 30 Azar: months 3 to 9 of the year."""
    term = Stretch.of_year(1397, from_jalali(1397, 4, 1), from_jalali(1397, 9, 30))
    assert term == Stretch(3, 9)
    assert [due_by(month, 600, {}, term) for month in (0, 3, 6, 9, 12)] == [0, 0, 300, 600, 600]
    # 120 of the summer quarter; the rest of 600 goes to the only other quarter of the term.
    assert [due_by(month, 600, {2: 120}, term) for month in (4.5, 6, 7.5, 9)] == [60, 120, 360, 600]
    # A slice of a quarter outside the term is due in its quarter all the same.
    assert [due_by(month, 600, {1: 90}, term) for month in (3, 6)] == [90, 345]


def test_the_part_of_a_year_in_which_a_term_runs() -> None:
    long = from_jalali(1395, 1, 1), from_jalali(1399, 12, 29)
    assert Stretch.of_year(1397, *long) == Stretch(0, 12)
    middle = Stretch.of_year(1397, from_jalali(1397, 8, 16), from_jalali(1398, 2, 1))
    assert (middle.opens, middle.closes) == (7.5, 12)
    assert (middle.passed(7), middle.passed(10), middle.passed(12)) == (0, 2.5, 4.5)
    # To the last day of the year, and to the day before.
    assert Stretch.of_year(1397, long[0], from_jalali(1397, 12, 29)).closes == 12
    assert Stretch.of_year(1397, long[0], from_jalali(1397, 12, 28)).closes < 12
    # A promise for a year that the term has no day of: nothing better is known than the year.
    assert Stretch.of_year(1401, *long) == Stretch(0, 12)


@given(
    st.integers(0, 10**9),
    st.dictionaries(st.sampled_from([1, 2, 3, 4]), st.integers(0, 10**6)),
    st.floats(0, 12),
    st.floats(0, 12),
    st.tuples(st.integers(0, 365), st.integers(0, 365)),
)
def test_what_is_due_never_shrinks_and_ends_at_the_promise(
    rest: int, shares: dict[int, int], one: float, other: float, days: tuple[int, int]
) -> None:
    whole = rest + sum(shares.values())
    first, last = sorted((one, other))
    starts, ends = (from_jalali(1397, 1, 1) + dt.timedelta(day) for day in sorted(days))
    for term in (Stretch(), Stretch.of_year(1397, starts, ends)):
        assert due_by(first, whole, shares, term) <= due_by(last, whole, shares, term) + 1e-6
        assert due_by(0, whole, shares, term) == 0
        assert due_by(12, whole, shares, term) == pytest.approx(whole)
        if not shares:
            assert due_by(term.opens, whole, {}, term) == 0
            assert due_by(term.closes, whole, {}, term) == pytest.approx(whole)


@pytest.fixture
def signed(db: None) -> Agreement:
    """In force for 1397, with 600 person-hours promised."""
    found = prepare()
    save_commitment(found, year=1397, measure=HOURS, quantity=600, by=None)
    return found


@pytest.fixture
def draft(signed: Agreement) -> Agreement:
    Agreement.objects.filter(pk=signed.pk).update(state=LifeState.DRAFTING)
    signed.refresh_from_db()
    return signed


def divide(agreement: Agreement, division: Division, *, year: int = 1397) -> None:
    break_down(agreement, year=year, measure=HOURS, division=division, by=None)


def change(
    agreement: Agreement, division: Division, quantity: int | None = None, *, month: int = 7
) -> None:
    amend(
        agreement,
        year=1397,
        quantities={} if quantity is None else {HOURS: quantity},
        divisions={HOURS: [division]},
        signed_on=from_jalali(1397, 6, 1),
        effective_on=from_jalali(1397, month, 1),
        reason="جابه‌جایی میان فصل‌ها",
        by=None,
    )


@pytest.mark.parametrize(
    ("division", "code", "numbers"),
    [
        (quarters(300, 301), "slices.too_much", {"promised": 600, "parts": 601}),
        (quarters(300, 299, is_complete=True), "slices.not_whole", {"promised": 600, "parts": 599}),
        (Division(("quarter",), {Place(): 1}), "slices.dimensions", {}),
        (Division(("quarter",), {Place(quarter=5): 1}), "slices.dimensions", {}),
        (Division(("age",), {}), "slices.dimensions", {}),
        (
            Division(("quarter",), {Place(quarter=1): 1, Place(quarter=1, label="x"): 2}),
            "slices.twice",
            {},
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused_with_numbers(
    draft: Agreement, division: Division, code: str, numbers: dict[str, int]
) -> None:
    with pytest.raises(Refusal) as refused:
        divide(draft, division)
    assert (refused.value.code, refused.value.params) == (code, numbers)
    assert not Breakdown.objects.exists()


def test_a_draft_is_divided_freely_and_its_promise_stays_above_its_parts(draft: Agreement) -> None:
    divide(draft, quarters(100, 200, 300, is_complete=True))
    with pytest.raises(Refusal, match="too_much"):
        promise(draft, year=1397, measure=HOURS, quantity=599, by=None)
    with pytest.raises(Refusal, match="not_whole"):
        promise(draft, year=1397, measure=HOURS, quantity=601, by=None)
    divide(draft, quarters(100, 0, 300))
    assert [(one.quarter, one.quantity) for one in Slice.objects.all()] == [(1, 100), (3, 300)]
    promise(draft, year=1397, measure=HOURS, quantity=400, by=None)
    with pytest.raises(Refusal, match="no_promise"):
        divide(draft, quarters(1), year=1398)
    # The registry is loaded again: what is divided stays.
    assert not save_commitment(draft, year=1397, measure=HOURS, quantity=10, by=None)


def test_what_is_signed_is_divided_by_amendments_with_history(signed: Agreement) -> None:
    with pytest.raises(Refusal, match=r"promise\.signed"):
        divide(signed, quarters(1))
    change(signed, quarters(100, 200, 300), month=1)
    change(signed, quarters(100, 200, 150, 450, is_complete=True), 900)
    lines = [
        (one.amendment.number, one.part.quarter, one.old, one.new)
        for part in Slice.objects.all()
        for one in part.lines.all()
    ]
    assert sorted(lines) == [(1, 1, 0, 100), (1, 2, 0, 200), (1, 3, 0, 300), (2, 3, 300, 150),
                             (2, 4, 0, 450)]  # fmt: skip
    pk = signed.commitments.get().pk
    before, after = from_jalali(1397, 6, 31), from_jalali(1397, 7, 1)
    assert quarters_on(before)[pk] == {1: 100, 2: 200, 3: 300}
    assert quarters_on(after)[pk] == {1: 100, 2: 200, 3: 150, 4: 450}
    assert sum(slices_on(after).values_list("in_force", flat=True)) == 900
    with pytest.raises(Refusal, match=r"amendment\.nothing"):
        change(signed, quarters(100, is_complete=True), month=8)
    with pytest.raises(Refusal, match="too_much"):
        change(signed, quarters(101, is_complete=True), month=8)
    assert signed.amendments.count() == 2


def test_an_amendment_of_the_whole_looks_at_the_parts(signed: Agreement) -> None:
    change(signed, quarters(300, 300, is_complete=True))
    with pytest.raises(Refusal, match="not_whole"):
        amend(
            signed, year=1397, quantities={HOURS: 700}, signed_on=from_jalali(1397, 8, 1),
            effective_on=from_jalali(1397, 8, 1), reason="افزایش", by=None,
        )  # fmt: skip
    assert signed.commitments.get().quantity == 600


def test_a_renewal_takes_the_parts_along(signed: Agreement) -> None:
    change(signed, quarters(300, 0, 200))
    successor = renew(
        signed, number="نو", starts_on=from_jalali(1398, 1, 1),
        ends_on=from_jalali(1398, 12, 29), by=None,
    )  # fmt: skip
    parts = Slice.objects.filter(breakdown__commitment__agreement=successor)
    assert [(one.quarter, one.quantity) for one in parts] == [(1, 300), (3, 200)]
