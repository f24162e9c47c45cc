"""Registry files as rows of text, whatever they were saved as."""

import datetime as dt
from pathlib import Path

from tafahom.sheets.reading import read_sheets_apart

NumberedRow = tuple[int, list[str]]


def read_table(path: Path) -> list[NumberedRow]:
    """Rows of the first visible sheet, or of a text file, with the number a spreadsheet shows.

    Raises ``sheets.files.FileRefusedError``.
    """
    sheet = read_sheets_apart(path)[0]
    return [(number, [_text(cell) for cell in row]) for number, row in enumerate(sheet.rows, 1)]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)
