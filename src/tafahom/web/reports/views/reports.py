"""The report builder: any figures, as a page that can be sent on as a link, or as a file."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import figures, latest_period, years
from tafahom.figures.rules import FigureError
from tafahom.figures.tables import FigureQuery
from tafahom.gate.permissions import allows, requires
from tafahom.localised import period_title
from tafahom.reports.definitions import figures_table
from tafahom.reports.render import text
from tafahom.reports.tables import ReportTable
from tafahom.web.reports.forms import ReportForm, complete
from tafahom.web.reports.offers import is_guarded, offered_instead
from tafahom.web.shell.charts import chart
from tafahom.web.shell.files import FILES, table_file


@require_GET
@requires(Act.SEE_FIGURES)
def report(request: HttpRequest) -> HttpResponse:
    """Show the builder and, when the address makes sense, the report."""
    form = _form(request)
    if form is None:
        return render(request, "reports/no_figures.html", {"may_import": _may_import(request)})
    context = _choices(form)
    if form.is_valid():
        try:
            context |= _answer(form)
        except NotOfferedError as error:
            form.add_error(None, str(error))
            context["offers"] = offered_instead(form)
        except FigureError as error:
            form.add_error(None, str(error))
    template = "reports/_report.html" if request.htmx else "reports/report.html"  # type: ignore[attr-defined]  # set by django-htmx
    response = render(request, template, context)
    response["Vary"] = "HX-Request, Cookie"
    return response


@require_GET
@requires(Act.SEE_FIGURES)
def report_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the report of the same address as a file.

    The builder says why there is none where the question is not offered to who asks.
    """
    form = _form(request)
    if ending not in FILES or form is None or not form.is_valid():
        raise Http404
    try:
        table = figures_table(form.query(), measures=form.measures())
    except NotOfferedError:
        return redirect(f"{reverse('web:report')}?{request.GET.urlencode()}")
    except FigureError as error:
        raise Http404 from error
    query = form.query()
    name = f"{query.year}-{query.from_month:02}-{query.through_month:02}"
    return table_file(table, ending, name=name)


def _form(request: HttpRequest) -> ReportForm | None:
    """Return the form filled from the address; None when there are no figures yet."""
    latest = latest_period()
    if latest is None:
        return None
    return ReportForm(
        complete(request.GET, latest),
        years=years(),
        may_see_sensitive=allows(request, Act.SEE_SENSITIVE_FIGURES),
    )


def _choices(form: ReportForm) -> dict[str, object]:
    """Return what the builder shows as chosen."""
    data: QueryDict = form.data  # type: ignore[assignment]  # always bound to one
    by = data.getlist("by")
    return {
        "form": form,
        "is_guarded": is_guarded(),
        "by": [*by, "", ""][:2],
        "chosen_measures": data.getlist("m"),
        "is_filtered": any(name in data for name in form.filter_names),
        "way_fields": [
            {
                "name": name,
                "label": form.fields[name].label,
                "choices": form.fields[name].choices,  # type: ignore[attr-defined]  # a choice field
                "chosen": data.get(name),
            }
            for name in ("basis", "attribution")
        ],
    }


def _may_import(request: HttpRequest) -> bool:
    return allows(request, Act.IMPORT_ROSTERS)


def _answer(form: ReportForm) -> dict[str, object]:
    query, measures = form.query(), form.measures()
    answer = figures(query)
    table = figures_table(query, measures=measures, table=answer)
    shown = text.shown_rows(table)
    return {
        "query": query,
        "table": table,
        "columns": table.columns,
        "rows": [
            list(zip(table.columns, row, cells, strict=True))
            for row, cells in zip(shown, table.rows, strict=False)
        ],
        "total": list(zip(table.columns, shown[-1], table.total, strict=True)),
        "chart": chart(answer.rows, query.by, measures[0]),
        "finding": _finding(query, table),
        "address": form.data.urlencode(),  # type: ignore[attr-defined]  # a QueryDict
    }


def _finding(query: FigureQuery, table: ReportTable) -> str:
    """Return the title of the table: what of, by what, when."""
    rows = [column.label for column in table.columns if not column.is_number]
    if not rows:
        return period_title(query.period)
    return _("By {rows}, {period}").format(
        rows=_(" and ").join(rows), period=period_title(query.period)
    )
