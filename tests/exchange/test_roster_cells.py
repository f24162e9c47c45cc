"""Single cells and single rows: what they mean, and what is said of the wrong ones."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from roster_files import line, write_roster
from tafahom.exchange.rosters.messages import QUESTION, QUESTIONS, SENTENCES, message
from tafahom.exchange.rosters.parsing import read_roster
from tafahom.exchange.rosters.parsing.cells import (
    CellError,
    date_of,
    mark_of,
    minutes_of,
    name_of,
    text_of,
)
from tafahom.persian import to_persian_digits
from tafahom.training.rosters.rules import Problem

DAY = dt.date(2018, 12, 26)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (12.0, 720), ("12", 720), (" ۱۲ ", 720), ("١٢٫٥", 750), ("12/5", 750), ("12:30", 750), ("1,200", 72000),
        (dt.timedelta(hours=30), 1800), (dt.time(2, 15), 135), (0, 0), ("", None), ("-", None), (None, None),
        ('="12"', 720), (1.3333, 80),
    ],
)  # fmt: skip
def test_hours_in_minutes(cell: object, minutes: int | None) -> None:
    assert minutes_of(cell) == minutes


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("سی ساعت", "hours.not_a_number"), ("12 روز", "hours.not_a_number"), (True, "hours.not_a_number"),
        (float("nan"), "hours.not_a_number"), (float("inf"), "hours.not_a_number"), ("1e5", "hours.not_a_number"),
        (-13.0, "hours.negative"), ("-٢٣", "hours.negative"), ("23-", "hours.negative"), ("=1+1", "cell.formula"),
    ],
)  # fmt: skip
def test_what_are_no_hours(cell: object, code: str) -> None:
    with pytest.raises(CellError) as error:
        minutes_of(cell)
    assert error.value.code == code


@given(st.decimals(min_value=0, max_value=5000, places=2))
def test_hours_typed_in_any_digits_are_exact_to_the_minute(hours: Decimal) -> None:
    minutes = int((hours * 60).quantize(Decimal(1), ROUND_HALF_UP))
    assert minutes_of(f"{hours}") == minutes
    assert minutes_of(to_persian_digits(f"{hours}").replace(".", "٫")) == minutes


@given(st.integers(0, 60 * 5000))
def test_every_minute_survives_a_spreadsheet(minutes: int) -> None:
    assert minutes_of(minutes / 60) == minutes


@given(st.integers(0, 10_000))
def test_every_mark_survives(hundredths: int) -> None:
    assert mark_of(hundredths / 100) == hundredths
    assert mark_of(str(Decimal(hundredths) / 100)) == hundredths


@pytest.mark.parametrize(
    ("cell", "code"),
    [(100.5, "mark.out_of_range"), ("850", "mark.out_of_range"), ("-1", "mark.out_of_range"),
     ("عالی", "mark.not_a_number"), ("=2", "cell.formula")],
)  # fmt: skip
def test_what_is_no_mark(cell: object, code: str) -> None:
    with pytest.raises(CellError) as error:
        mark_of(cell)
    assert error.value.code == code


@pytest.mark.parametrize(
    "cell",
    ["1397/10/5", "۱۳۹۷/۱۰/۰۵", "97/10/5", "13971005", "1397-10-05", 13971005.0,
     dt.datetime.combine(DAY, dt.time()), DAY, dt.date(1397, 10, 5), '="1397/10/05"', "5/10/1397"],
)  # fmt: skip
def test_dates_in_every_way_they_are_written(cell: object) -> None:
    assert date_of(cell) == DAY


@pytest.mark.parametrize("cell", ["1397/13/01", "1397/12/30", "دیروز", 43200.0, 1.5])
def test_what_is_no_day(cell: object) -> None:
    with pytest.raises(CellError) as error:
        date_of(cell)
    assert error.value.code == "date.invalid"


@pytest.mark.parametrize("cell", ['=HYPERLINK("x")', "+1", "-A1", "@SUM(A1)", " =1"])
def test_a_name_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as error:
        name_of(cell)
    assert error.value.code == "cell.unsafe_text"


def test_text_is_cleaned_and_a_dash_is_nothing() -> None:
    assert text_of(" علي  كريمي ") == "علی کریمی"
    assert text_of(12345678901.0) == "12345678901"
    assert text_of('="0012"') == "0012"
    assert [name_of(cell) for cell in ("-", "—", "", None)] == [""] * 4


WRONG = {
    "national_id.invalid": ({"کد ملی": "1234567890"}, "کد ملی"),
    "identity.missing": ({"کد ملی": ""}, "کد ملی"),
    "name.missing": ({"نام خانوادگی": ""}, "نام خانوادگی"),
    "date.invalid": ({"تاریخ پایان": "1397/13/01"}, "تاریخ پایان"),
    "date.end_before_start": ({"تاریخ پایان": "1397/02/01"}, "تاریخ پایان"),
    "hours.missing": ({"ساعت حضور": ""}, "ساعت حضور"),
    "hours.not_a_number": ({"ساعت حضور": "سی"}, "ساعت حضور"),
    "hours.negative": ({"ساعت حضور": "-1"}, "ساعت حضور"),
    "hours.exceed_course": ({"ساعت حضور": "101"}, "ساعت حضور"),
    "mark.not_a_number": ({"نمره عملی": "خوب"}, "نمره عملی"),
    "mark.out_of_range": ({"نمره کتبی": "101"}, "نمره کتبی"),
    "cell.formula": ({"ساعت حضور": "=SUM(A1:A2)"}, "ساعت حضور"),
    "cell.unsafe_text": ({"نام": "=1+1"}, "نام"),
    "text.too_long": ({"نام مرکز": "م" * 301}, "نام مرکز"),
    "course.incomplete": ({"نام مرکز": ""}, "نام مرکز"),
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_row_is_named_with_its_column_and_the_others_are_read(
    tmp_path: Path, code: str
) -> None:
    changes, column = WRONG[code]
    result = read_roster(write_roster(tmp_path / "a.csv", line(1), line(2, **changes), line(3)))
    [problem] = result.problems
    assert (problem.code, problem.row, problem.column) == (code, 3, column)
    assert [entry.row for entry in result.entries] == [2, 4]
    assert result.rows == 3


def test_all_that_is_wrong_with_a_row_is_said_at_once(tmp_path: Path) -> None:
    bad = line(
        1, **{"نام": "", "کد ملی": "1", "تاریخ شروع": "x", "ساعت حضور": "y", "نمره کتبی": "z"}
    )
    result = read_roster(write_roster(tmp_path / "a.csv", bad))
    assert sorted(problem.code for problem in result.problems) == [
        "date.invalid", "hours.not_a_number", "mark.not_a_number", "name.missing", "national_id.invalid",
    ]  # fmt: skip


def test_free_text_that_would_run_is_kept_as_text_with_a_warning(tmp_path: Path) -> None:
    rows = [line(serial, مربی="=cmd()") for serial in (1, 2)]
    result = read_roster(write_roster(tmp_path / "a.csv", *rows))
    assert result.entries[0].course.instructor == "=cmd()"
    assert [warning.code for warning in result.warnings] == ["text.neutralised"]


@pytest.mark.parametrize(("column", "most"), [("تحصیلات", 60), ("نام", 120), ("کد دوره", 60)])
def test_a_text_may_be_as_long_as_its_column_holds(tmp_path: Path, column: str, most: int) -> None:
    rows = [line(1, **{column: "م" * most}), line(2, **{column: "م" * (most + 1)})]
    result = read_roster(write_roster(tmp_path / "a.csv", *rows))
    assert [entry.row for entry in result.entries] == [2]
    assert [(p.code, p.column) for p in result.problems] == [("text.too_long", column)]


def test_absent_from_the_paper_is_no_mark(tmp_path: Path) -> None:
    result = read_roster(write_roster(tmp_path / "a.csv", line(1, **{"نمره کتبی": "غایب"})))
    assert result.entries[0].written_mark is None


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_has_a_sentence_in_both_languages(code: str, language: str) -> None:
    with override(language):
        said = message(Problem(code, column="نام", value="۵"))
    assert said
    assert code not in said
    assert "{" not in said
    is_persian = any("\u0600" <= c <= "\u06ff" for c in said.replace("نام", "").replace("۵", ""))
    assert is_persian or language == "en"


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("reason", [*QUESTIONS, "of another day"])
def test_every_question_has_a_sentence_in_both_languages(reason: str, language: str) -> None:
    with override(language):
        said = message(Problem(QUESTION, column="نام", value="۵", params=(("reason", reason),)))
    assert QUESTION not in said
    assert "{" not in said
    is_persian = any("\u0600" <= c <= "\u06ff" for c in said.replace("نام", "").replace("۵", ""))
    assert is_persian or language == "en"
