"""A file of which no row is taken still gives its returned workbook, by command and on the page."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from roster_books import flat, person, workbook
from roster_files import line, write_roster
from tafahom.agreements.models import Agreement
from tafahom.exchange.rosters.actions import check_rosters, import_rosters
from tafahom.exchange.rosters.file_report import FileReport, FileStatus
from tafahom.exchange.rosters.parsing.returning import pick_rows
from tafahom.exchange.rosters.rejects import REASON, ROW_IN_FILE
from tafahom.people import vault

BAD_ID = "1234567890"
pytestmark = pytest.mark.django_db


def refused(path: Path, *, all_or_nothing: bool = False) -> FileReport:
    """What became of a file of which nothing was to be taken."""
    [report] = import_rosters([path], all_or_nothing=all_or_nothing, by=None)
    assert (report.status, report.accepted) == (FileStatus.REFUSED, 0)
    return report


def page_of(report: FileReport) -> Worksheet:
    """The only sheet of the returned workbook."""
    assert report.rejects_file is not None
    page, _report = openpyxl.load_workbook(report.rejects_file).worksheets
    return page


def reasons(page: Worksheet) -> list[str]:
    """The reasons below the header, and of a sheet without one, in all rows."""
    texts = [str(cell.value or "") for cell in page["A"]]
    return texts[texts.index(REASON) + 1 :] if REASON in texts else texts


def test_with_all_or_nothing_good_rows_come_back_too(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"کد ملی": BAD_ID}), line(3))
    report = refused(path, all_or_nothing=True)
    assert (report.rejected, len(report.errors)) == (3, 1)
    page = page_of(report)
    assert [row[1] for row in page.iter_rows(values_only=True)] == [ROW_IN_FILE, 2, 3, 4]
    good, bad, other = reasons(page)
    assert good == other
    assert BAD_ID in bad
    assert BAD_ID not in good


def test_what_came_back_held_is_taken_once_the_rest_is_mended(
    agreement: Agreement, folder: Path
) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"کد ملی": BAD_ID}))
    back = refused(path, all_or_nothing=True).rejects_file
    assert back is not None
    book = openpyxl.load_workbook(back)
    [cell] = [
        cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == BAD_ID
    ]
    cell.value = line(2)["کد ملی"]
    book.save(folder / "mended.xlsx")
    [report] = import_rosters([folder / "mended.xlsx"], all_or_nothing=True, by=None)
    assert (report.status, report.accepted, report.rejected) == (FileStatus.IMPORTED, 2, 0)


def test_without_a_needed_column_all_rows_come_back(agreement: Agreement, folder: Path) -> None:
    rows = flat(person(1, 98), person(2, 98), without=["نام مرکز"])
    found = reasons(page_of(refused(workbook(folder / "a.xlsx", {"ب": rows}))))
    assert len(found) == 2
    assert all("نام مرکز" in text for text in found)


def test_all_rows_of_a_course_at_odds_come_back(agreement: Agreement, folder: Path) -> None:
    odd = [line(n, **{"تاریخ پایان": f"1397/03/2{n}"}) for n in range(4)]
    report = refused(write_roster(folder / "a.csv", *odd), all_or_nothing=True)
    assert {error.code for error in report.errors} == {"course.conflict"}
    assert len(reasons(page_of(report))) == 4


def test_all_rows_come_back_while_something_is_asked(agreement: Agreement, folder: Path) -> None:
    rows = flat(person(1, 98), person(2, 98))
    rows[1][rows[0].index("گروه مخاطب")] = "گروهی که هیچ فهرستی ندارد"
    path = workbook(folder / "a.xlsx", {"ب": rows})
    report = refused(path)
    assert {error.code for error in report.errors} >= {"column.question"}
    found = reasons(page_of(report))
    assert len(found) == report.rejected == 2
    first, second = (text.splitlines() for text in found)
    assert set(second) < set(first)  # what is asked stands once, that all waits for it in each row


def test_a_file_without_a_table_comes_back_whole_with_the_reason_once(
    agreement: Agreement, folder: Path
) -> None:
    path = workbook(folder / "a.xlsx", {"برگه": [["الف", "ب"], [], [1, 2]]})
    report = refused(path)
    assert [error.code for error in report.errors] == ["sheet.no_table"]
    first, second = page_of(report).iter_rows(values_only=True)
    assert first[0]
    assert first[1:] == (1, "الف", "ب")
    assert second[1:] == (3, 1, 2)
    assert not second[0]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_of_a_file_that_cannot_be_read_there_is_nothing_to_give_back(
    agreement: Agreement, folder: Path, content: bytes
) -> None:
    (folder / "a.xlsx").write_bytes(content)
    report = refused(folder / "a.xlsx")
    assert report.errors
    assert report.rejects_file is None


def test_a_check_gives_back_only_what_nobody_could_record(
    agreement: Agreement, folder: Path
) -> None:
    bad = write_roster(folder / "a.csv", line(1, **{"کد ملی": BAD_ID}))
    partly = write_roster(folder / "b.csv", line(2), line(3, **{"کد ملی": BAD_ID}))
    refused_file, partly_taken = check_rosters([bad, partly], give_back=True)
    assert partly_taken.rejects_file is None
    assert refused_file.rejects_file is not None
    assert BAD_ID.encode() not in refused_file.rejects_file.read_bytes()
    assert b"".join(vault.read(refused_file.rejects_file)).startswith(b"PK")


def test_a_row_that_no_table_holds_is_not_lost(folder: Path) -> None:
    path = workbook(folder / "a.xlsx", {"ب": [*flat(person(1, 98)), [], ["کسی", "دیگر"]]})
    [sheet] = pick_rows(str(path), {"ب": [2, 4]}, {}, {})
    table, rest = sheet.tables
    assert list(table.rows) == [2]
    assert (rest.header_row, rest.rows) == (
        0,
        {4: ["کسی", "دیگر", *[""] * (len(rest.rows[4]) - 2)]},
    )
