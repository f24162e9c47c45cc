"""Old and foreign workbooks: xls, ods, xlsb; and pages and XML that only bear their names.

``files/libreoffice.xls`` and ``.ods`` were saved by LibreOffice 7.4 from one xlsx.
"""

import datetime as dt
import struct
import zipfile
from pathlib import Path

import pytest

from tafahom.sheets.files import FileRefusedError, SpreadsheetKind, kind_of
from tafahom.sheets.reading import read_sheets, read_sheets_apart
from tafahom.sheets.values import ErrorValue, MergedRange, Percent
from tafahom.sheets.xls import rk_number

FILES = Path(__file__).parent / "files"
OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["libreoffice.xls", "libreoffice.ods"])
def test_a_workbook_of_libreoffice_says_what_its_cells_say(name: str) -> None:
    [sheet] = read_sheets_apart(FILES / name)  # the other one is hidden
    assert sheet.name == "دیده"
    assert sheet.rows[0] == ["a", "b", "c", "d", "e"]
    assert sheet.rows[1][0] == "ادغام"
    column = [row[2] for row in sheet.rows]
    assert column[1:6] == [
        Percent(95.0),
        dt.timedelta(hours=36),
        dt.timedelta(hours=-3),
        dt.date(2017, 9, 22),
        moment("2017-09-22T12:00"),
    ]
    assert column[6] in (dt.time(12), dt.timedelta(hours=12))
    assert column[7:14] == [ErrorValue("#N/A"), "", Percent(50.0), 1, 12345678901.0, 1.25, 1234567]
    assert type(column[13]) is float
    assert sheet.rows[18][:3] == [dt.date(1397, 4, 2), "1400-02-29", moment("1397-04-02T10:30")]
    assert isinstance(sheet.rows[18][4], dt.datetime)  # 40 hours shown as 16:00 are neither
    assert sheet.rows[17][4] == Percent(25.0)
    assert sheet.merged == [MergedRange(2, 0, 4, 1)]
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({6}, {3})
    assert sheet.formulas[8, 2]
    assert sheet.formulas[9, 2]  # a stored empty text


def test_a_zero_that_libreoffice_wrote_for_a_text_is_no_result() -> None:
    """It keeps 0 for ="x"&"y" that it read from an xlsx and did not calculate."""
    old, new = (read_sheets(FILES / f"libreoffice.{kind}")[0] for kind in ("xls", "ods"))
    assert (old.rows[14][2], old.formulas[15, 2]) == ("", False)
    assert (new.rows[14][2], new.formulas[15, 2]) == ("xy", True)


def test_a_name_that_lies_does_not_matter(tmp_path: Path) -> None:
    for source, name in (("libreoffice.xls", "a.xlsx"), ("libreoffice.ods", "a.csv")):
        (tmp_path / name).write_bytes((FILES / source).read_bytes())
        assert read_sheets(tmp_path / name)[0].name == "دیده"


def test_an_old_workbook_that_is_cut_off_or_locked_is_refused(tmp_path: Path) -> None:
    whole = (FILES / "libreoffice.xls").read_bytes()
    (tmp_path / "a.xls").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileRefusedError, match=r"file\.(damaged|not_a_spreadsheet)"):
        read_sheets(tmp_path / "a.xls")
    start = whole.index(struct.pack("<HHHH", 0x809, 16, 0x600, 5))
    locked = bytearray(whole)
    locked[start + 20 : start + 22] = struct.pack("<H", 0x2F)  # FILEPASS
    (tmp_path / "a.xls").write_bytes(locked)
    with pytest.raises(FileRefusedError, match=r"file\.encrypted"):
        read_sheets(tmp_path / "a.xls")


def test_numbers_are_packed_in_four_ways() -> None:
    """Examples of RkNumber: an integer and a double, as they are and as hundredths."""
    assert rk_number(struct.pack("<i", (1234 << 2) | 2)) == 1234.0
    assert rk_number(struct.pack("<i", (-1234 << 2) | 3)) == -12.34
    double = struct.unpack("<i", struct.pack("<d", 1.5)[4:])[0]
    assert rk_number(struct.pack("<i", double)) == 1.5
    assert rk_number(struct.pack("<i", double | 1)) == 0.015


def ods(path: Path, rows: str, *, columns: str = "", manifest: str = "") -> Path:
    names = " ".join(
        f'xmlns:{name}="{OPENDOCUMENT}:{name}:1.0"' for name in ("table", "office", "text")
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="برگه">{columns}{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def cell(text: str = "", attributes: str = "") -> str:
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f"<table:table-cell {attributes}>{shown}</table:table-cell>"


def test_repeated_rows_and_cells_are_laid_out_where_something_is(tmp_path: Path) -> None:
    rows = (
        row(cell("نام"), cell("ب", 'table:number-columns-repeated="2"'), cell("", 'table:number-columns-repeated="16381"')),
        row(cell(), attributes='table:number-rows-repeated="2"'),
        row(cell("1"), attributes='table:number-rows-repeated="2" table:visibility="filter"'),
        row(cell(), attributes='table:number-rows-repeated="1048571"'),
    )  # fmt: skip
    [sheet] = read_sheets(ods(tmp_path / "a.ods", "".join(rows)))
    assert sheet.rows == [["نام", "ب", "ب"], [""] * 3, [""] * 3, ["1", "", ""], ["1", "", ""]]
    assert set(sheet.hidden_rows) == {4, 5}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (row(cell("x", 'table:number-columns-repeated="16384"')), "sheet.too_wide"),
        (row(cell("x"), attributes='table:number-rows-repeated="1048576"'), "file.too_large"),
        (row(cell("")), "file.empty"),
        ("<table:table-row>", "file.damaged"),
    ],
)
def test_a_workbook_of_opendocument_has_the_same_bounds(
    tmp_path: Path, rows: str, code: str
) -> None:
    with pytest.raises(FileRefusedError, match=code):
        read_sheets(ods(tmp_path / "a.ods", rows))


def test_texts_are_what_is_shown_and_comments_are_none(tmp_path: Path) -> None:
    comment = "<office:annotation><text:p>یادداشت</text:p></office:annotation>"
    spaced = 'الف<text:s text:c="3"/>ب<text:line-break/><text:span>پ</text:span>'
    rows = row(cell(spaced), f"<table:table-cell>{comment}<text:p>ت</text:p></table:table-cell>")
    old = 'office:value-type="float" office:value="0" table:formula="of:=1/0"'
    rows += row(cell("Err:502", old), cell("#N/A"), cell("x", 'table:formula="of:=A9"'))
    rows += row(cell("", 'table:formula="of:=A9"'))
    [sheet] = read_sheets(ods(tmp_path / "a.ods", rows))
    assert sheet.rows[:2] == [["الف   ب\nپ", "ت", ""], [ErrorValue("Err:502"), "#N/A", "x"]]
    assert sheet.formulas == {(2, 0): True, (2, 2): True, (3, 0): False}


def test_a_locked_workbook_of_opendocument_is_refused(tmp_path: Path) -> None:
    manifest = "<manifest:encryption-data/>"
    with pytest.raises(FileRefusedError, match=r"file\.encrypted"):
        read_sheets(ods(tmp_path / "a.ods", row(cell("x")), manifest=manifest))


def record(kind: int, body: bytes = b"") -> bytes:
    """A record of an xlsb."""
    name = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return name + bytes([len(body)]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


STYLES = b"".join(
    (
        record(615, struct.pack("<I", 1)),
        record(44, struct.pack("<H", 164) + wide("0.0%")),
        record(616),
        record(617, struct.pack("<I", 3)),
        *(record(47, struct.pack("<HH12x", 0, number)) for number in (0, 164, 14)),
        record(618),
    )
)


def xlsb(path: Path, cells: bytes, *, styles: bytes = b"") -> Path:
    """A binary workbook with one sheet; style 1 is a percent, style 2 a date."""
    bundle = struct.pack("<II", 0, 1) + wide("rId1") + wide("برگه")
    book = (
        record(131)
        + record(153, struct.pack("<II", 0, 0) + wide(""))
        + record(143)
        + record(156, bundle)
        + record(144)
        + record(157, bytes(26))
        + record(132)
    )
    sheet = (
        record(129)
        + record(148, struct.pack("<4I", 0, 9, 0, 9))
        + record(60, struct.pack("<4IH", 3, 4, 0, 0, 1))
        + record(145)
        + cells
        + record(146)
        + record(176, struct.pack("<4I", 0, 2, 0, 1))
        + record(130)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rId1" Type="{kinds}/worksheet" Target="worksheets/sheet1.bin"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", styles or STYLES)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{namespace}">{relation}</Relationships>',
        )
    return path


def binary_row(number: int, *, is_hidden: bool = False) -> bytes:
    flags = struct.pack("<BB", 0, 0x10 if is_hidden else 0)
    return record(0, struct.pack("<IIH", number, 0, 300) + flags + b"\0" + struct.pack("<I", 0))


def real(column: int, style: int, number: float) -> bytes:
    return record(5, struct.pack("<IId", column, style, number))


def test_a_binary_workbook_says_what_its_cells_say(tmp_path: Path) -> None:
    cells = (
        binary_row(0)
        + real(0, 0, 1.5)
        + real(2, 1, 0.955)
        + real(5, 2, 43271)
        + binary_row(1, is_hidden=True)
        + record(2, struct.pack("<III", 2, 1, (1 << 2) | 2))
        + record(3, struct.pack("<IIB", 4, 0, 0x2A))
        + binary_row(2)
        + record(9, struct.pack("<IIdHI", 5, 1, 0.5, 0, 0) + struct.pack("<I", 0))
    )
    [sheet] = read_sheets(xlsb(tmp_path / "a.xlsb", cells))
    assert sheet.rows == [
        [1.5, "", Percent(95.5), "", "", dt.date(2018, 6, 20)],
        ["", "", Percent(100.0), "", ErrorValue("#N/A"), ""],
        ["", "", "", "", "", Percent(50.0)],
    ]
    assert sheet.merged == [MergedRange(1, 0, 3, 1)]
    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == ({2}, {3, 4})
    assert sheet.formulas == {(3, 5): True}


def test_a_binary_workbook_has_the_same_bounds(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match=r"sheet\.too_wide"):
        read_sheets(xlsb(tmp_path / "a.xlsb", binary_row(0) + real(300, 0, 1)))
    with pytest.raises(FileRefusedError, match=r"file\.damaged"):
        read_sheets(xlsb(tmp_path / "a.xlsb", record(0, b"\0")))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><table><tr><td>x</td></tr></table></html>",
        b"\xef\xbb\xbf\r\n<!DOCTYPE HTML PUBLIC><html>",
        b"  <TABLE border=1>",
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n",
        "<html>".encode("utf-16"),
        "<html><table>".encode("utf-16-le"),
    ],
)
def test_pages_and_xml_are_named_for_what_they_are(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(FileRefusedError, match=r"file\.html"):
        read_sheets(tmp_path / "a.xls")


def test_a_table_of_text_may_speak_of_tables(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("نام,<table>\n<5,6\n", encoding="utf-8")
    assert kind_of(tmp_path / "a.csv") is SpreadsheetKind.TEXT


def test_a_file_that_brings_the_reader_down_is_damaged(tmp_path: Path) -> None:
    """Rust panics where calamine relies on the length of a record; the child lives on."""
    cells, styles = binary_row(0) + real(0, 0, 1.5), record(617) + record(618)
    path = xlsb(tmp_path / "a.xlsb", cells, styles=styles)
    with pytest.raises(FileRefusedError, match=r"file\.damaged"):
        read_sheets_apart(path)
