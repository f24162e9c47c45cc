"""Tables in text files: any of the encodings and separators that offices use."""

import csv
import io
from collections import Counter
from pathlib import Path

from tafahom.sheets.files import (
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefusedError,
    unmarked_utf_16,
)
from tafahom.sheets.workbook import Sheet

LONGEST_CELL = 32_767  # as in a spreadsheet
_SEPARATORS = ",;\t|"


def read_text(path: Path) -> Sheet:
    """Read a text file as one sheet without a name; a row's number is that of its line.

    Raises FileRefusedError when it is empty, too wide or no text.
    """
    text = _decode(path.read_bytes())
    if not text.strip():
        raise FileRefusedError("file.empty")
    rows: list[list[object]] = []
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS:
                raise FileRefusedError("sheet.too_wide")
            # A cell may hold line breaks: the row is named by the first of its lines.
            rows.append(list(cells))
            rows.extend([] for _ in range(reader.line_num - len(rows)))
            if len(rows) > MOST_ROWS:
                raise FileRefusedError("file.too_large")
    except csv.Error as error:
        raise FileRefusedError("file.damaged") from error
    return Sheet("", rows)


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
    lines = [line for line in text[: 1 << 16].splitlines() if line.strip()][:50]

    def agreement(separator: str) -> tuple[int, int]:
        counts = Counter(n for line in lines if (n := line.count(separator)))
        if not counts:
            return (0, 0)
        count, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
        return (times * count, count)

    return max(_SEPARATORS, key=agreement)
