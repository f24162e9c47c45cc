"""The ``report`` command and the renderers, from the same figures."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MonthSpan
from tafahom.reports.definitions import figures_table
from tafahom.reports.render import csv as csv_form
from tafahom.reports.render import pdf, text, xlsx
from tafahom.reports.tables import Column, ReportTable

PERIOD = ("--year", "1397", "--through", "10")


def report(*arguments: str) -> str:
    """Return what the command prints."""
    out = io.StringIO()
    call_command("report", *arguments, stdout=out)
    return out.getvalue()


def hostile() -> ReportTable:
    """A table whose texts would run or break if a renderer trusted them."""
    return ReportTable(
        title="=گزارش [آزمون]: 1/2?*",
        subtitle="#emph[x] $ @ref",
        columns=[Column("partner", "دستگاه"), Column("hours", "نفر ساعت", "hours")],
        rows=[["=cmd|' /C calc'!A0", 12], ["#panic() \\ ] *متن*", 6.5], ["+1", None]],
        total=["جمع", 18.5],
        as_of=datetime(2019, 1, 1, tzinfo=UTC),
        notes=["@x =1 #import"],
    )


def test_json_is_the_only_thing_on_standard_output(year: SimpleNamespace):
    document = json.loads(report(*PERIOD, "--by", "partner", "--by", "level", "--format", "json"))
    assert document["period"]["title"] == MonthSpan(1397, 1, 10).title
    assert document["by"] == ["partner", "level"]
    assert document["total"]["persons"] == 3
    assert [row["partner"]["name"] for row in document["rows"]] == [
        "اتاق اصناف ایران",
        "سازمان زندان‌ها",
        "سازمان زندان‌ها",
    ]
    assert "ملی" in report(*PERIOD, "--by", "level", "--format", "json")


def test_the_command_takes_every_option_of_the_contract(year: SimpleNamespace):
    document = json.loads(
        report(
            *PERIOD,
            "--from",
            "2",
            "--where",
            "level=ملی",
            "--where",
            "gender=مرد",
            "--basis",
            "planned",
            "--attribution",
            "start",
            "--compare",
            "last-year",
            "--format",
            "json",
        )
    )
    assert (document["basis"], document["attribution"]) == ("planned", "start")
    assert document["period"]["from_month"] == 2
    assert document["total"]["person_hours"] == 0  # the course started in the first month
    assert document["total"]["previous"]["person_hours"] == 10
    assert document["total"]["growth"]["person_hours"] == -100.0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*PERIOD, "--by", "colour"), "colour"),
        ((*PERIOD, "--where", "colour=red"), "colour"),
        ((*PERIOD, "--where", "partner=ناموجود"), "ناموجود"),
        ((*PERIOD, "--where", "partner"), "DIM=VALUE"),
        ((*PERIOD, "--basis", "guessed"), "guessed"),
        ((*PERIOD, "--as-of", "1397/10/05"), ""),
        ((*PERIOD, "--as-of", "yesterday"), "yesterday"),
        (("--year", "1397", "--through", "13"), ""),
        (("--year", "2018", "--through", "3"), ""),
        ((*PERIOD, "--format", "csv", "-o", "no-such-folder/x.csv"), "no-such-folder"),
    ],
)
def test_wrong_usage_ends_with_status_2(db: None, arguments: tuple[str, ...], says: str):
    with pytest.raises(CommandError) as caught:
        report(*arguments)
    assert caught.value.returncode == 2 or "Error:" in str(caught.value)
    assert says in str(caught.value)


def test_today_is_accepted_as_the_day_of_the_figures(db: None):
    today = datetime.now(tz=UTC).astimezone().date()
    assert report(*PERIOD, "--as-of", today.isoformat())


def test_the_terminal_table_is_aligned_and_has_persian_digits(year: SimpleNamespace):
    shown = report(*PERIOD, "--by", "partner")
    assert "سازمان زندان‌ها" in shown
    assert "۴۰٫۵" in shown
    with translation.override("en"):
        assert "40.50" in report(*PERIOD, "--by", "partner")


def test_csv_opens_in_excel_and_runs_nothing(year: SimpleNamespace, tmp_path: Path):
    file = tmp_path / "figures.csv"
    report(*PERIOD, "--by", "partner", "--format", "csv", "-o", str(file))
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[1][:4] == ["اتاق اصناف ایران", "2", "2", "6.5"]
    assert rows[-1][1:4] == ["3", "5", "47"]
    cells = [cell for row in csv.reader(io.StringIO(csv_form.render(hostile()).decode("utf-8-sig")))
             for cell in row]  # fmt: skip
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell)]


def test_the_workbook_is_right_to_left_with_true_numbers(year: SimpleNamespace, tmp_path: Path):
    file = tmp_path / "figures.xlsx"
    report(*PERIOD, "--by", "partner", "--format", "xlsx", "-o", str(file))
    sheet = openpyxl.load_workbook(file).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    values = list(sheet.values)
    assert values[1][0] == MonthSpan(1397, 1, 10).title
    assert values[4][:4] == ("اتاق اصناف ایران", 2, 2, 6.5)
    assert sheet.freeze_panes == "B5"


def test_a_workbook_holds_no_formula_whatever_the_texts_are():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(hostile()))).active
    assert sheet is not None
    kinds = {cell.data_type for row in sheet for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}
    assert sheet["A5"].value == "=cmd|' /C calc'!A0"


def test_pdf_takes_texts_as_data(year: SimpleNamespace):
    assert pdf.render(hostile()).startswith(b"%PDF")
    query = FigureQuery(1397, 10, by=("partner",), compare_last_year=True)
    assert pdf.render(figures_table(query)).startswith(b"%PDF")


def test_a_report_names_its_basis_and_its_day(year: SimpleNamespace):
    with translation.override("en"):
        table = figures_table(
            FigureQuery(1397, 10, by=("level",), where=(("gender", "زن"),), basis="planned")
        )
    assert "planned" in table.notes[0]
    assert "زن" in table.notes[1]
    assert not table.is_right_to_left
    assert not any(column.code.startswith("committed") for column in table.columns)


def test_measures_are_chosen_and_compared_side_by_side(year: SimpleNamespace):
    query = FigureQuery(1397, 10, by=("level",), compare_last_year=True)
    table = figures_table(query, measures=["passed", "realisation_persons"])
    assert [column.code for column in table.columns] == [
        "level",
        "passed",
        "passed_previous",
        "passed_growth",
        "realisation_persons",
    ]
    assert table.total[1:] == [1, 0, None, 18.8]


def test_a_report_without_groups_is_its_total(year: SimpleNamespace):
    table = figures_table(FigureQuery(1397, 10))
    assert (table.rows, table.total[0]) == ([], 3)
    for renderer in (text, csv_form, xlsx, pdf):
        assert renderer.render(table)
