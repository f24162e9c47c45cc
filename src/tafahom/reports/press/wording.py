"""The sentences of a release. Official Persian, whatever the language of who asks for it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from tafahom.figures.catalogue import MEASURES
from tafahom.figures.tables import Number
from tafahom.jalali import MONTH_NAMES, MonthSpan, format_long
from tafahom.persian import format_number, to_persian_digits
from tafahom.reports.press.structure import Bar, BarsAre, Fact

Values = Mapping[str, Number]
COUNTED = ("یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده")
FACTS_TITLE = "آمار در یک نگاه"
CLOSING = (
    "نهادها و بنگاه‌هایی که برای کار خود به نیروی ماهر نیاز دارند، می‌توانند درخواست تفاهم‌نامه تازه را به "
    "دفتر آموزش این اداره کل بسپارند."
)
NOTES = (
    "مبنای نفر ساعت، ساعت حضور ثبت‌شده مهارت‌آموزان است. هر دوره در ماهی که پایان یافته به حساب آمده و هر فرد، هرچند دوره "
    "که دیده باشد، در شمار نفرات یک بار شمرده شده است.",
    "تاریخ داده‌ها: {day}، برگرفته از فهرست ثبت‌شده مهارت‌آموزان.",
)
NOTE_TRAINED = "در شمار نفرات تنها کسانی آمده‌اند که دست‌کم یک دقیقه آموزش برایشان ثبت شده است."
NOTE_UNTRAINED = "افزون بر ایشان {n} نفر ثبت‌نام کرده‌اند و آموزشی برایشان ثبت نشده است."
NOTE_COMMITTED = (
    "تعهد سال، تعهد تفاهم‌نامه‌هایی است که در آن سال جاری بوده‌اند؛ پیش‌نویس‌ها و مذاکره‌ها به حساب نیامده‌اند و تعهد ملی "
    "سپرده‌شده به استان یک بار شمرده شده است."
)
NOTE_ROUNDED = "نفر ساعت‌ها به ساعت کامل گرد شده است."
NOTE_FINAL = "آمار قطعی است: همه ماه‌های آن بسته شده‌اند."
NOTE_PROVISIONAL = "آمار موقت است: همه ماه‌های آن بسته نشده‌اند."
NOTE_COMMANDS = "عددهای این خبر با فرمان‌های زیر دوباره به دست می‌آید؛ گزینه by آن‌ها را به تفکیک ماه، دستگاه یا جنسیت می‌دهد:"


def issuer(province: str) -> str:
    """Return who publishes the release."""
    return f"سازمان آموزش فنی و حرفه‌ای کشور – اداره کل استان {bare_name(province)}"


def during(period: MonthSpan) -> str:
    """Return «در ده ماه نخست سال ۱۳۹۷», «در سال ۱۳۹۷» or «از مهر تا دی ۱۳۹۷»."""
    months, year = len(period.months), year_name(period.year)
    if months == len(MONTH_NAMES):
        return f"در سال {year}"
    first = MONTH_NAMES[period.from_month - 1]
    if months == 1:
        return f"در {first} {year}"
    if period.from_month == 1:
        return f"در {COUNTED[months - 1]} ماه نخست سال {year}"
    return f"از {first} تا {MONTH_NAMES[period.through_month - 1]} {year}"


def headline(period: MonthSpan, values: Values) -> str:
    """Say the news in one line."""
    return f"{_of(values, 'persons')} نفر {during(period)} در چارچوب تفاهم‌نامه‌ها مهارت آموختند"


def lead(period: MonthSpan, values: Values, province: str) -> str:
    """Say who did what with whom, and how much."""
    return (
        f"آموزش فنی و حرفه‌ای {bare_name(province)} {during(period)} با همراهی {_of(values, 'partners')} دستگاه، نهاد و "
        f"تشکل، {_of(values, 'persons')} نفر را در {_of(values, 'courses')} دوره مهارتی آموزش داد. حاصل این همکاری "
        f"{_of(values, 'person_hours')} نفر ساعت آموزش در {_of(values, 'standards')} حرفه و {_of(values, 'centres')} مرکز "
        "آموزشی بوده است."
    )


def growth(period: MonthSpan, before: Values, change: Mapping[str, float | None]) -> str:
    """Compare persons and person-hours with the same months of last year; both must be known."""
    base = (
        f"این ارقام در همین ماه‌های سال {year_name(period.year - 1)} برابر {_of(before, 'persons')} نفر و "
        f"{_of(before, 'person_hours')} نفر ساعت بود؛ بر این پایه"
    )
    persons, hours = change["persons"] or 0, change["person_hours"] or 0
    if persons * hours > 0:
        way = "افزایش" if persons > 0 else "کاهش"
        return (
            f"{base} شمار مهارت‌آموزان {percentage(persons)} درصد و حجم آموزش {percentage(hours)} درصد "
            f"{way} یافته است."
        )
    return f"{base} شمار مهارت‌آموزان {_change(persons)} و حجم آموزش {_change(hours)} است."


def realisation(period: MonthSpan, values: Values) -> str:
    """Say how much of the year's commitments was kept."""
    last = MONTH_NAMES[period.through_month - 1]
    kept = _of(values, "realisation_person_hours")
    promised = (
        f"در تفاهم‌نامه‌ها برای سراسر سال {year_name(period.year)} برگزاری {_of(values, 'committed_person_hours')} نفر ساعت "
        "آموزش تعهد شده"
    )
    if period.from_month == 1:
        return f"{promised} که تا پایان {last} {kept} درصد آن تحقق یافته است."
    return f"{promised} که {kept} درصد آن در این ماه‌ها تحقق یافته است."


def women_and_men(women: Number, men: Number) -> str:
    """Say how many were women and men."""
    return f"از میان مهارت‌آموزان {_persons(women)} نفر زن و {_persons(men)} نفر مرد بوده‌اند."


def examinations(values: Values) -> str:
    """Say what came of the examinations."""
    return (
        f"در آزمون‌های پایان دوره {_of(values, 'sat')} بار شرکت در هر دو بخش کتبی و عملی ثبت شده که {_of(values, 'passed')} "
        f"مورد آن با قبولی همراه بوده و تا روز انتشار این خبر {_of(values, 'certified')} گواهینامه مهارت صادر شده است."
    )


def partners_title(values: Values, *, names_any: bool = True) -> str:
    """Head the list of partners."""
    return f"{_of(values, 'partners')} دستگاه همکار" + (" به ترتیب الفبا" if names_any else "")


def facts(values: Values, change: Mapping[str, float | None] | None) -> list[Fact]:
    """Return the lines of the table of figures; what is not known has no line."""
    found = [
        Fact("مهارت‌آموزان (نفر)", _of(values, "persons")),
        Fact("حجم آموزش (نفر ساعت)", _of(values, "person_hours")),
        Fact("دوره‌های برگزارشده", _of(values, "courses")),
        Fact("حرفه‌ها", _of(values, "standards")),
        Fact("مراکز آموزشی", _of(values, "centres")),
        Fact("دستگاه‌های همکار", _of(values, "partners")),
    ]
    if values["realisation_person_hours"] is not None:
        shown = _of(values, "realisation_person_hours")
        found.append(Fact("تحقق تعهد نفر ساعت سال (درصد)", shown))
    if change:
        found.append(Fact("تغییر شمار نفرات از سال پیش", _change(change["persons"])))
    return found


def chart_title(bars: Sequence[Bar], period: MonthSpan, bars_are: BarsAre) -> str:
    """Say what the chart finds: the busiest month, partner or cluster, if there is one."""
    hours = sorted((bar.value or 0 for bar in bars), reverse=True)
    if len(hours) < 2 or hours[0] == hours[1]:
        return f"نفر ساعت آموزش {during(period)}"
    best = max(bars, key=lambda bar: bar.value or 0)
    where = {"months": "در", "partners": "با", "clusters": "در خوشهٔ"}[bars_are] + f" {best.label}"
    return f"بیشترین آموزش {where}: {best.shown} نفر ساعت"


def chart_subtitle(period: MonthSpan, bars_are: BarsAre) -> str:
    """Say what the bars are."""
    split = {
        "months": "ماه پایان دوره",
        "partners": "دستگاه‌های دارای بیشترین آموزش",
        "clusters": "خوشه‌های دارای بیشترین آموزش",
    }[bars_are]
    return f"نفر ساعت آموزش به تفکیک {split}، {to_persian_digits(period.title)}"


def fill(text: str, values: Values, province: str) -> str:
    """Put figures into a programme's own text; its names must be those of measures."""
    words = {name: written(name, value) for name, value in values.items()}
    return text.format_map(words | {"province": bare_name(province)})


def notes(
    as_of: dt.date, values: Values, *, are_final: bool | None = None, untrained: int = 0
) -> list[str]:
    """Say on what basis the figures stand, of which day they are and how to have them again.

    ``are_final`` is whether all months are closed; None where nobody closes months. ``untrained``
    are the enrolled without a credited minute; 0 where they may not be told.
    """
    basis, day = NOTES
    meant = [NOTE_TRAINED]
    if untrained:
        meant.append(NOTE_UNTRAINED.format(n=format_number(untrained)))
    if values["realisation_person_hours"] is not None:
        meant.append(NOTE_COMMITTED)
    hours = values["person_hours"] or 0
    rounded = [NOTE_ROUNDED] if hours != int(hours) else []
    standing = [] if are_final is None else [NOTE_FINAL if are_final else NOTE_PROVISIONAL]
    told = day.format(day=format_long(as_of))
    return [basis, *meant, *rounded, *standing, told, NOTE_COMMANDS]


def year_name(year: int) -> str:
    """Return a year in Persian digits; years have no mark between thousands."""
    return to_persian_digits(str(year))


def bare_name(province: str) -> str:
    """Return «البرز» for «البرز» and for «استان البرز»."""
    return province.removeprefix("استان ")


def written(measure: str, value: Number) -> str:
    """Return a figure as it is written: percentages to a tenth, everything else whole."""
    return percentage(value or 0) if MEASURES[measure].unit == "percent" else _whole(value or 0)


def percentage(value: float) -> str:
    """Return a percentage as it is written, without its sign: words say more or less."""
    tenth = Decimal(str(abs(value))).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return format_number(float(tenth))


def _whole(value: float) -> str:
    return format_number(int(Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP)))


def _of(values: Values, measure: str) -> str:
    return written(measure, values[measure])


def _persons(count: Number) -> str:
    return written("persons", count)


def _change(percent: float | None) -> str:
    if not percent:
        return "بی‌تغییر"
    return f"{percentage(percent)} درصد {'بیشتر' if percent > 0 else 'کمتر'}"
