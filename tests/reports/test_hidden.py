"""What may not be learned is shown as hidden in every table and file, never as zero or nothing."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from types import SimpleNamespace

import openpyxl
import pytest
from django.utils import translation

from figures.small_cells import OTHERS, PRISONS, PROMISED, WELFARE, small_cells
from figures.world import World
from tafahom.agreements.models import Agreement
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MonthSpan
from tafahom.reports import words
from tafahom.reports.definitions import figures_table
from tafahom.reports.definitions.commitments import commitments_table
from tafahom.reports.definitions.league import League, league
from tafahom.reports.definitions.standing import agreements_table, standings
from tafahom.reports.render import csv as csv_files
from tafahom.reports.render import pdf, text, xlsx
from tafahom.reports.tables import HIDDEN, Column, ReportTable, TableCell
from tafahom.scoping import guarded

YEAR = MonthSpan(1397, 1, 12)
WORD, ALONE = "محرمانه", "محرمانه (کمتر از حد نمایش)"


@pytest.fixture(params=[9, 10])
def people(request: pytest.FixtureRequest) -> int:
    """How many prisoners were trained: too few to be shown, or enough."""
    return int(request.param)


@pytest.fixture
def cells(world: World, people: int) -> Iterator[SimpleNamespace]:
    """The directorate with so many prisoners, for somebody who may not see statuses."""
    made = small_cells(world, people=people)
    with guarded():
        yield made


def by_name(table: ReportTable) -> dict[TableCell, dict[str, TableCell]]:
    """The rows of a table by their first cells, each by the codes of columns."""
    codes = [column.code for column in table.columns]
    return {row[0]: dict(zip(codes, row, strict=True)) for row in table.rows}


def test_a_report_hides_what_was_delivered_and_not_what_was_promised(cells, people: int) -> None:
    table = figures_table(FigureQuery(1397, 12, by=("partner",), compare_last_year=True))
    rows, total = (
        by_name(table),
        dict(zip([c.code for c in table.columns], table.total, strict=True)),
    )
    row = rows[PRISONS]
    assert row["committed_person_hours"] == PROMISED
    assert rows[OTHERS[0]]["persons"] == 20
    assert total["persons"] == 64 + people
    assert row["persons_previous"] == 12
    delivered = ("persons", "person_hours", "realisation_person_hours", "persons_growth", "courses")
    if people < 10:
        assert {row[code] for code in delivered} == {HIDDEN}
        assert table.notes[0] == words.hidden_reason()
        assert table.notes[1].startswith("جمع دقیق است")
    else:
        assert [row[code] for code in delivered] == [10, 100, 10.0, -16.7, 2]
        assert HIDDEN not in row.values()
        assert words.hidden_reason() not in table.notes


def test_a_hidden_total_says_that_it_is(world: World) -> None:
    small_cells(world, people=9)
    with guarded():
        alone = figures_table(FigureQuery(1397, 12, where=(("partner", PRISONS),)))
    assert alone.total[0] is HIDDEN
    assert alone.notes[0] == words.hidden_reason()
    assert not any(note.startswith("جمع دقیق") for note in alone.notes)


def test_hidden_columns_of_promises_stay(world: World) -> None:
    small_cells(world, people=9)
    with guarded():
        table = figures_table(
            FigureQuery(1397, 12, by=("agreement",), where=(("agreement", "1/97"),))
        )
    assert by_name(table)["1/97"]["realisation_persons"] is HIDDEN


def ranks(found: League) -> dict[str, int | None]:
    return {one.name: one.rank for one in found.rivals}


def test_who_is_hidden_has_no_rank_and_stands_last(cells, people: int) -> None:
    found = league(YEAR)
    assert found.unranked == 0
    row = by_name(found.table)[PRISONS]
    hidden = {one.name for one in found.rivals if one.standing.is_hidden}
    if people < 10:
        assert len(hidden) == 2  # one more, lest the total less all others tells of it
        assert {name for name, rank in ranks(found).items() if rank is None} == hidden
        assert sorted(filter(None, ranks(found).values())) in ([1, 1], [1, 2])
        codes = ("rank", "persons", "hours", "of_hours", "growth")
        assert {row[code] for code in codes} == {HIDDEN}
        assert "رتبه ندارند و در پایان آمده‌اند: ۲." in " ".join(found.table.notes)
        for sort in ("persons", "-persons", "growth", "-person_courses"):
            assert {one.name for one in league(YEAR, sort=sort).rivals[-2:]} == hidden
    else:
        assert not hidden
        assert ranks(found) == {WELFARE: 1, OTHERS[0]: 2, OTHERS[1]: 2, PRISONS: 4}
        assert row["rank"] == 4


def test_who_promised_nothing_is_not_told_by_being_hidden(world: World) -> None:
    made = small_cells(world, people=9)
    made.agreements[PRISONS].commitments.all().delete()
    with guarded():
        found = league(YEAR)
    row = by_name(found.table)[PRISONS]
    assert (row["persons"], row["rank"], row["of_hours"]) == (HIDDEN, None, None)
    assert found.unranked == 1


def test_the_list_of_agreements_sums_nothing_that_is_hidden(cells, people: int) -> None:
    listed = Agreement.objects.select_related("partner__kind").order_by("number")
    table = agreements_table(listed, standings(YEAR), YEAR)
    row = by_name(table)["۱/۹۷"]
    total = dict(zip([c.code for c in table.columns], table.total, strict=True))
    assert total["promised_hours"] == 4 * PROMISED
    if people < 10:
        assert (row["persons"], row["hours"], row["of_hours"]) == (HIDDEN,) * 3
        assert total["hours"] is HIDDEN
        assert table.notes[1].startswith("جمع هم محرمانه است")
    else:
        assert (row["persons"], row["hours"], total["hours"]) == (10, 100, 740)


def test_the_commitments_of_an_agreement_sum_nothing_that_is_hidden(cells, people: int) -> None:
    table = commitments_table(cells.agreements[PRISONS], YEAR)
    hours = next(row for row in table.rows if row[4] == PROMISED)
    if people < 10:
        assert hours[5:] == [HIDDEN, HIDDEN]
        assert table.total[4:] == [PROMISED, HIDDEN, HIDDEN]
        assert table.notes[0] == words.hidden_reason()
    else:
        assert hours[5:] == [100, 10.0]
        assert table.total[4:] == [PROMISED, 100, 10.0]


@pytest.fixture
def table() -> ReportTable:
    return ReportTable(
        title="آزمون",
        subtitle="",
        columns=[Column("a", "دستگاه"), Column("b", "نفر", "count"), Column("c", "ساعت", "hours"),
                 Column("d", "درصد", "percent")],
        rows=[["الف", HIDDEN, HIDDEN, HIDDEN], ["ب", 0, 2.5, None]],
        total=["جمع", 12, HIDDEN, None],
        as_of=dt.datetime(2018, 1, 1, tzinfo=dt.UTC),
        notes=["یادداشت"],
    )  # fmt: skip


def test_csv_says_in_the_cell_why_it_is_hidden(table: ReportTable) -> None:
    content = csv_files.render(table).decode("utf-8-sig")
    _head, hidden, other, total = csv.reader(io.StringIO(content))
    assert hidden == ["الف", ALONE, ALONE, ALONE]
    assert other == ["ب", "0", "2.5", ""]
    assert total == ["جمع", "12", ALONE, ""]


def test_excel_has_a_word_that_no_sum_takes(table: ReportTable) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.render(table))).active
    assert [cell.value for cell in sheet[5]] == ["الف", WORD, WORD, WORD]
    assert {cell.data_type for cell in sheet[5]} == {"s"}
    assert [cell.value for cell in sheet[6]] == ["ب", 0, 2.5, None]
    assert sheet["B5"].font.italic
    assert not sheet["B6"].font.italic


def test_text_has_a_word(table: ReportTable) -> None:
    lines = text.render(table).decode().splitlines()
    hidden = next(line for line in lines if line.startswith("الف"))
    assert hidden.split() == ["الف", WORD, WORD, WORD]
    assert next(line for line in lines if line.startswith("ب ")).split() == ["ب", "۰", "۲٫۵۰", "–"]


def test_print_has_a_word_in_each_language(table: ReportTable) -> None:
    assert text.shown_rows(table)[0] == ["الف", WORD, WORD, WORD]
    with translation.override("en"):
        assert text.shown_rows(table)[0][1:] == ["confidential"] * 3
    assert pdf.render(table)[:5] == b"%PDF-"
