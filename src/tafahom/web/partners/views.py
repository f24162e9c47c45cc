"""The register of partners."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.agreements.queries import agreements_by_partner, signed_by
from tafahom.gate.permissions import allows, requires
from tafahom.parties import actions, queries
from tafahom.parties.models import Partner, PartnerKind
from tafahom.reports.definitions.partner_years import PartnerFigures, partner_figures
from tafahom.web.partners.statuses import StatusCard, record_status, status_card
from tafahom.web.reports.offers import rows_of
from tafahom.web.shell import lists
from tafahom.web.shell.pages import page

SORTS: lists.Sorts = {"name": ("sort_key",), "kind": ("kind__sort_key", "sort_key")}


@dataclass(frozen=True, slots=True)
class PartnersPage:
    """The register of partners; each row is a partner with the number of its agreements."""

    listing: lists.Listing[Partner]
    rows: list[tuple[Partner, int]]
    kinds: QuerySet[PartnerKind]
    may_see_sensitive: bool


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """A partner, its agreements and its figures; None of these to who may see none."""

    partner: Partner
    agreements: QuerySet[Agreement]
    figures: PartnerFigures | None
    rows_are: str
    may_see_sensitive: bool
    statuses: StatusCard | None


@require_GET
@requires(Act.SEE_REGISTERS)
def partners(request: HttpRequest) -> HttpResponse:
    """List partners; the address says which and in what order."""
    found = queries.partners(text=request.GET.get("q", ""), kind=request.GET.get("kind", ""))
    listing = lists.listing(request, found, sorts=SORTS, default="name")
    counts = agreements_by_partner(partner.pk for partner in listing.rows)
    context = PartnersPage(
        listing=listing,
        rows=[(partner, counts.get(partner.pk, 0)) for partner in listing.rows],
        kinds=queries.partner_kinds(),
        may_see_sensitive=allows(request, Act.SEE_SENSITIVE_FIGURES),
    )
    return lists.answer(request, "partners", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def partner_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a partner, its agreements and, to who may see figures, what came of them."""
    partner = get_object_or_404(queries.partners(), uid=uid)
    may_see_sensitive = allows(request, Act.SEE_SENSITIVE_FIGURES)
    reveals = may_see_sensitive and partner.pk in queries.revealing_partners()
    context = PartnerPage(
        partner=partner,
        agreements=signed_by(partner),
        figures=partner_figures(partner) if allows(request, Act.SEE_FIGURES) else None,
        rows_are=rows_of("partner"),
        may_see_sensitive=may_see_sensitive,
        statuses=status_card(request, partner, reveals=reveals),
    )
    return page(request, "partners/partner.html", context)


@require_POST
@requires(Act.SET_PARTNER_STATUS)
def partner_reveals(request: HttpRequest, uid: str) -> HttpResponse:
    """Say whether a partner tells of whom it sends: in all provinces, so not for a part of them."""
    record_status(request, get_object_or_404(Partner, uid=uid), actions.set_reveals_status)
    return redirect("web:partner_detail", uid=uid)
