"""Files of a press release open where they are sent to; the command writes or refuses."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn

from tafahom.persian import normal_key
from tafahom.reports.press import press_release
from tafahom.reports.press.render import RENDERERS, render_docx, render_html, render_pdf

pytestmark = pytest.mark.once

needs_fonts = pytest.mark.skipif(
    not (settings.PAGE_ASSETS / "vazirmatn").is_dir(), reason="page assets are not installed"
)


def test_the_document_is_right_to_left_and_has_a_picture_with_words(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    document = Document(io.BytesIO(render_docx(release)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    for text in (release.issuer, release.headline, release.lead, f"{release.partner_list}."):
        assert text in texts
    for paragraph in document.paragraphs:
        if paragraph.text and paragraph.text not in release.commands:
            assert paragraph._p.pPr.find(qn("w:bidi")) is not None
            [properties] = [run._r.rPr for run in paragraph.runs]
            assert properties.find(qn("w:rtl")) is not None
            assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "fa-IR"
            assert properties.rFonts.get(qn("w:cs")) == "Vazirmatn"
    [table] = document.tables
    assert table._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    cells = [cell.text for row in table.rows for cell in row.cells if cell.text]
    assert cells == [text for fact in release.facts for text in (fact.label, fact.shown)]
    [shape] = document.inline_shapes
    assert "اردیبهشت ۱٬۰۹۰" in shape._inline.docPr.get("descr")
    assert document.core_properties.title == release.headline


def test_the_properties_of_the_document_stand_in_the_order_of_the_schema(
    busy: SimpleNamespace,
) -> None:
    """Word calls a document damaged whose properties stand in another order."""
    document = Document(io.BytesIO(render_docx(press_release(1397, 2))))
    order = {
        "rPr": ["rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "kern", "sz",
                "szCs", "rtl", "lang"],
        "pPr": ["pStyle", "keepNext", "keepLines", "pBdr", "bidi", "spacing", "ind",
                "contextualSpacing", "jc", "outlineLvl", "rPr"],
        "tblPr": ["tblStyle", "bidiVisual", "tblW", "tblLayout", "tblLook"],
        "tcPr": ["tcW", "tcBorders"],
    }  # fmt: skip
    trees = [document.element.body, *(document.styles[n].element for n in ("Normal", "Title"))]
    for kind, names in order.items():
        for properties in (found for tree in trees for found in tree.iter(qn(f"w:{kind}"))):
            places = [names.index(child.tag.rpartition("}")[2]) for child in properties]
            assert places == sorted(places)
            assert len(places) == len(set(places))


@needs_fonts
def test_the_document_carries_its_font(busy: SimpleNamespace) -> None:
    packed = zipfile.ZipFile(io.BytesIO(render_docx(press_release(1397, 2))))
    table = packed.read("word/fontTable.xml").decode()
    key = re.search(r'w:embedRegular[^>]*w:fontKey="\{([^}]+)\}"', table)
    assert key
    mask = bytes.fromhex(key[1].replace("-", ""))[::-1] * 2
    hidden = packed.read("word/fonts/font1.odttf")
    clear = bytes(a ^ b for a, b in zip(hidden[:32], mask, strict=True))
    source = settings.PAGE_ASSETS / "vazirmatn" / "fonts" / "ttf" / "Vazirmatn-Regular.ttf"
    assert clear + hidden[32:] == source.read_bytes()
    assert "embedTrueTypeFonts" in packed.read("word/settings.xml").decode()


def test_without_the_fonts_the_files_are_still_made(
    busy: SimpleNamespace, settings: object, tmp_path: Path
) -> None:
    settings.PAGE_ASSETS = tmp_path  # type: ignore[attr-defined]
    release = press_release(1397, 2)
    packed = zipfile.ZipFile(io.BytesIO(render_docx(release)))
    assert not [name for name in packed.namelist() if name.endswith(".odttf")]
    assert "Tahoma" in packed.read("word/fontTable.xml").decode()
    assert render_pdf(release).startswith(b"%PDF-")


@pytest.mark.skipif(not shutil.which("lowriter"), reason="LibreOffice Writer is not installed")
def test_an_office_program_opens_the_document(busy: SimpleNamespace, tmp_path: Path) -> None:
    release = press_release(1397, 2)
    file = tmp_path / "release.docx"
    file.write_bytes(render_docx(release))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "txt:Text (encoded):UTF8",
               "--outdir", str(tmp_path), str(file)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (tmp_path / "release.txt").read_text(encoding="utf-8-sig")
    assert release.lead in text
    assert release.facts[0].shown in text


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_the_pdf_holds_the_whole_text(busy: SimpleNamespace, tmp_path: Path) -> None:
    release = press_release(1397, 2)
    file = tmp_path / "release.pdf"
    file.write_bytes(render_pdf(release))
    text = subprocess.run(
        ["pdftotext", str(file), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    # Extraction turns lines and parts letters as it likes; the digits of numbers stay together.
    for number in ("۱۲۱", "۱٬۲۱۰", "۶۰٫۵"):
        assert normal_key(number) in normal_key(text) or normal_key(number[::-1]) in normal_key(
            text
        )
    assert release.commands[0] in text


def test_the_page_stands_alone(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    page = render_html(release).decode()
    assert '<html lang="fa" dir="rtl">' in page
    assert f"<h1>{release.headline}</h1>" in page
    assert release.lead in page
    hosts = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert hosts <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.findall(r"<(?:link|script|img)\b", page)


def test_the_chart_of_the_page_speaks(busy: SimpleNamespace) -> None:
    page = render_html(press_release(1397, 2)).decode()
    [opening] = re.findall(r"<svg[^>]*>", page)
    assert 'role="img"' in opening
    assert " width=" not in opening
    assert "</title>" in page.partition("<svg")[2]
    assert ">فروردین ۱۲۰؛ اردیبهشت ۱٬۰۹۰</desc>" in page
    assert "aria-roledescription" not in page  # in English, of the library's parts


def test_the_charts_are_drawn_in_every_file(busy: SimpleNamespace) -> None:
    course = busy.world.course(busy.agreements["شهرک‌های صنعتی"], (1397, 2, 21), hours=10)
    busy.world.enrol(busy.world.person(), course, minutes=600)
    for release in (press_release(1397, 2), press_release(1397, 2, from_month=2)):
        drawing = render_html(release).decode().partition("<svg")[2].partition("</svg>")[0]
        texts = re.findall(r"<text[^>]*>&#8207;([^<]+)&#8207;</text>", drawing)
        assert sorted(texts) == sorted(
            text for bar in release.bars for text in (bar.label, bar.shown)
        )
        assert len(Document(io.BytesIO(render_docx(release))).inline_shapes) == 1
        assert render_pdf(release).startswith(b"%PDF-")


def test_markup_in_a_name_is_text(busy: SimpleNamespace) -> None:
    partner = busy.agreements["سازمان زندان‌ها"].partner
    partner.name = '<b>&"زندان #strong[x]'
    partner.save()
    release = press_release(1397, 2)
    page = render_html(release).decode()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;&quot;زندان" in page
    assert render_pdf(release).startswith(b"%PDF-")
    assert '<b>&"زندان #strong[x]' in "".join(
        paragraph.text for paragraph in Document(io.BytesIO(render_docx(release))).paragraphs
    )


@pytest.mark.parametrize("form", RENDERERS)
def test_the_command_writes_each_form(busy: SimpleNamespace, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"release.{form}"
    call_command("press", "--year", "1397", "--through", "2", "-o", str(target))
    starts = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!DOCTYPE html>", "txt": "۱۲۱".encode()}
    assert target.read_bytes().startswith(starts[form])
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "wrong",
    [("--through", "13", "-o", "x.txt"), ("--through", "2", "-o", "x.odt"),
     ("--through", "2", "-o", "nowhere/x.txt"), ("--through", "2", "-o", "-"),
     ("--through", "2", "--format", "html", "-o", "x.pdf"), ("--year", "1390", "--through", "2", "-o", "x.txt")],
)  # fmt: skip
def test_the_command_refuses_with_two(
    busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as refused:
        call_command("press", "--year", "1397", *wrong)
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_to_standard_output(
    busy: SimpleNamespace, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    call_command("press", "--year", "1397", "--through", "2", "--format", "pdf", "-o", "-")
    shown, said = capsysbinary.readouterr()
    assert shown.startswith(b"%PDF-")
    assert "آموزش در کنار خط تولید" in said.decode()  # nine persons: left out


def test_the_ending_may_be_in_capitals_or_none_of_ours(
    busy: SimpleNamespace, tmp_path: Path
) -> None:
    call_command("press", "--year", "1397", "--through", "2", "-o", str(tmp_path / "A.PDF"))
    assert (tmp_path / "A.PDF").read_bytes().startswith(b"%PDF-")
    other = tmp_path / "release.draft"
    call_command("press", "--year", "1397", "--through", "2", "--format", "txt", "-o", str(other))
    assert other.read_text(encoding="utf-8").startswith("۱۲۱ نفر")


def test_a_refusal_is_in_the_language_of_the_reader(busy: SimpleNamespace) -> None:
    for language, message in (
        ("fa", "برای این دوره آماری ثبت نشده"),
        ("en", "There are no figures"),
    ):
        with translation.override(language), pytest.raises(CommandError, match=message):
            call_command("press", "--year", "1390", "--through", "2", "-o", "x.txt")
