"""Rejected rows come back as they were sent, with the reason beside each, ready to be mended."""

import datetime as dt
from pathlib import Path

import openpyxl
import xlsxwriter

from roster_books import LABELS, PEOPLE, course_sheet, flat, person, workbook
from roster_files import line, write_roster
from tafahom.exchange.rosters.parsing import read_roster
from tafahom.exchange.rosters.parsing.returning import REPORT_SHEET
from tafahom.exchange.rosters.rejects import OURS, REASON, write
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.values import Percent
from tafahom.training.rosters.rules import Problem


def returned(path: Path, *more: Problem) -> Path:
    """The workbook that goes back for a file."""
    target = path.with_name("back.xlsx")
    result = read_roster(path)
    write(target, result, [*result.problems, *more])
    return target


def test_only_rejected_rows_come_back_with_the_reason_beside_them(tmp_path: Path) -> None:
    path = write_roster(tmp_path / "a.csv", line(1), line(2, **{"ساعت حضور": "سی"}), line(3))
    page = openpyxl.load_workbook(returned(path)).active
    assert page is not None
    header, row = list(page.iter_rows(values_only=True))
    reason = header.index(REASON)
    assert "سی" in str(row[reason])
    assert row[reason + 1] == 3  # where it stood
    assert page.sheet_view.rightToLeft
    hours = page.cell(2, header.index("ساعت حضور") + 1)
    name = page.cell(2, header.index("نام") + 1)
    assert hours.fill.bgColor != name.fill.bgColor or hours.fill.fgColor != name.fill.fgColor


def test_text_that_would_run_comes_back_as_text(tmp_path: Path) -> None:
    bad = {"نام": '=HYPERLINK("http://example.invalid","x")'}
    page = openpyxl.load_workbook(returned(write_roster(tmp_path / "a.csv", line(1, **bad)))).active
    assert page is not None
    assert page["C2"].data_type == "s"


def test_a_course_sheet_is_mended_once_for_all_its_rows(tmp_path: Path) -> None:
    labels = LABELS | {"تاریخ پایان": "1397/13/01"}
    path = workbook(
        tmp_path / "a.xlsx", {"دوره": course_sheet(person(1, 98), person(2, 97), labels=labels)}
    )
    back = returned(path)
    book = openpyxl.load_workbook(back)
    page = book["دوره"]
    [cell] = [cell for row in page.iter_rows() for cell in row if cell.value == "1397/13/01"]
    cell.value = "1397/03/20"
    book.save(back)
    mended = read_roster(back)
    assert (len(mended.entries), mended.problems, mended.unknown_columns) == (2, [], [])
    assert mended.entries[0].course.ends_on == dt.date(2018, 6, 10)


def test_a_register_keeps_its_days_and_hours(tmp_path: Path) -> None:
    rows = course_sheet()
    rows[-1] = [*PEOPLE[:5], "1397/03/04", dt.date(2018, 5, 26)]
    rows += [["ساعت جلسه", "", "", "", "", 4, 2.5], person(1, "ح", "ح"), person(2, "x", "ح")]
    back = returned(workbook(tmp_path / "a.xlsx", {"حضور": rows}))
    book = openpyxl.load_workbook(back)
    [cell] = [cell for row in book["حضور"].iter_rows() for cell in row if cell.value == "x"]
    cell.value = "ح"
    book.save(back)
    [entry] = read_roster(back).entries
    assert (entry.last_name, entry.credited_minutes) == ("اکبری 2", 390)


def test_a_table_without_a_needed_column_comes_back_whole(tmp_path: Path) -> None:
    rows = flat(person(1, 98), person(2, 98), without=["نام مرکز"])
    page = openpyxl.load_workbook(returned(workbook(tmp_path / "a.xlsx", {"ب": rows}))).active
    assert page is not None
    assert page.max_row == 3
    assert "نام مرکز" in str(page.cell(2, 1).value)


def test_what_the_registry_refused_comes_back_too(tmp_path: Path) -> None:
    path = write_roster(tmp_path / "a.csv", line(1), line(2))
    page = openpyxl.load_workbook(returned(path, Problem("row.duplicate", "", 3, "کد ملی"))).active
    assert page is not None
    assert page.max_row == 2
    assert page.cell(2, 4).value == "اکبری 2"


def test_percents_durations_and_errors_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    cells = (("0%", 0.95), ("[h]:mm", 40 / 24), ("[h]:mm", -0.125), ("h:mm", 0.5))
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for row, values in enumerate(flat(person(1, "سی", 60, 80))):
            page.write_row(row, 0, values)
        page.write_row(0, 20, [f"ستون {number}" for number in range(6)])
        for column, (code, number) in enumerate(cells, 20):
            page.write_number(1, column, number, book.add_format({"num_format": code}))
        page.write_formula(1, 24, "=NA()", None, "#N/A")
        page.write_boolean(1, 25, True)
    [sheet] = read_sheets(returned(path))
    assert sheet.rows[1][20 + OURS :] == [
        Percent(95.0),
        dt.timedelta(hours=40),
        dt.timedelta(hours=-3),
        dt.timedelta(hours=12),
        "#N/A",
        True,
    ]


def test_the_report_of_all_rows_goes_back_and_is_passed_over_when_it_returns(
    tmp_path: Path,
) -> None:
    path = write_roster(tmp_path / "a.csv", line(1), line(2, **{"ساعت حضور": "سی"}))
    result = read_roster(path)
    back = tmp_path / "back.xlsx"
    question = "فهرست · ۱ · واحد «مدت دوره» چیست؟"
    write(back, result, result.problems, [("مهارت‌آموزان", 2), ("همهٔ سطرها", 3), (question, None)])
    book = openpyxl.load_workbook(back)
    report = book[REPORT_SHEET]
    assert report["B2"].value == 2
    assert report["A4"].value == question
    again = read_roster(back)
    assert (again.rows, again.warnings) == (1, [])
    assert sum(again.accounted.values()) == book.worksheets[0].max_row
    report["A1"] = "فهرست"  # a sheet of somebody else's is told of, whatever its name
    book.save(back)
    assert [one.code for one in read_roster(back).warnings] == ["sheet.no_table"]


def test_trainees_written_into_the_report_are_not_passed_over(tmp_path: Path) -> None:
    rows = [[REPORT_SHEET], *flat(person(1, 90))]
    path = workbook(tmp_path / "a.xlsx", {REPORT_SHEET: rows})
    assert len(read_roster(path).entries) == 1
