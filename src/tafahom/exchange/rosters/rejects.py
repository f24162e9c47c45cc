"""The workbook that goes back: rejected rows as they were sent, with the reason beside each.

It has the layout of the file that was sent, so that who mends a cell sends it again as it is.
"""

import datetime as dt
import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tafahom.exchange.rosters.messages import message
from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS, ReadResult
from tafahom.exchange.rosters.parsing.cells import shown
from tafahom.exchange.rosters.parsing.returning import (
    REPORT_SHEET,
    ReturnedSheet,
    ReturnedTable,
    rows_to_return,
)
from tafahom.sheets.values import Percent
from tafahom.training.rosters.rules import Problem

# Persian whatever the reader's language: the importer must know them when the file comes back.
REASON = "علت برگشت"
ROW_IN_FILE = "سطر در فایل اصلی"
_BAD_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_FIELD_OF = {label: name for name, label in CANONICAL_FIELDS.items()}
OURS = 2  # our columns come first: the reason is seen without scrolling
REASON_WIDTH = 60
_CODES = {dt.date: "yyyy-mm-dd", dt.timedelta: "[h]:mm:ss", Percent: "0.00%"}


@dataclass(frozen=True, slots=True)
class _Formats:
    plain: Format
    header: Format
    bad: Format
    reason: Format
    above: Format
    # What is a number to a spreadsheet, by its type here and whether it is to be mended.
    numbers: Mapping[tuple[type, bool], Format]


def write(
    target: Path,
    result: ReadResult,
    problems: Sequence[Problem],
    lines: Sequence[tuple[str, int | None]] = (),
) -> None:
    """Write the rows that have problems; the file appears whole or not at all.

    A problem of a header is one of its whole table, a problem of row 0 one of its whole sheet or
    file. ``lines`` go to a sheet of their own, which is passed over when the file comes back.
    Raises ``sheets.isolation.LimitError`` or OSError; nothing is left behind then.
    """
    by_row: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.sheet, problem.row].append(problem)
    wanted: dict[str, list[int]] = defaultdict(list)
    for sheet, row in by_row:
        wanted[sheet].append(row)
    sheets = rows_to_return(result.path, wanted, result.answers, result.given)
    handle, aside = tempfile.mkstemp(dir=target.parent, suffix=".xlsx")  # of mode 0600
    os.close(handle)
    try:
        _write_workbook(aside, sheets, by_row, lines)
        os.replace(aside, target)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _write_workbook(
    place: str,
    sheets: Iterable[ReturnedSheet],
    by_row: dict[tuple[str, int], list[Problem]],
    lines: Sequence[tuple[str, int | None]],
) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(place, options) as book:
        formats = _formats(book)
        taken: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, taken))
            page.right_to_left()
            page.set_landscape()
            page.set_paper(8)
            page.fit_to_pages(1, 0)
            next_row = 0
            for table in sheet.tables:
                next_row = _write_table(page, formats, sheet.name, table, by_row, next_row)
            _set_widths(page, sheet.tables)
            if len(sheet.tables) == 1:
                page.freeze_panes(len(sheet.tables[0].above), 1)
        if lines:
            _write_report(book.add_worksheet(_sheet_name(REPORT_SHEET, taken)), formats, lines)


def _write_report(
    page: Worksheet, formats: _Formats, lines: Sequence[tuple[str, int | None]]
) -> None:
    """Write what every row of the file was, and what is asked about it."""
    page.right_to_left()
    page.set_column(0, 0, REASON_WIDTH)
    page.write_string(0, 0, REPORT_SHEET, formats.header)
    for number, (text, count) in enumerate(lines, 1):
        page.write_string(number, 0, text, formats.reason if count is None else formats.plain)
        if count is not None:
            page.write_number(number, 1, count, formats.plain)


def _formats(book: Workbook) -> _Formats:
    base = {"font_name": "Tahoma", "font_size": 10, "valign": "vcenter", "reading_order": 2}
    bad = base | {"bg_color": "#FDE2E1", "border": 1, "border_color": "#C0392B"}
    return _Formats(
        plain=book.add_format(base),
        header=book.add_format(base | {"bold": True, "bg_color": "#E8EEF4", "bottom": 1}),
        bad=book.add_format(bad),
        reason=book.add_format(base | {"font_color": "#A93226", "text_wrap": True}),
        above=book.add_format(base | {"font_color": "#444444"}),
        numbers={
            (kind, is_bad): book.add_format((bad if is_bad else base) | {"num_format": code})
            for kind, code in _CODES.items()
            for is_bad in (True, False)
        },
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
    problems = _problems_of(sheet, table, by_row)
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
            place = next_row, column + OURS
            _write_cell(page, formats, place, cell, base, (number, column) in bad)
        if is_header:
            page.write_string(next_row, 0, REASON, formats.header)
            page.write_string(next_row, 1, ROW_IN_FILE, formats.header)
        elif number in table.rows:
            reasons = list(dict.fromkeys(_reason(problem) for problem in problems[number]))
            page.write_string(next_row, 0, "\n".join(reasons), formats.reason)
            page.write_number(next_row, 1, number, formats.plain)
            lines = sum(1 + len(reason) // REASON_WIDTH for reason in reasons)
            page.set_row(next_row, 16 * lines + 2)
        next_row += 1
    return next_row + 1


def _problems_of(
    sheet: str, table: ReturnedTable, by_row: Mapping[tuple[str, int], list[Problem]]
) -> dict[int, list[Problem]]:
    """Problems by row; of a whole sheet without a table they are said once, at its first row."""
    of_file = [] if sheet == "" else by_row.get(("", 0), [])
    whole = [*of_file, *by_row.get((sheet, 0), [])]
    if table.header_row:
        whole += by_row.get((sheet, table.header_row), [])
    problems = {number: list(by_row.get((sheet, number), [])) for number in table.rows}
    for number in problems if table.header_row else list(problems)[:1]:
        problems[number] = [*whole, *problems[number]]
    return problems


def _set_widths(page: Worksheet, tables: Sequence[ReturnedTable]) -> None:
    """Make each column as wide as what stands in it, within reason."""
    rows = [row for table in tables for row in (*table.above.values(), *table.rows.values())]
    for column in range(max(map(len, rows))):
        # What stands alone in its row is a title; it may run over its neighbours.
        longest = max(
            (
                len(shown(row[column]))
                for row in rows
                if column < len(row) and sum(map(bool, row)) > 1
            ),
            default=0,
        )
        page.set_column(column + OURS, column + OURS, min(max(longest + 2, 7), 32))
    page.set_column(0, 0, REASON_WIDTH)
    page.set_column(1, 1, 17)


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
    header = table.above.get(table.header_row, [])
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
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if cell is None or cell == "":
        page.write_blank(row, column, None, form)
    elif isinstance(cell, bool):
        page.write_boolean(row, column, cell, form)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, form)
    elif isinstance(cell, Percent):
        page.write_number(row, column, cell.number / 100, formats.numbers[Percent, is_bad])
    elif isinstance(cell, dt.timedelta):
        days = cell / dt.timedelta(days=1)
        page.write_number(row, column, days, formats.numbers[dt.timedelta, is_bad])
    elif isinstance(cell, dt.date | dt.datetime) and cell.year >= 1900:
        page.write_datetime(row, column, cell, formats.numbers[dt.date, is_bad])
    elif isinstance(cell, dt.date | dt.datetime):  # a spreadsheet knows no such day
        page.write_string(row, column, f"{cell:%Y/%m/%d}", form)
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
