"""Vazirmatn inside documents, so that they look the same where it is not installed.

Its licence, the SIL Open Font License, lets documents carry it.
"""

import base64
import uuid
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from tafahom.reports.render.pdf import font_folders
from tafahom.reports.render.word import FONT

OTHERWISE = "Tahoma"
_FACES = {"w:embedRegular": "Vazirmatn-Regular.ttf", "w:embedBold": "Vazirmatn-Bold.ttf"}
_OBFUSCATED = "application/vnd.openxmlformats-officedocument.obfuscatedFont"


@cache
def page_font() -> str:
    """Return the font as a data address for a page; empty before the assets are installed."""
    folder = Path(settings.PAGE_ASSETS) / "@fontsource-variable" / "vazirmatn" / "files"
    file = folder / "vazirmatn-arabic-wght-normal.woff2"
    if not file.is_file():
        return ""
    return "data:font/woff2;base64," + base64.b64encode(file.read_bytes()).decode("ascii")


def embed(document: Any) -> None:
    """Put the font into a document, and say what stands in for it where it can not be read."""
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(table.blob)
    entry = parse_xml(
        f'<w:font {nsdecls("w")} w:name="{FONT}"><w:altName w:val="{OTHERWISE}"/></w:font>'
    )
    for folder in font_folders():
        for number, (tag, name) in enumerate(_FACES.items(), 1):
            key = uuid.uuid5(uuid.NAMESPACE_DNS, name)
            part = Part(
                PackURI(f"/word/fonts/font{number}.odttf"),
                _OBFUSCATED,
                _obfuscate((folder / name).read_bytes(), key),
                table.package,
            )
            element = parse_xml(f"<{tag} {nsdecls('w', 'r')}/>")
            element.set(qn("r:id"), table.relate_to(part, RELATIONSHIP_TYPE.FONT))
            element.set(qn("w:fontKey"), f"{{{str(key).upper()}}}")
            entry.append(element)
    fonts.append(entry)
    table._blob = serialize_part_xml(fonts)
    marks = document.settings.element
    if marks.find(qn("w:embedTrueTypeFonts")) is None:
        marks.insert(
            _place_of_embedding(marks), parse_xml(f"<w:embedTrueTypeFonts {nsdecls('w')}/>")
        )


def _obfuscate(font: bytes, key: uuid.UUID) -> bytes:
    """Hide the first 32 bytes as ISO/IEC 29500-4 (part 4, font embedding) asks."""
    mask = key.bytes[::-1] * 2
    return bytes(a ^ b for a, b in zip(font[:32], mask, strict=True)) + font[32:]


def _place_of_embedding(marks: Any) -> int:
    """After what the schema sets before it."""
    before = {"writeProtection", "view", "zoom", "removePersonalInformation",
              "removeDateAndTime", "doNotDisplayPageBoundaries", "displayBackgroundShape",
              "printPostScriptOverText", "printFractionalCharacterWidth", "printFormsData"}  # fmt: skip
    return sum(1 for child in marks if child.tag.rpartition("}")[2] in before)
