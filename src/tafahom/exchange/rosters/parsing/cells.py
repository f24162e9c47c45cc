"""Single cells: what was written, in whatever way, as the value it means."""

import datetime as dt
import re
from dataclasses import dataclass

from tafahom.jalali import from_excel, from_jalali
from tafahom.persian import clean, to_ascii_digits
from tafahom.sheets.formulas import runs_in_a_sheet
from tafahom.sheets.values import ErrorValue, Percent

# What people write where there is nothing to write.
_NOTHING = frozenset({"", "-", "--", "---", "–", "—", "ـ", ".", "_", "/", "*"})
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?")
_THOUSANDS = re.compile(r"(?<=\d)[,٬\u00a0\u202f ](?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"(?<=\d)[٫/,](?=\d)")
_CLOCK = re.compile(r"([+-]?)(\d{1,4}):([0-5]\d)(?::[0-5]\d)?")
_WITH_UNIT = re.compile(r"([\d.,/٫٬+\-−]+)\s*([^\W\d]+)")
_HOURS_AND_MINUTES = re.compile(r"(\d+)\s*ساعت\s*و\s*(\d+)\s*دقیقه")
_PERCENT = re.compile(r"[%٪]?\s*([\d.,/٫]+)\s*(?:[%٪]|درصد)?")
_OUT_OF = re.compile(r"([\d.٫]+)\s*(?:از|/)\s*(20|100)")
_TIME_OF_DAY = re.compile(r"[T\s]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp][Mm])?$")
_ERRORS = ("#", "Err:")
_ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)|Err:5\d\d")
_TWO_DIGIT_YEAR = re.compile(r"\d{2}[/\-.\s]+\d{1,2}[/\-.\s]+\d{1,2}|\d{6}")
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
             "\u2060\u2066\u2067\u2068\u2069\ufeff\u0640")
)  # fmt: skip
_JALALI_YEARS = range(1178, 1634)
_MINUTES_OF_WORD = {"ساعت": 60, "ساعته": 60, "h": 60, "hours": 60, "hour": 60, "دقیقه": 1, "min": 1}
MIN_AGE, MAX_AGE = 5, 100


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
    """Return what is written as clean text; empty for nothing.

    Raises CellError for a formula and for an error of the spreadsheet.
    """
    if isinstance(cell, str):
        if is_blank(cell):
            return ""
        if cell.startswith(_ERRORS):
            refuse_error(cell)
        return clean(_unquoted(cell))
    if isinstance(cell, Formula):
        raise CellError("cell.formula")
    refuse_error(cell)
    return clean(shown(cell))


def refuse_error(cell: object) -> None:
    """Raise CellError for an error of a spreadsheet, as such or written out (#N/A)."""
    if isinstance(cell, ErrorValue) or (
        isinstance(cell, str) and _ERROR_TEXT.fullmatch(cell.strip())
    ):
        raise CellError("cell.error")


def name_of(cell: object) -> str:
    """Return a person's name. Raises CellError for one that a spreadsheet would run."""
    if isinstance(cell, str) and runs_in_a_sheet(cell):
        if not is_blank(cell):
            raise CellError("cell.unsafe_text")
        return ""
    name = text_of(cell)
    if name and not any(c.isalpha() for c in name):
        raise CellError("name.missing")
    return name


def code_of(cell: object) -> str:
    """Return a number that names something: digits in ASCII, no spaces around."""
    text = to_ascii_digits(text_of(cell))
    if text.startswith("="):
        raise CellError("cell.formula")
    return text


def date_of(cell: object) -> dt.date | None:
    """Return a date, None for nothing. Raises CellError for what is no day of the calendar.

    A date cell of a spreadsheet is Gregorian, but where its year can only be a Jalali one: so
    LibreOffice keeps 1397-10-05 when it is typed. A time of day after a date says nothing.
    """
    if is_blank(cell):
        return None
    refuse_error(cell)
    if isinstance(cell, Formula) or (
        isinstance(cell, str) and cell.startswith("=") and not _KEPT_AS_TEXT.fullmatch(cell)
    ):
        raise CellError("cell.formula")
    try:
        if isinstance(cell, dt.date):
            if cell.year in _JALALI_YEARS:
                return from_jalali(cell.year, cell.month, cell.day)
            return from_excel(cell)
        if isinstance(cell, str):
            return from_excel(_TIME_OF_DAY.sub("", clean(_unquoted(cell))))
        return from_excel(cell)
    except ValueError as error:
        raise CellError("date.invalid") from error


def birth_of(cell: object, *, before: dt.date) -> dt.date | None:
    """Return a birth date, None for nothing; ``before`` is the day the course starts.

    A year of two digits is of the last century in which the person is old enough to be taught.
    Raises CellError: date.invalid, or birth.implausible under 5 or over 100 years.
    """
    born = date_of(cell)
    if born is None:
        return None
    text = to_ascii_digits(shown(cell)).strip()
    if _TWO_DIGIT_YEAR.fullmatch(text):
        born = _last_century(text, before)
    age = before.year - born.year - ((before.month, before.day) < (born.month, born.day))
    if not MIN_AGE <= age <= MAX_AGE:
        raise CellError("birth.implausible")
    return born


def _last_century(text: str, before: dt.date) -> dt.date:
    """The day of a two-digit year in the latest century that makes somebody old enough."""
    for century in ("14", "13"):
        try:
            day = from_excel(century + text)
        except ValueError:
            continue  # 30 Esfand is not in every year
        if day.year <= before.year - MIN_AGE:
            return day
    raise CellError("birth.implausible")


def minutes_of(cell: object, unit: int = 60) -> int | None:
    """Return hours as whole minutes, None for nothing.

    12, 12.5, ۱۲٫۵, 12/5, 12:30, «۱۲ ساعت» and a spreadsheet's duration alike. ``unit`` is how
    many minutes a plain number counts for. Raises CellError.
    """
    if isinstance(cell, dt.timedelta):
        return _not_negative(round(cell.total_seconds() / 60))
    if isinstance(cell, dt.time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, str) and cell and not is_blank(cell):
        plain = _plain(cell)
        if clock := _CLOCK.fullmatch(plain):
            minutes = int(clock[2]) * 60 + int(clock[3])
            return _not_negative(-minutes if clock[1] == "-" else minutes)
        if both := _HOURS_AND_MINUTES.fullmatch(plain):
            return int(both[1]) * 60 + int(both[2])
        if (found := _WITH_UNIT.fullmatch(plain)) and found[2].casefold() in _MINUTES_OF_WORD:
            cell, unit = found[1], _MINUTES_OF_WORD[found[2].casefold()]
    return _not_negative(_scaled(cell, "hours.not_a_number", scale=unit))


def _not_negative(minutes: int | None) -> int | None:
    if minutes is not None and minutes < 0:
        raise CellError("hours.negative")
    return minutes


def percent_of(cell: object, *, is_percent: bool = False) -> int | None:
    """Return a share in hundredths of a percent; None where the cell says no share.

    ``is_percent``: the column counts in percent, so a plain number is one. Raises CellError.
    """
    if isinstance(cell, Percent):
        return _scaled(cell.number, "hours.not_a_number", scale=100)
    if isinstance(cell, str) and (found := _PERCENT.fullmatch(_plain(cell))):
        if is_percent or found[0] != found[1]:
            return _scaled(found[1], "hours.not_a_number", scale=100)
        return None
    if is_percent and not is_blank(cell):
        return _scaled(cell, "hours.not_a_number", scale=100)
    return None


def mark_of(cell: object, full: int = 100) -> int | None:
    """Return a mark from 0 to 100 in hundredths, None for nothing. Raises CellError.

    ``full`` is the best mark of the column; a percentage and «۱۷ از ۲۰» say their own.
    """
    if isinstance(cell, Percent):
        cell, full = cell.number, 100
    elif isinstance(cell, str) and cell and not is_blank(cell):
        plain = _plain(cell)
        if (share := plain.strip("%٪")) != plain:
            cell, full = share, 100
        elif found := _OUT_OF.fullmatch(plain):
            cell, full = _out_of(found, cell, full)
    mark = _scaled(cell, "mark.not_a_number", scale=100)
    if mark is None:
        return None
    if not 0 <= mark <= full * 100:
        raise CellError("mark.out_of_range")
    return mark if full == 100 else round(mark * 100 / full)


def _out_of(found: re.Match[str], cell: object, full: int) -> tuple[object, int]:
    """«۱۷ از ۲۰» and 85/100 say what they are out of; 17/20 may be that or 17.2."""
    if "از" in found[0] or found[2] == "100":
        return found[1], int(found[2])
    if float(found[1].replace("٫", ".")) <= int(found[2]):
        raise CellError("mark.not_a_number")
    return cell, full


def _plain(text: str) -> str:
    """Text of a number: ASCII digits, nothing invisible, no spaces around."""
    return to_ascii_digits(_unquoted(text)).translate(_INVISIBLE).strip(" \t\r\n\u00a0\u202f")


def _scaled(cell: object, code: str, *, scale: int) -> int | None:
    """A number times ``scale``, rounded half up; nothing is lost to binary fractions of text."""
    if is_blank(cell):
        return None
    refuse_error(cell)
    if isinstance(cell, Formula):
        raise CellError("cell.formula")
    if isinstance(cell, bool):
        raise CellError(code)
    if isinstance(cell, int | float):
        if not abs(cell) < 1e9:
            raise CellError(code)
        return round(cell * scale)
    plain = _plain(str(cell))
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
