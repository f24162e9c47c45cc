"""A whole year as 35 offices sent it: every figure right to the person, every bad row refused."""

import io
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from shared import SHARED
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.training.models import Attendance, Course, Enrolment, RosterImport

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SHARED is None, reason="the shared rosters are not beside the checkout"),
]

# As the table in the rosters' README has it.
CODES = {
    "BAD_CHECK_DIGIT": {"national_id.invalid"},
    "MISSING_NAME": {"name.missing"},
    "MARK_OVER_100": {"mark.out_of_range"},
    "FORMULA_INJECTION": {"cell.unsafe_text"},
    "IMPOSSIBLE_DATE": {"date.invalid"},
    "END_BEFORE_START": {"date.end_before_start"},
    "DATE_OUT_OF_PERIOD": {"date.outside_agreement"},
    "HOURS_EXCEED_COURSE": {"hours.exceed_course"},
    "NEGATIVE_HOURS": {"hours.negative"},
    "TEXT_IN_NUMERIC": {"hours.not_a_number", "mark.not_a_number"},
    "FORMULA_CELL": {"cell.formula"},
    "BAD_ATTENDANCE_MARK": {"attendance.unknown_mark"},
    "DUPLICATE_IN_FILE": {"row.duplicate"},
    "DUPLICATE_ACROSS_FILES": {"row.duplicate"},
    "UNKNOWN_AGREEMENT": {"agreement.unknown"},
    "EMPTY_WORKBOOK": {"file.empty"},
    "EMPTY_FILE": {"file.empty"},
    "WRONG_EXTENSION": {"file.not_a_spreadsheet"},
    "TRUNCATED_ZIP": {"file.damaged"},
    "ENCRYPTED": {"file.encrypted"},
    "NOT_A_WORKBOOK": {"file.not_a_spreadsheet"},
    # It is read for what it is; there is no roster in it.
    "XLS_NAMED_XLSX": {"header.missing_column", "sheet.no_table", "column.question"},
    "ZIP_BOMB": {"file.too_large"},
    "TOO_MANY_COLUMNS": {"sheet.too_wide"},
}
MEASURES = {
    "persons": "persons",
    "person_courses": "person_courses",
    "person_hours": "person_hours",
    "courses": "courses",
    "partners": "partners",
    "agreements": "agreements",
    "standards": "standards",
    "exam_sat": "sat",
    "exam_passed": "passed",
    "certificates": "certified",
}
# Group of the truth to dimension, attribution and what names its rows.
GROUPS: dict[str, tuple[str, str, str]] = {
    "by_partner": ("partner", "end", "name"),
    "by_level": ("level", "end", "name"),
    "by_audience": ("audience", "end", "name"),
    "by_gender": ("gender", "end", "name"),
    "by_month": ("month", "end", "code"),
    "by_start_month": ("month", "start", "code"),
    "by_cluster": ("cluster", "end", "name"),
    "by_centre_type": ("centre_type", "end", "name"),
    "by_county": ("county", "end", "name"),
}
Row = tuple[str, str, int]


def run(*arguments: object) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON of a `roster` command."""
    out = io.StringIO()
    try:
        call_command("roster", *map(str, arguments), "--json", stdout=out)
    except SystemExit as left:
        return int(left.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


@dataclass
class Year:
    """A year that was imported, and what is true of it."""

    folder: Path
    truth: dict[str, Any]
    status: int
    report: dict[str, Any]

    def rejected(self) -> dict[Row, set[str]]:
        """Codes by file, sheet and row of what was rejected."""
        found: dict[Row, set[str]] = {}
        for file in self.report["files"]:
            for error in file["errors"]:
                place = (plain(file["file"]), _sheet(file["file"], error), error["row"])
                found.setdefault(place, set()).add(error["code"])
        return found


def plain(name: str) -> str:
    return unicodedata.normalize("NFC", Path(name).name)


def _sheet(file: str, problem: dict[str, Any]) -> str:
    """The sheet; a text file has none, whatever it is called."""
    return "" if file.endswith(".csv") else str(problem["sheet"])


@pytest.fixture
def year(request: pytest.FixtureRequest) -> Year:
    """An installation that is new but for its registries, then its year of rosters."""
    assert SHARED
    folder = SHARED / "rosters" / request.param
    call_command("init")
    for registry in ("partners", "agreements"):
        call_command("load", registry, folder / f"{registry}.csv", stdout=io.StringIO())
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return Year(folder, truth, *run("import", folder / "rosters"))


both = pytest.mark.parametrize("year", ["alborz", "alborz-dirty"], indirect=True)
clean = pytest.mark.parametrize("year", ["alborz"], indirect=True)
dirty = pytest.mark.parametrize("year", ["alborz-dirty"], indirect=True)


@both
def test_every_figure_is_true_and_a_second_import_changes_nothing(year: Year) -> None:
    truth = year.truth["measures"]
    whole = FigureQuery(1397, 10)
    assert _measured(figures(whole).total.values, truth["overall"]) == _wanted(truth["overall"])
    for group, (dimension, attribution, naming) in GROUPS.items():
        through = 12 if attribution == "start" else 10
        table = figures(FigureQuery(1397, through, by=(dimension,), attribution=attribution))
        rows = {getattr(row.dims[dimension], naming): row.values for row in table.rows}
        assert {name for name, values in rows.items() if values["person_courses"]} == set(
            truth[group]
        ), group
        for name, wanted in truth[group].items():
            assert _measured(rows[name], wanted) == _wanted(wanted), (group, name)
    for published in year.truth["published"]:
        where = tuple(published["where"].items())
        total = figures(FigureQuery(1397, 10, where=where)).total.values
        assert total[MEASURES[published["measure"]]] == published["value"], published

    before = _counts()
    status, again = run("import", year.folder / "rosters")
    assert status == year.status
    assert {file["status"] for file in again["files"]} == {"unchanged"}
    assert again["accepted"] == 0
    assert _counts() == before


@clean
def test_a_clean_year_is_taken_whole(year: Year) -> None:
    assert year.status == 0
    assert [file["errors"] for file in year.report["files"]] == [[]] * 35
    assert {file["status"] for file in year.report["files"]} == {"imported"}
    rows = {plain(file["file"]): file["valid_rows"] for file in year.truth["files"]}
    assert {plain(file["file"]): file["rows"] for file in year.report["files"]} == rows


@dirty
def test_exactly_the_bad_rows_are_refused_with_their_reasons(year: Year) -> None:
    assert year.status == 1
    wanted: dict[Row, str] = {}
    for row in year.truth["rejected"]:
        sheet = "" if row["file"].endswith(".csv") else row["sheet"]
        wanted[plain(row["file"]), sheet, row["row"]] = row["code"]
    found = year.rejected()
    assert set(found) - set(wanted) == set()
    assert set(wanted) - set(found) == set()
    wrong = {row: (codes, wanted[row]) for row, codes in found.items()
             if not codes & CODES[wanted[row]]}  # fmt: skip
    assert wrong == {}
    assert year.report["rejected"] == len(wanted)


@dirty
def test_unknown_columns_are_named_where_they_stand(year: Year) -> None:
    wanted = {
        (plain(row["file"]), row["column"])
        for row in year.truth["warnings"]
        if row["code"] == "UNKNOWN_COLUMN"
    }
    found = {
        (plain(file["file"]), warning["column"])
        for file in year.report["files"]
        for warning in file["warnings"]
        if warning["code"] == "header.unknown_column"
    }
    assert found == wanted


@dirty
def test_bad_files_are_refused_with_a_reason(year: Year) -> None:
    before = _counts()
    status, report = run("import", year.folder / "bad_files")
    wanted = {plain(file["file"]): file["code"] for file in year.truth["rejected_files"]}
    refused = {file["file"]: file for file in report["files"] if file["status"] == "refused"}
    # A workbook named .csv is simply read; this one is the bytes of another, recorded before.
    assert set(wanted) - set(refused) == {"b02_wrong_extension.csv"}
    for name, file in refused.items():
        assert {error["code"] for error in file["errors"]} & CODES[wanted[name]], name
        assert all(error["message"] for error in file["errors"])
    assert (status, report["accepted"]) == (1, 0)
    assert _counts() == before


@dirty
def test_a_row_mended_in_the_returned_workbook_is_taken(year: Year, tmp_path: Path) -> None:
    bad = {
        error["row"]: file
        for file in year.report["files"]
        for error in file["errors"]
        if error["code"] == "mark.out_of_range"
    }
    file = next(iter(bad.values()))
    mended = tmp_path / "mended.xlsx"
    count = _mend_marks(Path(file["rejects_file"]), mended)
    assert count
    status, report = run("import", mended)
    [answer] = report["files"]
    assert status == 1  # the other rejected rows of the file are still wrong
    assert answer["accepted"] == count
    codes = {error["code"] for error in answer["errors"]}
    assert "mark.out_of_range" not in codes


def _mend_marks(source: Path, target: Path) -> int:
    """Write 70 for every mark above 100; how many there were."""
    book = openpyxl.load_workbook(source)
    count = 0
    for sheet in book.worksheets:
        columns: list[int] = []
        for row in sheet.iter_rows():
            heads = [cell.column for cell in row if "نمره" in str(cell.value or "")]
            if heads and not columns:
                columns = heads
                continue
            for cell in row:
                if cell.column in columns and _mark(cell.value) > 100:
                    cell.value = 70
                    count += 1
    book.save(target)
    return count


def _mark(value: object) -> float:
    try:
        return float(unicodedata.normalize("NFKC", str(value)))
    except ValueError:
        return 0


def _measured(values: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: values[MEASURES[name]] for name in wanted if name in MEASURES}


def _wanted(wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if name in MEASURES}


def _counts() -> list[int]:
    return [model.objects.count() for model in (RosterImport, Enrolment, Course, Attendance)]
