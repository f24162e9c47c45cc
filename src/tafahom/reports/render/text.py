"""A report as text for a terminal: aligned columns, Persian digits where the language has them."""

import unicodedata

from tafahom.persian import format_number
from tafahom.reports import words
from tafahom.reports.tables import HIDDEN, Column, ReportTable, TableCell

CONTENT_TYPE = "text/plain; charset=utf-8"
_NONE = "–"


def render(table: ReportTable) -> bytes:
    """Return title, header, rows, total and notes as UTF-8 text."""
    head = [column.label for column in table.columns]
    rows = shown_rows(table)
    widths = [max(map(_width, cells)) for cells in zip(head, *rows, strict=True)]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [table.title, table.subtitle, "", _line(table.columns, head, widths), rule]
    lines += [_line(table.columns, row, widths) for row in rows[:-1]]
    if table.rows:
        lines.append(rule)
    lines += [_line(table.columns, rows[-1], widths), "", *table.notes]
    return ("\n".join(lines) + "\n").encode()


def shown_rows(table: ReportTable) -> list[list[str]]:
    """Return the rows and, last, the total as a reader sees them, with thousands marks.

    A column has as many decimals in every cell, so that units stand under units.
    """
    rows = [*table.rows, table.total]
    decimals = [
        _decimals(column, [row[place] for row in rows])
        for place, column in enumerate(table.columns)
    ]
    return [_shown(table, row, decimals) for row in rows]


def shown(table: ReportTable, row: list[TableCell]) -> list[str]:
    """Return the cells of one row as a reader sees them when it stands alone."""
    decimals = [_decimals(column, [cell]) for column, cell in zip(table.columns, row, strict=True)]
    return _shown(table, row, decimals)


def _shown(table: ReportTable, row: list[TableCell], decimals: list[int]) -> list[str]:
    return [
        _shown_cell(cell, places, is_persian=table.is_right_to_left)
        for cell, places in zip(row, decimals, strict=True)
    ]


def _decimals(column: Column, cells: list[TableCell]) -> int:
    if column.kind == "percent":
        return 1
    return 2 if any(isinstance(cell, float) for cell in cells) else 0


def _shown_cell(cell: TableCell, decimals: int, *, is_persian: bool) -> str:
    """Return one cell as a reader sees it; a dash where there is no figure, a word for a hidden one."""
    if cell is None:
        return _NONE
    if cell is HIDDEN:
        return words.hidden()
    if isinstance(cell, str):
        return cell
    return format_number(cell, decimals) if is_persian else f"{cell:,.{decimals}f}"


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
