"""What a check accepts an import writes, every row is accounted for, and no value changes column."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rosters import national_id
from tafahom.agreements.models import Agreement
from tafahom.exchange.rosters.actions import check_rosters, import_rosters
from tafahom.exchange.rosters.file_report import FileReport
from tafahom.figures import warehouse
from tafahom.people.models import Person
from tafahom.people.queries import identities_of
from tafahom.training.models import Course, Enrolment, RosterImport

# Values that say which column they are of, so that one in another's place shows.
NAMES = ("نام‌الف", "نام‌ب", "نام‌پ")
FAMILIES = ("فامیل‌الف", "فامیل‌ب", "رئیسی‌پ", "مهری‌ت")
COLUMNS: dict[str, list[object]] = {
    "عنوان دوره": ["حرفه C", "حرفه C++", "حرفه ۱/۱۲", ""],
    "مدت دوره": [40, "۴۰ ساعت", 60.5, "چهل", ""],
    "تاریخ شروع": ["1397/04/02", "97/4/2", "1397/04/02 00:00:00", "1397/13/02"],
    "تاریخ پایان": ["1397/04/28", "1397-04-28", "1397/03/28", "#REF!"],
    "نام مرکز": ["مرکز ۱/۲", "مرکز ۱۲", "مرکز کرج"],
    "شماره تفاهم‌نامه": ["553/96/2508", "۵۵۳-۹۶-۲۵۰۸", "1/1/1"],
    "ساعت حضور": [40, 38.5, "95%", "12:30", -3, 400, "ح", "#N/A", ""],
    "نمره کتبی": [80, "۷۰٫۵", "غایب", "", 120, "هفتاد"],
    "نمره عملی": [90, "۱۸ از ۲۰", "", "17/20"],
    "جنسیت": ["زن", "برادر", "خنثی‌نما"],
    "گروه مخاطب": ["صنف", "زندانیان", "گروه ناشناس", ""],
    "تاریخ تولد": ["1370/01/01", "28/03/15", "1396/01/01", ""],
    "نتیجه": ["قبول", "مردود", ""],
}
OF_A_COURSE = ("عنوان دوره", "مدت دوره", "تاریخ شروع", "تاریخ پایان", "نام مرکز", "شماره تفاهم‌نامه")
UNITS = {"مدت دوره": ["", " (دقیقه)", " (روز)"], "ساعت حضور": ["", " (جلسه)", " (مؤثر)"],
         "نمره کتبی": ["", " (از ۲۰)"]}  # fmt: skip
BETWEEN: list[list[object]] = [
    [], ["", "جمع کل", "", 3, 120], ["", "امضای مربی"], ["یادداشت: تا پایان ماه"], ["زندانیان"],
    [7], ["", "با تشکر"], ["عنوان دوره:", "حرفه دیگر"], ["لیست انصرافی‌ها"],
]  # fmt: skip


@dataclass
class OddSheet:
    """Rows of a sheet, and which of them are hidden."""

    rows: list[list[object]]
    hidden_rows: set[int] = field(default_factory=set)


@st.composite
def odd_sheets(draw: st.DrawFn) -> OddSheet:
    """A flat table or a course sheet with a few odd things in it, of any kind."""
    names = draw(st.permutations(list(COLUMNS)))
    gone = draw(st.sampled_from(["", "", "", *names]))
    names = [name for name in names if name != gone]
    above = draw(st.sampled_from([0, 0, 6]))  # so many of the course's are said above the table
    labels = [name for name in OF_A_COURSE if name in names][:above]
    columns = [name for name in names if name not in labels]
    header = ["ردیف", "نام", "نام خانوادگی", "کد ملی", *columns]
    if odd := draw(st.sampled_from(["", "", *UNITS])):
        unit = draw(st.sampled_from(UNITS[odd]))
        header = [name + unit if name == odd else name for name in header]
    if draw(st.integers(0, 9)) == 9:
        header.append(draw(st.sampled_from(columns)))
    rows: list[list[object]] = [[f"{name}:", COLUMNS[name][0]] for name in labels]
    rows.append(list(header))
    for serial in range(1, draw(st.integers(1, 5)) + 1):
        if draw(st.integers(0, 7)) == 7:
            rows.append(list(draw(st.sampled_from(BETWEEN))))
        person = [serial, NAMES[serial % 3], FAMILIES[serial % 4], national_id(serial)]
        row = [*person, *(COLUMNS[name.split(" (")[0]][0] for name in header[4:])]
        for column in draw(st.lists(st.integers(1, len(row) - 1), max_size=2)):
            row[column] = draw(st.sampled_from(_odd_cells(header[column], serial)))
        rows.append(row)
    hides = draw(st.integers(0, 5)) == 5
    return OddSheet(rows, {draw(st.integers(1, len(rows)))} if hides else set())


def _odd_cells(heading: str, serial: int) -> list[object]:
    name = heading.split(" (")[0]
    if name == "کد ملی":
        return [float(national_id(serial)), "", "140012345678", "123", national_id(1)]
    return COLUMNS.get(name, [*FAMILIES, ""] if name == "نام خانوادگی" else [*NAMES])


def write(path: Path, sheet: OddSheet) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("برگه")
        for number, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell) if isinstance(cell, str) and cell else page.write(number, column, cell)  # fmt: skip
        for number in sheet.hidden_rows:
            page.set_row(number - 1, None, None, {"hidden": True})
    return path


def last_filled(sheet: OddSheet) -> int:
    filled = [n for n, row in enumerate(sheet.rows, 1) if any(cell != "" for cell in row)]
    return max(filled, default=0)


def told(report: FileReport) -> dict[str, Any]:
    """What a report says, whether anything was written or not."""
    return {
        "status": report.status, "rows": report.rows, "accepted": report.accepted, "rejected": report.rejected,
        "accounted": report.accounted, "questions": report.questions, "errors": report.errors, "warnings": report.warnings,
    }  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheet=odd_sheets())
def test_check_and_import_are_one_path(
    sheet: OddSheet,
    agreement: Agreement,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warehouse, "refresh", lambda: None)  # nothing of it stays
    path = write(tmp_path_factory.mktemp("odd") / "odd.xlsx", sheet)
    with transaction.atomic():
        [checked] = check_rosters([path])
        [imported] = import_rosters([path], by=None)
        assert told(checked) == told(imported)
        event("accepted" if imported.accepted else "asked" if imported.questions else "refused")
        assert imported.rows == imported.accepted + imported.rejected
        if any(sheet.rows):
            counted = sum(imported.accounted.values())
            assert counted == last_filled(sheet) or not imported.accounted["trainees"]
            assert imported.accounted["trainees"] == imported.rows
        assert Enrolment.objects.count() == imported.accepted
        assert RosterImport.objects.count() == bool(imported.accepted)
        if imported.questions:
            assert not imported.accepted
            assert "column.question" in {problem.code for problem in imported.errors}
        for row in {e.source_row for e in Enrolment.objects.all()}:
            assert row not in sheet.hidden_rows
            assert row not in {p.row for p in imported.errors}
        _hold_columns()
        transaction.set_rollback(True)


def _hold_columns() -> None:
    """No value of one column has reached another."""
    for course in Course.objects.select_related("centre", "agreement", "standard"):
        assert course.title.startswith("حرفه")
        assert course.centre.name.startswith("مرکز")
        assert course.agreement.number == "553/96/2508"
        assert course.planned_minutes in (2400, 3630, 40, 60)
    for identity in identities_of(Person.objects.values_list("pk", flat=True)).values():
        assert identity.first_name in NAMES
        assert identity.last_name in FAMILIES
        assert identity.national_id in {national_id(n) for n in range(1, 7)} | {""}
        assert identity.fida_code in ("", "140012345678")
