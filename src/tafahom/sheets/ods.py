"""Workbooks of OpenDocument (ods), read from their XML: calamine gives too little of them."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tafahom.sheets.files import MAX_COLUMNS, MAX_ROWS, FileRefusedError
from tafahom.sheets.formats import EPOCH, as_libreoffice_shows, percent
from tafahom.sheets.notes import Notes
from tafahom.sheets.package import Package
from tafahom.sheets.values import ErrorValue

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = (f"{_OASIS}{name}:1.0}}" for name in ("table", "office", "text"))
_STYLE = f"{_OASIS}style:1.0}}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_HIDDEN = ("collapse", "filter")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
# What old LibreOffice keeps as the number 0 that is shown as an error.
_ERROR = re.compile(r"#(?:N/A|VALUE!|REF!|DIV/0!|NAME\?|NUM!|NULL!)|Err:\d+")
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?")

_HOURS = re.compile(r"-?(\d+):")
_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class OdsSheet:
    """A visible sheet: its rows, and what else is to be known of it."""

    name: str
    rows: list[list[object]] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    blank_rows: int = 0  # not laid out before a row with content follows
    columns: int = 0


def read_sheets(path: Path) -> list[OdsSheet]:
    """Read the visible sheets. Raises FileRefusedError."""
    with Package(path) as package, package.open("content.xml") as stream:
        try:
            return [sheet for sheet in _sheets(stream) if sheet]
        except (ElementTree.ParseError, LookupError) as error:
            raise FileRefusedError("file.damaged") from error


def _sheets(stream: IO[bytes]) -> Iterator[OdsSheet | None]:
    """Give the sheets in order; None for one that is hidden."""
    hidden: set[str] = set()
    depth, sheet = 0, None
    # In a child with little memory and time: entities that grow end it, and nothing is fetched.
    for event, node in ElementTree.iterparse(stream, ("start", "end")):  # nosec B314
        if node.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1  # tables may stand in cells
            if event == "start" and depth == 1:
                is_hidden = node.get(f"{_TABLE}style-name") in hidden
                sheet = None if is_hidden else OdsSheet(node.get(f"{_TABLE}name", ""))
            elif depth == 0:
                yield sheet
                node.clear()
        elif event == "end" and node.tag == f"{_STYLE}style":
            properties = node.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                hidden.add(node.get(f"{_STYLE}name", ""))
        elif event == "end" and depth == 1 and node.tag == f"{_TABLE}table-column":
            _read_column(sheet, node)
        elif event == "end" and depth == 1 and node.tag == f"{_TABLE}table-row":
            _read_row(sheet, node)
            node.clear()


def _count(node: Element, name: str) -> int:
    """How often something is repeated or how far it spans; 1 unless it is said."""
    said = node.get(f"{_TABLE}{name}", "1")
    return max(1, int(said)) if said.isdecimal() else 1


def _read_column(sheet: OdsSheet | None, node: Element) -> None:
    if sheet:
        count = _count(node, "number-columns-repeated")
        if node.get(f"{_TABLE}visibility") in _HIDDEN:
            sheet.notes.hide_columns(sheet.columns, sheet.columns + count - 1)
        sheet.columns += count


def _read_row(sheet: OdsSheet | None, node: Element) -> None:
    """Read a row, as often as it is repeated."""
    if not sheet:
        return
    count = _count(node, "number-rows-repeated")
    number = len(sheet.rows) + sheet.blank_rows + 1
    last = min(number + count, MAX_ROWS)
    if node.get(f"{_TABLE}visibility") in _HIDDEN:
        sheet.notes.hidden_rows.update(range(number, last))
    cells = _cells(sheet, node, range(number, last))
    if not cells:
        sheet.blank_rows += count
        return
    if number + count > MAX_ROWS:
        raise FileRefusedError("file.too_large", sheet=sheet.name)
    sheet.rows.extend([] for _ in range(sheet.blank_rows))
    sheet.blank_rows = 0
    sheet.rows.extend(list(cells) for _ in range(count))


def _cells(sheet: OdsSheet, row: Element, numbers: range) -> list[object]:
    """Values of a row that stands at these numbers, up to the last that is not blank."""
    cells: list[object] = []
    column = 0
    for node in row:
        if node.tag not in _CELLS:
            continue
        count = _count(node, "number-columns-repeated")
        value = "" if node.tag == _CELLS[1] else _value(node)
        formula = f"{_TABLE}formula" in node.keys()  # noqa: SIM118  # a node is no mapping
        if value != "" or formula:
            if column + count > MAX_COLUMNS:
                raise FileRefusedError("sheet.too_wide", sheet=sheet.name)
            cells.extend([""] * (column - len(cells)))
            cells.extend([value] * count)
        if formula:
            is_stored = node.get(f"{_OFFICE}value-type") or node.find(f"{_TEXT}p") is not None
            places = ((number, column + at) for number in numbers for at in range(count))
            sheet.notes.formulas.update(dict.fromkeys(places, bool(is_stored)))
        _note_span(sheet, node, numbers.start, column)
        column += count
    return cells


def _note_span(sheet: OdsSheet, node: Element, number: int, column: int) -> None:
    rows, columns = (_count(node, f"number-{name}-spanned") for name in ("rows", "columns"))
    if rows > 1 or columns > 1:
        sheet.notes.merge((number, column), (number + rows - 1, column + columns - 1))


def _value(node: Element) -> object:
    """The value of a cell, whatever it is shown as."""
    kind = node.get(f"{_OFFICE}value-type", "")
    is_error = node.get(f"{_CALC}value-type") == "error"
    if is_error or (kind and node.get(f"{_TABLE}formula") and _ERROR.fullmatch(_shown(node))):
        return ErrorValue(_shown(node) or "#ERROR!")
    if kind in ("float", "currency", "percentage"):
        said = node.get(f"{_OFFICE}value", "")
        number = percent(said) if kind == "percentage" else _number(said)
        return _shown(node) if number is None else number
    if kind == "boolean":
        return node.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return _date(node.get(f"{_OFFICE}date-value", ""), _shown(node))
    if kind == "time":
        return _duration(node.get(f"{_OFFICE}time-value", ""), _shown(node))
    return _shown(node) or node.get(f"{_OFFICE}string-value", "")


def _number(said: str) -> float | None:
    try:
        return float(said)
    except ValueError:
        return None


def _date(said: str, shown: str) -> object:
    """A date as LibreOffice shows it; the text where it is none that Python knows."""
    try:
        moment = dt.datetime.fromisoformat(said).replace(tzinfo=None)
    except ValueError:
        return shown
    return as_libreoffice_shows(moment.date(), moment - dt.datetime.combine(moment, dt.time()))


def _duration(said: str, shown: str) -> object:
    found = _DURATION.fullmatch(said)
    if not found:
        return shown
    sign, days, hours, minutes, seconds = found.groups()
    try:
        length = dt.timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=float((seconds or "0").replace(",", ".")),
        )
        clock = _HOURS.match(shown)
        if length >= _DAY and clock and int(clock[1]) < 24:
            return dt.datetime.combine(EPOCH, dt.time()) + length  # shown as a time of day
    except OverflowError:
        return shown
    return -length if sign else length


def _shown(node: Element) -> str:
    """The text of a cell; comments and drawings in it are none."""
    return "\n".join("".join(_pieces(paragraph)) for paragraph in node.findall(f"{_TEXT}p"))


def _pieces(node: Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            said = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(said) if said.isdecimal() else 1, 1000)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _pieces(child)
        yield child.tail or ""
