"""The chart of a release: person-hours by month, as SVG or PNG, without any browser."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import vl_convert

from tafahom.persian import format_number
from tafahom.reports.press.release import Bar
from tafahom.reports.render.pdf import font_folders

FONT = "Vazirmatn"
ACCENT, INK = "#1f4e79", "#334155"
WIDTH, HEIGHT = 560, 220


def svg(bars: Sequence[Bar]) -> str:
    """Return the chart as SVG; right to left, values above the bars."""
    _register_fonts()
    return str(vl_convert.vegalite_to_svg(json.dumps(_specification(bars))))


def png(bars: Sequence[Bar]) -> bytes:
    """Return the chart as PNG at three times its size, for print."""
    return bytes(vl_convert.svg_to_png(svg(bars), scale=3))


@cache
def _register_fonts() -> None:
    for folder in font_folders():
        vl_convert.register_font_directory(str(folder))


def _specification(bars: Sequence[Bar]) -> dict[str, Any]:
    values = [
        {"month": bar.label, "hours": bar.value or 0, "shown": format_number(round(bar.value or 0))}
        for bar in bars
    ]
    # Persian charts begin at the right.
    x = {"field": "month", "type": "nominal", "sort": [bar.label for bar in reversed(bars)],
         "axis": {"title": None, "labelAngle": 0, "ticks": False, "domainColor": "#cbd5e1"}}  # fmt: skip
    y = {"field": "hours", "type": "quantitative", "axis": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH, "height": HEIGHT, "background": None,
        "data": {"values": values},
        "config": {"font": FONT, "view": {"stroke": None}, "axis": {"labelFontSize": 12, "labelColor": INK}},
        "layer": [
            {"mark": {"type": "bar", "color": ACCENT, "cornerRadiusEnd": 2, "width": {"band": 0.62}},
             "encoding": {"x": x, "y": y}},
            {"mark": {"type": "text", "dy": -9, "fontSize": 11, "color": INK},
             "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    }  # fmt: skip
