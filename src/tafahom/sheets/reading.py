"""Any file that holds tables, as sheets."""

from pathlib import Path

from tafahom.sheets.files import Kind, kind_of
from tafahom.sheets.text import read_text
from tafahom.sheets.workbook import Sheet, read_workbook


def read_sheets(path: Path) -> list[Sheet]:
    """Read the sheets of a file by its content; a text file has one, without a name.

    Run it in a process of its own (``isolation``): files come from anybody. Raises
    FileRefusedError, and OSError when the file can not be read.
    """
    return read_workbook(path) if kind_of(path) is Kind.WORKBOOK else [read_text(path)]
