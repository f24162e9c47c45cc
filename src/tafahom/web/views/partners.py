"""The register of partners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.agreements.queries import signed_by
from tafahom.figures.queries import FigureQuery, FigureRow, figures, latest_period, years
from tafahom.parties.models import Partner, PartnerKind
from tafahom.web import lists
from tafahom.web.permissions import allows, requires
from tafahom.web.views.statuses import statuses_context

SHOWN_YEARS = 3


@require_GET
@requires(Act.SEE_REGISTERS)
def partners(request: HttpRequest) -> HttpResponse:
    """List partners; the address says which and in what order."""
    found = lists.partners(request)
    page = lists.listing(request, found, sorts=lists.PARTNER_SORTS, default="name")
    counts = lists.agreements_of(page.rows)
    context = {
        "listing": page,
        "rows": [(partner, counts.get(partner.pk, 0)) for partner in page.rows],
        "kinds": PartnerKind.objects.all(),
        "may_see_sensitive": allows(request, Act.SEE_SENSITIVE_FIGURES),
    }
    return lists.answer(request, "partners", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def partner_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a partner, its agreements and, to who may see figures, what came of them."""
    partner = get_object_or_404(Partner.objects.select_related("kind", "main_audience"), uid=uid)
    context = {
        "partner": partner,
        "agreements": signed_by(partner),
        "figures": _figures(partner) if allows(request, Act.SEE_FIGURES) else None,
        "may_see_sensitive": allows(request, Act.SEE_SENSITIVE_FIGURES),
    } | statuses_context(request, partner)
    return render(request, "web/partner.html", context)


def _figures(partner: Partner) -> list[tuple[int, int, FigureRow]]:
    """Return (year, last month, figures) of the partner for the latest years, newest first."""
    latest = latest_period()
    rows = []
    for year in years()[:SHOWN_YEARS]:
        last = latest.through_month if latest and latest.year == year else 12
        query = FigureQuery(year=year, through_month=last, where=(("partner", partner.uid),))
        rows.append((year, last, figures(query).total))
    return rows
