"""The register of agreements."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.agreements.promises.queries import lines_of
from tafahom.agreements.queries import agreements_in_full
from tafahom.desk.needs import needs_of
from tafahom.desk.views import views_for
from tafahom.figures.queries import FigureQuery, figures, fresh_for_all, latest_period, years
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.jalali import MonthSpan
from tafahom.parties.models import Audience
from tafahom.reports.definitions.cells import cells_of
from tafahom.reports.definitions.standing import agreements_table
from tafahom.reports.tables import HIDDEN, TableCell
from tafahom.training.courses.queries import years_of_agreement
from tafahom.web.agreements.burn_up import burn_up
from tafahom.web.agreements.listing import agreement_list
from tafahom.web.agreements.timeline import timeline
from tafahom.web.agreements.views.levels import levels_context
from tafahom.web.agreements.views.life import life_context
from tafahom.web.agreements.views.promises import promises_context
from tafahom.web.agreements.views.saved_views import PAGE, address_of, kept_query
from tafahom.web.agreements.views.slices import slices_context
from tafahom.web.courses.listing import DEFAULT_SORT, SORTS, with_people
from tafahom.web.partners.statuses import statuses_context
from tafahom.web.reports.offers import rows_of
from tafahom.web.shell import lists
from tafahom.web.shell.files import table_file
from tafahom.web.texts.views.text import documents_context


@require_GET
@requires(Act.SEE_REGISTERS)
def agreements(request: HttpRequest) -> HttpResponse:
    """List agreements; the address says which and in what order, or a saved view does."""
    views = views_for(account_of(request), PAGE)
    if not request.GET and views.default:
        return redirect(address_of(views.default))
    sees_figures = allows(request, Act.SEE_FIGURES)
    found = agreement_list(request, sees_figures=sees_figures)
    page = lists.paginate(request, found.ids, sort=found.sort)
    rows = found.fetch(list(page.rows))
    context = {
        "listing": page,
        "rows": [(one, found.standing(one)) for one in rows],
        "has_hidden": any(found.standing(one).is_hidden for one in rows),
        "form": found.form,
        "sees_figures": sees_figures,
        "year": found.period.year if found.period else None,
        "address": request.GET.urlencode(),
        "views": [(view, address_of(view)) for view in (*views.own, *views.shared)],
        "chosen": kept_query(request.GET.urlencode()),
        "today": localdate(),
    }
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
    agreement = get_object_or_404(agreements_in_full(), uid=uid)
    found = agreement.courses.select_related("agreement__partner", "centre", "standard")
    page = lists.listing(request, found, sorts=SORTS, default=DEFAULT_SORT)
    sees_figures = allows(request, Act.SEE_FIGURES)
    latest = latest_period() if sees_figures else None
    by_year = _realisation(agreement, latest) if sees_figures else None
    context: dict[str, Any] = {
        "agreement": agreement,
        "needs": needs_of(agreement),
        "realisation": by_year,
        "now": next((one for one in by_year or () if latest and one[0] == latest.year), None),
        "audiences": _audiences(request, agreement),
        "commitments": list(lines_of(agreement, on=localdate())),
        "listing": page,
        "courses": with_people(request, page.rows),
        "today": localdate(),
        "burn": burn_up(agreement, latest),
        "has_hidden": any(cells["persons"] is HIDDEN for _year, _last, cells in by_year or ()),
        "rows_are": rows_of("agreement"),
    }
    context |= life_context(request, agreement) | documents_context(request, agreement)
    context |= promises_context(agreement) | slices_context(request, agreement)
    context |= levels_context(request, agreement) | statuses_context(request, agreement)
    context["timeline"] = timeline(agreement, context)
    return render(request, "agreements/agreement.html", context)


def _audiences(request: HttpRequest, agreement: Agreement) -> QuerySet[Audience]:
    """Return for whom it is: groups that say something private to those only who may see them."""
    found = agreement.audiences.all()
    may_see = allows(request, Act.SEE_SENSITIVE)
    return found if may_see else found.filter(is_sensitive=False)


def _realisation(
    agreement: Agreement, latest: MonthSpan | None
) -> list[tuple[int, int, dict[str, TableCell]]]:
    """Return (year, last month, figures) of each year in which a promise counts or was trained.

    A year that is hidden from who asks is among them, whatever was trained in it.
    """
    promised, trained = years_of_agreement(agreement)
    rows = []
    for year in sorted(promised | (trained & set(years())), reverse=True):
        last = latest.through_month if latest and latest.year == year else 12
        where = (("agreement", agreement.number),)
        total = figures(FigureQuery(year=year, through_month=last, where=where)).total
        told = ("enrolled_persons", "committed_persons", "committed_person_hours")
        if total.is_hidden or any(total.values[name] for name in told):
            rows.append((year, last, cells_of(total)))
    return rows
