"""An agreement as docx or PDF."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tafahom.reports.agreements.structure import AgreementDocument
from tafahom.reports.agreements.word import render_docx
from tafahom.reports.render.pdf import compile_typst

_TYPST = Path(__file__).with_name("agreement.typ")


def render_pdf(agreement: AgreementDocument) -> bytes:
    """Return A4 pages set by Typst, the font in them."""
    return compile_typst(_TYPST, asdict(agreement))


RENDERERS: dict[str, tuple[Callable[[AgreementDocument], bytes], str]] = {
    "docx": (
        render_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": (render_pdf, "application/pdf"),
}
