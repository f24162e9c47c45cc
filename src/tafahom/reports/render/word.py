"""Right-to-left text in Word documents: what Word and LibreOffice read beside other text's settings."""

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph

FONT = "Vazirmatn"
# What the schema wants after w:bidi in a paragraph and after w:bidiVisual in a table.
AFTER_BIDI = ("w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
AFTER_VISUAL = ("w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:tblLayout", "w:tblLook")


def fill(
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
        if settings.find(qn("w:bidi")) is None:
            settings.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
    # In a right-to-left paragraph Word's "left" is its beginning, the right. Not justified:
    # letters are drawn out then until words are hard to read.
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(text)
    if color is not None:
        run.font.color.rgb = color
    run.font.bold, run.font.rtl = bold, rtl or None
    set_font(run._r.get_or_add_rPr(), size=size, bold=bold, language=rtl)


def set_font(properties: Any, *, size: float, bold: bool, language: bool = True) -> None:
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
