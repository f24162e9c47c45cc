"""The year at a glance."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tafahom.access.accounts.queries import has_waiting_request
from tafahom.access.rules import Act
from tafahom.figures.queries import untrained
from tafahom.figures.tables import FigureRow
from tafahom.gate.permissions import account_of, allows, holds, logged_in, seen_by
from tafahom.jalali import MONTH_NAMES, MonthSpan
from tafahom.reports.definitions.cells import cells_of, growth_cell, value_cell
from tafahom.reports.definitions.meanings import meanings
from tafahom.reports.definitions.overview import FigureCache, Overview, covered, overview
from tafahom.reports.tables import HIDDEN
from tafahom.web.reports.offers import rows_of
from tafahom.web.shell.addresses import report_address
from tafahom.web.shell.asked import asked_period
from tafahom.web.shell.charts import chart
from tafahom.web.shell.navigation import first_place

LONGEST_LIST = 10
_KEY_FIGURES = ("persons", "person_hours", "realisation_persons", "certified")


@require_GET
@logged_in
def home(request: HttpRequest) -> HttpResponse:
    """Show key figures of the latest period, or of ``?year=&through=``.

    Who may not see figures is led to the first page that is open to them.
    """
    if not holds(request, Act.SEE_FIGURES):
        if place := first_place(request):
            return redirect(place)
        waits = has_waiting_request(account_of(request))
        return render(request, "home/no_place.html", {"role_waits": waits})
    with seen_by(request, Act.SEE_FIGURES):
        return _home(request)


def _home(request: HttpRequest) -> HttpResponse:
    kept = FigureCache()
    cover = kept.get("covered", covered)
    latest = cover.latest
    if latest is None:
        may_import = allows(request, Act.IMPORT_ROSTERS)
        return render(request, "reports/no_figures.html", {"may_import": may_import})
    period = asked_period(request, latest)
    months = f"{period.year}-{period.from_month}-{period.through_month}"
    name = f"glance:{get_language()}:{get_script_prefix()}:{months}"
    return render(
        request,
        "home/home.html",
        {
            "period": period,
            "glance": kept.get(name, lambda: _glance(period)),
            "years": cover.years,
            "months": list(enumerate(MONTH_NAMES, 1)),
        },
    )


def _glance(period: MonthSpan) -> str:
    """Return the figures of a period as HTML, the same for everyone who sees as much."""
    seen = overview(period)
    breakdowns = _breakdowns(seen)
    return render_to_string(
        "home/_glance.html",
        {
            "overview": seen,
            "key_figures": _key_figures(seen),
            "meanings": meanings(_KEY_FIGURES),
            "total": cells_of(seen.total),
            "months": [(row, cells_of(row)) for row in seen.by.get("month", ())],
            "refused": "month" in seen.refused,
            "chart": chart(seen.by.get("month", []), ("month",), "persons"),
            "breakdowns": breakdowns,
            "has_hidden": _has_hidden(seen, breakdowns),
            "report_url": report_address(period, by="month"),
        },
    )


def _has_hidden(seen: Overview, breakdowns: list[dict[str, Any]]) -> bool:
    """Whether anything that the page shows is hidden from who asks."""
    bars = [bar["persons"] for part in breakdowns for bar in part["rows"]]
    is_total = seen.total.is_hidden or seen.total.is_previous_hidden
    return is_total or bool(seen.refused) or HIDDEN in bars


def _key_figures(seen: Overview) -> list[dict[str, object]]:
    """Return the figures on top, each with the report that it comes from."""
    values, period = cells_of(seen.total), seen.period
    hours = report_address(period, by="partner", m=["person_hours", "persons"])
    promised = ["committed_persons", "persons", "realisation_persons"]
    realised = report_address(period, by="partner", m=promised)
    certified = report_address(period, by="cluster", m=["sat", "passed", "certified"])
    return [
        {
            **_figure(seen.total, "persons", _("Persons"), report_address(period, by="partner")),
            "untrained": untrained(seen.total.values),
        },
        _figure(seen.total, "person_hours", _("Person-hours"), hours),
        {
            "label": _("Realisation of the year's commitments, persons"),
            "value": values["realisation_persons"],
            "is_percent": True,
            "url": realised,
            "of": values["committed_persons"],
        },
        _figure(seen.total, "certified", _("Certified"), certified),
    ]


def _figure(total: FigureRow, measure: str, label: str, url: str) -> dict[str, object]:
    grown = growth_cell(total, measure)
    return {"label": label, "value": value_cell(total, measure), "url": url, "growth": grown}


def _breakdowns(seen: Overview) -> list[dict[str, Any]]:
    titles = {
        "partner": _("By partner"),
        "cluster": _("By cluster"),
        "centre_type": _("By centre type"),
    }
    return [_breakdown(seen, name, title) for name, title in titles.items()]


def _breakdown(seen: Overview, dimension: str, title: str) -> dict[str, Any]:
    """Return the largest rows by persons, with the largest to draw the others against.

    Hidden rows come after them, in Persian order: their place says nothing.
    """
    rows = seen.by.get(dimension, [])
    measured = [row for row in rows if row.values["persons"]]
    measured.sort(key=lambda row: -(row.values["persons"] or 0))
    listed = measured + [row for row in rows if row.is_hidden]
    rows_are = rows_of(dimension)
    return {
        "title": title,
        "url": report_address(seen.period, by=dimension),
        "refused": dimension in seen.refused,
        "left_out": max(0, len(listed) - LONGEST_LIST),
        "most": measured[0].values["persons"] if measured else 1,
        "rows": [_bar(row, dimension, seen.period, rows_are) for row in listed[:LONGEST_LIST]],
    }


def _bar(row: FigureRow, dimension: str, period: MonthSpan, rows_are: str) -> dict[str, object]:
    """Return a row to draw, with the report on it, split as it is offered."""
    value = row.dims[dimension]
    url = report_address(period, by=rows_are, **{dimension: value.code})
    return {"name": value.name, "url": url, **cells_of(row)}
