"""Registry files as rows of text, whatever they were saved as."""

import csv
import datetime as dt
import io
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

MAXIMUM_BYTES = 20 * 1024 * 1024
NumberedRow = tuple[int, list[str]]


def read_table(path: Path) -> list[NumberedRow]:
    """Rows of the first sheet, or of a CSV, with the number a spreadsheet or editor shows.

    Raises OSError when it cannot be read, ValueError when it is no table.
    """
    data = path.read_bytes()
    if len(data) > MAXIMUM_BYTES:
        raise ValueError("too large for a registry")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _read_workbook(data)
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("neither a workbook nor text")
    return _read_csv(_decode(data))


def _read_workbook(data: bytes) -> list[NumberedRow]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError) as error:
        raise ValueError("a workbook that cannot be read") from error
    return [(number, [_text(cell) for cell in cells]) for number, cells in enumerate(rows, 1)]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("windows-1256", errors="replace")


def _read_csv(text: str) -> list[NumberedRow]:
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[NumberedRow] = []
    first_line = 1
    for cells in reader:
        rows.append((first_line, cells))
        first_line = reader.line_num + 1
    return rows
