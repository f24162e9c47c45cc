"""Workbooks: what is shown in their visible sheets, and what is said of it."""

import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tafahom.sheets import ods, xls, xlsb, xlsx
from tafahom.sheets.files import FileRefusedError, SpreadsheetKind
from tafahom.sheets.notes import Notes, clear_covered, put_values, trim, within
from tafahom.sheets.values import CellPlace, MergedRange


@dataclass(slots=True)
class Sheet:
    """One sheet: its rows from the first on, blank ones too; blank cells are empty strings.

    Rows are numbered from 1 as a spreadsheet counts, columns from 0. Cells are str, float, bool,
    date, datetime, time, timedelta, ErrorValue or Percent. ``formulas`` says of each cell with a
    formula whether its result is stored. The value of a merged range stands in its first cell
    only. ``unsplit`` are lines of a text file that are kept as one cell, because their quotes do
    not balance.
    """

    name: str
    rows: list[list[object]]
    formulas: dict[CellPlace, bool] = field(default_factory=dict)
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unsplit: frozenset[int] = frozenset()


# By name, or in the order of the sheets.
_NOTES: Mapping[SpreadsheetKind, Callable[[Path], dict[str, Notes] | list[Notes]]] = {
    SpreadsheetKind.XLSX: xlsx.read_notes,
    SpreadsheetKind.XLSB: xlsb.read_notes,
    SpreadsheetKind.XLS: xls.read_notes,
}
# What Rust raises where calamine gives up on a file; no Exception, and found in no module.
_PANIC = "PanicException"
_DAMAGE = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    NotImplementedError,
    UnicodeDecodeError,
)


def read_workbook(path: Path, kind: SpreadsheetKind) -> list[Sheet]:
    """Read the visible sheets of a workbook that ``files.kind_of`` has let pass.

    Raises FileRefusedError when it is damaged, empty, or wider or longer than any roster.
    """
    try:
        if kind is SpreadsheetKind.ODS:
            sheets = [
                _sheet(found.name, found.rows, found.notes) for found in ods.read_sheets(path)
            ]
        else:
            sheets = _sheets(path, kind)
    except _DAMAGE as error:
        raise FileRefusedError("file.damaged") from error
    except BaseException as error:
        if type(error).__name__ == _PANIC:
            raise FileRefusedError("file.damaged") from error
        raise
    if not any(sheet.rows for sheet in sheets):
        raise FileRefusedError("file.empty")
    return sheets


def _sheets(path: Path, kind: SpreadsheetKind) -> list[Sheet]:
    noted = _NOTES[kind](path)
    with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
        sheets = []
        if isinstance(noted, list):
            noted = dict(zip(book.sheet_names, noted, strict=False))
        for meta in book.sheets_metadata:
            if meta.visible != SheetVisibleEnum.Visible or meta.typ != SheetTypeEnum.WorkSheet:
                continue
            # Without notes, errors would be blanks: KeyError says that the file is damaged.
            known = noted[meta.name]
            if known.refused:
                raise FileRefusedError(known.refused, sheet=meta.name)
            found = book.get_sheet_by_name(meta.name)
            rows: list[list[Any]] = found.to_python(skip_empty_area=False)
            sheets.append(
                _sheet(meta.name, _plain(rows) if kind is SpreadsheetKind.XLS else rows, known)
            )
        return sheets


def _plain(rows: Sequence[Sequence[object]]) -> list[list[object]]:
    """Rows in which every number is a float; calamine gives integers of old workbooks."""
    return [[float(c) if type(c) is int else c for c in row] for row in rows]


def _sheet(name: str, rows: list[list[object]], notes: Notes) -> Sheet:
    """Put a sheet together from its values and the notes on it."""
    put_values(rows, notes)
    trim(rows, notes.formulas)
    height, width = len(rows), len(rows[0]) if rows else 0
    merged = within(notes.merged, rows)
    clear_covered(rows, merged)
    return Sheet(
        name,
        rows,
        {(row, at): known for (row, at), known in notes.formulas.items() if row <= height},
        merged,
        frozenset(number for number in notes.hidden_rows if number <= height),
        frozenset(column for column in notes.hidden_columns if column < width),
    )
