"""Tables in text files: any of the encodings and separators that offices use."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tafahom.sheets.files import (
    MAX_COLUMNS,
    MAX_ROWS,
    FileRefusedError,
    unmarked_utf_16,
)
from tafahom.sheets.notes import trim
from tafahom.sheets.workbook import Sheet

LONGEST_CELL = 32_767  # as in a spreadsheet
_SEPARATORS = ",;\t|"
_NAMED_SEPARATOR = re.compile(r"sep=(.)\s*")  # Excel's own first line
_IN_QUOTES = re.compile(r'"[^"\n]*"')
_SAMPLE = 1_000
_MAX_LINES = 50  # of one cell


def read_text(path: Path) -> Sheet:
    """Read a text file as one sheet without a name; a row's number is that of its line.

    A line whose quotes do not balance does not swallow those below it: it is kept as one cell
    and named in ``Sheet.unsplit``. Raises FileRefusedError when the file is empty, too wide or
    no text.
    """
    text = _decode(path.read_bytes())
    if not text.strip():
        raise FileRefusedError("file.empty")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    if len(lines) > MAX_ROWS:
        raise FileRefusedError("file.too_large")
    csv.field_size_limit(LONGEST_CELL)
    named = _NAMED_SEPARATOR.fullmatch(lines[0])
    if named:
        lines[0] = ""
    splitter = _Splitter(lines, named[1] if named else _separator(text))
    rows, unsplit = splitter.split()
    trim(rows, {})
    if not rows:
        raise FileRefusedError("file.empty")
    return Sheet("", rows, unsplit=frozenset(unsplit))


class _Splitter:
    """Splits lines into cells; a cell in quotes may go on in the next lines."""

    def __init__(self, lines: Sequence[str], separator: str) -> None:
        self._lines = lines
        self._separator = separator
        self._options: dict[str, Any] = {
            "delimiter": separator,
            "strict": True,
            "skipinitialspace": True,
        }
        self._unsplit: set[int] = set()
        self._usual = 0
        self._usual = self._usual_count(lines[:_SAMPLE])

    def _usual_count(self, lines: Sequence[str]) -> int:
        """How many cells most rows have: what tells a cell of several lines from a stray quote."""
        reader = csv.reader([f"{line}\n" for line in lines], **self._options)
        counts: Counter[int] = Counter()
        try:
            for cells in reader:
                counts[len(cells)] += bool(cells)
        except csv.Error:
            if reader.line_num < len(lines):  # not only cut off by us
                alone = (self._alone(line) for line in lines if line)
                counts = Counter(len(cells) for cells in alone if cells)
        return counts.most_common(1)[0][0] if counts else 0

    def split(self) -> tuple[list[list[object]], set[int]]:
        """Return the rows, and the numbers of lines that could not be split."""
        rows: list[list[object]] = []
        while len(rows) < len(self._lines):
            cells, count = self._row(len(rows))
            if len(cells) > MAX_COLUMNS:
                _cut_blank(cells)
            # A cell may hold line breaks: the row is named by the first of its lines.
            rows.append(cells)
            rows.extend([] for _ in range(count - 1))
        return rows, self._unsplit

    def _row(self, index: int) -> tuple[list[object], int]:
        """Cells of the row that begins with a line, and how many lines it has."""
        line = self._lines[index]
        if not line:
            return [], 1
        cells, count = self._alone(line), 1
        if cells is None:
            cells, count = self._joined(index)
        if cells is None:
            self._unsplit.add(index + 1)
            cells = [line]
        if len(line) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
            raise FileRefusedError("file.damaged")
        return [*cells], count

    def _alone(self, line: str) -> list[str] | None:
        """Cells of a line that stands for itself; None where its quotes do not tell."""
        if '"' not in line:
            return line.split(self._separator)
        if line.count('"') % 2:
            return None
        try:
            cells = next(csv.reader([line], **self._options))
        except csv.Error:
            return None
        return None if self._is_misled(cells) else cells

    def _is_misled(self, cells: Sequence[str]) -> bool:
        """Say whether quotes were to hold a cell together that was split all the same."""
        has_other_count = self._usual and len(cells) != self._usual
        return bool(has_other_count) and any('"' in cell for cell in cells)

    def _joined(self, index: int) -> tuple[list[str] | None, int]:
        """Cells of a row of several lines; None where the lines may be rows of their own."""
        lines = self._lines[index : index + _MAX_LINES]
        reader = csv.reader([f"{line}\n" for line in lines], **self._options)
        try:
            cells = next(reader)
        except csv.Error:
            return None, 1
        count = reader.line_num
        if count == 1 or len(cells) != self._usual or self._may_be_rows(lines[:count]):
            return None, 1
        return cells, count

    def _may_be_rows(self, lines: Sequence[str]) -> bool:
        """Say whether lines that quotes join may each be a row: a cell has few separators."""
        counts = [line.count(self._separator) for line in lines]
        half = (self._usual - 1) / 2
        return sum(counts) >= 4 * half or sum(count > half for count in counts) > 1


def _cut_blank(cells: list[object]) -> None:
    """Cut blank cells at the end of a wide row. Raises FileRefusedError if it is still too wide."""
    while cells and cells[-1] == "":
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise FileRefusedError("sheet.too_wide")


def _decode(data: bytes) -> str:
    """UTF-16 or UTF-8 where it is that, Windows' Arabic code page otherwise."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16")
    if b"\0" in data[:4096] and (encoding := unmarked_utf_16(data)):
        return _strictly(data, encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _strictly(data, "windows-1256")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefusedError("file.damaged") from error


def _separator(text: str) -> str:
    """The separator that most of the first lines have equally often; a comma if none does."""
    outside = _IN_QUOTES.sub("", text[: 1 << 16])
    lines = [line for line in outside.splitlines() if line.strip()][:50]

    def agreement(separator: str) -> tuple[int, int]:
        counts = Counter(n for line in lines if (n := line.count(separator)))
        if not counts:
            return (0, 0)
        count, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
        return (times * count, count)

    return max(_SEPARATORS, key=agreement)
