"""Registry files as rows of text, whatever they were saved as."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from tafahom.sheets.reading import read_sheets_apart
from tafahom.sheets.values import ErrorValue
from tafahom.sheets.workbook import Sheet

WHOLE_ROW = -1


@dataclass(frozen=True, slots=True)
class RegistryFlaw:
    """Why a cell can not be taken: a code that ``load`` has a sentence for, and what is there."""

    code: str
    value: str


@dataclass(slots=True)
class TableRow:
    """One row: its number as a spreadsheet shows it, and its cells as text.

    ``flaws`` are cells, by column, that must not be taken for the text that stands there;
    under ``WHOLE_ROW`` the row itself.
    """

    number: int
    cells: list[str]
    flaws: dict[int, RegistryFlaw] = field(default_factory=dict)


@dataclass(slots=True)
class RegistryTable:
    """The first visible sheet of a registry, or its text file."""

    rows: list[TableRow]
    hidden_columns: frozenset[int]


def read_table(path: Path) -> RegistryTable:
    """Read the rows of the first visible sheet, or of a text file.

    A merged text holds for all its cells. Raises ``sheets.files.FileRefusedError``.
    """
    sheet = read_sheets_apart(path)[0]
    rows = [
        TableRow(number, [_text(cell) for cell in row], _errors(row))
        for number, row in enumerate(sheet.rows, 1)
    ]
    for (number, column), is_stored in sheet.formulas.items():
        if not is_stored:
            rows[number - 1].flaws[column] = RegistryFlaw("cell.formula", "=")
    _spread_merged(sheet, rows)
    for number in sheet.unsplit:
        row = rows[number - 1]
        row.flaws = {WHOLE_ROW: RegistryFlaw("row.quotes", row.cells[0])}
    return RegistryTable(rows, sheet.hidden_columns)


def _errors(row: list[object]) -> dict[int, RegistryFlaw]:
    return {
        column: RegistryFlaw("cell.error", cell.text)
        for column, cell in enumerate(row)
        if isinstance(cell, ErrorValue)
    }


def _spread_merged(sheet: Sheet, rows: list[TableRow]) -> None:
    """Let a merged cell hold for its range; a number is for one row or for all: nobody knows."""
    for area in sheet.merged:
        first = rows[area.first_row - 1]
        text = first.cells[area.first_column]
        flaw = first.flaws.get(area.first_column)
        if isinstance(sheet.rows[area.first_row - 1][area.first_column], float):
            flaw = flaw or RegistryFlaw("cell.merged", text)
        for row in rows[area.first_row - 1 : area.last_row]:
            for column in range(area.first_column, area.last_column + 1):
                if row is first and column == area.first_column:
                    continue
                row.cells[column] = text
                if flaw:
                    row.flaws[column] = flaw


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
