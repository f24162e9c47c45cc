"""Any file that holds tables, as sheets."""

from dataclasses import dataclass
from pathlib import Path

from tafahom.sheets.files import FileRefusedError, SpreadsheetKind, kind_of
from tafahom.sheets.isolation import LimitError, run_isolated
from tafahom.sheets.text import read_text
from tafahom.sheets.workbook import Sheet, read_workbook


@dataclass(frozen=True, slots=True)
class SheetRefusal:
    """Why a child did not read a file: an error does not pass from one process to another."""

    code: str
    sheet: str


def read_sheets(path: Path) -> list[Sheet]:
    """Read the sheets of a file by its content; a text file has one, without a name.

    Run it in a process of its own (``isolation``): files come from anybody. Raises
    FileRefusedError, and OSError when the file can not be read.
    """
    kind = kind_of(path)
    return [read_text(path)] if kind is SpreadsheetKind.TEXT else read_workbook(path, kind)


def read_sheets_apart(path: Path) -> list[Sheet]:
    """Read the sheets of a file in a child process. Raises FileRefusedError."""
    try:
        answer: list[Sheet] | SheetRefusal = run_isolated(
            __name__, read_or_refuse.__name__, str(path)
        )
    except LimitError as error:
        raise FileRefusedError("file.too_large") from error
    if isinstance(answer, SheetRefusal):
        raise FileRefusedError(answer.code, sheet=answer.sheet)
    return answer


def read_or_refuse(path: str) -> list[Sheet] | SheetRefusal:
    """Read the sheets in this process; what is wrong with the file is the answer then."""
    try:
        return read_sheets(Path(path))
    except FileRefusedError as error:
        return SheetRefusal(error.code, error.sheet)
    except OSError:
        return SheetRefusal("file.not_readable", "")
