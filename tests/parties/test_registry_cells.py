"""Cells of a registry that say nothing that could be recorded: the row is refused and named."""

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from xlsxwriter.worksheet import Worksheet

from tafahom.parties.actions import load_reference_data
from tafahom.parties.models import Centre

pytestmark = pytest.mark.django_db
HEADER = ("نام مرکز", "نوع مرکز", "شهرستان")


def load_centres(path: Path) -> dict[str, Any]:
    load_reference_data()
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("load", "centres", str(path), "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def book(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    with xlsxwriter.Workbook(str(path)) as file:
        page = file.add_worksheet()
        page.write_row(0, 0, HEADER)
        fill(page)
    return path


def test_an_error_value_is_no_name(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page.write_row(1, 0, ("مرکز یک", "ثابت شهری", "کرج"))
        page.write_row(2, 0, ("مرکز دو", "ثابت شهری"))
        page.write_formula(2, 2, "=NA()", None, "#N/A")
        page.write_formula(3, 0, "=A9", None, "")
        page.write_formula(7, 7, "=NA()", None, "#N/A")  # in no column of ours

    answer = load_centres(book(tmp_path / "centres.xlsx", fill))
    assert [(e["row"], e["column"], e["code"], e["value"]) for e in answer["errors"]] == [
        (3, "شهرستان", "cell.error", "#N/A"),
        (4, "نام مرکز", "cell.formula", "="),
    ]
    assert all(error["message"] for error in answer["errors"])
    assert [centre.name for centre in Centre.objects.all()] == ["مرکز یک"]


def test_a_merged_text_holds_for_its_rows_and_a_number_for_none(tmp_path: Path) -> None:
    def fill(page: Worksheet) -> None:
        page.write_column(1, 0, ("مرکز یک", "مرکز دو"))
        page.merge_range(1, 1, 2, 1, "ثابت شهری")
        page.merge_range(1, 2, 2, 2, "کرج")
        page.merge_range(3, 0, 4, 0, 12)
        page.write(4, 1, "ثابت شهری")

    answer = load_centres(book(tmp_path / "centres.xlsx", fill))
    found = Centre.objects.values_list("name", "centre_type__name", "county__name")
    assert sorted(found)[1:] == [("مرکز دو", "ثابت شهری", "کرج"), ("مرکز یک", "ثابت شهری", "کرج")]
    assert [(e["row"], e["code"]) for e in answer["errors"]] == [(5, "cell.merged")]


def test_a_hidden_column_does_not_win_over_the_visible_one(tmp_path: Path) -> None:
    path = tmp_path / "centres.xlsx"
    with xlsxwriter.Workbook(str(path)) as file:
        page = file.add_worksheet()
        page.write_row(0, 0, ("نام مرکز", "شهرستان", "شهرستان"))
        page.write_row(1, 0, ("مرکز یک", "نظرآباد", "کرج"))
        page.set_column(1, 1, None, None, {"hidden": True})
    assert load_centres(path)["errors"] == []
    assert Centre.objects.filter(county__name="کرج").count() == 1


def test_a_line_that_can_not_be_split_is_named(tmp_path: Path) -> None:
    path = tmp_path / "centres.csv"
    path.write_text(
        'نام مرکز,نوع مرکز,شهرستان\n"مرکز یک,ثابت شهری,کرج\nمرکز دو,ثابت شهری,کرج\n',
        encoding="utf-8",
    )
    answer = load_centres(path)
    assert [(e["row"], e["code"]) for e in answer["errors"]] == [(2, "row.quotes")]
    assert [centre.name for centre in Centre.objects.all()] == ["مرکز دو"]
