"""The workbook that goes back: rejected rows as they were sent, with the reason beside each.

It has the layout of the file that was sent, so that who mends a cell sends it again as it is.
"""

import datetime as dt
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tafahom.exchange.messages import message
from tafahom.exchange.roster import CANONICAL_FIELDS, ReadResult
from tafahom.exchange.roster.returning import ReturnedSheet, ReturnedTable, rows_to_return
from tafahom.training.rules import Problem

# Persian whatever the reader's language: the importer must know them when the file comes back.
REASON = "علت برگشت"
ROW_IN_FILE = "سطر در فایل اصلی"
_BAD_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_FIELD_OF = {label: name for name, label in CANONICAL_FIELDS.items()}
_WIDTHS = {"first_name": 14, "last_name": 18, "course_title": 24, "centre": 30, "full_name": 24}


@dataclass(frozen=True, slots=True)
class _Formats:
    plain: Format
    date: Format
    header: Format
    bad: Format
    bad_date: Format
    reason: Format
    above: Format


def write(target: Path, result: ReadResult, problems: Sequence[Problem]) -> None:
    """Write the rows that have problems; the file appears whole or not at all.

    Raises ``sheets.isolation.LimitError`` or OSError; nothing is left behind then.
    """
    by_row: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.sheet, problem.row].append(problem)
    wanted: dict[str, list[int]] = defaultdict(list)
    for sheet, row in by_row:
        wanted[sheet].append(row)
    sheets = rows_to_return(result.path, wanted)
    handle, aside = tempfile.mkstemp(dir=target.parent, suffix=".xlsx")  # of mode 0600
    os.close(handle)
    try:
        _write_workbook(aside, sheets, by_row)
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _write_workbook(
    place: str,
    sheets: Iterable[ReturnedSheet],
    by_row: dict[tuple[str, int], list[Problem]],
) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(place, options) as book:
        formats = _formats(book)
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, taken))
            page.right_to_left()
            next_row = 0
            for table in sheet.tables:
                next_row = _write_table(page, formats, sheet.name, table, by_row, next_row)


def _formats(book: Workbook) -> _Formats:
    base = {"font_name": "Tahoma", "font_size": 10, "valign": "vcenter", "reading_order": 2}
    bad = base | {"bg_color": "#FDE2E1", "border": 1, "border_color": "#C0392B"}
    day = {"num_format": "yyyy-mm-dd"}
    return _Formats(
        plain=book.add_format(base),
        date=book.add_format(base | day),
        header=book.add_format(base | {"bold": True, "bg_color": "#E8EEF4", "bottom": 1}),
        bad=book.add_format(bad),
        bad_date=book.add_format(bad | day),
        reason=book.add_format(base | {"font_color": "#A93226", "text_wrap": True}),
        above=book.add_format(base | {"font_color": "#444444"}),
    )


def _write_table(
    page: Worksheet,
    formats: _Formats,
    sheet: str,
    table: ReturnedTable,
    by_row: dict[tuple[str, int], list[Problem]],
    next_row: int,
) -> int:
    """Write labels, header and rows from ``next_row`` on; return the first row below them."""
    width = max(len(row) for row in (*table.above.values(), *table.rows.values()))
    whole = by_row.get((sheet, table.header_row), [])
    problems = {number: [*whole, *by_row.get((sheet, number), [])] for number in table.rows}
    bad = _bad_places(table, problems)
    for number, cells in sorted((table.above | table.rows).items()):
        is_header = number == table.header_row
        base = (
            formats.header
            if is_header
            else formats.plain
            if number in table.rows
            else formats.above
        )
        for column, cell in enumerate(cells):
            _write_cell(page, formats, (next_row, column), cell, base, (number, column) in bad)
        if is_header:
            page.write_string(next_row, width, REASON, formats.header)
            page.write_string(next_row, width + 1, ROW_IN_FILE, formats.header)
        elif number in table.rows:
            reasons = "\n".join(dict.fromkeys(_reason(problem) for problem in problems[number]))
            page.write_string(next_row, width, reasons, formats.reason)
            page.write_number(next_row, width + 1, number, formats.plain)
            page.set_row(next_row, 18 * (reasons.count("\n") + 1))
        next_row += 1
    for name, column in table.places.items():
        page.set_column(column, column, _WIDTHS.get(name, 13))
    page.set_column(width, width, 70)
    page.set_column(width + 1, width + 1, 15)
    return next_row + 1


def _reason(problem: Problem) -> str:
    return f"{problem.column}: {message(problem)}" if problem.column else message(problem)


def _bad_places(table: ReturnedTable, problems: dict[int, list[Problem]]) -> set[tuple[int, int]]:
    """Rows and columns of cells to be mended; of courses they may stand above the table."""
    places = set()
    for number, found in problems.items():
        for problem in found:
            name = _FIELD_OF.get(problem.column, "")
            if name in table.places:
                places.add((number, table.places[name]))
            elif name in table.labels:
                places.add(table.labels[name])
            elif name in ("national_id", "fida_code") and "identity" in table.places:
                places.add((number, table.places["identity"]))
            else:
                places |= _session_place(table, number, problem)
    return places


def _session_place(table: ReturnedTable, number: int, problem: Problem) -> set[tuple[int, int]]:
    header = table.above[table.header_row]
    return {(number, column) for column, cell in enumerate(header) if str(cell) == problem.column}


def _write_cell(
    page: Worksheet,
    formats: _Formats,
    place: tuple[int, int],
    cell: object,
    base: Format,
    is_bad: bool,
) -> None:
    """Write a cell as what it was: text is never turned into a formula or a link."""
    form = formats.bad if is_bad else base
    row, column = place
    if isinstance(cell, bool) or cell is None or cell == "":
        page.write_blank(row, column, None, form)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, form)
    elif isinstance(cell, dt.date | dt.datetime):
        if cell.year < 1900:  # a spreadsheet knows no such day
            page.write_string(row, column, f"{cell:%Y/%m/%d}", form)
        else:
            page.write_datetime(row, column, cell, formats.bad_date if is_bad else formats.date)
    else:
        page.write_string(row, column, str(cell), form)


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a workbook takes, and each once."""
    base = _BAD_SHEET_NAME.sub(" ", name).strip()[:28] or "برگشتی"
    chosen, number = base, 2
    while chosen.casefold() in taken:
        chosen, number = f"{base[:25]} {number}", number + 1
    taken.add(chosen.casefold())
    return chosen
