"""The register of agreements."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.desk.models import SavedView
from tafahom.desk.views import views_for
from tafahom.figures.queries import fresh_for_all
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.reports.definitions.standing import Standing, agreements_table
from tafahom.web.agreements.listing import AgreementFilter, agreement_list
from tafahom.web.agreements.views.record import agreement_answer
from tafahom.web.agreements.views.saved_views import PAGE, address_of, kept_query
from tafahom.web.shell import lists
from tafahom.web.shell.files import table_file


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """The register of agreements; each row is an agreement and how it stands in the ``year``."""

    listing: lists.Listing[int]
    rows: list[tuple[Agreement, Standing]]
    has_hidden: bool
    form: AgreementFilter
    sees_figures: bool
    year: int | None
    address: str
    views: list[tuple[SavedView, str]]
    chosen: str
    today: dt.date


@require_GET
@requires(Act.SEE_REGISTERS)
def agreements(request: HttpRequest) -> HttpResponse:
    """List agreements; the address says which and in what order, or a saved view does."""
    views = views_for(account_of(request), PAGE)
    if not request.GET and views.default:
        return redirect(address_of(views.default))
    sees_figures = allows(request, Act.SEE_FIGURES)
    found = agreement_list(request, sees_figures=sees_figures)
    listing = lists.paginate(request, found.ids, sort=found.sort)
    rows = found.fetch(list(listing.rows))
    context = AgreementsPage(
        listing=listing,
        rows=[(one, found.standing(one)) for one in rows],
        has_hidden=any(found.standing(one).is_hidden for one in rows),
        form=found.form,
        sees_figures=sees_figures,
        year=found.period.year if found.period else None,
        address=request.GET.urlencode(),
        views=[(view, address_of(view)) for view in (*views.own, *views.shared)],
        chosen=kept_query(request.GET.urlencode()),
        today=localdate(),
    )
    return lists.answer(request, "agreements", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def agreements_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the whole list of the same address as a file."""
    found = agreement_list(request, sees_figures=allows(request, Act.SEE_FIGURES))
    rows = found.fetch(found.ids)
    return table_file(
        agreements_table(rows, found.standings, found.period), ending, name="agreements"
    )


@require_GET
@requires(Act.SEE_REGISTERS)
@fresh_for_all()
def agreement_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show an agreement: terms, what was promised and delivered by year, and its courses."""
    return agreement_answer(request, uid)
