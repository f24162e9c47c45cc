"""A release as txt, html, docx or PDF."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from tafahom.reports.press import chart
from tafahom.reports.press.release import PressRelease
from tafahom.reports.render.pdf import compile_typst

FONT = "Vazirmatn"
ACCENT, MUTED = RGBColor(0x1F, 0x4E, 0x79), RGBColor(0x47, 0x55, 0x69)
_TYPST = Path(__file__).with_name("release.typ")
_SVG_SIZE = re.compile(r'<svg([^>]*?) width="[^"]*" height="[^"]*"')


def render_txt(release: PressRelease) -> bytes:
    """Return plain text in UTF-8, ready for a message or a web form."""
    parts = [release.headline, release.place_and_day, release.lead, *release.paragraphs]
    for section in release.sections:
        parts += [section.title, section.text]
    parts += [f"{release.partners_title}: {release.partner_list}.", release.closing, "—"]
    parts += [*release.notes, release.source]
    return ("\n\n".join(parts) + "\n").encode()


def render_html(release: PressRelease) -> bytes:
    """Return one page that stands alone: styles and chart are in it, no other host is asked."""
    return render_to_string("reports/press.html", page_context(release)).encode()


def page_context(release: PressRelease) -> dict[str, object]:
    """Return what templates need of a release; the chart fits the width it is given."""
    return {"release": release, "chart": _SVG_SIZE.sub(r"<svg\1", chart.svg(release.bars), count=1)}


def render_pdf(release: PressRelease) -> bytes:
    """Return A4 pages set by Typst."""
    data = {
        "headline": release.headline,
        "place": release.place_and_day,
        "lead": release.lead,
        "paragraphs": release.paragraphs,
        "sections": [{"title": part.title, "text": part.text} for part in release.sections],
        "partners_title": release.partners_title,
        "partners": release.partner_list,
        "closing": release.closing,
        "chart_title": release.chart_title,
        "chart": chart.svg(release.bars),
        "notes": release.notes,
        "source": release.source,
    }
    return compile_typst(_TYPST, data)


def render_docx(release: PressRelease) -> bytes:
    """Return a document that Word and LibreOffice open right to left."""
    document = Document()
    document.core_properties.title = release.headline
    document.core_properties.language = "fa-IR"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2)
    _write(document, release.place_and_day, size=10, color=MUTED)
    _write(document, release.headline, size=18, bold=True, color=ACCENT, style="Title")
    _write(document, release.lead, size=12, bold=True)
    for text in release.paragraphs:
        _write(document, text)
    for part in release.sections:
        _write(document, part.title, size=13, bold=True, color=ACCENT, style="Heading 2")
        _write(document, part.text)
    _picture(document, release)
    _write(document, release.partners_title, size=13, bold=True, color=ACCENT, style="Heading 2")
    _write(document, f"{release.partner_list}.")
    _write(document, release.closing)
    for note in release.notes:
        _write(document, note, size=8.5, color=MUTED)
    _write(document, release.source, size=8.5, color=MUTED, rtl=False)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _picture(document: Any, release: PressRelease) -> None:
    _write(document, release.chart_title, size=10, bold=True, color=MUTED)
    document.add_picture(io.BytesIO(chart.png(release.bars)), width=Cm(16))
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    drawing = document.inline_shapes[-1]._inline.docPr
    drawing.set("descr", alternative(release))


def alternative(release: PressRelease) -> str:
    """Say what the chart shows to who can not see it."""
    return f"{release.chart_title}: " + "؛ ".join(
        f"{bar.label} {bar.value}" for bar in release.bars
    )


def _write(
    document: Any,
    text: str,
    *,
    size: float = 11,
    bold: bool = False,
    color: RGBColor | None = None,
    style: str = "Normal",
    rtl: bool = True,
) -> Paragraph:
    """Add a paragraph whose direction, font and language Word takes for Persian."""
    paragraph: Paragraph = document.add_paragraph(style=style)
    settings = paragraph._p.get_or_add_pPr()
    if rtl:
        settings.insert_element_before(OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr")
    # In a right-to-left paragraph Word's "left" is its beginning, the right. Not justified:
    # letters are drawn out then until words are hard to read.
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.line_spacing = 1.35
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    if color is not None:
        run.font.color.rgb = color
    if rtl:
        _make_persian(run._r.get_or_add_rPr(), size=size, bold=bold)
    return paragraph


def _make_persian(properties: Any, *, size: float, bold: bool) -> None:
    """Set what Word reads for right-to-left text: its own font, weight, size and language."""
    properties.get_or_add_rFonts().set(qn("w:cs"), FONT)
    properties.rFonts.set(qn("w:ascii"), FONT)
    marks = [
        ("w:szCs", {"w:val": str(round(size * 2))}),
        ("w:rtl", {}),
        ("w:lang", {"w:bidi": "fa-IR"}),
    ]
    if bold:
        marks.insert(0, ("w:bCs", {}))
    for tag, attributes in marks:
        element = OxmlElement(tag)
        for name, value in attributes.items():
            element.set(qn(name), value)
        properties.append(element)


RENDERERS: dict[str, tuple[Callable[[PressRelease], bytes], str]] = {
    "html": (render_html, "text/html; charset=utf-8"),
    "txt": (render_txt, "text/plain; charset=utf-8"),
    "docx": (
        render_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": (render_pdf, "application/pdf"),
}
