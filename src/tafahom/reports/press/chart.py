"""The chart of a release: person-hours by month, as SVG or PNG, without any browser."""

import json
import re
from functools import cache
from html import escape
from typing import Any, TypeAlias

import vl_convert

from tafahom.reports.press.structure import PressRelease
from tafahom.reports.render.pdf import font_folders

FONT = "Vazirmatn"
ACCENT, PALE, INK, LINE = "#1f4e79", "#9db8d2", "#334155", "#cbd5e1"
WIDTH, HEIGHT = 620, 210
# Of a chart by partner: the height of a row, and the width of the names.
ROW, NAMES = 24, 240
_OPENING = re.compile(r'<svg([^>]*?) width="[^"]*" height="[^"]*"([^>]*)>')
# Places are of left-to-right text, so the drawing is; marks keep Persian and its brackets in order.
_TEXT = re.compile(r"(<text[^>]*>)([^<]+)(</text>)")
# Vega describes its parts in English, to nobody: the chart has its own description.
_VEGA_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def svg(release: PressRelease) -> str:
    """Return the chart as SVG; right to left, values above the bars."""
    _register_fonts()
    return str(vl_convert.vegalite_to_svg(json.dumps(_specification(release))))


def described_svg(release: PressRelease) -> str:
    """Return the chart for a page: as wide as its place, with a title and a description."""
    drawing = _TEXT.sub(r"\1&#8207;\2&#8207;\3", _VEGA_ROLES.sub("", svg(release)))
    opening = (
        r'<svg\1\2 direction="ltr" role="img" aria-labelledby="press-chart-title press-chart-words">'
        f'<title id="press-chart-title">{_literal(release.chart_subtitle)}</title>'
        f'<desc id="press-chart-words">{_literal(release.chart_in_words)}</desc>'
    )
    return _OPENING.sub(opening, drawing, count=1)


def png(release: PressRelease) -> bytes:
    """Return the chart as PNG at three times its size, for print."""
    return bytes(vl_convert.svg_to_png(svg(release), scale=3))


def _literal(text: str) -> str:
    """Return a text for the replacement of a pattern, where a backslash would speak."""
    return escape(text).replace("\\", r"\\")


@cache
def _register_fonts() -> None:
    for folder in font_folders():
        vl_convert.register_font_directory(str(folder))


def _specification(release: PressRelease) -> dict[str, Any]:
    top = max((bar.value or 0 for bar in release.bars), default=0)
    values = [
        {"label": bar.label, "hours": bar.value or 0, "shown": bar.shown, "top": bar.value == top}
        for bar in release.bars
    ]
    columns = release.bars_are == "months"
    length = {"field": "hours", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    labels = [bar.label for bar in release.bars]
    color = {"condition": {"test": "datum.top", "value": ACCENT}, "value": PALE}
    bar, text, places = (_columns if columns else _rows)(labels, length)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH if columns else WIDTH - NAMES,
        "height": HEIGHT if columns else ROW * len(labels),
        "background": None,
        "data": {"values": values},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 13, "labelColor": INK, "ticks": False, "domainColor": LINE},
        },
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 2, **bar},
                "encoding": {**places, "color": color},
            },
            {
                "mark": {"type": "text", "fontSize": 12, "color": INK, **text},
                "encoding": {**places, "text": {"field": "shown"}},
            },
        ],
    }


_Parts: TypeAlias = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def _columns(labels: list[str], length: dict[str, Any]) -> _Parts:
    """Columns from the right, as Persian charts begin there; values above them."""
    axis = {"title": None, "labelAngle": 0}
    place = {"field": "label", "type": "nominal", "sort": labels[::-1], "axis": axis}
    return {"width": {"band": 0.62}}, {"dy": -9}, {"x": place, "y": length}


def _rows(labels: list[str], length: dict[str, Any]) -> _Parts:
    """Rows that grow from the right, where the names are; values at their ends."""
    axis = {"title": None, "orient": "right", "labelLimit": NAMES, "labelPadding": 8}
    place = {"field": "label", "type": "nominal", "sort": labels, "axis": axis}
    grows = length | {"scale": {"zero": True, "reverse": True}}
    return {"height": {"band": 0.62}}, {"dx": -6, "align": "right"}, {"y": place, "x": grows}
