"""Charts draw what is hidden as hidden: hatched stubs of one length with a word, or no number at all."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

from tafahom.figures.members import DimensionValue
from tafahom.figures.tables import FigureRow
from tafahom.web.shell.charts import chart

CHART_JS = Path(settings.BASE_DIR) / "src/tafahom/web/shell/static/shell/chart.js"
ECHARTS = Path(settings.PAGE_ASSETS) / "echarts/dist/echarts.min.js"
PAGE = """<html dir="rtl"><body style="--ink:#000;--muted:#555;--line:#ccc;--accent:#165">
<div data-chart="chart-data" style="inline-size:900px;block-size:500px" hidden></div>
<p data-chart-note hidden>note</p>
<script id="chart-data" type="application/json">{data}</script></body></html>"""


def drawn(browser: Browser, data: object) -> tuple[Page, list[str]]:
    """Draw a chart; return the page and what went wrong in it."""
    page, faults = browser.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.set_content(PAGE.replace("{data}", json.dumps(data, ensure_ascii=False)))
    page.add_script_tag(path=ECHARTS)
    page.add_script_tag(path=CHART_JS)
    return page, faults


def row(partner: str, persons: int | None, county: str = "") -> FigureRow:
    """A row of figures; None where they are hidden."""
    dims = {"partner": DimensionValue(partner, partner)}
    if county:
        dims["county"] = DimensionValue(county, county)
    return FigureRow(dims, {"persons": persons}, is_hidden=persons is None)


pytestmark = pytest.mark.skipif(not ECHARTS.is_file(), reason="the page assets are not installed")


@pytest.mark.parametrize("counties", [("",), ("کرج", "ساوجبلاغ")])
def test_hidden_bars_are_hatched_and_no_number(browser: Browser, counties: tuple[str, ...]) -> None:
    rows = [row("اصناف", 40, county) for county in counties]
    rows += [row("زندان‌ها", None, county) for county in counties]
    by = ("partner", "county") if counties[0] else ("partner",)
    page, faults = drawn(browser, chart(rows, by, "persons"))
    assert faults == []
    texts = page.locator("[data-chart] svg text").all_text_contents()
    assert "زندان‌ها" in texts
    assert texts.count("محرمانه") == (0 if counties[0] else 1)
    assert page.locator("[data-chart] svg path[stroke-dasharray]").count() >= len(counties)
    assert page.locator("[data-chart-note]").is_visible()
    page.close()


def test_a_chart_of_what_may_be_seen_marks_nothing(browser: Browser) -> None:
    data = chart([row("اصناف", 40), row("زندان‌ها", 10)], ("partner",), "persons")
    assert data
    assert not data["has_hidden"]
    page, faults = drawn(browser, data)
    assert faults == []
    texts = page.locator("[data-chart] svg text").all_text_contents()
    assert {"۴۰", "۱۰"} <= set(texts)
    assert "محرمانه" not in texts
    assert not page.locator("[data-chart] svg path[stroke-dasharray]").count()
    page.close()


def test_no_more_bars_than_can_be_told_apart() -> None:
    rows = [
        row(f"دستگاه {number}", 100 - number, f"شهرستان {place}")
        for number in range(20)
        for place in range(8)
    ]
    data = chart(rows, ("partner", "county"), "persons")
    assert data
    assert (len(data["labels"]), len(data["series"])) == (8, 6)
    assert data["labels"][0] == "دستگاه ۰"
    assert data["is_cut"]
    few = chart(rows[:4], ("partner", "county"), "persons")
    assert few
    assert not few["is_cut"]
