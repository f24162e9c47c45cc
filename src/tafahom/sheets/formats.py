"""Number formats: what a number in a cell is shown as, and the dates that serial numbers mean."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum

from tafahom.sheets.values import Percent


class Shown(Enum):
    """What a number format makes of a number."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    ELAPSED = "elapsed"


# ECMA-376, 18.8.30: formats that a workbook need not spell out. 27 to 58 are dates of locales.
_BUILT_IN: dict[int, Shown] = (
    dict.fromkeys((9, 10), Shown.PERCENT)
    | dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58), Shown.DATE)
    | dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), Shown.TIME)
    | {46: Shown.ELAPSED}
)
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKET = re.compile(r"\[[^\]]*\]")
EPOCH = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)
# Excel believes in 1900-02-29; from this serial on its days are those of the calendar.
FIRST_TRUE_SERIAL = 61
_GREGORIAN = dt.date(1582, 10, 15)
_JULIAN_DAY = 1721425  # the Julian day number of the ordinal 0


def shown_as(code: str) -> Shown:
    """What a format code such as ``0.0%`` or ``[h]:mm`` shows; its first section decides."""
    plain = _LITERAL.sub("", code).partition(";")[0]
    if _ELAPSED.search(plain):
        return Shown.ELAPSED
    plain = _BRACKET.sub("", plain).casefold()
    if "%" in plain:
        return Shown.PERCENT
    if "general" in plain or "standard" in plain:
        return Shown.NUMBER
    if any(letter in plain for letter in "yd"):
        return Shown.DATE
    if any(letter in plain for letter in "hs"):
        return Shown.TIME
    return Shown.DATE if "m" in plain else Shown.NUMBER


def built_in(number: int) -> Shown:
    """What a format shows that is known by its number alone."""
    return _BUILT_IN.get(number, Shown.NUMBER)


def percent(text: str) -> Percent | None:
    """Return a stored fraction as the percents that are shown; None if it is no number."""
    try:
        # Fifteen digits are what a spreadsheet keeps: 0.07000000000000001 is 7 %.
        number = float(format(Decimal(text.strip()) * 100, ".15g"))
    except InvalidOperation:
        return None
    return Percent(number) if abs(number) < float("inf") else None


@dataclass(frozen=True, slots=True)
class Serials:
    """What serial numbers of a workbook count from.

    ``are_true``: LibreOffice wrote it, whose days before 1900-03-01 are those of the calendar.
    """

    epoch: dt.date = EPOCH
    are_true: bool = False


EXCEL = Serials()


def shown_value(shown: Shown | None, text: str, serials: Serials) -> object:
    """Return what a number is shown as, where calamine does not know it; None otherwise.

    These are percents, and dates and times that are negative or of the first days that Excel
    and LibreOffice count differently. ``text`` is the number as it is stored.
    """
    if shown is Shown.PERCENT:
        return percent(text)
    if shown not in (Shown.DATE, Shown.TIME):
        return None
    try:
        serial = float(text)
    except ValueError:
        return None
    if shown is Shown.TIME:
        return dt.timedelta(seconds=round(serial * 86400)) if -1e6 < serial < 0 else None
    if serial < 0 or (serial < FIRST_TRUE_SERIAL and serials.are_true):
        return date_of_serial(serial, epoch=serials.epoch)
    return None


def date_of_serial(serial: float, *, epoch: dt.date = EPOCH) -> dt.date | dt.datetime | str | float:
    """Return the day that LibreOffice shows for a serial number, with its time unless midnight.

    See ``as_libreoffice_shows``. A number beyond the calendar is returned as it is.
    """
    try:
        days, rest = divmod(round(serial * 86400), 86400)
        day = epoch + dt.timedelta(days=days)
    except (OverflowError, ValueError):
        return serial
    return as_libreoffice_shows(day, dt.timedelta(seconds=rest))


def as_libreoffice_shows(
    day: dt.date, time: dt.timedelta = dt.timedelta()
) -> dt.date | dt.datetime | str:
    """Return year, month and day as LibreOffice shows them.

    Before 1582-10-15 it counts in the Julian calendar: who types 1397-04-02 gets the day that is
    1397-04-10 in the proleptic Gregorian one. Leap days that only the Julian calendar has
    (1400-02-29) are returned as text.
    """
    if day >= _GREGORIAN:
        year, month, number = day.year, day.month, day.day
    else:
        year, month, number = _julian(day)
    try:
        shown = dt.date(year, month, number)
    except ValueError:
        return f"{year:04}-{month:02}-{number:02}"
    return dt.datetime.combine(shown, dt.time()) + time if time else shown


def _julian(day: dt.date) -> tuple[int, int, int]:
    """Year, month and day in the Julian calendar (Richards, Explanatory Supplement, 15.11)."""
    f = day.toordinal() + _JULIAN_DAY + 1401
    e = 4 * f + 3
    h = 5 * (e % 1461 // 4) + 2
    month = (h // 153 + 2) % 12 + 1
    return e // 1461 - 4716 + (14 - month) // 12, month, h % 153 // 5 + 1
