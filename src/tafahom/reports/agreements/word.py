"""An agreement as a document that Word and LibreOffice open right to left."""

import datetime as dt
import io
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from tafahom.reports.agreements.structure import AgreementDocument, DocumentTable, Signature
from tafahom.reports.press import fonts
from tafahom.reports.render.word import AFTER_VISUAL, fill, set_font

MUTED = RGBColor(0x47, 0x55, 0x69)
LINE = "94A3B8"
WIDTH = 16.2
SIZE = 11.0
# A text behind the page, as Word draws its own watermarks; LibreOffice reads it too.
_WATERMARK = (
    "<w:pict {ns}"
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/>'
    '<v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>'
    '<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
    '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
    '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"'
    ' o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136"'
    ' style="position:absolute;margin-left:0;margin-top:0;width:400pt;height:130pt;rotation:315;'
    "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f"'
    ' fillcolor="#e2e8f0" stroked="f"><v:textpath style="font-family:&quot;Vazirmatn&quot;;font-size:1pt"'
    ' string="پیش‌نویس"/></v:shape></w:pict>'
)


def render_docx(agreement: AgreementDocument) -> bytes:
    """Return the document, its fonts in it."""
    document = Document()
    _prepare(document, agreement)
    _running_lines(document, agreement)
    _letterhead(document, agreement)
    _title(document, agreement)
    for party in agreement.parties:
        paragraph = _write(document, f"{party.side}: ", bold=True, after=0, indent=0.5)
        fill(paragraph, party.name, size=SIZE)
        _write(document, f"به نمایندگی: {party.represented_by}", size=10, indent=0.5)
    for clause in agreement.clauses:
        title = f"{clause.title} – {clause.heading}" if clause.heading else clause.title
        heading = _write(document, title, bold=True, style="Heading 2", after=3)
        heading.paragraph_format.space_before = Pt(11)
        heading.paragraph_format.keep_with_next = True
        for text in clause.paragraphs:
            _write(document, text)
        for note in clause.notes:
            first, *others = note.paragraphs or [""]
            paragraph = _write(document, f"{note.title}: ", bold=True, indent=1.1)
            fill(paragraph, first, size=SIZE)
            for text in others:
                _write(document, text, indent=1.1)
    for table in agreement.tables:
        _table(document, table)
    _signatures(document, agreement.signatures)
    fonts.embed(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, agreement: AgreementDocument) -> None:
    about = document.core_properties
    about.title = f"{agreement.title} {agreement.number}"
    about.author, about.language, about.comments = agreement.organisation, "fa-IR", ""
    about.created = about.modified = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    for name, size in {"Normal": SIZE, "Title": 17.0, "Heading 2": SIZE, "Header": 9.0}.items():
        style = document.styles[name]
        style.font.italic, style.font.color.rgb = False, RGBColor(0x11, 0x18, 0x27)
        set_font(style.element.get_or_add_rPr(), size=size, bold=bool(style.font.bold))
    title = document.styles["Title"].element
    # Joined letters may not be set apart.
    for kind, tag in ((title.pPr, "w:pBdr"), (title.rPr, "w:spacing"), (title.rPr, "w:kern")):
        for found in kind.findall(qn(tag)):
            kind.remove(found)


def _running_lines(document: Any, agreement: AgreementDocument) -> None:
    """Write which text it is above each page, its number below, and «پیش‌نویس» behind it."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    mark = f"{agreement.title} {agreement.number} – {agreement.mark}"
    if agreement.is_draft:
        mark += " – تا امضا اعتبار ندارد"
    fill(head, mark, size=8.5, color=MUTED)
    if agreement.is_draft:
        head.add_run()._r.append(parse_xml(_WATERMARK.format(ns=nsdecls("w"))))
    foot = section.footer.paragraphs[0]
    fill(foot, "صفحه ", size=9, color=MUTED)
    _field(foot, "PAGE")
    fill(foot, " از ", size=9, color=MUTED)
    _field(foot, "NUMPAGES")
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _field(paragraph: Paragraph, code: str) -> None:
    """Add a number that the program counts."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "۱"), ("end", "")):
        fill(paragraph, text if kind == "text" else "", size=9, color=MUTED)
        run = paragraph.runs[-1]._r
        if kind == "":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {code} "
            run.append(element)
        elif kind != "text":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run.append(element)


def _letterhead(document: Any, agreement: AgreementDocument) -> None:
    table = _plain_table(document, rows=1, widths=(WIDTH - 5.6, 5.6))
    who, about = table.rows[0].cells
    fill(who.paragraphs[0], agreement.organisation, size=11)
    fill(who.add_paragraph(), agreement.office, size=13, bold=True)
    labels = (
        ("شماره", agreement.number),
        ("تاریخ", agreement.day),
        ("پیوست", agreement.attachments),
    )
    for place, (label, value) in enumerate(labels):
        paragraph = about.paragraphs[0] if place == 0 else about.add_paragraph()
        fill(paragraph, f"{label}: ", size=10, color=MUTED)
        fill(paragraph, value, size=10)
    for cell in (who, about):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(2)
        _borders(cell, bottom="8")


def _title(document: Any, agreement: AgreementDocument) -> None:
    texts = [
        (agreement.title, 17.0, True, "Title"),
        (agreement.subject, 12.0, False, "Normal"),
    ]
    for text, size, bold, style in texts:
        if text:
            paragraph = _write(document, text, size=size, bold=bold, style=style)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = Pt(8)
    _write(document, agreement.opening)


def _table(document: Any, found: DocumentTable) -> None:
    title = _write(document, found.title, bold=True, after=4)
    title.paragraph_format.space_before = Pt(14)
    title.paragraph_format.keep_with_next = True
    whole = sum(found.widths)
    widths = tuple(WIDTH * width / whole for width in found.widths)
    table = _plain_table(document, rows=0, widths=widths)
    for place, row in enumerate([found.head, *found.rows]):
        strong = place == 0 or (found.has_total and place == len(found.rows))
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if place == 0:
            added._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(added.cells, row, widths, strict=True):
            cell.width = Cm(width)
            fill(cell.paragraphs[0], text, size=10, bold=strong)
            cell.paragraphs[0].paragraph_format.space_before = Pt(3)
            cell.paragraphs[0].paragraph_format.space_after = Pt(3)
            # A short table stays on one page; a long one may not pull everything along.
            cell.paragraphs[0].paragraph_format.keep_with_next = place < min(len(found.rows), 8)
            _borders(cell, top="4", start="4", bottom="4", end="4")


def _signatures(document: Any, signatures: list[Signature]) -> None:
    title = _write(document, "امضای طرف‌ها", bold=True, after=4)
    title.paragraph_format.space_before = Pt(20)
    title.paragraph_format.keep_with_next = True
    width = WIDTH / 2
    table = _plain_table(document, rows=0, widths=(width, width))
    for pair in _pairs(signatures):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, one in zip(row.cells, pair, strict=False):
            cell.width = Cm(width)
            _sign_here(cell, one)
            _borders(cell, top="4", start="4", bottom="4", end="4")


def _sign_here(cell: Any, one: Signature) -> None:
    day = f"تاریخ: {one.day}" if one.day else "تاریخ و امضا: ……………………"
    lines = [(one.side, 9.5, False), (one.name, SIZE, True), (one.office, 10.0, False)]
    paragraph = cell.paragraphs[0]
    for text, size, bold in lines:
        fill(paragraph, text, size=size, bold=bold)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Pt(4)
        paragraph.paragraph_format.keep_with_next = True
        paragraph = cell.add_paragraph()
    fill(paragraph, day, size=9, color=MUTED)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(44)


def _pairs(signatures: list[Signature]) -> list[tuple[Signature, ...]]:
    return [tuple(signatures[at : at + 2]) for at in range(0, len(signatures), 2)]


def _plain_table(document: Any, *, rows: int, widths: tuple[float, ...]) -> Any:
    table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    table._tbl.tblPr.insert_element_before(OxmlElement("w:bidiVisual"), *AFTER_VISUAL)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    return table


def _borders(cell: Any, **sides: str) -> None:
    """Draw lines of so many eighths of a point at sides of a cell."""
    borders = OxmlElement("w:tcBorders")
    for side, size in sides.items():
        line = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": size, "space": "0", "color": LINE}.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def _write(
    document: Any,
    text: str,
    *,
    size: float = SIZE,
    bold: bool = False,
    style: str = "Normal",
    after: float = 4,
    indent: float = 0,
) -> Paragraph:
    paragraph: Paragraph = document.add_paragraph(style=style)
    paragraph.paragraph_format.space_after = Pt(after)
    paragraph.paragraph_format.line_spacing = 1.1
    fill(paragraph, text, size=size, bold=bold)
    if indent:
        # Of a right-to-left paragraph "left" is where it begins.
        paragraph.paragraph_format.left_indent = Cm(indent)
    return paragraph
