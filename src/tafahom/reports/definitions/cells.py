"""Cells of figures that may be hidden from who asks."""

from tafahom.figures.catalogue import MEASURES
from tafahom.figures.tables import FigureRow, Number
from tafahom.reports.tables import HIDDEN, TableCell


def hidden_or(value: Number, *, is_hidden: bool) -> TableCell:
    """Return a figure as a cell, or that it is hidden."""
    return HIDDEN if is_hidden else value


def value_cell(row: FigureRow, measure: str) -> TableCell:
    """Return a measure of a row: a promise is never hidden, nor is that there is none."""
    value = row.values[measure]
    return hidden_or(value, is_hidden=row.is_hidden and _has_figure(row.values, measure))


def cells_of(row: FigureRow) -> dict[str, TableCell]:
    """Return every measure of a row by its code, as ``value_cell`` does."""
    return {measure: value_cell(row, measure) for measure in row.values}


def previous_cell(row: FigureRow, measure: str) -> TableCell:
    """Return a measure of a row in the year before; None where the query does not compare."""
    before = row.previous or {}
    return hidden_or(before.get(measure), is_hidden=row.is_previous_hidden)


def growth_cell(row: FigureRow, measure: str) -> TableCell:
    """Return how a measure has grown: hidden where one of the two years is.

    None where nothing was delivered in the year before, whatever was in this one.
    """
    grown = (row.growth or {}).get(measure)
    before = (row.previous or {}).get(measure)
    is_hidden = row.is_previous_hidden or (row.is_hidden and bool(before))
    return hidden_or(grown, is_hidden=is_hidden)


def _has_figure(values: dict[str, Number], measure: str) -> bool:
    """Whether there would be a figure if the row were not hidden."""
    if not MEASURES[measure].is_committed:
        return True
    promised = values[measure.replace("realisation", "committed")]
    return measure.startswith("realisation") and bool(promised)
