"""Which cells are hidden besides those that must be, and what an attacker can tell."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures.disclosure.attacker import learn, protected
from figures.disclosure.systems import province_year
from tafahom.figures.disclosure import suppression
from tafahom.figures.disclosure.merging import thin
from tafahom.figures.disclosure.suppression import (
    Cell,
    Exposed,
    Interval,
    Status,
    System,
    audit,
    suppress,
)

TEN = Interval(0, 10)


def table(rows: list[list[int]], need: dict[tuple[int, int], Interval]) -> System:
    """Return a table of two ways whose totals are exact; cells are numbered along the rows."""
    wide = len(rows[0])
    values = [value for row in rows for value in row]
    cells = [Cell((at,), need.get(divmod(at, wide))) for at in range(len(values))]
    along = [tuple(range(start, start + wide)) for start in range(0, len(values), wide)]
    down = [tuple(range(start, len(values), wide)) for start in range(wide)]
    return System(values, cells, [(margin, ()) for margin in along + down])


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Any sums of a few counts, with any needs and statuses, some known to all."""
    values = draw(st.lists(st.integers(0, 25), min_size=1, max_size=7))
    some = st.sets(st.integers(0, len(values) - 1), max_size=5).map(lambda s: tuple(sorted(s)))
    needs = st.tuples(st.integers(0, 8), st.integers(0, 20)).map(
        lambda pair: Interval(pair[0], pair[0] + pair[1])
    )
    kept = st.builds(Cell, some, st.none(), st.floats(0.5, 3), st.sampled_from(Status))
    secret = st.builds(Cell, some, needs)
    cells = draw(st.lists(kept | secret, min_size=1, max_size=10))
    return System(values, cells, draw(st.lists(st.tuples(some, some), max_size=3)))


@st.composite
def tables(draw: st.DrawFn) -> System:
    """A table of two ways in which every count of 1 to 9 is to be protected."""
    wide = draw(st.integers(2, 4))
    row = st.lists(st.integers(0, 30), min_size=wide, max_size=wide)
    rows = draw(st.lists(row, min_size=2, max_size=4))
    small = {
        (down, along): Interval(1, 10)
        for down, row in enumerate(rows)
        for along, value in enumerate(row)
        if 0 < value < 10
    }
    return table(rows, small)


def everything(system: System) -> set[int]:
    """Return all cells that may be hidden."""
    return {at for at, cell in enumerate(system.cells) if cell.status is not Status.SHOWN}


@settings(deadline=None, max_examples=150)
@given(st.one_of(systems(), tables()))
def test_every_need_is_met_or_reported_and_reported_only_if_nothing_could_meet_it(system: System):
    found = suppress(system)
    reported = {one.cell for one in found.unmet}
    for at, cell in enumerate(system.cells):
        if cell.need is not None:
            assert protected(system, found.hidden, at) == (at not in reported)
            assert protected(system, everything(system), at) == (at not in reported)


@settings(deadline=None, max_examples=150)
@given(systems(), st.data())
def test_an_audit_learns_what_another_attacker_learns_of_any_pattern(
    system: System, data: st.DataObject
):
    hidden = data.draw(st.sets(st.integers(0, len(system.cells) - 1)))
    exposed = {one.cell: one for one in audit(system, hidden)}
    for at, cell in enumerate(system.cells):
        if cell.need is not None:
            assert protected(system, hidden, at) == (at not in exposed)
    for at, one in exposed.items():
        assert (one.low, one.high) == pytest.approx(learn(system, hidden, at), abs=1e-5)


@settings(deadline=None)
@given(systems())
def test_statuses_are_kept(system: System):
    found = suppress(system)
    for at, cell in enumerate(system.cells):
        if cell.status is Status.SHOWN:
            assert at not in found.hidden
        if cell.status is Status.HIDDEN or cell.need is not None:
            assert at in found.hidden


@settings(deadline=None)
@given(st.one_of(systems(), tables()))
def test_the_same_system_has_the_same_pattern(system: System):
    once, again = suppress(system), suppress(system)
    assert (once.hidden, once.unmet) == (again.hidden, again.unmet)


def test_the_table_of_fischetti_and_salazar():
    rows = [[20, 50, 10], [8, 19, 22], [17, 32, 12]]
    system = table(rows, {(1, 2): Interval(17, 27)})
    found = suppress(system)
    assert found.unmet == ()
    assert len(found.hidden) == 4
    assert protected(system, found.hidden, 5)
    for shown in found.hidden - {5}:
        assert audit(system, found.hidden - {shown}) == [Exposed(5, Interval(17, 27), 22, 22)]


def test_a_cell_with_a_need_that_is_shown_is_found():
    system = table([[5, 20], [30, 40]], {(0, 0): TEN})
    found = suppress(system)
    assert found.hidden == {0, 1, 2, 3}
    assert audit(system, found.hidden) == []
    assert audit(system, found.hidden - {0}) == [Exposed(0, TEN, 5, 5)]


@pytest.mark.parametrize(("total", "high"), [(9, 9), (10, None), (11, None)])
def test_a_total_of_nine_cannot_hide_whether_there_are_ten(total: int, high: int | None):
    system = System([5, total - 5], [Cell((0,), TEN), Cell((1,))], [((0, 1), ())])
    found = suppress(system)
    assert found.hidden == {0, 1}
    assert [one.high for one in found.unmet] == ([] if high is None else [high])


def test_a_need_that_cannot_be_met_is_met_as_far_as_it_can():
    system = System([2, 1, 50], [Cell((0,), TEN), Cell((1,)), Cell((2,))], [((0, 1), ())])
    found = suppress(system)
    assert found.unmet == (Exposed(0, TEN, 0, 3),)
    assert found.hidden == {0, 1}


def test_a_link_between_tables_tells_unless_both_sides_are_hidden():
    by_level = Cell((0,), TEN)
    system = System([4, 2, 2, 60], [by_level, Cell((1,)), Cell((2,)), Cell((3,))], [((0,), (1, 2))])
    assert suppress(system).unmet == ()
    assert audit(system, {0}) == [Exposed(0, TEN, 4, 4)]


def test_the_persons_between_two_shown_months_are_protected():
    between = Cell((1,), TEN, status=Status.HIDDEN)
    system = System([40, 3, 20], [Cell((0,)), Cell((0, 1)), Cell((0, 1, 2)), between])
    found = suppress(system)
    assert found.unmet == ()
    assert found.hidden - {3} in ({0}, {1})
    shown = replace(system, cells=[replace(c, status=Status.SHOWN) for c in system.cells[:3]])
    shown = replace(shown, cells=[*shown.cells, between])
    assert suppress(shown).unmet == (Exposed(3, TEN, 3, 3),)


def test_cells_that_are_equal_are_hidden_together():
    system = System([4, 30], [Cell((0,), TEN), Cell((0,)), Cell((0, 1)), Cell((1,))])
    found = suppress(system)
    assert {0, 1} <= found.hidden
    assert len(found.hidden) == 3
    assert audit(system, {0, 2}) == [Exposed(0, TEN, 4, 4)]


def test_the_cheaper_cell_is_hidden():
    cells = [Cell((0,), TEN), Cell((1,), cost=9.0), Cell((2,), cost=1.0)]
    assert suppress(System([4, 30, 30], cells, [((0, 1, 2), ())])).hidden == {0, 2}


def test_what_the_attacker_finds_is_hidden_after_all(monkeypatch: pytest.MonkeyPatch):
    def careless(pattern: suppression._Pattern, _aims: object) -> None:
        for line in pattern._lines:
            line.hidden = line.hidden and not line.spare

    monkeypatch.setattr(suppression._Pattern, "show_again", careless)
    found = suppress(table([[5, 20], [30, 40]], {(0, 0): TEN}))
    assert found.unmet == ()
    assert found.hidden == {0, 1, 2, 3}


@pytest.mark.parametrize("scale", [0.1, 1.0, 3.0])
def test_a_province_and_its_year(scale: float, capfd: pytest.CaptureFixture[str]):
    system = province_year(seed=4, scale=scale)
    needs = [at for at, cell in enumerate(system.cells) if cell.need is not None]
    found = suppress(system)
    beside = len(found.hidden) - len(needs)
    assert audit(system, found.hidden) == list(found.unmet)
    assert audit(system, needs)  # hiding the small cells alone protects nobody
    assert not found.unmet or scale < 1  # a county of nine persons protects nobody
    assert 0 < beside < 0.2 * len(system.cells)
    assert found.programmes < 2 * len(needs)
    reported = {one.cell for one in found.unmet}
    for at in needs[:: math.ceil(len(needs) / 4)]:
        assert protected(system, found.hidden, at) == (at not in reported)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Cell((0,), cost=0), "greater than zero"),
        (lambda: Cell((0,), TEN, status=Status.SHOWN), "cannot be protected"),
        (lambda: Interval(3, 2), "from low to high"),
        (lambda: System([-1], []), "negative"),
        (lambda: System([1], [Cell((1,))]), "does not have"),
        (lambda: System([1], [Cell((0, 0))]), "once"),
        (lambda: System([1], [], [((0,), (-1,))]), "does not have"),
    ],
)
def test_what_makes_no_sense_is_refused(make, said: str):
    with pytest.raises(ValueError, match=said):
        make()


@given(st.lists(st.sets(st.integers(0, 6), max_size=6), min_size=1, max_size=8), st.data())
def test_thin_rows_have_the_same_solutions(sums: list[set[int]], data: st.DataObject):
    first = data.draw(st.integers(0, len(sums)))
    signs = st.sampled_from([1.0, 1.0, 1.0, -1.0])
    rows = [{at: data.draw(signs) for at in sorted(one)} for one in sums]
    thinned = thin(rows, range(first, len(rows)), 7)
    whole, short = (
        np.array([[row.get(at, 0) for at in range(7)] for row in r]) for r in (rows, thinned)
    )
    assert np.abs(short).sum() <= np.abs(whole).sum()
    assert np.linalg.matrix_rank(short[first:]) == np.linalg.matrix_rank(whole[first:])
    both = np.vstack([whole[first:], short[first:], short - whole])
    assert np.linalg.matrix_rank(both) == np.linalg.matrix_rank(whole[first:])
