"""Text tables whose quotes do not balance: a line is a line, what can not be split is named."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tafahom.sheets.files import FileRefusedError
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.workbook import Sheet


def text(path: Path, content: str) -> Sheet:
    path.write_text(content, encoding="utf-8", newline="")
    [sheet] = read_sheets(path)
    return sheet


def test_a_stray_quote_swallows_no_line(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", 'a,b,c\n1,"x,2\n3,y,4\n5,"z,6\n7,w,8\n')
    assert sheet.rows == [
        ["a", "b", "c"],
        ['1,"x,2', "", ""],
        ["3", "y", "4"],
        ['5,"z,6', "", ""],
        ["7", "w", "8"],
    ]
    assert sheet.unsplit == {2, 4}


def test_two_stray_quotes_that_would_make_one_row_do_not(tmp_path: Path) -> None:
    lines = ['1,"x,2', '3,y",4', "5,z,6"]
    sheet = text(tmp_path / "a.csv", "\n".join(["a,b,c", *lines]))
    assert sheet.unsplit == {2, 3}
    assert sheet.rows[3] == ["5", "z", "6"]


def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    content = 'a,"b\r\nand more",c\r\n1,2,3\r\n"x\r\ny",5,6\r\n7,8,"z, ""w""\n\nv"\r\n9,9,9'
    sheet = text(tmp_path / "a.csv", content)
    assert sheet.rows == [
        ["a", "b\nand more", "c"],
        ["", "", ""],
        ["1", "2", "3"],
        ["x\ny", "5", "6"],
        ["", "", ""],
        ["7", "8", 'z, "w"\n\nv'],
        ["", "", ""],
        ["", "", ""],
        ["9", "9", "9"],
    ]
    assert sheet.unsplit == frozenset()


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('1,شرکت "الف",3', ["1", 'شرکت "الف"', "3"]),
        ('="0012345678","a,b", "c"', ['="0012345678"', "a,b", "c"]),
        ('1,"ب ""پ"" ت",3', ["1", 'ب "پ" ت', "3"]),
        ("1,لوله\u2033,3", ["1", "لوله\u2033", "3"]),
    ],
)
def test_quotes_that_balance_are_read(tmp_path: Path, line: str, cells: list[str]) -> None:
    sheet = text(tmp_path / "a.csv", f"a,b,c\n1,2,3\n{line}\n")
    assert (sheet.rows[2], sheet.unsplit) == (cells, frozenset())


@pytest.mark.parametrize("line", ['1,شرکت "الف,ب",3', '1,"a"b,3', '1,2"', '1,"2,3'])
def test_quotes_that_do_not_balance_are_named(tmp_path: Path, line: str) -> None:
    sheet = text(tmp_path / "a.csv", f"a,b,c\n1,2,3\n{line}\n4,5,6\n")
    assert sheet.rows[2:] == [[line, "", ""], ["4", "5", "6"]]
    assert sheet.unsplit == {3}


def test_what_excel_says_of_the_separator_is_obeyed(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", "sep=;\na;b,c,d\n1;2,3,4\n")
    assert sheet.rows == [["", ""], ["a", "b,c,d"], ["1", "2,3,4"]]


def test_blank_columns_are_no_size(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", f"a,b{',' * 400}\n1,2{',' * 400}\n{',' * 401}\n")
    assert sheet.rows == [["a", "b"], ["1", "2"]]


def test_a_cell_longer_than_any_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match=r"file\.damaged"):
        text(tmp_path / "a.csv", "a,b\n1," + "x" * 40_000)


cells = st.text(st.sampled_from('ab"" '), max_size=6)


@given(st.lists(st.tuples(cells, cells, cells, cells), min_size=3, max_size=8))
def test_no_row_takes_anything_of_another(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Whatever the quotes, each line is a row or a line that is named."""
    lines = [",".join(f"{cell}{number}" for cell in row) for number, row in enumerate(rows)]
    sheet = text(tmp_path_factory.mktemp("text") / "a.csv", "\n".join(lines))
    assert len(sheet.rows) == len(rows)
    for number, row in enumerate(sheet.rows):
        written = "".join(map(str, row))
        assert {c for c in written if c.isdigit()} == {str(number)}
        assert row[0] == lines[number] or number + 1 not in sheet.unsplit


@given(
    st.lists(
        st.tuples(*[st.text(st.sampled_from('ابab12" \n'), max_size=8).map(str.strip)] * 4),
        min_size=4,
        max_size=8,
    )
)
def test_what_a_program_wrote_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    """Cells of several lines too, where most rows have none."""
    path = tmp_path_factory.mktemp("text") / "a.csv"
    plain = [("x", "y", "z", "w")] * (len(rows) + 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*plain, *rows, ("last", "1", "2", "3")])
    [sheet] = read_sheets(path)
    assert sheet.unsplit == frozenset()
    assert [tuple(row) for row in sheet.rows if any(row)] == [
        *plain,
        *[row for row in rows if any(row)],
        ("last", "1", "2", "3"),
    ]
