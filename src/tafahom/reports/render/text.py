"""A report as text for a terminal: aligned columns, Persian digits where the language has them."""

import unicodedata

from tafahom.persian import format_number
from tafahom.reports.tables import Cell, Column, ReportTable

CONTENT_TYPE = "text/plain; charset=utf-8"
_NONE = "–"


def render(table: ReportTable) -> bytes:
    """Return title, header, rows, total and notes as UTF-8 text."""
    head = [column.label for column in table.columns]
    rows = [shown(table, row) for row in [*table.rows, table.total]]
    widths = [max(map(_width, cells)) for cells in zip(head, *rows, strict=True)]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [table.title, table.subtitle, "", _line(table.columns, head, widths), rule]
    lines += [_line(table.columns, row, widths) for row in rows[:-1]]
    if table.rows:
        lines.append(rule)
    lines += [_line(table.columns, rows[-1], widths), "", *table.notes]
    return ("\n".join(lines) + "\n").encode()


def shown(table: ReportTable, row: list[Cell]) -> list[str]:
    """Return the cells of a row as a reader sees them, with thousands marks."""
    return [
        shown_cell(column, cell, is_persian=table.is_right_to_left)
        for column, cell in zip(table.columns, row, strict=True)
    ]


def shown_cell(column: Column, cell: Cell, *, is_persian: bool) -> str:
    """Return one cell as a reader sees it; a dash where there is no figure."""
    if cell is None:
        return _NONE
    if isinstance(cell, str):
        return cell
    decimals = 1 if column.kind == "percent" else 2 if isinstance(cell, float) else 0
    if not is_persian:
        return f"{cell:,.{decimals}f}"
    return format_number(cell, decimals) if decimals else format_number(cell)


def _line(columns: list[Column], cells: list[str], widths: list[int]) -> str:
    padded = (
        " " * (width - _width(cell)) + cell
        if column.is_number
        else cell + " " * (width - _width(cell))
        for column, cell, width in zip(columns, cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes; joiners and marks take none."""
    return sum(unicodedata.category(mark) not in ("Cf", "Mn", "Me") for mark in text)
