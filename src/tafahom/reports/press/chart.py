"""The chart of a release: person-hours by month, as SVG or PNG, without any browser."""

import json
import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

import vl_convert

from tafahom.reports.press.structure import Bar, PressRelease
from tafahom.reports.render.pdf import font_folders

FONT = "Vazirmatn"
ACCENT, PALE, INK, LINE = "#1f4e79", "#9db8d2", "#334155", "#cbd5e1"
WIDTH, HEIGHT = 620, 210
_OPENING = re.compile(r'<svg([^>]*?) width="[^"]*" height="[^"]*"([^>]*)>')
# Vega describes its parts in English, to nobody: the chart has its own description.
_VEGA_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


def svg(bars: Sequence[Bar]) -> str:
    """Return the chart as SVG; right to left, values above the bars."""
    _register_fonts()
    return str(vl_convert.vegalite_to_svg(json.dumps(_specification(bars))))


def described_svg(release: PressRelease) -> str:
    """Return the chart for a page: as wide as its place, with a title and a description."""
    drawing = _VEGA_ROLES.sub("", svg(release.bars))
    opening = (
        r'<svg\1\2 role="img" aria-labelledby="press-chart-title press-chart-words">'
        f'<title id="press-chart-title">{_literal(release.chart_subtitle)}</title>'
        f'<desc id="press-chart-words">{_literal(release.chart_in_words)}</desc>'
    )
    return _OPENING.sub(opening, drawing, count=1)


def png(bars: Sequence[Bar]) -> bytes:
    """Return the chart as PNG at three times its size, for print."""
    return bytes(vl_convert.svg_to_png(svg(bars), scale=3))


def _literal(text: str) -> str:
    """Return a text for the replacement of a pattern, where a backslash would speak."""
    return escape(text).replace("\\", r"\\")


@cache
def _register_fonts() -> None:
    for folder in font_folders():
        vl_convert.register_font_directory(str(folder))


def _specification(bars: Sequence[Bar]) -> dict[str, Any]:
    top = max((bar.value or 0 for bar in bars), default=0)
    values = [
        {"month": bar.label, "hours": bar.value or 0, "shown": bar.shown, "top": bar.value == top}
        for bar in bars
    ]
    # Persian charts begin at the right.
    x = {"field": "month", "type": "nominal", "sort": [bar.label for bar in reversed(bars)],
         "axis": {"title": None, "labelAngle": 0, "ticks": False, "domainColor": LINE}}  # fmt: skip
    y = {"field": "hours", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    color = {"condition": {"test": "datum.top", "value": ACCENT}, "value": PALE}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH, "height": HEIGHT, "background": None,
        "data": {"values": values},
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 13, "labelColor": INK}},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2, "width": {"band": 0.62}},
             "encoding": {"x": x, "y": y, "color": color}},
            {"mark": {"type": "text", "dy": -9, "fontSize": 12, "color": INK},
             "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    }  # fmt: skip
