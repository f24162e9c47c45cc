"""A release as txt, html, docx or PDF."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from django.template.loader import render_to_string

from tafahom.reports.press import chart, fonts
from tafahom.reports.press.document import render_docx
from tafahom.reports.press.structure import PressRelease
from tafahom.reports.render.pdf import compile_typst

__all__ = ["RENDERERS", "page_context", "render_docx", "render_html", "render_pdf", "render_txt"]

_TYPST = Path(__file__).with_name("release.typ")


def render_txt(release: PressRelease) -> bytes:
    """Return plain text in UTF-8, ready for a message or a web form."""
    parts = [release.headline, release.issuer, release.place_and_day, release.lead]
    parts += release.paragraphs
    for section in release.sections:
        parts += [section.title, section.text]
    facts = "\n".join(f"{fact.label}: {fact.shown}" for fact in release.facts)
    bars = "\n".join(f"{bar.label}: {bar.shown}" for bar in release.bars)
    parts += [f"{release.facts_title}\n{facts}", f"{release.chart_subtitle}\n{bars}"]
    parts += [f"{release.partners_title}: {release.partner_list}.", release.closing, "—"]
    parts += [*release.notes, "\n".join(release.commands)]
    return ("\n\n".join(parts) + "\n").encode()


def render_html(release: PressRelease) -> bytes:
    """Return one page that stands alone: styles, font and chart are in it."""
    context = page_context(release) | {"font": fonts.page_font()}
    return render_to_string("reports/press.html", context).encode()


def page_context(release: PressRelease) -> dict[str, object]:
    """Return what templates need of a release."""
    return {"release": release, "chart": chart.described_svg(release)}


def render_pdf(release: PressRelease) -> bytes:
    """Return A4 pages set by Typst."""
    data = asdict(release) | {
        "numbers": None,  # a set is no JSON
        "partner_list": release.partner_list,
        "chart": chart.svg(release),
        "chart_in_words": release.chart_in_words,
    }
    return compile_typst(_TYPST, data)


RENDERERS: dict[str, tuple[Callable[[PressRelease], bytes], str]] = {
    "html": (render_html, "text/html; charset=utf-8"),
    "txt": (render_txt, "text/plain; charset=utf-8"),
    "docx": (
        render_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "pdf": (render_pdf, "application/pdf"),
}
