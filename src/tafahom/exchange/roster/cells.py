"""Single cells: what was written, in whatever way, as the value it means."""

import datetime as dt
import re
from dataclasses import dataclass

from tafahom.jalali import from_excel, from_jalali
from tafahom.persian import clean, to_ascii_digits
from tafahom.sheets.values import ErrorValue

# What people write where there is nothing to write.
_NOTHING = frozenset({"", "-", "--", "---", "–", "—", "ـ", ".", "_", "/", "*"})
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
_THOUSANDS = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)[٫/,](?=\d)")
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::[0-5]\d)?")
_RUNS_IN_A_SHEET = ("=", "+", "-", "@", "\t", "\r")
_JALALI_YEARS = range(1178, 1634)
MOST_HUNDREDTHS = 100 * 100


class CellError(ValueError):
    """A cell that does not say what its column asks for; ``code`` is the importer's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula without a stored result."""

    text: str = ""


def is_blank(cell: object) -> bool:
    """Whether nothing is written, or a dash for nothing."""
    if isinstance(cell, str):
        # Asked of every cell: what begins with a letter or digit is something.
        if cell and cell[0].isalnum():
            return False
        return cell.strip(" \t\r\n\u200c\u200e\u200f\ufeff") in _NOTHING
    return cell is None


def shown(cell: object) -> str:
    """The cell as a message or a returned workbook shows it: at most 200 characters."""
    if isinstance(cell, Formula):
        return cell.text[:200] or "="
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, ErrorValue):
        return cell.text
    return "" if cell is None else str(cell)[:200]


def text_of(cell: object) -> str:
    """Return what is written as clean text; empty for nothing. Raises CellError for a formula."""
    if isinstance(cell, str):
        if is_blank(cell):
            return ""
        return clean(_unquoted(cell))
    if isinstance(cell, Formula):
        raise CellError("cell.formula")
    return clean(shown(cell))


def name_of(cell: object) -> str:
    """Return a person's name. Raises CellError for one that a spreadsheet would run."""
    if isinstance(cell, str) and cell.lstrip(" \u200e\u200f\ufeff").startswith(_RUNS_IN_A_SHEET):
        if not is_blank(cell):
            raise CellError("cell.unsafe_text")
        return ""
    return text_of(cell)


def is_unsafe(text: str) -> bool:
    """Whether a spreadsheet would run the text if it were typed in."""
    return text.startswith(_RUNS_IN_A_SHEET)


def code_of(cell: object) -> str:
    """Return a number that names something: digits in ASCII, no spaces around."""
    text = to_ascii_digits(text_of(cell))
    if text.startswith("="):
        raise CellError("cell.formula")
    return text


def date_of(cell: object) -> dt.date | None:
    """Return a date, None for nothing. Raises CellError for what is no day of the calendar.

    A date cell of a spreadsheet is Gregorian, but where its year can only be a Jalali one: so
    LibreOffice keeps 1397-10-05 when it is typed.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, Formula) or (
        isinstance(cell, str) and cell.startswith("=") and not _KEPT_AS_TEXT.fullmatch(cell)
    ):
        raise CellError("cell.formula")
    try:
        if isinstance(cell, dt.date) and cell.year in _JALALI_YEARS:
            return from_jalali(cell.year, cell.month, cell.day)
        return from_excel(_unquoted(cell) if isinstance(cell, str) else cell)
    except ValueError as error:
        raise CellError("date.invalid") from error


def minutes_of(cell: object) -> int | None:
    """Return hours as whole minutes, None for nothing.

    12, 12.5, ۱۲٫۵, 12/5, 12:30 and a spreadsheet's duration alike. Raises CellError.
    """
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() / 60)
    if isinstance(cell, dt.time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, str) and (clock := _CLOCK.fullmatch(to_ascii_digits(cell).strip())):
        return int(clock[1]) * 60 + int(clock[2])
    hundredths = _hundredths_of(cell, "hours.not_a_number", scale=60)
    if hundredths is not None and hundredths < 0:
        raise CellError("hours.negative")
    return hundredths


def mark_of(cell: object) -> int | None:
    """Return a mark from 0 to 100 in hundredths, None for nothing. Raises CellError."""
    mark = _hundredths_of(cell, "mark.not_a_number", scale=100)
    if mark is not None and not 0 <= mark <= MOST_HUNDREDTHS:
        raise CellError("mark.out_of_range")
    return mark


def _hundredths_of(cell: object, code: str, *, scale: int) -> int | None:
    """A number times ``scale``, rounded half up; nothing is lost to binary fractions of text."""
    if is_blank(cell):
        return None
    if isinstance(cell, Formula):
        raise CellError("cell.formula")
    if isinstance(cell, bool):
        raise CellError(code)
    if isinstance(cell, int | float):
        if not abs(cell) < 1e9:
            raise CellError(code)
        return round(cell * scale)
    plain = to_ascii_digits(_unquoted(str(cell))).strip(" \u200c\u200e\u200f\u00a0")
    if plain.startswith(("=", "@")):
        raise CellError("cell.formula")
    plain = _DECIMAL.sub(".", _THOUSANDS.sub("", plain), count=1).replace("−", "-")
    if plain.endswith("-") and plain[:-1].replace(".", "").isdigit():
        plain = "-" + plain[:-1]  # a minus sign that right-to-left typing left at the end
    found = _NUMBER.fullmatch(plain)
    if not found:
        raise CellError(code)
    sign, whole, fraction = found.groups()
    places = 10 ** len(fraction or "")
    value = (int(whole) * places + int(fraction or 0)) * scale
    rounded: int = (2 * value + places) // (2 * places)
    return -rounded if sign == "-" else rounded


def _unquoted(text: str) -> str:
    """The text of ="0012345678", which keeps leading zeros in a CSV."""
    found = _KEPT_AS_TEXT.fullmatch(text.strip()) if "=" in text else None
    return found[1] if found else text
