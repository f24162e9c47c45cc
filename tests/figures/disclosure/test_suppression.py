"""Which cells are hidden besides those that must be."""

from tafahom.figures.disclosure.suppression import Cell, Interval, System, audit, suppress


def two_by_two() -> System:
    """Return a table with all totals: the small cell is told unless three more are hidden."""
    cells = [Cell((0,), Interval(0, 10)), Cell((1,)), Cell((2,)), Cell((3,))]
    totals = [Cell((0, 1)), Cell((2, 3)), Cell((0, 2)), Cell((1, 3))]
    return System([5, 20, 30, 40], cells, [(total.variables, ()) for total in totals])


def test_a_small_cell_is_hidden_with_the_other_corners_of_a_rectangle():
    system = two_by_two()
    found = suppress(system)
    assert found.hidden == {0, 1, 2, 3}
    assert found.unmet == ()
    assert audit(system, found.hidden - {3})[0].high == 5
