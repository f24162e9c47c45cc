"""What a chart needs to be drawn in the browser, as plain data."""

from typing import Any

from django.utils.translation import get_language

from tafahom.figures.catalogue import MEASURES
from tafahom.figures.tables import FigureRow
from tafahom.localised import month_name
from tafahom.reports.definitions.cells import value_cell
from tafahom.reports.tables import HIDDEN, TableCell
from tafahom.reports.words import hidden
from tafahom.web.shell.templatetags.tafahom import fa

MAX_BARS = 25
MAX_SERIES = 6
# Bars that lie in groups of several: with more they are hairlines, hatched or not.
MAX_GROUPED_BARS = 48


def chart(rows: list[FigureRow], by: tuple[str, ...], measure: str) -> dict[str, Any] | None:
    """Return the chart of a measure over one or two dimensions; None when there is nothing.

    Months stand as columns in order; anything else lies as bars, the largest first, as many as
    can be told apart. Of hidden figures a series says at which places they are; they come last.
    """
    if not by or not rows:
        return None
    across, inside = _axes(by)
    known = _names(rows, across)
    kinds = _largest(rows, inside, MAX_SERIES, measure) if inside else {"": ""}
    most = MAX_BARS if len(kinds) == 1 else MAX_GROUPED_BARS // len(kinds)
    names = known if across == "month" else _largest(rows, across, most, measure)
    series = _series(rows, across, inside, names, kinds, measure)
    return {
        "language": get_language() or "fa",
        "is_timeline": across == "month",
        "measure": str(MEASURES[measure].label),
        "unit": MEASURES[measure].unit,
        "hidden_word": hidden(),
        "is_cut": len(names) < len(known)
        or bool(inside and len(kinds) < len(_names(rows, inside))),
        "has_hidden": any(one["hidden"] for one in series),
        "labels": [fa(month_name(name)) for name in names.values()],
        "series": series,
    }


def _axes(by: tuple[str, ...]) -> tuple[str, str | None]:
    """Return the dimension along the axis (months if there are any) and the one within it."""
    if len(by) == 1:
        return by[0], None
    if "month" in by:
        return "month", next(name for name in by if name != "month")
    return by[0], by[1]


def _names(rows: list[FigureRow], dimension: str) -> dict[str, str]:
    return {row.dims[dimension].code: row.dims[dimension].name for row in rows}


def _largest(rows: list[FigureRow], dimension: str, most: int, measure: str) -> dict[str, str]:
    names = _names(rows, dimension)
    size: dict[str, float] = {}
    for row in rows:
        code = row.dims[dimension].code
        size[code] = max(size.get(code, 0), row.values[measure] or 0)
    codes = sorted(names, key=lambda code: -size[code])[:most]
    return {code: names[code] for code in codes}


def _series(
    rows: list[FigureRow],
    across: str,
    inside: str | None,
    names: dict[str, str],
    kinds: dict[str, str],
    measure: str,
) -> list[dict[str, Any]]:
    cells = {
        (row.dims[inside].code if inside else "", row.dims[across].code): value_cell(row, measure)
        for row in rows
    }
    return [
        _one_series(fa(name), [cells.get((kind, code)) for code in names])
        for kind, name in kinds.items()
    ]


def _one_series(name: str, cells: list[TableCell]) -> dict[str, Any]:
    return {
        "name": name,
        "values": [None if cell is HIDDEN else cell for cell in cells],
        "hidden": [place for place, cell in enumerate(cells) if cell is HIDDEN],
    }
