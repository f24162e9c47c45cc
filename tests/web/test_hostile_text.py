"""Whatever is written in a roster stays text: on pages, in tables and in every file that leaves."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from roster_files import line, write_roster
from rosters import prepare
from tafahom.exchange.rosters.actions import import_rosters
from tafahom.training.models import Course
from tafahom.training.registries.lists import ListEntry, save_entry

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'
LISTS = ("cluster", "centre_type", "county", "education")
FREE = ("عنوان دوره", "نام مرکز", "مربی", "خوشه", "گروه آموزشی", "نوع مرکز", "شهرستان", "تحصیلات")


@pytest.fixture
def hostile(db: None, tmp_path: Path) -> Course:
    """A course whose every free text is a script, and one whose every free text is a formula."""
    prepare()
    for name in LISTS:  # even if an administrator writes it
        for text in (SCRIPT, FORMULA):
            save_entry(ListEntry(name, text), by=None)
    bad = [
        line(
            number,
            **dict.fromkeys(FREE, text)
            | {"کد دوره": f"1397{number}", "کد استاندارد": f"72{number}"},
        )
        for number, text in enumerate((SCRIPT, FORMULA), 1)
    ]
    [report] = import_rosters([write_roster(tmp_path / f"{SCRIPT[:8]}.csv", *bad)], by=None)
    assert report.accepted == 2, report.errors
    assert "text.neutralised" in {warning.code for warning in report.warnings}
    return Course.objects.get(code="13971")


def pages(course: Course) -> list[str]:
    by = "&by=".join(("centre", "standard"))
    return [
        reverse("web:home"),
        f"{reverse('web:report')}?year=1397&from=1&through=12&by={by}",
        f"{reverse('web:report')}?year=1397&from=1&through=12&by=cluster&by=education",
        f"{reverse('web:report')}?year=1397&from=1&through=12&by=county&by=centre_type",
        reverse("web:courses"),
        reverse("web:course_detail", args=[course.uid]) + "?names=show",
        f"{reverse('web:courses')}?q=%3Cscript%3Ealert(1)",
        reverse("web:imports"),
        reverse("web:people") + "?names=show",
    ]


def test_a_script_is_never_markup(officer: Client, hostile: Course) -> None:
    for address in pages(hostile):
        page = officer.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address


@pytest.mark.parametrize("dimension", ["centre", "standard", "cluster", "county", "centre_type"])
def test_a_formula_is_never_run_by_a_file(
    officer: Client, hostile: Course, dimension: str, tmp_path: Path
) -> None:
    asked = {"year": "1397", "from": "1", "through": "12", "by": dimension}
    file = officer.get(reverse("web:report_file", args=["csv"]), asked)
    cells = [
        cell for row in csv.reader(io.StringIO(file.content.decode("utf-8-sig"))) for cell in row
    ]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    file = officer.get(reverse("web:report_file", args=["xlsx"]), asked)
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    found = [cell for page in book for row in page.iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in found)
    assert {cell.data_type for cell in found if "HYPERLINK" in str(cell.value)} == {"s"}
    assert not [cell for cell in found if cell.hyperlink]
    target = tmp_path / "report.pdf"
    call_command("report", "--year", "1397", "--through", "12", "--by", dimension,
                 "--format", "pdf", "-o", str(target))  # fmt: skip
    assert target.read_bytes().startswith(b"%PDF")
