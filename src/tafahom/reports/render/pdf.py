"""A report as PDF, set by Typst. Texts reach the template as data and are never markup."""

import json
from pathlib import Path

import typst
from django.conf import settings

from tafahom import localised
from tafahom.persian import to_persian_digits
from tafahom.reports.render.text import shown_rows
from tafahom.reports.tables import ReportTable

CONTENT_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).with_name("table.typ")


def render(table: ReportTable) -> bytes:
    """Return the report on A4 pages, landscape when there are many columns."""
    *rows, total = shown_rows(table)
    data = {
        "title": table.title,
        "subtitle": table.subtitle,
        "rtl": table.is_right_to_left,
        "landscape": len(table.columns) > 7,
        "paper": "a3" if len(table.columns) > 13 else "a4",
        "day": localised.day(table.as_of.date()),
        "columns": [{"label": c.label, "number": c.is_number} for c in table.columns],
        "rows": rows,
        "total": total,
        "notes": [
            to_persian_digits(note) if table.is_right_to_left else note for note in table.footnotes
        ],
    }
    return compile_typst(_TEMPLATE, data)


def compile_typst(template: Path, data: object) -> bytes:
    """Return the PDF of a template that reads ``json(bytes(sys.inputs.data))``."""
    return bytes(
        typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=[str(folder) for folder in font_folders()],
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
    )


def font_folders() -> list[Path]:
    """Return the folders with Vazirmatn as TrueType; empty before the assets are installed."""
    folder = Path(settings.PAGE_ASSETS) / "vazirmatn" / "fonts" / "ttf"
    return [folder] if folder.is_dir() else []
