"""Workbooks (xlsx): what is shown in their visible sheets, and which cells are formulas."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tafahom.sheets.files import FileRefusedError
from tafahom.sheets.values import Merged, Place

_CHUNK = 1 << 20
# A cell or row beyond column IV (256) or row 199,999: laid out in memory it would fill it.
_TOO_WIDE = re.compile(rb"""r=(?<=\sr=)["'](?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])\d""")
_TOO_LONG = re.compile(rb"""r=(?<=\sr=)["'][A-Z]*(?:\d{7}|[2-9]\d{5})["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_HAS_RESULT = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")
_LONGEST_CELL = 1 << 17
_PARTS_LARGEST = 4 << 20
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


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
    formulas: dict[Place, bool] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    unsplit: frozenset[int] = frozenset()


def read_workbook(path: Path) -> list[Sheet]:
    """Read the visible sheets of a workbook that ``files.kind_of`` has let pass.

    Raises FileRefusedError when it is damaged, empty, or wider or longer than any roster.
    """
    try:
        scans = _scan(path)
        with CalamineWorkbook.from_path(path) as book:
            visible = [
                meta.name
                for meta in book.sheets_metadata
                if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
            ]
            sheets = []
            for name in visible:
                scan = scans.get(name) or _Scan()
                if scan.refused:
                    raise FileRefusedError(scan.refused, sheet=name)
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                sheets.append(Sheet(name, rows, scan.formulas))  # type: ignore[arg-type]
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, OSError, KeyError) as error:
        raise FileRefusedError("file.damaged") from error
    if not any(cell not in ("", None) for sheet in sheets for row in sheet.rows for cell in row):
        raise FileRefusedError("file.empty")
    return sheets


@dataclass(slots=True)
class _Scan:
    """What the XML of a sheet says before it is laid out in memory."""

    refused: str = ""
    formulas: dict[Place, bool] = field(default_factory=dict)


def _scan(path: Path) -> dict[str, _Scan]:
    """Scan the sheets by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: _scan_part(archive, part) for name, part in _parts(archive)}


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give names of sheets and of the parts that hold them."""
    # In a child with little memory and time: entities that grow end it, and nothing is fetched.
    relations = ElementTree.fromstring(  # nosec B314
        _small(archive, "xl/_rels/workbook.xml.rels")
    )
    targets = {node.get("Id", ""): node.get("Target", "") for node in relations}
    names = set(archive.namelist())
    for node in ElementTree.fromstring(_small(archive, "xl/workbook.xml")).iter():  # nosec B314
        if node.tag.rpartition("}")[2] == "sheet":
            target = targets.get(node.get(_REL_ID, ""), "")
            part = str(PurePosixPath("xl") / target) if target[:1] != "/" else target[1:]
            if part in names:
                yield node.get("name", ""), part


def _small(archive: zipfile.ZipFile, part: str) -> bytes:
    if archive.getinfo(part).file_size > _PARTS_LARGEST:
        raise FileRefusedError("file.too_large")
    return archive.read(part)


def _scan_part(archive: zipfile.ZipFile, part: str) -> _Scan:
    """Look through the XML of a sheet piece by piece, a cell never cut in two."""
    scan = _Scan()
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            text = rest + piece
            cut = _last_cell_end(text) or (len(text) if len(text) > _LONGEST_CELL else 0)
            rest = text[cut:]
            _scan_text(scan, text[:cut])
            if scan.refused:
                return scan
    _scan_text(scan, rest)
    return scan


def _last_cell_end(text: bytes) -> int:
    """Where the last whole cell ends; 0 when there is none."""
    end = max(text.rfind(b"</c>"), text.rfind(b":c>"))
    return end + 4 if end >= 0 else 0


def _scan_text(scan: _Scan, text: bytes) -> None:
    if _TOO_WIDE.search(text):
        scan.refused = "sheet.too_wide"
    elif _TOO_LONG.search(text):
        scan.refused = "file.too_large"
    elif b"<f" in text or b":f" in text:
        for found in _FORMULA.finditer(text):
            _note_formula(scan, text, found.start())


def _note_formula(scan: _Scan, text: bytes, place: int) -> None:
    """Note the cell around a formula; writers that leave its address out are not followed."""
    start = max(text.rfind(b"<c ", 0, place), text.rfind(b":c ", 0, place))
    ends = [end for mark in (b"</c>", b":c>") if (end := text.find(mark, place)) >= 0]
    cell = text[max(start, 0) : min(ends, default=len(text))]
    if found := _REFERENCE.search(cell):
        column, row = found.groups()
        scan.formulas[int(row), column_number(column.decode())] = bool(_HAS_RESULT.search(cell))


def column_number(letters: str) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
