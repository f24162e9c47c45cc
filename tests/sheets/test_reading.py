"""Files from anybody: read by content, in a process of its own, within limits."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xlsxwriter

from tafahom.sheets.files import FileRefusedError
from tafahom.sheets.isolation import ChildFailedError, LimitError, run_isolated
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.values import ErrorValue, MergedRange, Percent
from tafahom.sheets.workbook import Sheet
from tafahom.sheets.xlsx import column_number

SHEET = "xl/worksheets/sheet1.xml"


def workbook(path: Path, cells: dict[str, object] | None = None) -> Path:
    """A workbook with one sheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("برگه")
        for place, value in (cells if cells is not None else {"A1": "نام", "B2": 5}).items():
            page.write(place, value)
    return path


def with_sheet(path: Path, xml: str) -> Path:
    """The workbook with other XML in the place of its sheet."""
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            after.writestr(part, xml if part == SHEET else before.read(part))
    return path


def data(rows: str) -> str:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    )


def code(path: Path) -> str:
    with pytest.raises(FileRefusedError) as refused:
        read_sheets(path)
    return refused.value.code


def sheets_of(path: Path) -> list[Sheet]:
    """As importers read: in a child."""
    found: list[Sheet] = run_isolated("tafahom.sheets.reading", "read_sheets", path)
    return found


def test_rows_are_numbered_from_the_first_of_the_sheet(tmp_path: Path) -> None:
    [sheet] = sheets_of(workbook(tmp_path / "a.xlsx", {"C3": "نام", "D4": 0.5}))
    assert sheet.name == "برگه"
    assert sheet.rows[2][2] == "نام"
    assert sheet.rows[3][3] == 0.5
    assert not any(sheet.rows[0])


def test_a_name_that_lies_does_not_matter(tmp_path: Path) -> None:
    assert sheets_of(workbook(tmp_path / "a.csv"))[0].rows[1][1] == 5
    (tmp_path / "b.xlsx").write_text("نام;کد\nمریم;5\n", encoding="utf-8")
    assert sheets_of(tmp_path / "b.xlsx")[0].rows == [["نام", "کد"], ["مریم", "5"]]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "file.empty"),
        (b" \r\n \n", "file.empty"),
        (b"%PDF-1.4 and so on", "file.not_a_spreadsheet"),
        (bytes(range(256)) * 40, "file.not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n....", "file.not_a_spreadsheet"),
        (b"PK\x03\x04 cut off", "file.damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file.not_a_spreadsheet"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "file.encrypted",
        ),
        (b"\xff\xfeabc", "file.damaged"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    assert code(tmp_path / "a.xlsx") == expected


def test_a_workbook_without_a_value_is_empty(tmp_path: Path) -> None:
    assert code(workbook(tmp_path / "a.xlsx", {})) == "file.empty"


def test_another_zip_is_no_workbook_and_a_cut_one_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert code(tmp_path / "a.xlsx") == "file.not_a_spreadsheet"
    whole = workbook(tmp_path / "b.xlsx").read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) // 2])
    assert code(tmp_path / "b.xlsx") == "file.damaged"
    assert code(with_sheet(workbook(tmp_path / "c.xlsx"), "<worksheet><sheet")) == "file.damaged"


def test_what_unpacks_to_far_more_than_it_is_is_not_unpacked(tmp_path: Path) -> None:
    path = with_sheet(workbook(tmp_path / "a.xlsx"), data(" " * (60 << 20)))
    started = time.monotonic()
    assert code(path) == "file.too_large"
    assert time.monotonic() - started < 5  # not unpacked; a limit of minutes would be no limit


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("XFD1048576", "sheet.too_wide"),
        ("A1048576", "file.too_large"),
        ("IW1", "sheet.too_wide"),
        ("A200000", "file.too_large"),
    ],
)
def test_one_far_cell_does_not_fill_the_memory(tmp_path: Path, cell: str, expected: str) -> None:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    xml = data(f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>')
    assert code(with_sheet(workbook(tmp_path / "a.xlsx"), xml)) == expected


def test_the_widest_and_longest_that_is_taken(tmp_path: Path) -> None:
    xml = data(
        '<row r="1"><c r="IV1"><v>1</v></c></row><row r="3000"><c r="A3000"><v>2</v></c></row>'
    )
    [sheet] = sheets_of(with_sheet(workbook(tmp_path / "a.xlsx"), xml))
    assert (len(sheet.rows), len(sheet.rows[0])) == (3000, 256)


def test_a_text_too_wide_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(["1," * 300] * 3), encoding="utf-8")
    assert code(tmp_path / "a.csv") == "sheet.too_wide"


def test_formulas_are_found_with_and_without_a_result(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("برگه")
        page.write("A1", "x")
        page.write_formula("B2", "=1+1", None, 2)
        page.write_formula("AA3", "=A1", None, "متن")
    [sheet] = sheets_of(path)
    assert sheet.formulas == {(2, 1): True, (3, 26): True}
    assert (sheet.rows[1][1], sheet.rows[2][26]) == (2, "متن")
    prefixed = data('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>1+1</f></c></row>')
    [sheet] = sheets_of(with_sheet(workbook(path), prefixed))
    assert sheet.formulas == {(1, 1): False}


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet("پیدا").write("A1", 1)
        hidden = book.add_worksheet("پنهان")
        hidden.write("A1", 2)
        hidden.very_hidden()
    assert [sheet.name for sheet in sheets_of(tmp_path / "a.xlsx")] == ["پیدا"]


def test_columns_have_numbers() -> None:
    assert [column_number(name) for name in ("A", "Z", "AA", "IV")] == [0, 25, 26, 255]


def test_a_child_that_takes_too_much_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        run_isolated("builtins", "bytearray", 1 << 30, memory=128 << 20)
    with pytest.raises(LimitError):
        run_isolated("time", "sleep", 30, seconds=-2)


def test_a_child_that_is_stopped_stops_no_other(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    for _ in range(3):
        with pytest.raises(LimitError):
            run_isolated("builtins", "bytearray", 1 << 30, memory=128 << 20)
        with pytest.raises(LimitError):
            run_isolated("os", "abort")
        assert len(sheets_of(path)) == 1


def test_a_warm_process_that_is_gone_is_started_again(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    assert len(sheets_of(path)) == 1
    warm = int(run_isolated("os", "getppid"))
    os.kill(warm, signal.SIGKILL)
    time.sleep(0.2)
    assert len(sheets_of(path)) == 1
    assert run_isolated("os", "getppid") != warm


def test_a_large_question_is_asked_and_answered() -> None:
    assert run_isolated("builtins", "sum", list(range(200_000))) == sum(range(200_000))
    assert len(run_isolated("builtins", "list", list(range(200_000)))) == 200_000


def test_many_ask_at_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _n: len(sheets_of(path)), range(24)))
    assert found == [1] * 24


def test_the_warm_process_ends_with_its_parent() -> None:
    code = "from tafahom.sheets.isolation import run_isolated; print(run_isolated('os', 'getppid'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    warm = int(done.stdout)
    for _ in range(50):
        if not Path(f"/proc/{warm}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{warm}").exists()


def test_a_fault_of_ours_is_not_taken_for_a_bad_file() -> None:
    with pytest.raises(ChildFailedError, match="ZeroDivisionError"):
        run_isolated("operator", "truediv", 1, 0)


def test_nothing_but_plain_values_is_taken_from_a_child() -> None:
    with pytest.raises(Exception, match="is not taken from a child"):
        run_isolated("pathlib", "Path", "a")


def test_errors_and_percents_are_taken_from_a_child() -> None:
    values = [ErrorValue("#N/A"), Percent(95.0), MergedRange(1, 0, 2, 3)]
    assert run_isolated("builtins", "list", values) == values
    assert [str(value) for value in values[:2]] == ["#N/A", "95%"]
