"""What the records of a binary workbook (xlsb) say and calamine does not.

Names of records and fields are those of Microsoft's [MS-XLSB].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tafahom.sheets.files import MAX_ROWS, FileRefusedError
from tafahom.sheets.formats import (
    EPOCH_1904,
    EXCEL,
    Serials,
    Shown,
    built_in,
    shown_as,
    shown_value,
)
from tafahom.sheets.notes import Notes
from tafahom.sheets.package import Package, relations
from tafahom.sheets.values import ErrorValue
from tafahom.sheets.xls import ERRORS, Record, rk_number

_ROW_HDR, _COL_INFO, _MERGE_CELL, _BUNDLE_SH, _WB_PROP = 0, 60, 176, 156, 153
_FMT, _XF, _BEGIN_CELL_XFS, _END_CELL_XFS = 44, 47, 617, 618
_CELL_BLANK, _CELL_RK, _CELL_ERROR, _CELL_REAL = 1, 2, 3, 5
_FORMULAS = _FMLA_STRING, _FMLA_NUM, _FMLA_BOOL, _FMLA_ERROR = 8, 9, 10, 11


def read_notes(path: Path) -> dict[str, Notes]:
    """Read the notes on the sheets of a workbook by name. Raises FileRefusedError."""
    with Package(path) as package:
        try:
            book = _Book(package)
            return {name: _Reader(book).read(_records(package, part)) for name, part in book.sheets}
        except (struct.error, IndexError) as error:
            raise FileRefusedError("file.damaged") from error


def _records(package: Package, part: str) -> Iterator[Record]:
    """Give the records of a part."""
    with package.open(part) as stream:
        data = stream.read()
    at = 0
    while at < len(data):
        kind, at = _packed(data, at, 2)
        size, at = _packed(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _packed(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte that begins there, and where it ends.

    The first byte of a record's kind keeps its high bit: kinds above 127 have two bytes.
    """
    number = 0
    for count in range(longest):
        byte = data[at + count]
        number |= (byte & 0x7F) << (7 * count)
        if not byte & 0x80:
            return number, at + count + 1
    return number, at + longest


def _text(body: bytes, at: int) -> tuple[str, int]:
    """An XLWideString that begins there, and where it ends."""
    (length,) = struct.unpack_from("<I", body, at)
    if length == 0xFFFFFFFF:  # none
        return "", at + 4
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", errors="replace"), end


@dataclass(slots=True)
class _Book:
    """What the parts of the whole workbook say; sheets are names with their parts."""

    package: Package
    sheets: list[tuple[str, str]] = field(default_factory=list)
    shown: dict[int, Shown] = field(default_factory=dict)
    serials: Serials = EXCEL

    def __post_init__(self) -> None:
        targets = relations(self.package, "workbook.bin")
        for kind, body in _records(self.package, "xl/workbook.bin"):
            if kind == _WB_PROP and body[0] & 1:
                self.serials = Serials(EPOCH_1904)
            elif kind == _BUNDLE_SH:
                relation, end = _text(body, 8)
                part = targets.get(relation, "")
                if part in self.package:
                    self.sheets.append((_text(body, end)[0], part))
        if "xl/styles.bin" in self.package:
            self._read_styles()

    def _read_styles(self) -> None:
        formats: dict[int, Shown] = {}
        is_within, count = False, 0
        for kind, body in _records(self.package, "xl/styles.bin"):
            if kind == _FMT:
                formats[struct.unpack_from("<H", body)[0]] = shown_as(_text(body, 2)[0])
            elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
                is_within = kind == _BEGIN_CELL_XFS
            elif kind == _XF and is_within:
                number = struct.unpack_from("<H", body, 2)[0]
                shown = formats.get(number, built_in(number))
                if shown is not Shown.NUMBER:
                    self.shown[count] = shown
                count += 1


class _Reader:
    """Reads the records of one sheet."""

    def __init__(self, book: _Book) -> None:
        self._book = book
        self._notes = Notes()
        self._row = 0

    def read(self, records: Iterator[Record]) -> Notes:
        """Note what is out of the ordinary in a sheet."""
        for kind, body in records:
            if kind == _ROW_HDR:
                self._row = struct.unpack_from("<I", body)[0] + 1
                if body[11] & 0x10 and self._row < MAX_ROWS:
                    self._notes.hidden_rows.add(self._row)
            elif _CELL_BLANK < kind <= _FMLA_ERROR:
                self._cell(kind, body)
                if self._notes.refused:
                    break
            elif kind == _COL_INFO:
                first, last, _width, _style, flags = struct.unpack_from("<4IH", body)
                if flags & 1:
                    self._notes.hide_columns(first, last)
            elif kind == _MERGE_CELL:
                top, bottom, left, right = struct.unpack_from("<4I", body)
                self._notes.merge((top + 1, left), (bottom + 1, right))
        return self._notes

    def _cell(self, kind: int, body: bytes) -> None:
        column, style = struct.unpack_from("<II", body)
        place = (self._row, column)
        if not self._notes.meet(place):
            return
        if kind in _FORMULAS:
            self._notes.formulas[place] = True
        if kind in (_CELL_ERROR, _FMLA_ERROR):
            self._notes.values[place] = ErrorValue(ERRORS.get(body[8], "#ERROR!"))
        elif kind in (_CELL_RK, _CELL_REAL, _FMLA_NUM) and (
            shown := self._book.shown.get(style & 0xFFFFFF)
        ):
            is_short = kind == _CELL_RK
            number = rk_number(body[8:12]) if is_short else struct.unpack_from("<d", body, 8)[0]
            value = shown_value(shown, repr(number), self._book.serials)
            if value is not None:
                self._notes.values[place] = value
