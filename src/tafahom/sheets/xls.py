"""What the records of an old workbook (xls, BIFF5 and BIFF8) say and calamine does not.

Names of records and fields are those of Microsoft's [MS-XLS].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import olefile

from tafahom.sheets.files import FileRefusedError
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
from tafahom.sheets.values import CellPlace, ErrorValue

_BOF, _EOF, _BOUND_SHEET, _FILE_PASS, _DATE_1904 = 0x809, 0x0A, 0x85, 0x2F, 0x22
_FORMAT, _XF, _ROW, _COL_INFO, _MERGE_CELLS = 0x41E, 0xE0, 0x208, 0x7D, 0xE5
_NUMBER, _RK, _MUL_RK, _BOOL_ERR, _FORMULA, _STRING = 0x203, 0x27E, 0xBD, 0x205, 0x06, 0x207
_BIFF8 = 0x600
_TEXT_RESULT, _ERROR_RESULT, _BLANK_RESULT = 0, 2, 3
_SUMMARY = "\x05SummaryInformation"
_PROGRAM, _MAX_PROPERTIES = 0x12, 100
# [MS-XLS] 2.5.10
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
Record = tuple[int, bytes]


def read_notes(path: Path) -> list[Notes]:
    """Read the notes on the sheets of a workbook in their order.

    Raises FileRefusedError when it is damaged or locked.
    """
    with olefile.OleFileIO(str(path)) as container:
        name = "Workbook" if container.exists("Workbook") else "Book"
        data: bytes = container.openstream(name).read()
        is_described = container.exists(_SUMMARY)
        is_signed = is_described and _is_signed(container.openstream(_SUMMARY).read())
    try:
        book = _XlsBook(data, trusts_blank=is_described, trusts_zero=is_signed)
        return [_XlsReader(book).read(data, start) for start in book.starts]
    except (struct.error, IndexError) as error:
        raise FileRefusedError("file.damaged") from error


def _is_signed(summary: bytes) -> bool:
    """Say whether the description of a workbook ([MS-OLEPS] 2.21) names the program it is of."""
    try:
        (start,) = struct.unpack_from("<I", summary, 44)
        (count,) = struct.unpack_from("<I", summary, start + 4)
        places = range(start + 8, start + 8 + 8 * min(count, _MAX_PROPERTIES), 8)
        return any(struct.unpack_from("<I", summary, at)[0] == _PROGRAM for at in places)
    except struct.error:
        return False


def _records(data: bytes, start: int) -> Iterator[Record]:
    """Give the records of a substream, but not of charts and the like within it."""
    depth, at = 0, start
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, data[at + 4 : at + 4 + size]
        elif depth < 1:
            return
        at += 4 + size


@dataclass(slots=True)
class _XlsBook:
    """What the records of the whole workbook say.

    A formula in a workbook that no program signs (LibreOffice, 7.4) has the result 0 where it is
    a text that was read and not calculated; in one without a description (of libraries) it has
    none at all. ``trusts_zero`` and ``trusts_blank`` say whether 0 and empty texts are results.
    """

    data: bytes
    trusts_blank: bool
    trusts_zero: bool
    starts: list[int] = field(default_factory=list)
    shown: dict[int, Shown] = field(default_factory=dict)
    serials: Serials = EXCEL
    is_biff8: bool = True

    def __post_init__(self) -> None:
        formats: dict[int, Shown] = {}
        count = 0
        for kind, body in _records(self.data, 0):
            if kind == _BOF:
                self.is_biff8 = struct.unpack_from("<H", body)[0] >= _BIFF8
            elif kind == _FILE_PASS:
                raise FileRefusedError("file.encrypted")
            elif kind == _BOUND_SHEET:
                self.starts.append(struct.unpack_from("<I", body)[0])
            elif kind == _DATE_1904 and body[:1] == b"\1":
                self.serials = Serials(EPOCH_1904)
            elif kind == _FORMAT:
                number = struct.unpack_from("<H", body)[0]
                formats[number] = shown_as(self.text(body, 2))
            elif kind == _XF:
                number = struct.unpack_from("<H", body, 2)[0]
                shown = formats.get(number, built_in(number))
                if shown is not Shown.NUMBER:
                    self.shown[count] = shown
                count += 1

    def text(self, body: bytes, at: int) -> str:
        """The text that begins there with its length; the code page of BIFF5 is Windows' own."""
        if not self.is_biff8:
            length = body[at]
            return body[at + 1 : at + 1 + length].decode("windows-1256", errors="replace")
        length, flags = struct.unpack_from("<HB", body, at)
        if flags & 1:
            return body[at + 3 : at + 3 + 2 * length].decode("utf-16-le", errors="replace")
        return body[at + 3 : at + 3 + length].decode("latin-1")


class _XlsReader:
    """Reads the records of one sheet."""

    def __init__(self, book: _XlsBook) -> None:
        self._book = book
        self._notes = Notes()
        self._waiting: CellPlace | None = None  # a formula whose text is in a record to come

    def read(self, data: bytes, start: int) -> Notes:
        """Note what is out of the ordinary in the sheet that begins there."""
        for kind, body in _records(data, start):
            if kind == _NUMBER:
                self._number(_place(body), body[4:6], struct.unpack_from("<d", body, 6)[0])
            elif kind == _RK:
                self._number(_place(body), body[4:6], rk_number(body[6:10]))
            elif kind == _MUL_RK:
                row, first = struct.unpack_from("<HH", body)
                for at in range(4, len(body) - 2, 6):
                    place = (row + 1, first + (at - 4) // 6)
                    self._number(place, body[at : at + 2], rk_number(body[at + 2 : at + 6]))
            elif kind == _BOOL_ERR and body[7]:
                self._notes.values[_place(body)] = _error(body[6])
            elif kind == _FORMULA:
                self._formula(body)
            elif kind == _STRING and self._waiting:
                text = self._book.text(body, 0)
                self._notes.values[self._waiting] = text
                self._waiting = None
            else:
                self._layout(kind, body)
        return self._notes

    def _number(self, place: CellPlace, style: bytes, number: float) -> None:
        shown = self._book.shown.get(style[0] + (style[1] << 8))
        if shown:
            value = shown_value(shown, repr(number), self._book.serials)
            if value is not None:
                self._notes.values[place] = value

    def _formula(self, body: bytes) -> None:
        place, book = _place(body), self._book
        self._waiting = None
        is_stored = True
        if body[12:14] != b"\xff\xff":
            number = struct.unpack_from("<d", body, 6)[0]
            is_stored = number != 0 or book.trusts_zero
            self._number(place, body[4:6], number)
        elif body[6] == _TEXT_RESULT:
            self._waiting = place
        elif body[6] == _ERROR_RESULT:
            self._notes.values[place] = _error(body[8])
        elif body[6] == _BLANK_RESULT:
            is_stored = book.trusts_blank
        self._notes.formulas[place] = is_stored
        if not is_stored:
            self._notes.values[place] = ""

    def _layout(self, kind: int, body: bytes) -> None:
        if kind == _ROW:
            if body[12] & 0x20:
                self._notes.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COL_INFO:
            first, last, _width, _style, flags = struct.unpack_from("<5H", body)
            if flags & 1:
                self._notes.hide_columns(first, last)
        elif kind == _MERGE_CELLS:
            for number in range(struct.unpack_from("<H", body)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", body, 2 + 8 * number)
                self._notes.merge((top + 1, left), (bottom + 1, right))


def _place(body: bytes) -> CellPlace:
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column


def _error(code: int) -> ErrorValue:
    return ErrorValue(ERRORS.get(code, "#ERROR!"))


def rk_number(packed: bytes) -> float:
    """The number in an RkNumber ([MS-XLS] 2.5.217): 30 bits of a double or of an integer."""
    (bits,) = struct.unpack("<i", packed)
    if bits & 2:
        number = float(bits >> 2)
    else:
        (number,) = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", bits & ~3))
    return number / 100 if bits & 1 else number
