"""The sentences of a release. Official Persian, whatever the language of who asks for it."""

import datetime as dt
from collections.abc import Mapping

from tafahom.figures.queries import Number
from tafahom.jalali import MONTH_NAMES, Period, format_date
from tafahom.persian import format_number, to_persian_digits

Values = Mapping[str, Number]
COUNTED = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده")
CLOSING = (
    "نهادها و بنگاه‌هایی که برای کار خود به نیروی ماهر نیاز دارند، می‌توانند درخواست تفاهم‌نامه تازه را به "
    "دفتر آموزش این اداره کل بسپارند."
)
NOTES = (
    "مبنای آمار ساعت حضور ثبت‌شده کارآموزان است. هر دوره در ماهِ پایان خود به حساب آمده و هر فرد در شمار نفرات یک بار شمرده "
    "شده است.",
    "داده‌ها تا {day} از فهرست کارآموزان استخراج شده است.",
)


def during(period: Period) -> str:
    """Return «در ده ماه نخست سال ۱۳۹۷», «در سال ۱۳۹۷» or «از مهر تا دی ۱۳۹۷»."""
    months, year = len(period.months), to_persian_digits(str(period.year))
    if months == len(MONTH_NAMES):
        return f"در سال {year}"
    first = MONTH_NAMES[period.from_month - 1]
    if months == 1:
        return f"در {first} {year}"
    if period.from_month == 1:
        return f"در {COUNTED[months - 1]} ماه نخست سال {year}"
    return f"از {first} تا {MONTH_NAMES[period.through_month - 1]} {year}"


def headline(period: Period, values: Values) -> str:
    """Say the news in one line."""
    return f"{_n(values['persons'])} نفر {during(period)} با تفاهم‌نامه‌ها مهارت آموختند"


def lead(period: Period, values: Values, province: str) -> str:
    """Say who did what with whom, and how much."""
    return (
        f"آموزش فنی و حرفه‌ای {province} {during(period)} با همراهی {_n(values['partners'])} دستگاه، نهاد و "
        f"تشکل، {_n(values['persons'])} نفر را در {_n(values['courses'])} دوره مهارتی آموزش داد. حاصل این کار "
        f"مشترک {_n(values['person_hours'])} نفرساعت آموزش در {_n(values['standards'])} حرفه بوده است."
    )


def growth(before: Values, change: Mapping[str, float | None]) -> str:
    """Compare with the same months of last year."""
    said = [
        f"شمار آموزش‌دیدگان {_change(change.get('persons'))}",
        f"نفرساعت آموزش {_change(change.get('person_hours'))}",
    ]
    return (
        f"در مقایسه با همین ماه‌های سال گذشته که {_n(before['persons'])} نفر {_n(before['person_hours'])} نفرساعت "
        f"آموزش دیده بودند، {' و '.join(said)} است."
    )


def realisation(period: Period, values: Values) -> str:
    """Say how much of the year's commitments was kept."""
    last = MONTH_NAMES[period.through_month - 1]
    return (
        f"طرف‌های تفاهم‌نامه‌ها برای سراسر سال {to_persian_digits(str(period.year))} برگزاری "
        f"{_n(values['committed_person_hours'])} نفرساعت آموزش را بر عهده گرفته‌اند و {_n(values['realisation_person_hours'])} "
        f"درصد آن تا پایان {last} به انجام رسیده است."
    )


def women_and_men(women: Number, men: Number) -> str:
    """Say how many were women and men."""
    return f"از میان آموزش‌دیدگان {_n(women)} نفر زن و {_n(men)} نفر مرد بوده‌اند."


def examinations(values: Values) -> str:
    """Say what came of the examinations."""
    return (
        f"در آزمون‌های پایان دوره، {_n(values['sat'])} کارنامه صادر شد که {_n(values['passed'])} مورد آن قبولی است و تا امروز "
        f"{_n(values['certified'])} گواهینامه مهارت به دست دارندگانش رسیده است."
    )


def partners_title(values: Values) -> str:
    """Head the list of partners."""
    return f"{_n(values['partners'])} دستگاه همکار به ترتیب الفبا"


def fill(text: str, values: Values, province: str) -> str:
    """Put figures into a programme's own text. Raises KeyError for a name that is no figure."""
    words = {name: _n(value) for name, value in values.items()}
    return text.format_map(words | {"province": province})


def notes(as_of: dt.datetime) -> list[str]:
    """Say on what basis the figures stand and of which day they are."""
    day = format_date(as_of.astimezone().date())
    return [note.format(day=day) for note in NOTES]


def _change(percent: float | None) -> str:
    if percent is None:
        return "بدون سابقه"
    if percent == 0:
        return "بی‌تغییر"
    return f"{_n(abs(percent))} درصد {'بیشتر' if percent > 0 else 'کمتر'}"


def _n(number: Number) -> str:
    return format_number(number or 0, None if number == int(number or 0) else 1)
