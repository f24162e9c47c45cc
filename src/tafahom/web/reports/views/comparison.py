"""Partners and counties beside each other."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import latest_period, years
from tafahom.figures.rules import FigureError
from tafahom.gate.permissions import allows, requires
from tafahom.jalali import MONTH_NAMES, MonthSpan
from tafahom.parties.queries import partner_kinds
from tafahom.reports.definitions.league import SORTS, League, league
from tafahom.web.reports.tiles import county_tiles
from tafahom.web.shell.asked import asked_period
from tafahom.web.shell.files import table_file
from tafahom.web.shell.lists import paginate


@require_GET
@requires(Act.SEE_FIGURES)
def partners_league(request: HttpRequest) -> HttpResponse:
    """Show the league of partners: ``year``, ``through``, ``kind`` and ``sort`` of the address."""
    found = _league(request)
    if found is None:
        return _empty(request)
    context = {
        "league": found,
        "listing": paginate(request, found.rivals, sort=_sort(request)),
        "kinds": partner_kinds(),
        "address": request.GET.urlencode(),
        "sees_registers": allows(request, Act.SEE_REGISTERS),
        **_months(found.period),
    }
    return render(request, "reports/league.html", context)


@require_GET
@requires(Act.SEE_FIGURES)
def partners_league_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the league of the same address as a file."""
    found = _league(request)
    if found is None:
        raise Http404
    months = f"{found.period.year}-{found.period.through_month:02}"
    return table_file(found.table, ending, name=f"league-{months}")


@require_GET
@requires(Act.SEE_FIGURES)
def counties(request: HttpRequest) -> HttpResponse:
    """Show what was delivered in each county of the province."""
    period = _period(request)
    if period is None:
        return _empty(request)
    context = {"period": period, "map": county_tiles(period), **_months(period)}
    return render(request, "reports/counties.html", context)


def _empty(request: HttpRequest) -> HttpResponse:
    may_import = allows(request, Act.IMPORT_ROSTERS)
    return render(request, "reports/no_figures.html", {"may_import": may_import})


def _league(request: HttpRequest) -> League | None:
    period = _period(request)
    if period is None:
        return None
    try:
        return league(period, kind=request.GET.get("kind", ""), sort=_sort(request))
    except NotOfferedError:
        raise
    except FigureError as error:
        raise Http404 from error


def _sort(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "rank")
    return sort if sort.lstrip("-") in SORTS and not sort.startswith("--") else "rank"


def _months(period: MonthSpan) -> dict[str, object]:
    return {
        "period": period,
        "years": years(is_fresh=True),
        "months": list(enumerate(MONTH_NAMES, 1)),
    }


def _period(request: HttpRequest) -> MonthSpan | None:
    """Return the period of the address; None when there are no figures at all."""
    latest = latest_period()
    if latest is None or "year" not in request.GET:
        return latest
    return asked_period(request, latest, known=years(is_fresh=True))
