"""A release as a document that Word and LibreOffice open right to left."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from tafahom.reports.press import chart, fonts
from tafahom.reports.press.structure import Fact, PressRelease
from tafahom.reports.render.word import AFTER_BIDI, AFTER_VISUAL, fill, set_font

ACCENT, MUTED = RGBColor(0x1F, 0x4E, 0x79), RGBColor(0x47, 0x55, 0x69)
LINE = "CBD5E1"
STYLES = {"Normal": 10.5, "Title": 14.0, "Heading 2": 13.0, "Caption": 10.0}
# Centimetres of label and number, a gap, label and number.
WIDTHS = (5.4, 2.6, 0.6, 4.6, 3.2)


def render_docx(release: PressRelease) -> bytes:
    """Return the document, its fonts and its chart in it."""
    document = Document()
    _prepare(document, release)
    _write(document, release.issuer, size=10, bold=True, color=MUTED, after=0)
    _write(document, release.place_and_day, size=10, color=MUTED)
    _write(document, release.headline, bold=True, color=ACCENT, style="Title")
    _write(document, release.lead, size=11, bold=True)
    for text in release.paragraphs:
        _write(document, text)
    for part in release.sections:
        _write(document, part.title, bold=True, color=ACCENT, style="Heading 2")
        _write(document, part.text)
    _write(document, release.facts_title, bold=True, color=ACCENT, style="Heading 2")
    _facts(document, release)
    _picture(document, release)
    _write(document, release.partners_title, bold=True, color=ACCENT, style="Heading 2")
    _write(document, f"{release.partner_list}.")
    _write(document, release.closing)
    _footnotes(document, release)
    fonts.embed(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, release: PressRelease) -> None:
    about = document.core_properties
    about.title, about.author, about.language = release.headline, release.issuer, "fa-IR"
    about.comments = ""
    about.created = about.modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(1.8)
    for name, size in STYLES.items():
        style = document.styles[name]
        style.font.italic = False
        set_font(style.element.get_or_add_rPr(), size=size, bold=bool(style.font.bold))
    title = document.styles["Title"].element
    # Joined letters may not be set apart.
    for kind, tag in ((title.pPr, "w:pBdr"), (title.rPr, "w:spacing"), (title.rPr, "w:kern")):
        for found in kind.findall(qn(tag)):
            kind.remove(found)


def _facts(document: Any, release: PressRelease) -> None:
    """Write the figures in two columns of label and number, on one page."""
    table = document.add_table(rows=0, cols=5)
    table.autofit = False
    properties = table._tbl.tblPr
    properties.insert_element_before(OxmlElement("w:bidiVisual"), *AFTER_VISUAL)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    for pair in _pairs(release.facts):
        cells = table.add_row().cells
        for cell, width in zip(cells, WIDTHS, strict=True):
            cell.width = Cm(width)
        for fact, first in zip(pair, (0, 3), strict=False):
            for cell, text, bold in (
                (cells[first], fact.label, False),
                (cells[first + 1], fact.shown, True),
            ):
                fill(cell.paragraphs[0], text, size=10, bold=bold)
                # Rows stay together, but the last does not pull the chart along.
                is_last = pair[-1] is release.facts[-1]
                cell.paragraphs[0].paragraph_format.keep_with_next = not is_last
                _underline(cell)
        for cell in cells:
            cell.paragraphs[0].paragraph_format.space_before = Pt(2)
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)


def _pairs(facts: Sequence[Fact]) -> list[Sequence[Fact]]:
    return [facts[at : at + 2] for at in range(0, len(facts), 2)]


def _underline(cell: Any) -> None:
    borders = OxmlElement("w:tcBorders")
    line = OxmlElement("w:bottom")
    for name, value in {"val": "single", "sz": "4", "space": "0", "color": LINE}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def _picture(document: Any, release: PressRelease) -> None:
    title = _write(document, release.chart_title, bold=True, color=ACCENT, style="Heading 2")
    words = _write(document, release.chart_subtitle, size=9.5, color=MUTED, style="Caption")
    for paragraph in (title, words):
        paragraph.paragraph_format.keep_with_next = True
    document.add_picture(io.BytesIO(chart.png(release)), width=Cm(15))
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    drawing = document.inline_shapes[-1]._inline.docPr
    drawing.set("descr", f"{release.chart_subtitle}: {release.chart_in_words}")


def _footnotes(document: Any, release: PressRelease) -> None:
    """Write the notes below a line, and the commands as they are typed."""
    for number, note in enumerate(release.notes):
        paragraph = _write(document, note, size=8.5, color=MUTED, after=3)
        if number == 0:
            _rule_above(paragraph)
    for command in release.commands:
        _write(document, command, size=8.5, color=MUTED, rtl=False, after=0)


def _rule_above(paragraph: Paragraph) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in {"val": "single", "sz": "4", "space": "6", "color": LINE}.items():
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:bidi", *AFTER_BIDI)
    paragraph.paragraph_format.space_before = Pt(12)


def _write(
    document: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    color: RGBColor | None = None,
    style: str = "Normal",
    after: float = 6,
    rtl: bool = True,
) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph(style=style)
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.line_spacing = 1.25
    fill(paragraph, text, size=size or STYLES[style], bold=bold, color=color, rtl=rtl)
    return paragraph
