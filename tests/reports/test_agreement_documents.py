"""An agreement on paper: whatever it promises, in however many parts, both files open."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosters import prepare
from tafahom.agreements.actions import oblige
from tafahom.agreements.models import Agreement, CommittedMeasure, Side
from tafahom.agreements.parts.rules import Division, Place
from tafahom.agreements.promises.actions import break_down, promise
from tafahom.agreements.rules import LifeState
from tafahom.jalali import from_jalali
from tafahom.parties.models import Audience, County
from tafahom.persian import clean, format_number
from tafahom.reports.agreements.render import render_pdf
from tafahom.reports.agreements.structure import AgreementDocument, DocumentTable
from tafahom.reports.agreements.word import render_docx
from tafahom.reports.agreements.writing import agreement_document

YEARS = (1397, 1398)
# Long words and short ones, marks that mean something to XML, to Typst and to Word.
TEXTS = st.text("آبپتهـ‌ ۱۲۳abc<>&\"'#$@*_[]()/\\", min_size=1, max_size=400).filter(clean)
QUANTITIES = st.integers(1, 2_000_000)


@pytest.fixture
def draft(db: None) -> Agreement:
    found = prepare()
    Agreement.objects.filter(pk=found.pk).update(
        state=LifeState.DRAFTING,
        starts_on=from_jalali(1397, 1, 1),
        ends_on=from_jalali(1398, 12, 29),
    )
    found.refresh_from_db()
    return found


def _parts_of(agreement: Agreement, year: int, by: tuple[str, ...], sizes: list[int]) -> None:
    """Promise and divide hours: by audience and county, or by quarter."""
    measure = CommittedMeasure.PERSON_HOURS
    promise(agreement, year=year, measure=measure, quantity=sum(sizes), by=None)
    audiences = list(Audience.objects.order_by("pk"))
    county = County.objects.order_by("pk")[0]
    places = [
        Place(quarter=at + 1)
        if by == ("quarter",)
        else Place(
            audience=audiences[at].pk,
            county=county.pk if "county" in by else None,
            label=f"{audiences[at].name} {county.name}",
        )
        for at in range(len(sizes))
    ]
    division = Division(by, dict(zip(places, sizes, strict=True)))
    break_down(agreement, year=year, measure=measure, division=division, by=None)


@st.composite
def documents(draw: st.DrawFn, agreement: Agreement) -> AgreementDocument:
    """Build an agreement with what was drawn, and return it as it is printed."""
    agreement.commitments.all().delete()
    agreement.obligations.all().delete()
    for year in draw(st.lists(st.sampled_from(YEARS), unique=True)):
        quantity = draw(QUANTITIES)
        promise(agreement, year=year, measure=CommittedMeasure.PERSONS, quantity=quantity, by=None)
        ways = st.sampled_from([("quarter",), ("audience",), ("audience", "county")])
        for by in draw(st.lists(ways, unique=True, max_size=1)):
            most = 4 if by == ("quarter",) else 12
            sizes = draw(st.lists(QUANTITIES, min_size=1, max_size=most))
            _parts_of(agreement, year, by, sizes)
    for text in draw(st.lists(TEXTS, max_size=3)):
        day = from_jalali(1397, 5, 1)
        oblige(agreement, side=Side.PARTNER, text=text, due_on=day, by=None)
    agreement.subject = draw(TEXTS)
    return agreement_document(agreement, None)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_both_files_of_any_agreement_open(draft: Agreement, data: st.DataObject) -> None:
    paper = data.draw(documents(draft))
    opened = Document(io.BytesIO(render_docx(paper)))
    # The letterhead before them, the signatures behind.
    tables = opened.tables[1:-1]
    assert [[[cell.text for cell in row.cells] for row in table.rows] for table in tables] == [
        [found.head, *found.rows] for found in paper.tables
    ]
    assert render_pdf(paper).startswith(b"%PDF-")


def test_a_table_keeps_its_columns_whatever_their_number(draft: Agreement) -> None:
    paper = agreement_document(draft, None)
    for count in range(1, 8):
        row = [f"خانهٔ {place}" for place in range(count)]
        table = DocumentTable("جدول", row, [row, row], [1.0] * count, has_total=True)
        wide = replace(paper, tables=[table])
        opened = Document(io.BytesIO(render_docx(wide))).tables[1]
        assert (len(opened.columns), len(opened.rows)) == (count, 3)
        assert render_pdf(wide).startswith(b"%PDF-")
    with pytest.raises(ValueError, match="cell for each"):
        DocumentTable("جدول", ["یک", "دو"], [["یک"]], [1, 1])


def test_parts_stand_in_two_columns(draft: Agreement) -> None:
    _parts_of(draft, 1397, ("audience",), [1200, 800])
    *_others, parts = agreement_document(draft, None).tables
    assert (len(parts.head), len(parts.widths)) == (2, 2)
    assert [row[1] for row in parts.rows] == [format_number(1200), format_number(800)]


@pytest.mark.skipif(not shutil.which("lowriter"), reason="LibreOffice Writer is not installed")
def test_an_office_program_opens_parts(draft: Agreement, tmp_path: Path) -> None:
    _parts_of(draft, 1397, ("audience",), [1200, 800])
    paper = agreement_document(draft, None)
    file = tmp_path / "agreement.docx"
    file.write_bytes(render_docx(paper))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "txt:Text (encoded):UTF8",
               "--outdir", str(tmp_path), str(file)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "agreement.txt").read_text(encoding="utf-8-sig")
    assert all(cell in text for table in paper.tables for row in table.rows for cell in row)
