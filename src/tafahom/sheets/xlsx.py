"""What the XML of an xlsx says and calamine does not: errors, percents, old dates, what is hidden.

The XML is searched in pieces, once, for cells that are out of the ordinary, so that an ordinary
sheet costs next to nothing. What unusual writers wrote is taken apart cell by cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tafahom.sheets.files import MAX_COLUMNS, MAX_ROWS
from tafahom.sheets.formats import (
    EPOCH,
    EPOCH_1904,
    EXCEL,
    Serials,
    Shown,
    built_in,
    shown_as,
    shown_value,
)
from tafahom.sheets.notes import Notes
from tafahom.sheets.package import Package, relations, start_tags
from tafahom.sheets.values import CellPlace, ErrorValue

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 20
_TRUE = ("1", "true")
_TRUE_SERIALS = (b"LibreOffice", b"OpenOffice")
# A cell or row beyond column IV (256) or row 199,999: laid out in memory it would fill it.
_FAR = re.compile(
    rb"""r=(?<=\sr=)["'](?:(?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])\d|[A-Z]*(?:\d{7}|[2-9]\d{5})["'])"""
)
_HIDING = (b'hidden="1"', b'hidden="true"')
# As nearly every writer has them: addresses first, no prefixes.
_HIDDEN_ROW = re.compile(rb'<row ([^>]*hidden="(?:1|true)"[^>]*)>')
_WITH_FORMULA = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*)>(\s*<f[\s/>].*?)</c>', re.DOTALL)
_WITH_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*\st="e"[^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
# As any writer may have them.
_TOKEN = re.compile(
    rb"<(?:\w+:)?(?:(row)\b([^>]*)|c((?:\s[^>]*?)?)(?:/|>(.*?)</(?:\w+:)?c\s*))>", re.DOTALL
)
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]*)(\d+)["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>([^<]*)<)")
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>[^<]")
_PREFIXED_END = re.compile(rb"</\w+:c\s*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
_ATTRIBUTE = re.compile(rb"""(\w+)\s*=\s*["']([^"']*)["']""")


def read_notes(path: Path) -> dict[str, Notes]:
    """Read the notes on the sheets of a workbook by name.

    Raises FileRefusedError, or what the libraries raise for a file that is damaged.
    """
    with Package(path) as package:
        book = package.tree("xl/workbook.xml")
        styles = _styles(package, book)
        notes = {}
        for name, part in _sheets(package, book):
            with package.open(part) as stream:
                try:
                    notes[name] = _Scanner(styles).scan(stream)
                except _UnusualError:
                    stream.seek(0)
                    notes[name] = _Scanner(styles, is_unusual=True).scan(stream)
        return notes


@dataclass(slots=True)
class _Styles:
    """What the styles of cells show, by their number; only what is more than a number."""

    shown: dict[int, Shown] = field(default_factory=dict)
    serials: Serials = EXCEL

    def cells(self, *kinds: Shown, value: bytes = b"") -> re.Pattern[bytes] | None:
        """Return an expression for cells that are shown as one of these kinds; None if none are.

        ``value`` says how the number begins.
        """
        numbers = b"|".join(b"%d" % number for number, kind in self.shown.items() if kind in kinds)
        if not numbers:
            return None
        style = rb'[^>]*\ss="(?:' + numbers + rb')"[^>]*'
        ahead = rb"(?=<v>" + value + rb")" if value else b""
        return re.compile(
            rb'<c r="([A-Z]+)(\d+)"(' + style + rb")(?<!/)>" + ahead + rb"(.*?)</c>", re.DOTALL
        )


def _sheets(package: Package, book: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Give names of sheets and of the parts that hold them."""
    targets = relations(package, "workbook.xml")
    for node in book.iter():
        if node.tag.rpartition("}")[2] == "sheet":
            keys = [value for name, value in node.items() if name.endswith("}id")]
            part = targets.get(keys[0], "") if keys else ""
            if part in package:
                yield node.get("name", ""), part


def _styles(package: Package, book: ElementTree.Element) -> _Styles:
    """Read the number formats of the workbook, and what its serial numbers count from."""
    styles = _Styles(serials=_serials(package, book))
    if "xl/styles.xml" not in package:
        return styles
    formats: dict[str, Shown] = {}
    within, count = "", 0
    with package.open("xl/styles.xml") as stream:
        for name, attributes in start_tags(stream):
            if name == "numFmt":
                formats[attributes.get("numFmtId", "")] = shown_as(attributes.get("formatCode", ""))
            elif name in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
                within = name
            elif name == "xf" and within == "cellXfs":
                number = attributes.get("numFmtId", "0")
                known = built_in(int(number)) if number.isdecimal() else Shown.NUMBER
                if (shown := formats.get(number, known)) is not Shown.NUMBER:
                    styles.shown[count] = shown
                count += 1
    return styles


def _serials(package: Package, book: ElementTree.Element) -> Serials:
    epoch, are_true = EPOCH, False
    for node in book.iter():
        if node.tag.rpartition("}")[2] == "workbookPr":
            epoch = EPOCH_1904 if node.get("date1904") in _TRUE else EPOCH
            are_true = node.get("dateCompatibility") in ("0", "false")
    if "docProps/app.xml" in package:
        about = package.read("docProps/app.xml")
        are_true = are_true or any(name in about for name in _TRUE_SERIALS)
    return Serials(epoch, are_true)


class _UnusualError(Exception):
    """Cells without addresses, or names with prefixes: every cell has to be looked at."""


class _Scanner:
    """Looks through the XML of one sheet piece by piece, a cell never cut in two."""

    def __init__(self, styles: _Styles, *, is_unusual: bool = False) -> None:
        self._styles = styles
        self._percents = styles.cells(Shown.PERCENT)
        dates = (Shown.DATE, Shown.TIME)
        self._negative = styles.cells(*dates, value=b"-")
        # Of the days that Excel and LibreOffice count differently.
        is_early = styles.serials.are_true
        self._early = styles.cells(*dates, value=rb"\d\d?[.<]") if is_early else None
        self._is_unusual = is_unusual
        self._is_first = True
        self._notes = Notes()
        self._row, self._column = 0, 0

    def scan(self, stream: IO[bytes]) -> Notes:
        """Note what is out of the ordinary in the XML of a sheet."""
        rest = b""
        while piece := stream.read(_CHUNK):
            text = rest + piece
            cut = _cell_end(text)
            rest = text[cut:]
            self._look(text[:cut])
            if self._notes.refused:
                return self._notes
        self._look(rest)
        return self._notes

    def _look(self, text: bytes) -> None:
        is_hiding = any(mark in text for mark in _HIDING)
        if is_hiding or self._is_unusual:
            self._hide_columns(text)
        if self._is_unusual:
            self._take_apart(text)
        elif _is_unusual(text, is_first=self._is_first):
            raise _UnusualError
        elif _FAR.search(text):
            self._take_apart(text)
        else:
            self._pick(text, is_hiding=is_hiding)
        self._is_first = False
        for area in _MERGED.finditer(text) if b"mergeCell" in text else ():
            left, top, right, bottom = area.groups()
            self._notes.merge(
                (int(top), column_number(left.decode())),
                (int(bottom), column_number(right.decode())),
            )

    def _pick(self, text: bytes, *, is_hiding: bool) -> None:
        """Note only the rows and cells that are out of the ordinary."""
        for attributes in _HIDDEN_ROW.findall(text) if is_hiding else ():
            place = _REFERENCE.search(b" " + attributes)
            if not place:
                raise _UnusualError
            self._hide_row(int(place[2]))
        for pattern in self._patterns(text):
            for letters, row, attributes, body in pattern.findall(text):
                self._note(attributes, body, (int(row), column_number(letters.decode())))

    def _patterns(self, text: bytes) -> Iterator[re.Pattern[bytes]]:
        """Give what to look for: each costs a look at every cell."""
        if b"<f" in text:
            yield _WITH_FORMULA
        if b't="e"' in text:
            yield _WITH_ERROR
        if self._percents:
            yield self._percents
        if self._negative and b"<v>-" in text:
            yield self._negative
        if self._early:
            yield self._early

    def _hide_row(self, number: int) -> None:
        if number < MAX_ROWS:
            self._notes.hidden_rows.add(number)

    def _hide_columns(self, text: bytes) -> None:
        for tag in _COLUMN.findall(text):
            said = dict(_ATTRIBUTE.findall(tag))
            first, last = said.get(b"min", b""), said.get(b"max", b"")
            if said.get(b"hidden", b"").decode() in _TRUE and first.isdigit() and last.isdigit():
                self._notes.hide_columns(int(first) - 1, int(last) - 1)

    def _take_apart(self, text: bytes) -> None:
        """Go through the rows and cells of a piece; those without addresses are counted."""
        for is_row, row, cell, body in _TOKEN.findall(text):
            place = _REFERENCE.search(row or cell)
            if is_row:
                self._row = int(place[2]) if place else self._row + 1
                self._column = 0
                if _HIDDEN.search(row):
                    self._hide_row(self._row)
                continue
            if place and place[1]:
                self._row, self._column = int(place[2]), column_number(place[1].decode())
            if body and self._row:
                self._note(cell, body, (self._row, self._column))
            self._column += 1

    def _note(self, attributes: bytes, body: bytes, place: CellPlace) -> None:
        """Note what is out of the ordinary in one cell."""
        found = _VALUE.search(body)
        text = found[1] or b"" if found else b""
        is_far = place[0] >= MAX_ROWS or place[1] >= MAX_COLUMNS
        if is_far:
            if text or _TEXT.search(body):
                self._notes.meet(place)
            return
        kind = _TYPE.search(attributes)
        type_ = kind[1] if kind else b"n"
        if _FORMULA.search(body):
            # An empty text is a result where the cell is said to hold text; elsewhere it is none.
            is_stored = bool(text or (found and type_ == b"str") or _TEXT.search(body))
            self._notes.formulas[place] = is_stored
        if type_ == b"e":
            self._notes.values[place] = ErrorValue(unescape(text.decode()).strip() or "#ERROR!")
        elif type_ == b"n" and text and (style := _STYLE.search(attributes)):
            value = shown_value(
                self._styles.shown.get(int(style[1])), text.decode(), self._styles.serials
            )
            if value is not None:
                self._notes.values[place] = value


def _is_unusual(text: bytes, *, is_first: bool) -> bool:
    """Say whether cells are without addresses, have them elsewhere, or names have prefixes."""
    return (
        (is_first and b"<worksheet" not in text)
        or text.count(b"<c ") != text.count(b'<c r="')
        or b"<c>" in text
        or b"<c/>" in text
    )


def _cell_end(text: bytes) -> int:
    """Where the last whole cell ends, or the last tag in what is no cells; 0 to read on."""
    if (end := text.rfind(b"</c>")) >= 0:
        return end + 4
    if ends := [found.end() for found in _PREFIXED_END.finditer(text)]:
        return ends[-1]
    return text.rfind(b">") + 1 if len(text) > _LONGEST_CELL else 0


def column_number(letters: str) -> int:
    """The number of a column from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
