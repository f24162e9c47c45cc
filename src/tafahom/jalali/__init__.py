"""The Solar Hijri (Jalali) calendar: dates, months and periods. No framework here.

Leap years come from persiantools, which agrees with Iran's calendar authority for 1206–1498.
A month is an integer, year × 100 + month: 139710 is Dey 1397.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from tafahom.persian import to_ascii_digits, to_persian_digits

MONTH_NAMES = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_CUMULATIVE = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده")
_TEHRAN = ZoneInfo("Asia/Tehran")
_PARTS = re.compile(r"(\d{1,4})\s*[/\-.\s]\s*(\d{1,2})\s*[/\-.\s]\s*(\d{1,4})")
_FIRST_YEAR, _LAST_YEAR = 1178, 1633


def is_leap(year: int) -> bool:
    """Whether Esfand of this Jalali year has 30 days."""
    return bool(JalaliDate.is_leap(year))


def days_in_month(year: int, month: int) -> int:
    """Number of days of a Jalali month; ValueError outside 1–12."""
    if not 1 <= month <= 12:
        raise ValueError(f"no month {month}")
    if month <= 6:
        return 31
    return 30 if month <= 11 or is_leap(year) else 29


@lru_cache(maxsize=65536)
def to_jalali(date: dt.date) -> tuple[int, int, int]:
    """Year, month and day of a Gregorian date in the Jalali calendar."""
    jalali = JalaliDate(dt.date(date.year, date.month, date.day))
    return jalali.year, jalali.month, jalali.day


@lru_cache(maxsize=65536)
def from_jalali(year: int, month: int, day: int) -> dt.date:
    """The Gregorian date of a Jalali day; ValueError for a day that does not exist.

    Years 1178–1633 are served: those in which the calendar was checked day by day.
    """
    if not _FIRST_YEAR <= year <= _LAST_YEAR or not 1 <= day <= days_in_month(year, month):
        raise ValueError(f"no such day: {year}/{month}/{day}")
    return _first_of(year, month) + dt.timedelta(days=day - 1)


@lru_cache(maxsize=8192)
def _first_of(year: int, month: int) -> dt.date:
    """The Gregorian date of the first day of a Jalali month."""
    date: dt.date = JalaliDate(year, month, 1).to_gregorian()
    return date


def _full_year(year: int, digits: int) -> int:
    """97 as people write it: 00–29 are of the 1400s, the rest of the 1300s."""
    if digits == 4:
        return year
    if digits == 2:
        return year + (1400 if year < 30 else 1300)
    raise ValueError("a year has two or four digits")


@lru_cache(maxsize=65536)
def parse_date(text: str) -> dt.date:
    """The date a person typed in the Jalali calendar; ValueError if it is none.

    Any of the three kinds of digits; / - . or a space between the parts; 97/10/5, 1397-10-05,
    13971005 and 971005 alike. Day first (5/10/1397) is understood by its four-digit year.
    """
    plain = to_ascii_digits(text).strip().strip("\u200e\u200f'")
    if plain.isascii() and plain.isdigit() and len(plain) in (6, 8):
        cut = len(plain) - 4
        year, month, day = plain[:cut], plain[cut : cut + 2], plain[cut + 2 :]
    elif found := _PARTS.fullmatch(plain):
        year, month, day = found.groups()
        if len(day) == 4 and len(year) <= 2:
            year, day = day, year
    else:
        raise ValueError(f"not a date: {text!r}")
    if len(day) > 2:
        raise ValueError(f"not a date: {text!r}")
    return from_jalali(_full_year(int(year), len(year)), int(month), int(day))


def from_excel(value: object) -> dt.date:
    """The date in a spreadsheet's cell: a true Gregorian date, a number such as 13970920, text.

    ValueError if it is no date.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float | int) and not isinstance(value, bool):
        if value != int(value):
            raise ValueError(f"not a date: {value!r}")
        return parse_date(str(int(value)))
    return parse_date(str(value))


def year_end(year: int) -> dt.date:
    """The last day of a Jalali year."""
    return from_jalali(year, 12, days_in_month(year, 12))


def today() -> dt.date:
    """Today in Iran."""
    return dt.datetime.now(_TEHRAN).date()


def month_of(date: dt.date) -> int:
    """The Jalali month of a Gregorian date, as 139710."""
    year, month, _day = to_jalali(date)
    return year * 100 + month


def months_passed(date: dt.date) -> float:
    """Return how many months of its year have passed when a day begins: 0 on 1 Farvardin."""
    year, month, day = to_jalali(date)
    return month - 1 + (day - 1) / days_in_month(year, month)


def split_month(month: int) -> tuple[int, int]:
    """139710 as (1397, 10)."""
    return divmod(month, 100)


def add_months(month: int, count: int) -> int:
    """The month so many months later, or earlier where ``count`` is negative."""
    year, number = split_month(month)
    years, index = divmod(year * 12 + number - 1 + count, 12)
    return years * 100 + index + 1


def month_code(month: int) -> str:
    """139710 as «1397-10»."""
    year, number = split_month(month)
    return f"{year:04d}-{number:02d}"


def month_title(month: int) -> str:
    """139710 as «دی ۱۳۹۷»."""
    year, number = split_month(month)
    return f"{MONTH_NAMES[number - 1]} {to_persian_digits(str(year))}"


def format_date(date: dt.date, digits: str = "fa") -> str:
    """۱۳۹۷/۱۰/۰۵, or 1397/10/05 where ``digits`` is not ``fa``."""
    text = "{:04d}/{:02d}/{:02d}".format(*to_jalali(date))
    return to_persian_digits(text) if digits == "fa" else text


def format_long(date: dt.date) -> str:
    """The date in words: «۵ دی ۱۳۹۷»."""
    year, month, day = to_jalali(date)
    return to_persian_digits(f"{day} {MONTH_NAMES[month - 1]} {year}")


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """Whole months of one Jalali year, both ends included. ValueError if out of order."""

    year: int
    from_month: int
    through_month: int

    def __post_init__(self) -> None:
        if not 1 <= self.from_month <= self.through_month <= 12:
            raise ValueError(f"months {self.from_month} to {self.through_month} are no period")
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ValueError(f"year {self.year} is out of range")

    @property
    def start(self) -> dt.date:
        """The first day, in the Gregorian calendar."""
        return from_jalali(self.year, self.from_month, 1)

    @property
    def end(self) -> dt.date:
        """The last day, in the Gregorian calendar."""
        last = days_in_month(self.year, self.through_month)
        return from_jalali(self.year, self.through_month, last)

    @property
    def months(self) -> list[int]:
        """The months in order, as 139701 and so on."""
        return [self.year * 100 + m for m in range(self.from_month, self.through_month + 1)]

    @property
    def title(self) -> str:
        """As officials say it: «ده‌ماهه ۱۳۹۷», «سال ۱۳۹۷», «مهر تا دی ۱۳۹۷», «مهر ۱۳۹۷»."""
        year = to_persian_digits(str(self.year))
        if self.from_month == 1 and self.through_month == 12:
            return f"سال {year}"
        if self.from_month == self.through_month:
            return f"{MONTH_NAMES[self.from_month - 1]} {year}"
        if self.from_month == 1:
            return f"{_CUMULATIVE[self.through_month - 1]}‌ماهه {year}"
        return f"{MONTH_NAMES[self.from_month - 1]} تا {MONTH_NAMES[self.through_month - 1]} {year}"

    def last_year(self) -> "MonthSpan":
        """The same months of the year before."""
        return MonthSpan(self.year - 1, self.from_month, self.through_month)
