"""Columns, blocks and rows of odd rosters are read as what they are, or asked about."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from roster_books import workbook
from rosters import national_id
from tafahom.exchange.rosters.parsing import ReadResult, read_roster

WHO = ["ردیف", "نام", "نام خانوادگی", "کد ملی"]
DATES: list[list[object]] = [
    ["تاریخ شروع:", "1397/04/02", "", "تاریخ پایان:", "1397/04/28"],
    ["نام مرکز:", "مرکز الف", "", "شماره تفاهم‌نامه:", "943/97/23388"],
]
TOP: list[list[object]] = [["عنوان دوره:", "جوشکار برق", "", "مدت دوره:", 40], *DATES, []]
Cells = Sequence[Sequence[object]]


def who(serial: int, *rest: object) -> list[object]:
    return [serial, "مریم", f"اکبری {'الف' * serial}", national_id(serial), *rest]


def read(folder: Path, rows: Cells, **options: Any) -> ReadResult:
    """What is read of one sheet; every row of it is accounted for, whatever it holds."""
    result = read_roster(workbook(folder / "a.xlsx", {"برگه": rows}), **options)
    assert result.file_error is None
    filled = max(number for number, row in enumerate(rows, 1) if any(c != "" for c in row))
    assert sum(result.accounted.values()) == filled
    assert result.accounted["trainees"] == result.rows
    return result


def hours(result: ReadResult) -> list[float]:
    assert not result.questions
    return [entry.credited_minutes / 60 for entry in result.entries]


def codes(result: ReadResult) -> list[tuple[str, int]]:
    return [(problem.code, problem.row) for problem in result.problems]


def asked(result: ReadResult) -> list[tuple[str, str]]:
    assert not result.entries
    return [(question.key, question.reason) for question in result.questions]


def test_sessions_under_a_heading_of_two_rows_have_the_days_below_it(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "جلسات", "", ""], ["", "", "", "", "04/02", "04/09", "04/16"],
            ["", "", "", "ساعت جلسه", 10, 10, 10], who(1, "ح", "ح", "غ"), who(2, "ح", "ح", "ح")]  # fmt: skip
    result = read(tmp_path, rows)
    assert hours(result) == [20, 30]
    assert len(result.entries[0].course.sessions) == 3


@pytest.mark.parametrize("headings", [["شنبه", "دوشنبه", "چهارشنبه"], ["جلسه ۱", "جلسه ۲", "جلسه ۳"],
                                      [1, 2, 3], ["الف", "ب", "ج"]])  # fmt: skip
def test_marks_under_no_day_are_asked_about_and_then_counted(
    tmp_path: Path, headings: list[object]
) -> None:
    rows = [*TOP, [*WHO, *headings], who(1, "ح", "غ", "غ"), who(2, "ح", "ح", "ح")]
    assert asked(read(tmp_path, rows)) == [("sessions:order", "sessions")]
    result = read(tmp_path, rows, answers={"sessions:order": "count"})
    assert hours(result) == [pytest.approx(40 / 3, abs=0.02), 40]
    assert result.entries[0].course.sessions == ()


def test_a_month_and_day_of_two_years_lie_in_the_course(tmp_path: Path) -> None:
    top = [["عنوان دوره:", "جوشکار", "مدت دوره:", 9],
           ["تاریخ شروع:", "1403/12/20", "تاریخ پایان:", "1404/01/23"], *DATES[1:]]  # fmt: skip
    rows = [*top, [*WHO, "12/20", "12/30", "01/23"], ["", "", "", "ساعت جلسه", 3, 3, 3], who(1, "ح", "ح", "ح")]  # fmt: skip
    [entry] = read(tmp_path, rows).entries
    days = [day for day, _minutes in entry.course.sessions]
    assert days == sorted(days)
    assert entry.course.starts_on <= days[0] < days[-1] <= entry.course.ends_on


UNITS: Mapping[str, tuple[list[list[object]], list[float]]] = {
    "minutes in brackets": ([[*WHO, "عنوان دوره", "مدت دوره (دقیقه)", "ساعت حضور (دقیقه)"],
                             who(1, "جوش", 2400, 2310)], [38.5]),
    "minutes in words": ([[*WHO, "عنوان دوره", "مدت دوره", "ساعت حضور به دقیقه"],
                          who(1, "جوش", 40, 2310)], [38.5]),
    "minutes in the row below": ([[*WHO, "عنوان دوره", "مدت دوره", "ساعت حضور"],
                                  ["", "", "", "", "", "دقیقه", "دقیقه"], who(1, "جوش", 2400, 2310)], [38.5]),
    "a percentage as text": ([[*WHO, "عنوان دوره", "مدت دوره", "ساعت حضور"],
                              who(1, "جوش", 40, "95%"), who(2, "جوش", 40, "٪۸۰")], [38, 32]),
    "a heading in percent": ([[*WHO, "عنوان دوره", "مدت دوره", "حضور (درصد)"],
                              who(1, "جوش", 40, 50)], [20]),
    "words in the cells": ([[*WHO, "عنوان دوره", "مدت دوره", "ساعت حضور"],
                            who(1, "جوش", "۴۰ ساعت", "۲۴۰۰ دقیقه")], [40]),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "wanted"), UNITS.values(), ids=UNITS)
def test_units_are_obeyed(tmp_path: Path, rows: list[list[object]], wanted: list[float]) -> None:
    assert hours(read(tmp_path, [*DATES, [], *rows])) == wanted


@pytest.mark.parametrize(("heading", "answer", "wanted"), [
    ("حضور (جلسه)", "attended_hours:120", [20.0]), ("حضور (روز)", "attended_hours:240", [40.0]),
    ("حضور (جلسه)", "ignore", [40.0]),
])  # fmt: skip
def test_what_is_no_hours_is_asked_about(
    tmp_path: Path, heading: str, answer: str, wanted: list[float]
) -> None:
    rows = [*TOP, [*WHO, heading], who(1, 10)]
    [(key, reason)] = asked(read(tmp_path, rows))
    assert reason == "unit"
    assert hours(read(tmp_path, rows, answers={key: answer})) == wanted


def test_a_label_that_counts_in_days_is_asked_about(tmp_path: Path) -> None:
    rows = [["عنوان دوره:", "جوشکار", "مدت دوره (روز):", 10], *DATES, [*WHO, "ساعت حضور"], who(1, 20)]  # fmt: skip
    [(key, _reason)] = asked(read(tmp_path, rows))
    [entry] = read(tmp_path, rows, answers={key: "planned_hours:240"}).entries
    assert entry.course.planned_minutes == 2400


def test_two_columns_of_one_field_are_asked_about_wherever_they_stand(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "نفر ساعت", "حضور"], who(1, 40, 10), who(2, 40, 12)]
    keys = asked(read(tmp_path, rows))
    assert keys == [("column:نفرساعت", "twice"), ("column:حضور", "twice")]
    assert hours(read(tmp_path, rows, answers={"column:نفرساعت": "ignore"})) == [10, 12]
    assert hours(read(tmp_path, rows, answers={"column:نفرساعت": "attended_hours"})) == [40, 40]


def test_two_columns_that_say_the_same_are_one(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "نفر ساعت", "حضور"], who(1, 40, "۴۰"), who(2, 20, 20)]
    assert hours(read(tmp_path, rows)) == [40, 20]


def test_the_second_of_two_like_headings_has_an_answer_of_its_own(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "ساعت حضور", "ساعت حضور"], who(1, 40, 10)]
    assert [key for key, _ in asked(read(tmp_path, rows))] == [
        "column:ساعتحضور",
        "column:ساعتحضور#2",
    ]
    assert hours(read(tmp_path, rows, answers={"column:ساعتحضور#2": "attended_hours"})) == [10]


def test_a_fathers_number_is_not_the_trainees(tmp_path: Path) -> None:
    rows = [*TOP, ["ردیف", "نام", "نام خانوادگی", "کد ملی (پدر)", "کد ملی", "ساعت حضور"],
            [1, "مریم", "اکبری", national_id(9), national_id(1), 40]]  # fmt: skip
    [entry] = read(tmp_path, rows).entries
    assert entry.national_id == national_id(1)
    rows[4] = ["ردیف", "نام", "نام خانوادگی", "کد ملی (پدر)", "توضیح", "ساعت حضور"]
    assert asked(read(tmp_path, rows)) == [("column:کدملیپدر", "brackets")]


def test_names_below_the_father_are_not_the_trainees(tmp_path: Path) -> None:
    rows = [*TOP, ["", "مشخصات فردی", "", "", "مشخصات پدر", ""],
            ["ردیف", "نام", "نام خانوادگی", "کد ملی", "نام", "کد ملی"],
            [1, "مریم", "اکبری", national_id(1), "رضا", national_id(2)]]  # fmt: skip
    [entry] = read(tmp_path, rows).entries
    assert (entry.first_name, entry.father_name) == ("مریم", "رضا")
    assert entry.national_id == national_id(1)


def test_theory_and_practice_alone_may_be_hours_or_marks(tmp_path: Path) -> None:
    def table(*cells: object, planned: Sequence[object] = ()) -> Cells:
        extra = ["مدت دوره"] if planned else []
        return [*DATES, [], [*WHO, "عنوان دوره", "نظری", "عملی", *extra], who(1, "جوش", *cells, *planned)]  # fmt: skip

    assert [reason for _, reason in asked(read(tmp_path, table(80, 90)))] == ["choices"] * 2
    [entry] = read(tmp_path, table(16, 24, planned=[40])).entries
    assert (entry.course.theory_minutes, entry.written_mark) == (960, None)


def test_everybody_with_the_hours_of_theory_alone_is_asked_about(tmp_path: Path) -> None:
    rows = [*DATES, [], [*WHO, "عنوان دوره", "ساعت نظری", "ساعت عملی", "ساعت حضور"],
            who(1, "جوش", 16, 24, 16), who(2, "جوش", 16, 24, 16)]  # fmt: skip
    assert asked(read(tmp_path, rows)) == [("column:ساعتحضور", "part")]
    assert hours(read(tmp_path, rows, answers={"column:ساعتحضور": "attended_hours"})) == [16, 16]
    rows[-1][-1] = 40
    assert hours(read(tmp_path, rows)) == [16, 40]


def test_blank_groups_below_one_are_asked_about(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "گروه مخاطب", "ساعت حضور"], who(1, "زندانی", 40), who(2, "", 40),
            who(3, "", 40)]  # fmt: skip
    assert asked(read(tmp_path, rows)) == [("blank:audience", "blank")]
    above = read(tmp_path, rows, answers={"blank:audience": "above"})
    assert [entry.audience for entry in above.entries] == ["زندانی"] * 3
    empty = read(tmp_path, rows, answers={"blank:audience": "empty"})
    assert [entry.audience for entry in empty.entries] == ["زندانی", "", ""]


def test_nothing_is_inherited_from_the_block_above(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "ساعت حضور"], who(1, 40), [], ["عنوان دوره:", "درودگر", "", "مدت دوره:", 60],
            DATES[0], [*WHO, "ساعت حضور"], who(2, 60)]  # fmt: skip
    result = read(tmp_path, rows)
    assert [entry.row for entry in result.entries] == [6]
    assert {code for code, _row in codes(result)} == {"header.missing_column"}
    given = {"": {"centre": "مرکز ب", "agreement_number": "1/97"}}
    second = read(tmp_path, rows, given=given).entries[1]
    assert (second.course.centre, second.course.title) == ("مرکز ب", "درودگر")
    assert read(tmp_path, rows, given=given).entries[0].course.centre == "مرکز الف"


def test_labels_between_trainees_begin_another_course(tmp_path: Path) -> None:
    second: list[list[object]] = [["عنوان دوره:", "درودگر", "", "مدت دوره:", 60], *DATES]
    rows = [*TOP, [*WHO, "ساعت حضور"], who(1, 40), *second, who(2, 60), who(3, 55)]
    result = read(tmp_path, rows)
    assert [(e.course.title, e.credited_minutes) for e in result.entries] == [
        ("جوشکار برق", 2400), ("درودگر", 3600), ("درودگر", 3300),
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["مشخصات مربیان", "لیست انصرافی‌ها", "اسامی ذخیره‌ها"])
@pytest.mark.parametrize("has_header", [True, False])
def test_lists_of_others_are_named_and_not_counted(
    tmp_path: Path, title: str, has_header: bool
) -> None:
    header = [[*WHO, "ساعت حضور"]] if has_header else []
    rows = [*TOP, [*WHO, "ساعت حضور"], who(1, 40), [], [title], *header, who(2, 10), who(3, 10)]
    result = read(tmp_path, rows)
    assert [entry.row for entry in result.entries] == [6]
    assert {code for code, _row in codes(result)} == {"table.not_trainees"}
    assert len(result.problems) == 2


def test_trainees_of_a_course_for_instructors_are_trainees(tmp_path: Path) -> None:
    rows = [["اسامی شرکت‌کنندگان دوره بازآموزی مربیان"], *TOP, [*WHO, "ساعت حضور"], who(1, 40)]
    assert hours(read(tmp_path, rows)) == [40]


def test_a_text_between_trainees_is_told(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "ساعت حضور"], who(1, 40), ["زندانیان"], who(2, 40)]
    result = read(tmp_path, rows)
    assert hours(result) == [40, 40]
    assert [(w.code, w.row, w.value) for w in result.warnings] == [
        ("row.text_between", 7, "زندانیان")
    ]


def test_tables_abreast_share_a_course_or_have_their_own(tmp_path: Path) -> None:
    header = [*WHO, "ساعت حضور"]
    shared = [*TOP, [*header, "", *header], [*who(1, 40), "", *who(2, 30)]]
    result = read_roster(workbook(tmp_path / "a.xlsx", {"برگه": shared}))
    assert [(e.column, e.credited_minutes) for e in result.entries] == [(0, 2400), (6, 1800)]
    own = [[*row, *[""] * (6 - len(row)), *row] for row in (["عنوان دوره:", "الف"], ["مدت دوره:", 40], ["تاریخ شروع:", "1397/04/02"],
           ["تاریخ پایان:", "1397/04/28"], ["نام مرکز:", "ب"], ["شماره تفاهم‌نامه:", "1/97"])]  # fmt: skip
    own[0][7], own[1][7] = "درودگر", 60
    rows = [*own, [*header, "", *header], [*who(1, 40), "", *who(2, 60)]]
    result = read_roster(workbook(tmp_path / "b.xlsx", {"برگه": rows}))
    assert [(e.course.title, e.credited_minutes) for e in result.entries] == [
        ("الف", 2400),
        ("درودگر", 3600),
    ]


def test_a_row_that_could_be_a_person_is_never_a_note(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "ساعت حضور"], who(1, 40), [2, "مهران", "رئیسی", "", 40], ["", "مهر", "علیزاده", "", ""],
            [3, "", "", national_id(3), 40], [4], ["", "جمع کل", "", 3, 120], ["", "امضای مربی"], ["", "رضا بیات"]]  # fmt: skip
    result = read(tmp_path, rows)
    assert (len(result.entries), result.rows) == (1, 4)
    assert {row for _code, row in codes(result)} == {7, 8, 9}
    found = {kind: count for kind, count in result.accounted.items() if count}
    assert found == {"trainees": 4, "labels": 3, "headings": 1, "blank": 2, "totals": 1, "signatures": 1, "notes": 1}  # fmt: skip


def test_a_header_that_nobody_recognises_shows_its_columns(tmp_path: Path) -> None:
    header = ["ش", "ن ک", "ن ف", "شناسه‌ی متقاضی", "چقدر"]
    rows = [*TOP, header, who(1, 40), who(2, 30)]
    result = read(tmp_path, rows)
    assert (result.rows, result.entries, result.unknown_columns) == (2, [], header)
    answers = dict(zip(
        ["column:ش", "column:نک", "column:نف", "column:شناسهیمتقاضی", "column:چقدر"],
        ["ignore", "first_name", "last_name", "national_id", "attended_hours"], strict=True,
    ))  # fmt: skip
    assert hours(read(tmp_path, rows, answers=answers)) == [40, 30]


def test_a_sheet_without_a_header_still_has_its_trainees(tmp_path: Path) -> None:
    result = read(tmp_path, [who(1, 40), who(2, 30)])
    assert (result.rows, result.entries) == (2, [])
    assert result.unknown_columns[0] == "ستون 1"


def test_several_labels_in_one_cell_and_below_the_table(tmp_path: Path) -> None:
    rows = [["عنوان دوره: جوشکاری: مقدماتی    مدت دوره: ۴۰    مربی: رضا"], DATES[0], ["نام مرکز:", "الف"],
            [*WHO, "ساعت حضور"], who(1, 40), [], ["شماره تفاهم‌نامه:", "943/97/23388"]]  # fmt: skip
    [entry] = read(tmp_path, rows).entries
    assert entry.course.title == "جوشکاری: مقدماتی"
    assert (entry.course.instructor, entry.course.agreement_number) == ("رضا", "943/97/23388")


def test_a_label_that_stands_twice_is_asked_about(tmp_path: Path) -> None:
    rows = [["عنوان دوره:", "جوشکار"], *TOP, [*WHO, "ساعت حضور"], who(1, 40)]
    assert asked(read(tmp_path, rows)) == [("label:course_title", "twice")]
    [entry] = read(tmp_path, rows, answers={"label:course_title": "جوشکار"}).entries
    assert entry.course.title == "جوشکار"


def test_what_a_file_does_not_say_can_be_given(tmp_path: Path) -> None:
    rows = [*DATES, [], [*WHO, "ساعت حضور"], who(1, 40)]
    assert codes(read(tmp_path, rows)) == [("header.missing_column", 4)] * 2
    given = {"": {"planned_hours": "40"}, "برگه": {"course_title": "@sheet"}}
    [entry] = read(tmp_path, rows, given=given).entries
    assert (entry.course.title, entry.course.planned_minutes) == ("برگه", 2400)


def test_odd_marks_and_hours_are_told(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "ساعت حضور", "نمره کتبی", "نمره عملی"], who(1, 4, 17, 18), who(2, 4, 12, 20)]  # fmt: skip
    result = read(tmp_path, rows)
    assert [w.code for w in result.warnings] == ["marks.suspicious", "hours.implausible"]


def test_errors_of_a_spreadsheet_are_named_in_every_column(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "ساعت حضور", "تحصیلات", "شهرستان"], who(1, "#N/A", "", ""), who(2, 40, "#REF!", ""),
            who(3, 40, "", "#VALUE!")]  # fmt: skip
    result = read(tmp_path, rows)
    assert [(p.code, p.value) for p in result.problems] == [
        ("cell.error", "#N/A"), ("cell.error", "#REF!"), ("cell.error", "#VALUE!"),
    ]  # fmt: skip


@pytest.mark.parametrize(("born", "year"), [("28/03/15", 1328), ("45/06/10", 1345), ("821130", 1382), ("03/01/01", 1303),
                                            ("1380/01/01", 1380), ("1396/01/01", None), ("1290/01/01", None)])  # fmt: skip
def test_a_birth_is_never_in_the_future(tmp_path: Path, born: str, year: int | None) -> None:
    rows = [*TOP, [*WHO, "تاریخ تولد", "ساعت حضور"], who(1, born, 40)]
    result = read(tmp_path, rows)
    if year is None:
        assert codes(result) == [("birth.implausible", 6)]
    else:
        birth = result.entries[0].birth_date
        assert birth
        assert birth.year in (year + 621, year + 622)


def test_a_column_without_a_heading_is_told(tmp_path: Path) -> None:
    rows = [*TOP, [*WHO, "", "ساعت حضور"], who(1, "x", 40, "y"), who(2, "x", 40, "y")]
    result = read(tmp_path, rows)
    assert hours(result) == [40, 40]
    assert result.unknown_columns == ["ستون 5", "ستون 7"]


def test_a_line_of_text_with_more_cells_than_its_header_is_refused(tmp_path: Path) -> None:
    header = "نام,نام خانوادگی,کد ملی,عنوان دوره,مدت دوره,تاریخ شروع,تاریخ پایان,شماره تفاهم‌نامه,نام مرکز,تحصیلات"
    row = f"مریم,اکبری,{national_id(1)},جوش,40,1397/04/02,1397/04/28,1/97,مرکز,دیپلم"
    shifted = row.replace("مرکز", "مرکز, کرج").replace(national_id(1), national_id(2))
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, row, shifted]), encoding="utf-8")
    result = read_roster(path)
    assert [entry.row for entry in result.entries] == [2]
    assert codes(result) == [("row.too_many_cells", 3)]
