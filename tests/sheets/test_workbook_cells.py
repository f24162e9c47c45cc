"""What the cells of an xlsx say: formats, errors, formulas, merged ranges, what is hidden."""

import datetime as dt
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from tafahom.sheets.files import FileRefusedError
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.values import ErrorValue, MergedRange, Percent
from tafahom.sheets.workbook import Sheet

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(path: Path, fill: Callable[[xlsxwriter.Workbook, Worksheet], object]) -> Path:
    with xlsxwriter.Workbook(str(path)) as file:
        fill(file, file.add_worksheet("برگه"))
    return path


def formatted(path: Path, *cells: tuple[str, float], **options: object) -> Sheet:
    """A sheet with a column of numbers in these formats."""
    with xlsxwriter.Workbook(str(path), options) as file:
        page = file.add_worksheet()
        for row, (code, number) in enumerate(cells):
            page.write_number(row, 0, number, file.add_format({"num_format": code}))
    return read(path)


def read(path: Path) -> Sheet:
    [sheet] = read_sheets(path)
    return sheet


def changed(path: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    """The workbook with names and contents of its parts changed."""
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            after.writestr(*change(part, before.read(part)))
    return path


def with_rows(path: Path, rows: str, *, after: str = "", before: str = "") -> Path:
    """A workbook whose sheet is this XML; style 1 is a percent, style 2 a date."""

    def fill(file: xlsxwriter.Workbook, page: Worksheet) -> None:
        page.write_number(0, 0, 1, file.add_format({"num_format": "0%"}))
        page.write_number(0, 1, 1, file.add_format({"num_format": "yyyy-mm-dd"}))

    xml = f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return changed(
        book(path, fill), lambda part, data: (part, xml.encode() if part == SHEET else data)
    )


def column(sheet: Sheet) -> list[object]:
    return [row[0] for row in sheet.rows]


def test_percents_are_what_is_shown(tmp_path: Path) -> None:
    cells = (("0%", 0.95), ("0.0%", 0.955), ("0.00%;[Red]-0.00%", -0.07), ("0", 0.5))
    sheet = formatted(tmp_path / "a.xlsx", *cells)
    assert column(sheet) == [Percent(95.0), Percent(95.5), Percent(-7.0), 0.5]
    assert column(formatted(tmp_path / "a.xlsx", ('0 "%"', 95), ('"y" 0', 3))) == [95.0, 3.0]


def test_durations_may_be_long_and_negative(tmp_path: Path) -> None:
    cells = (("[h]:mm", 40 / 24), ("[h]:mm:ss", -3 / 24), ("h:mm", 0.5), ("h:mm", -0.5))
    assert column(formatted(tmp_path / "a.xlsx", *cells)) == [
        dt.timedelta(hours=40),
        dt.timedelta(hours=-3),
        dt.time(12),
        dt.timedelta(hours=-12),
    ]


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_a_date_at_midnight_is_a_date(tmp_path: Path, options: dict[str, object]) -> None:
    days = 43271 - (1462 if options else 0)
    cells = (("yyyy-mm-dd hh:mm", days), ("yyyy/mm/dd", days + 0.5))
    found = column(formatted(tmp_path / "a.xlsx", *cells, **options))
    assert found == [dt.date(2018, 6, 20), dt.datetime.fromisoformat("2018-06-20T12:00")]
    assert type(found[0]) is dt.date


def test_a_date_before_1900_is_what_libreoffice_shows(tmp_path: Path) -> None:
    """LibreOffice 7.4 wrote these serials for 1397-04-02, 1400-02-29, 1582-10-04 and -15."""
    serials = (-183615, -182552, -115859, -115858, -183614.5625)
    sheet = formatted(tmp_path / "a.xlsx", *(("yyyy-mm-dd", serial) for serial in serials))
    assert column(sheet) == [
        dt.date(1397, 4, 2),
        "1400-02-29",
        dt.date(1582, 10, 4),
        dt.date(1582, 10, 15),
        dt.datetime.fromisoformat("1397-04-02T10:30"),
    ]


def test_the_first_days_of_1900_are_counted_as_their_writer_does(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert column(formatted(path, ("yyyy-mm-dd", 6))) == [dt.date(1900, 1, 6)]
    changed(path, lambda part, data: (part, data.replace(b"Microsoft Excel", b"LibreOffice/7")))
    assert column(read(path)) == [dt.date(1900, 1, 5)]


def test_errors_are_errors(tmp_path: Path) -> None:
    def fill(_file: xlsxwriter.Workbook, page: Worksheet) -> None:
        for row, text in enumerate(("#N/A", "#DIV/0!", "#REF!")):
            page.write_formula(row, 0, "=A9", None, text)
        page.write_string(3, 0, "#N/A")

    sheet = read(book(tmp_path / "a.xlsx", fill))
    assert column(sheet) == [*map(ErrorValue, ("#N/A", "#DIV/0!", "#REF!")), "#N/A"]


def test_a_stored_empty_text_is_a_result(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><f>x</f><v/></c>'
        '<c r="C1"><f>x</f><v></v></c><c r="D1"><f>x</f></c><c r="E1"><f>x</f><v>0</v></c></row>'
    )
    sheet = read(with_rows(tmp_path / "a.xlsx", rows))
    assert sheet.rows == [["", "", "", "", 0.0]]
    assert sheet.formulas == {
        (1, 0): True,
        (1, 1): True,
        (1, 2): False,
        (1, 3): False,
        (1, 4): True,
    }


def test_a_row_of_formulas_without_results_is_a_row(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="B3"><f>x</f></c></row>'
    sheet = read(with_rows(tmp_path / "a.xlsx", rows))
    assert sheet.rows == [[1.0, ""], ["", ""], ["", ""]]
    assert sheet.formulas == {(3, 1): False}


def test_merged_ranges_and_what_is_hidden_are_known(tmp_path: Path) -> None:
    def fill(_file: xlsxwriter.Workbook, page: Worksheet) -> None:
        page.write(9, 3, "آخر")
        page.merge_range("A1:C1", "عنوان")
        page.merge_range("B3:B12", "کرج")
        page.set_row(4, None, None, {"hidden": True})
        page.set_column("C:C", None, None, {"hidden": True})
        page.set_column("F:XFD", None, None, {"hidden": True})

    sheet = read(book(tmp_path / "a.xlsx", fill))
    assert sheet.merged == [MergedRange(1, 0, 1, 2), MergedRange(3, 1, 10, 1)]
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({5}, {2})
    assert (sheet.rows[0][0], sheet.rows[2][1], sheet.rows[3][1]) == ("عنوان", "کرج", "")


def test_what_lies_under_a_merged_cell_is_not_read(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    merge = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    assert read(with_rows(tmp_path / "a.xlsx", rows, after=merge)).rows == [[1.0, "", 3.0]]


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_without_addresses_are_counted(tmp_path: Path, prefix: str) -> None:
    """Some writers leave addresses out, some name the elements with a prefix."""
    rows = (
        '<row><c s="1"><v>0.5</v></c><c/><c t="e"><v>#N/A</v></c></row>'
        '<row r="4" hidden="1"><c r="B4"><v>1</v></c><c s="1"><v>0.25</v></c></row>'
        "<row><c><f>x</f></c><c><v>7</v></c></row>"
    )
    path = with_rows(tmp_path / "a.xlsx", rows)
    if prefix:

        def rename(part: str, data: bytes) -> tuple[str, bytes]:
            if part != SHEET:
                return part, data
            text = data.decode().replace("</", "<#").replace("<", f"<{prefix}")
            text = text.replace(f"<{prefix}#", f"</{prefix}").replace("xmlns", "xmlns:x", 1)
            return part, text.encode()

        changed(path, rename)
    sheet = read(path)
    assert sheet.rows == [
        [Percent(50.0), "", ErrorValue("#N/A")],
        ["", "", ""],
        ["", "", ""],
        ["", 1.0, Percent(25.0)],
        ["", 7.0, ""],
    ]
    assert (sheet.formulas, set(sheet.hidden_rows)) == ({(5, 0): False}, {4})


def test_what_is_only_coloured_is_no_size(tmp_path: Path) -> None:
    cells = "".join(f'<c r="{letters}1" s="1"/>' for letters in ("IV", "IW", "OI", "XFD"))
    rows = (
        f'<row r="1"><c r="A1"><v>1</v></c>{cells}</row><row r="2"><c r="B2" s="2"/></row>'
        '<row r="1048576" ht="12.8"><c r="A1048576" s="1"/><c r="B1048576"><v></v></c></row>'
    )
    assert read(with_rows(tmp_path / "a.xlsx", rows)).rows == [[1.0]]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<c r="IW1"><v>1</v></c>', "sheet.too_wide"),
        ('<c r="XFD1" t="inlineStr"><is><t>x</t></is></c>', "sheet.too_wide"),
        ('<c r="A200000"><v>1</v></c>', "file.too_large"),
    ],
)
def test_content_beyond_the_largest_sheet_is_refused(tmp_path: Path, cell: str, code: str) -> None:
    with pytest.raises(FileRefusedError, match=code):
        read_sheets(with_rows(tmp_path / "a.xlsx", f'<row r="1">{cell}</row>'))


def test_formulas_cost_what_cells_cost(tmp_path: Path) -> None:
    def fill(_file: xlsxwriter.Workbook, page: Worksheet) -> None:
        for row in range(3_000):
            for at in range(10):
                page.write_formula(row, at, f"=VLOOKUP(A{row},data,{at},0)", None, at)

    path = book(tmp_path / "a.xlsx", fill)
    started = time.process_time()
    sheet = read(path)
    assert len(sheet.formulas) == 30_000
    assert time.process_time() - started < 3  # once 15 s: the search was quadratic


@pytest.mark.parametrize("change", [lambda name: name.replace("/", "\\"), str.upper])
def test_names_of_parts_may_have_backslashes_and_capitals(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    path = book(
        tmp_path / "a.xlsx", lambda _file, page: page.write_formula(0, 0, "=x", None, "#N/A")
    )
    changed(path, lambda part, data: (change(part), data))
    assert read(path).rows == [[ErrorValue("#N/A")]]


texts = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), min_size=1).filter(
    lambda text: text.strip() == text and not text.startswith("=")
)
values = st.one_of(
    texts,
    st.integers(-(10**9), 10**9).map(float),
    st.booleans(),
    st.sampled_from(["#N/A", "#VALUE!", "#NAME?"]).map(ErrorValue),
    st.integers(-1000, 10_000).map(lambda number: Percent(number / 10)),
    st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1)),
    st.integers(-3_000, 3_000).map(lambda minutes: dt.timedelta(minutes=minutes)),
)
places = st.tuples(st.integers(0, 12), st.integers(0, 6))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    cells=st.dictionaries(places, values, min_size=1, max_size=20),
    rows=st.frozensets(st.integers(0, 12)),
    columns=st.frozensets(st.integers(0, 6)),
    merged=st.sampled_from([None, (20, 0, 22, 1), (20, 3, 20, 6)]),
)
def test_random_workbooks_come_back_as_written(
    tmp_path_factory: pytest.TempPathFactory,
    cells: dict[tuple[int, int], object],
    rows: frozenset[int],
    columns: frozenset[int],
    merged: tuple[int, int, int, int] | None,
) -> None:
    def fill(file: xlsxwriter.Workbook, page: Worksheet) -> None:
        kinds = {"percent": "0.0%", "day": "yyyy/mm/dd", "hours": "[h]:mm"}
        formats = {name: file.add_format({"num_format": code}) for name, code in kinds.items()}
        for (row, at), value in cells.items():
            if isinstance(value, ErrorValue):
                page.write_formula(row, at, "=A1", None, value.text)
            elif isinstance(value, Percent):
                page.write_number(row, at, value.number / 100, formats["percent"])
            elif isinstance(value, dt.date):
                page.write_datetime(row, at, value, formats["day"])
            elif isinstance(value, dt.timedelta):
                page.write_number(row, at, value / dt.timedelta(days=1), formats["hours"])
            elif isinstance(value, str):
                page.write_string(row, at, value)
            else:
                page.write(row, at, value)
        for row in rows:
            page.set_row(row, None, None, {"hidden": True})
        for at in columns:
            page.set_column(at, at, None, None, {"hidden": True})
        if merged:
            page.merge_range(*merged, "ادغام")

    sheet = read(book(tmp_path_factory.mktemp("book") / "a.xlsx", fill))
    wanted = dict(cells) | ({merged[:2]: "ادغام"} if merged else {})
    height = max(row for row, _at in wanted) + 1
    width = max(at for _row, at in wanted) + 1
    assert (len(sheet.rows), len(sheet.rows[0])) == (height, width)
    for number, row in enumerate(sheet.rows):
        for at, value in enumerate(row):
            expected = wanted.get((number, at), "")
            assert _alike(value, expected), (number, at, value, expected)
    assert sheet.hidden_rows == {row + 1 for row in rows if row < height}
    assert sheet.hidden_columns == {at for at in columns if at < width}
    assert set(sheet.formulas) == {
        (row + 1, at) for (row, at), value in cells.items() if isinstance(value, ErrorValue)
    }
    assert len(sheet.merged) == bool(merged)


def _alike(found: object, written: object) -> bool:
    if isinstance(written, Percent) and isinstance(found, Percent):
        return abs(found.number - written.number) < 1e-9
    if isinstance(written, dt.timedelta) and isinstance(found, dt.timedelta):
        return abs(found - written) < dt.timedelta(milliseconds=1)
    return type(found) is type(written) and found == written
