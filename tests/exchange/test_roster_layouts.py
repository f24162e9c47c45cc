"""Rosters in every layout that offices send, each made here as a real file."""

import datetime as dt
from pathlib import Path

import pytest

from roster_books import LABELS, PEOPLE, course_sheet, flat, person, workbook
from rosters import national_id
from tafahom.exchange.rosters.parsing import ReadResult, read_roster
from tafahom.training.rosters.rules import RosterEntry


def read(path: Path) -> ReadResult:
    result = read_roster(path)
    assert result.file_error is None, result.file_error
    return result


def only(result: ReadResult) -> RosterEntry:
    assert result.problems == []
    [entry] = result.entries
    return entry


def check_welder(entry: RosterEntry) -> None:
    """The course of ``LABELS`` and the person with serial 1."""
    course = entry.course
    assert (course.code, course.title, course.planned_minutes) == ("13970001", "جوشکار آرگون", 6000)
    assert (course.starts_on, course.ends_on) == (dt.date(2018, 5, 25), dt.date(2018, 6, 10))
    assert course.agreement_number == "553/96/2508"
    assert (entry.first_name, entry.last_name, entry.gender) == ("مریم", "اکبری 1", "زن")
    assert (entry.national_id, entry.audience) == (national_id(1), "زندانی")


def test_a_flat_table_among_titles_blank_rows_and_columns_sums_and_signatures(
    tmp_path: Path,
) -> None:
    table = [["", *row] for row in flat(person(1, 98, 60, 80), person(2, 100, 70, 90))]
    rows = [["", "", "آمار آموزش‌هاي تفاهم نامه اي"], [], *table[:2], [], [], *table[2:],
            ["", "جمع", *[""] * 16, 198], [], ["", "امضای مربی", "", "", "امضای رئیس مرکز"]]  # fmt: skip
    result = read(workbook(tmp_path / "a.xlsx", {"برگه": rows}))
    assert (result.rows, result.problems, result.warnings) == (2, [], [])
    assert [entry.row for entry in result.entries] == [4, 7]
    check_welder(result.entries[0])
    assert [entry.credited_minutes for entry in result.entries] == [98 * 60, 6000]
    assert result.entries[0].course is result.entries[1].course
    assert result.sheets == [("برگه", "flat", 2)]


def test_many_sheets_and_hidden_ones(tmp_path: Path) -> None:
    book = {"خرداد": flat(person(1, 90)), "پنهان": flat(person(2, 90)), "تیر": flat(person(3, 90))}
    result = read(workbook(tmp_path / "a.xlsx", book, hidden=["پنهان"]))
    assert [(entry.sheet, entry.row) for entry in result.entries] == [("خرداد", 2), ("تیر", 2)]


def test_a_course_sheet_with_values_beside_labels(tmp_path: Path) -> None:
    result = read(workbook(tmp_path / "a.xlsx", {"دوره": course_sheet(person(1, 98, 60, 80))}))
    entry = only(result)
    check_welder(entry)
    assert (entry.written_mark, entry.practical_mark) == (6000, 8000)
    assert result.sheets == [("دوره", "course", 1)]


def test_values_below_their_labels_or_after_a_colon(tmp_path: Path) -> None:
    below = list(LABELS.items())[:8]
    inside = list(LABELS.items())[8:]
    rows = [
        [name for name, _value in below],
        [value for _name, value in below],
        *([f"{name}: {value}"] for name, value in inside),
        list(PEOPLE),
        person(1, 98),
    ]
    check_welder(only(read(workbook(tmp_path / "a.xlsx", {"دوره": rows}))))


def test_courses_one_below_another_on_a_sheet(tmp_path: Path) -> None:
    second = LABELS | {"کد دوره": "13970002", "عنوان دوره": "درودگر"}
    rows = [*course_sheet(person(1, 98)), ["جمع", "", "", "", "", 98], [], *course_sheet(person(2, 50), labels=second)]  # fmt: skip
    result = read(workbook(tmp_path / "a.xlsx", {"دوره": rows}))
    assert result.problems == []
    assert [entry.course.title for entry in result.entries] == ["جوشکار آرگون", "درودگر"]
    assert [entry.course.centre for entry in result.entries] == ["مرکز شماره 1 کرج"] * 2


def test_a_header_repeated_on_every_printed_page_is_one_table(tmp_path: Path) -> None:
    rows = flat(person(1, 98), person(2, 97))
    rows.insert(2, rows[0])
    result = read(workbook(tmp_path / "a.xlsx", {"برگه": rows}))
    assert [entry.row for entry in result.entries] == [2, 4]


@pytest.mark.parametrize("days", [["1397/03/04", "1397/03/05", "1397/03/06"], ["3/4", "3/5", "3/6"],
                                  [dt.date(2018, 5, 25), dt.date(2018, 5, 26), dt.date(2018, 5, 27)]])  # fmt: skip
def test_an_attendance_register(tmp_path: Path, days: list[object]) -> None:
    rows = course_sheet()
    rows[-1] = [*PEOPLE[:5], *days, "نمره کتبی", "نمره عملی"]
    rows += [["ساعت جلسه", "", "", "", "", 4, 4, 2.5], person(1, "ح", "ت", "غ", 60, 80),
             person(2, "م", "ح", "ح"), ["راهنما: ح = حاضر، غ = غایب"]]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", {"حضور": rows})
    result = read(path)
    assert result.problems == []
    first, second = result.entries
    check_welder(first)
    assert [day for day, _minutes in first.course.sessions] == [
        dt.date(2018, 5, 25), dt.date(2018, 5, 26), dt.date(2018, 5, 27),
    ]  # fmt: skip
    assert first.attendance == (("present", 240), ("late", 240), ("absent", 0))
    assert (first.credited_minutes, second.credited_minutes) == (480, 390)
    assert second.attendance[0] == ("excused", 0)
    assert result.sheets == [("حضور", "attendance", 2)]
    half = read_roster(path, late_counts_whole=False)
    assert half.entries[0].attendance[1] == ("late", 120)


def test_what_is_wrong_in_a_register_is_said_at_its_day(tmp_path: Path) -> None:
    rows = course_sheet()
    rows[-1] = [*PEOPLE[:5], "1397/03/04", "1397/03/05"]
    rows += [["ساعت جلسه", "", "", "", "", 4, ""], person(1, "x", "ح")]
    result = read(workbook(tmp_path / "a.xlsx", {"حضور": rows}))
    assert result.entries == []
    found = [(problem.code, problem.column) for problem in result.problems]
    assert found == [("attendance.unknown_mark", "1397/03/04"), ("hours.missing", "1397/03/05")]


TEXT_FILES = {
    "utf-8": ("utf-8", ","),
    "utf-8 with its mark": ("utf-8-sig", ";"),
    "utf-16 with its mark": ("utf-16", "\t"),
    "utf-16 without": ("utf-16-le", "\t"),
    "utf-16 of the other order": ("utf-16-be", ","),
    "windows-1256": ("windows-1256", ";"),
    "windows-1256 with tabs": ("windows-1256", "\t"),
}


@pytest.mark.parametrize(("encoding", "separator"), TEXT_FILES.values(), ids=TEXT_FILES)
def test_text_in_every_encoding_and_with_every_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [[str(cell) for cell in row] for row in flat(person(1, "98"), person(2, "97"))]
    text = "\r\n".join(separator.join(row) for row in rows)
    if encoding == "windows-1256":
        text = text.replace("ی", "ي")  # the code page has no Persian yeh
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    result = read(path)
    assert result.problems == []
    check_welder(result.entries[0])
    assert [(entry.sheet, entry.row) for entry in result.entries] == [("", 2), ("", 3)]


def test_text_rows_are_named_by_their_line(tmp_path: Path) -> None:
    people = person(1, "98", "", ""), person(2, "-97", "", "")
    rows = [[str(cell) for cell in row] for row in flat(*people)]
    rows[1][0] = '"جوشکار\nآرگون"'
    path = tmp_path / "a.csv"
    path.write_text("عنوان\n\n" + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    result = read(path)
    assert [entry.row for entry in result.entries] == [4]
    assert [(problem.code, problem.row) for problem in result.problems] == [("hours.negative", 6)]


def test_digits_letters_and_numbers_as_people_write_them(tmp_path: Path) -> None:
    row = person(1, "٩٨٫٥", "87/5", "۷۲٫۵")
    row[3] = float(national_id(31234567))
    labels = list(LABELS.values())
    labels[5:7] = [13970304, dt.date(2018, 6, 10)]
    labels[10] = "۵۵۳-۹۶-٢٥٠٨"
    header = [*[name.replace("ی", "ي").replace("ک", "ك") for name in LABELS], *PEOPLE]
    entry = only(read(workbook(tmp_path / "a.xlsx", {"ب": [header, [*labels, *row]]})))
    assert entry.national_id == national_id(31234567)  # its leading zero is back
    assert (entry.credited_minutes, entry.written_mark, entry.practical_mark) == (5910, 8750, 7250)
    assert (entry.course.starts_on, entry.course.ends_on) == (
        dt.date(2018, 5, 25),
        dt.date(2018, 6, 10),
    )
    assert entry.course.agreement_number == "553-96-2508"


def test_one_column_may_hold_the_whole_name(tmp_path: Path) -> None:
    rows = flat(person(1, 98), person(2, 98))
    for row in rows:
        row[13:15] = ["نام و نام خانوادگی" if row is rows[0] else " ".join(map(str, row[13:15]))]
    rows[2][13] = "مریم"
    result = read(workbook(tmp_path / "a.xlsx", {"ب": rows}))
    [entry] = result.entries
    assert (entry.first_name, entry.last_name) == ("مریم", "اکبری 1")
    assert [problem.code for problem in result.problems] == ["name.missing"]


def test_refugees_are_known_by_their_fida_code(tmp_path: Path) -> None:
    row = person(1, 98)
    row[3] = "961556250438"
    entry = only(read(workbook(tmp_path / "a.xlsx", {"ب": flat(row)})))
    assert (entry.national_id, entry.fida_code) == ("", "961556250438")


def test_without_a_column_of_attended_hours_the_course_counts_whole_and_it_is_said(
    tmp_path: Path,
) -> None:
    rows = [row[:17] for row in flat(person(1, 98))]
    result = read(workbook(tmp_path / "a.xlsx", {"ب": rows}))
    assert result.entries[0].credited_minutes == 6000
    assert [warning.code for warning in result.warnings] == ["hours.assumed"]


def test_columns_that_are_needed_and_missing_are_all_named(tmp_path: Path) -> None:
    rows = flat(person(1, 98), without=["شماره تفاهم‌نامه", "تاریخ پایان"])
    result = read(workbook(tmp_path / "a.xlsx", {"ب": rows}))
    assert (result.entries, result.rows) == ([], 1)
    found = [(problem.code, problem.row, problem.column) for problem in result.problems]
    assert found == [
        ("header.missing_column", 1, "تاریخ پایان"),
        ("header.missing_column", 1, "شماره تفاهم‌نامه"),
    ]


def test_rows_that_disagree_with_most_of_their_course_are_refused(tmp_path: Path) -> None:
    rows = flat(*(person(serial, 90) for serial in range(1, 6)))
    rows[1][6] = "1397/03/25"
    result = read(workbook(tmp_path / "a.xlsx", {"ب": rows}))
    assert [(problem.code, problem.row) for problem in result.problems] == [("course.conflict", 2)]
    assert {entry.course.ends_on for entry in result.entries} == {dt.date(2018, 6, 10)}


def test_a_sum_that_does_not_fit_is_a_warning(tmp_path: Path) -> None:
    total = ["جمع", *[""] * 16, 190]
    result = read(
        workbook(tmp_path / "a.xlsx", {"ب": [*flat(person(1, 98), person(2, 97)), total]})
    )
    assert len(result.entries) == 2
    [warning] = result.warnings
    assert (warning.code, warning.row, warning.value) == ("total.mismatch", 4, "190")


def test_a_sheet_that_is_no_table_is_named_beside_one_that_is(tmp_path: Path) -> None:
    book = {"ب": flat(person(1, 98)), "یادداشت": [["با سلام و احترام"]]}
    result = read(workbook(tmp_path / "a.xlsx", book))
    assert len(result.entries) == 1
    assert [(w.code, w.sheet) for w in result.warnings] == [("sheet.no_table", "یادداشت")]


def test_an_administrator_adds_spellings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = flat(person(1, 98))
    rows[0][13] = "نیم‌نام"
    path = workbook(tmp_path / "a.xlsx", {"ب": rows})
    assert [p.code for p in read_roster(path).problems] == ["header.missing_column"]
    extra = tmp_path / "headers.toml"
    extra.write_text('[fields]\nfirst_name = ["نیم نام"]\n', encoding="utf-8")
    monkeypatch.setenv("TAFAHOM_ROSTER_HEADERS", str(extra))
    check_welder(only(read_roster(path)))
