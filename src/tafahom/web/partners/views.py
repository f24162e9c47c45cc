"""The register of partners."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.agreements.queries import agreements_by_partner, signed_by
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import FigureQuery, figures, latest_period, years
from tafahom.gate.permissions import allows, requires
from tafahom.parties import actions, queries
from tafahom.parties.models import Partner
from tafahom.reports.definitions.cells import cells_of
from tafahom.reports.tables import HIDDEN, TableCell
from tafahom.web.partners.statuses import record_status, statuses_context
from tafahom.web.reports.offers import rows_of
from tafahom.web.shell import lists

SHOWN_YEARS = 3
SORTS: lists.Sorts = {"name": ("sort_key",), "kind": ("kind__sort_key", "sort_key")}


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """Year, last month and figures of each year; ``refused`` says why there are none to see."""

    years: list[tuple[int, int, dict[str, TableCell]]]
    refused: str = ""

    @property
    def has_hidden(self) -> bool:
        """Whether those of a year are hidden from who asks."""
        return any(cells["persons"] is HIDDEN for _year, _last, cells in self.years)


@require_GET
@requires(Act.SEE_REGISTERS)
def partners(request: HttpRequest) -> HttpResponse:
    """List partners; the address says which and in what order."""
    found = queries.partners(text=request.GET.get("q", ""), kind=request.GET.get("kind", ""))
    page = lists.listing(request, found, sorts=SORTS, default="name")
    counts = agreements_by_partner(partner.pk for partner in page.rows)
    context = {
        "listing": page,
        "rows": [(partner, counts.get(partner.pk, 0)) for partner in page.rows],
        "kinds": queries.partner_kinds(),
        "may_see_sensitive": allows(request, Act.SEE_SENSITIVE_FIGURES),
    }
    return lists.answer(request, "partners", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def partner_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a partner, its agreements and, to who may see figures, what came of them."""
    partner = get_object_or_404(queries.partners(), uid=uid)
    context = {
        "partner": partner,
        "agreements": signed_by(partner),
        "figures": _figures(partner) if allows(request, Act.SEE_FIGURES) else None,
        "rows_are": rows_of("partner"),
        "may_see_sensitive": allows(request, Act.SEE_SENSITIVE_FIGURES),
    } | statuses_context(request, partner)
    return render(request, "partners/partner.html", context)


@require_POST
@requires(Act.SET_PARTNER_STATUS)
def partner_reveals(request: HttpRequest, uid: str) -> HttpResponse:
    """Say whether a partner tells of whom it sends: in all provinces, so not for a part of them."""
    record_status(request, get_object_or_404(Partner, uid=uid), actions.set_reveals_status)
    return redirect("web:partner_detail", uid=uid)


def _figures(partner: Partner) -> PartnerFigures:
    """Return the figures of the partner for the latest years, newest first."""
    latest = latest_period()
    rows = []
    for year in years()[:SHOWN_YEARS]:
        last = latest.through_month if latest and latest.year == year else 12
        query = FigureQuery(year=year, through_month=last, where=(("partner", partner.uid),))
        try:
            rows.append((year, last, cells_of(figures(query).total)))
        except NotOfferedError as error:
            return PartnerFigures([], refused=str(error))
    return PartnerFigures(rows)
