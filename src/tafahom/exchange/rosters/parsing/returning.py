"""Raw rows of a file that go back to who sent it, as they were written. No Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tafahom.exchange.rosters.parsing.fields import vocabulary
from tafahom.exchange.rosters.parsing.finding import find_tables
from tafahom.exchange.rosters.parsing.given import Given, given_for
from tafahom.exchange.rosters.parsing.meanings import Answers
from tafahom.exchange.rosters.parsing.tables import Table
from tafahom.sheets.isolation import run_isolated
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.workbook import Sheet

# The sheet of a returned workbook that says what every row was; Persian as the rosters are.
REPORT_SHEET = "گزارش ردیف‌ها"


@dataclass(slots=True)
class ReturnedTable:
    """Rows of one table by number, with those above it that it needs to be read again.

    ``above`` holds labels, header and session hours. ``places`` are columns by field;
    ``labels`` are places of values beside labels, by field. ``header_row`` is 0 for rows of a
    sheet that stand under no header we know.
    """

    header_row: int
    above: dict[int, list[object]]
    rows: dict[int, list[object]]
    places: dict[str, int]
    labels: dict[str, tuple[int, int]]


@dataclass(slots=True)
class ReturnedSheet:
    """What goes back of one sheet."""

    name: str
    tables: list[ReturnedTable] = field(default_factory=list)


def is_report(sheet: Sheet) -> bool:
    """Whether a sheet is the report that we wrote ourselves: by its name and its title."""
    title = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else ""
    return sheet.name == title == REPORT_SHEET


def rows_to_return(
    path: str,
    wanted: Mapping[str, Sequence[int]],
    answers: Answers,
    given: Given,
) -> list[ReturnedSheet]:
    """Return the rows with these numbers by sheet; a header's number stands for its whole table.

    0 stands for the whole sheet, and for the whole file under a name that no sheet has. Reads the
    file again, with what was answered and given, in a child process: of a large file little goes
    back. Raises ``sheets.isolation.LimitError``.
    """
    plain = {sheet: sorted(set(numbers)) for sheet, numbers in wanted.items()}
    found: list[ReturnedSheet] = run_isolated(
        __name__,
        pick_rows.__name__,
        path,
        plain,
        dict(answers),
        {k: dict(v) for k, v in given.items()},
    )
    return found


def pick_rows(
    path: str,
    wanted: Mapping[str, Sequence[int]],
    answers: Answers,
    given: Given,
) -> list[ReturnedSheet]:
    """Do the same in this process."""
    words = vocabulary()
    returned = []
    sheets = list(read_sheets(Path(path)))
    is_whole_file = any(0 in wanted[name] for name in wanted.keys() - {one.name for one in sheets})
    for sheet in sheets:
        numbers = set(wanted.get(sheet.name, ()))
        is_whole = is_whole_file or 0 in numbers
        found = find_tables(sheet, words, answers, given_for(sheet.name, given)).tables
        if not found and is_report(sheet):
            continue
        if is_whole:
            numbers |= {table.named_row for table in found}
        tables = [
            _pick(table, sheet.rows, numbers)
            for table in found
            if numbers & {table.named_row, *table.rows}
        ]
        if rest := _rest(sheet.rows, tables, numbers, is_whole=is_whole and not found):
            tables.append(rest)
        if tables:
            returned.append(ReturnedSheet(sheet.name, tables))
    return returned


def _rest(
    rows: Sequence[Sequence[object]],
    tables: Sequence[ReturnedTable],
    numbers: set[int],
    *,
    is_whole: bool,
) -> ReturnedTable | None:
    """Return wanted rows that no table holds: nothing is lost because it was read otherwise."""
    taken = {number for table in tables for number in (*table.above, *table.rows)}
    every = range(1, len(rows) + 1)
    wanted = [number for number in every if is_whole or number in numbers - taken]
    filled = {number: list(rows[number - 1]) for number in wanted if any(rows[number - 1])}
    return ReturnedTable(0, {}, filled, {}, {}) if filled else None


def _pick(table: Table, rows: Sequence[Sequence[object]], numbers: set[int]) -> ReturnedTable:
    above = {label.row for label in table.labels.values()} | {table.hours_row, table.header_row}
    above |= set(range(table.first_row, table.header_row + 1))
    whole = table.named_row in numbers
    return ReturnedTable(
        table.header_row,
        {number: list(rows[number - 1]) for number in sorted(above - {0})},
        {
            number: [
                cell if table.has(column) else "" for column, cell in enumerate(rows[number - 1])
            ]
            for number in table.rows
            if whole or number in numbers
        },
        dict(table.columns),
        {name: (label.row, label.column) for name, label in table.labels.items() if label.row},
    )
