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
from tafahom.reports.press.fonts import FONT
from tafahom.reports.press.structure import Fact, PressRelease

ACCENT, MUTED = RGBColor(0x1F, 0x4E, 0x79), RGBColor(0x47, 0x55, 0x69)
LINE = "CBD5E1"
STYLES = {"Normal": 10.5, "Title": 14.0, "Heading 2": 13.0, "Caption": 10.0}
# What the schema wants after w:bidi in a paragraph and after w:bidiVisual in a table.
_AFTER_BIDI = ("w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
# Centimetres of label and number, a gap, label and number.
WIDTHS = (5.4, 2.6, 0.6, 4.6, 3.2)
_AFTER_VISUAL = ("w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:tblLayout", "w:tblLook")


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
        _set_font(style.element.get_or_add_rPr(), size=size, bold=bool(style.font.bold))
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
    properties.insert_element_before(OxmlElement("w:bidiVisual"), *_AFTER_VISUAL)
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
                _fill(cell.paragraphs[0], text, size=10, bold=bold)
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
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:bidi", *_AFTER_BIDI)
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
    _fill(paragraph, text, size=size or STYLES[style], bold=bold, color=color, rtl=rtl)
    return paragraph


def _fill(
    paragraph: Paragraph,
    text: str,
    *,
    size: float,
    bold: bool = False,
    color: RGBColor | None = None,
    rtl: bool = True,
) -> None:
    """Add a text whose direction, font and language Word takes for Persian."""
    if rtl:
        settings = paragraph._p.get_or_add_pPr()
        settings.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
    # In a right-to-left paragraph Word's "left" is its beginning, the right. Not justified:
    # letters are drawn out then until words are hard to read.
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(text)
    if color is not None:
        run.font.color.rgb = color
    run.font.bold, run.font.rtl = bold, rtl or None
    _set_font(run._r.get_or_add_rPr(), size=size, bold=bold, language=rtl)


def _set_font(properties: Any, *, size: float, bold: bool, language: bool = True) -> None:
    """Set what Word reads for right-to-left text beside what it reads for other text."""
    fonts_of = properties.get_or_add_rFonts()
    fonts_of.attrib.clear()  # a theme's fonts would win over named ones
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts_of.set(qn(f"w:{kind}"), FONT)
    for tag in ("w:sz", "w:szCs", "w:bCs", "w:iCs", "w:lang"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    half_points = str(round(size * 2))
    _put(properties, "w:bCs", {"w:val": "1" if bold else "0"}, before=_AFTER["w:bCs"])
    _put(properties, "w:sz", {"w:val": half_points}, before=_AFTER["w:sz"])
    _put(properties, "w:szCs", {"w:val": half_points}, before=_AFTER["w:szCs"])
    if language:
        _put(properties, "w:lang", {"w:val": "fa-IR", "w:bidi": "fa-IR"}, before=_AFTER["w:lang"])


def _put(properties: Any, tag: str, attributes: dict[str, str], *, before: tuple[str, ...]) -> None:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    properties.insert_element_before(element, *before)


# The order in which the schema wants the properties of a run.
_ORDER = ("w:rStyle", "w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:caps", "w:smallCaps", "w:strike",
          "w:dstrike", "w:outline", "w:shadow", "w:emboss", "w:imprint", "w:noProof", "w:snapToGrid",
          "w:vanish", "w:webHidden", "w:color", "w:spacing", "w:w", "w:kern", "w:position", "w:sz",
          "w:szCs", "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText", "w:vertAlign",
          "w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout", "w:specVanish", "w:oMath")  # fmt: skip
_AFTER = {tag: _ORDER[number + 1 :] for number, tag in enumerate(_ORDER)}
