"""A report as an Excel workbook, right to left where the language is, ready to print."""

import io
import math
from typing import Any

import xlsxwriter

from tafahom import localised
from tafahom.reports import words
from tafahom.reports.tables import HIDDEN, Column, ReportTable, TableCell

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = "Vazirmatn"
_WIDEST, _NARROWEST = 48, 11
_NOTE_HEIGHT = 14  # points, of a line


def render(table: ReportTable) -> bytes:
    """Return a workbook of one sheet: title, header, rows, total and notes.

    Texts are written as texts whatever they begin with; numbers stay numbers. A hidden figure is a
    word, which no sum takes for a number.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": table.title, "comments": table.subtitle})
    book.set_size(1600, 1000)
    _Sheet(book, table).write()
    book.close()
    return out.getvalue()


class _Sheet:
    """One sheet being written."""

    def __init__(self, book: Any, table: ReportTable) -> None:
        self.book, self.table = book, table
        self.sheet = book.add_worksheet(_sheet_name(table.title))
        self.formats: dict[tuple[str, bool], Any] = {}
        self.header_row = 3

    def write(self) -> None:
        table, sheet = self.table, self.sheet
        if table.is_right_to_left:
            sheet.right_to_left()
        sheet.write_string(0, 0, table.title, self._format("title"))
        sheet.write_string(1, 0, table.subtitle, self._format("subtitle"))
        for place, column in enumerate(table.columns):
            sheet.write_string(self.header_row, place, column.label, self._format("header"))
            sheet.set_column(place, place, self._width(place, column))
        sheet.set_row(self.header_row, 36)
        row = self.header_row + 1
        for cells in table.rows:
            self._write_row(row, cells)
            row += 1
        if table.rows:
            sheet.autofilter(self.header_row, 0, row - 1, len(table.columns) - 1)
        self._write_row(row, table.total, is_total=True)
        for note in table.footnotes:
            row += 1
            self._write_note(row + 1, note)
        self._set_up_print()

    def _set_up_print(self) -> None:
        sheet = self.sheet
        is_text = [column.kind == "text" for column in self.table.columns]
        sheet.freeze_panes(self.header_row + 1, is_text.index(False))
        sheet.repeat_rows(self.header_row)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        day = localised.day(self.table.as_of.date())
        sheet.set_footer(f"&C&P / &N&R{day}")

    def _write_row(self, row: int, cells: list[TableCell], *, is_total: bool = False) -> None:
        for place, (column, cell) in enumerate(zip(self.table.columns, cells, strict=True)):
            style = self._format(_style(column, cell), is_total=is_total)
            if cell is None or cell == "":
                self.sheet.write_blank(row, place, None, style)
            elif cell is HIDDEN:
                self.sheet.write_string(row, place, words.hidden(), style)
            elif isinstance(cell, str):
                self.sheet.write_string(row, place, cell, style)
            else:
                self.sheet.write_number(row, place, cell, style)

    def _write_note(self, row: int, note: str) -> None:
        """Write a note over the width of the table: on paper the rest of a longer line is lost."""
        columns, style = self.table.columns, self._format("note")
        if len(columns) > 1:
            self.sheet.merge_range(row, 0, row, len(columns) - 1, "", style)
        self.sheet.write_string(row, 0, note, style)
        width = sum(self._width(place, column) for place, column in enumerate(columns))
        self.sheet.set_row(row, _NOTE_HEIGHT * math.ceil(len(note) / width))

    def _format(self, style: str, *, is_total: bool = False) -> Any:
        known = self.formats.get((style, is_total))
        if known is None:
            options = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", **_STYLES[style]}
            options |= {"reading_order": 2 if self.table.is_right_to_left else 1}
            if is_total:
                options |= {"bold": True, "top": 2, "bg_color": "#EEF2F7"}
            known = self.formats[style, is_total] = self.book.add_format(options)
        return known

    def _width(self, place: int, column: Column) -> int:
        shown = [self.table.total, *self.table.rows]
        cells = (_shown(row[place]) for row in shown)
        longest = max(len(column.label) // (2 if column.is_number else 1), *map(len, cells))
        return min(max(longest + 3, _NARROWEST), _WIDEST)


def _shown(cell: TableCell) -> str:
    """Return a cell about as the sheet shows it, to know how wide it is."""
    if cell is HIDDEN:
        return words.hidden()
    if cell is None or isinstance(cell, str):
        return cell or ""
    return f"{cell:,.2f}" if isinstance(cell, float) else f"{cell:,}"


_CELL = {"bottom": 4, "bottom_color": "#C9D1DB"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "subtitle": {"font_size": 11, "font_color": "#475569"},
    "header": {
        "bold": True,
        "text_wrap": True,
        "bg_color": "#1F4E79",
        "font_color": "#FFFFFF",
        "align": "center",
        "border": 1,
        "border_color": "#FFFFFF",
    },
    "note": {"font_size": 9, "font_color": "#475569", "text_wrap": True},
    "text": _CELL,
    "whole": {**_CELL, "num_format": "#,##0"},
    "fraction": {**_CELL, "num_format": "#,##0.00"},
    "percent": {**_CELL, "num_format": '0.0"٪"'},
    "hidden": {**_CELL, "italic": True, "font_color": "#475569"},
}


def _style(column: Column, cell: TableCell) -> str:
    if cell is HIDDEN:
        return "hidden"
    if column.kind in ("text", "percent"):
        return column.kind
    return "fraction" if isinstance(cell, float) else "whole"


def _sheet_name(title: str) -> str:
    """Return a name that Excel takes: 31 characters at most, without the marks it forbids."""
    return "".join(mark for mark in title if mark not in "[]:*?/\\'")[:31] or "1"
