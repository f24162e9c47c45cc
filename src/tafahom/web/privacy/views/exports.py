"""Bulk exports of personal data: ask, decide, take once."""

import io

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.rules import Act
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.privacy import tasks
from tafahom.privacy.actions import exports as actions
from tafahom.privacy.export_table import enrolments
from tafahom.privacy.models import DataExport, Subject
from tafahom.privacy.queries import exports_seen_by
from tafahom.privacy.rules import DAYS_TO_DECIDE, HOURS_TO_TAKE
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.reports.render.xlsx import CONTENT_TYPE
from tafahom.web.privacy.forms import DeclineForm, ExportForm
from tafahom.web.shell import lists
from tafahom.web.shell.forms import refuse


@require_GET
@requires(Act.SEE_EXPORTS)
def exports(request: HttpRequest) -> HttpResponse:
    """List requests, the latest first: one's own and, for who decides, those to be decided."""
    actions.end_what_is_over()
    page = lists.paginate(request, _seen(request))
    context = {"listing": page, "rows": page.rows, "me": account_of(request)}
    return render(request, "privacy/exports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.REQUEST_EXPORT)
def export_ask(request: HttpRequest, subject: str, uid: str) -> HttpResponse:
    """Ask for the trainees of a course, agreement or partner as a file."""
    if subject not in Subject.values:
        raise Http404
    of = Subject(subject)
    try:
        title = actions.subject_title(of, uid)
    except Refusal as error:
        raise Http404 from error
    may_see_sensitive = allows(request, Act.SEE_SENSITIVE)
    form = ExportForm(request.POST or None, may_see_sensitive=may_see_sensitive)
    if request.method == "POST" and form.is_valid():
        try:
            export = actions.request_export(
                subject=of,
                subject_uid=uid,
                reason=form.cleaned_data["reason"],
                with_audience=form.cleaned_data.get("with_audience", False),
                by=account_of(request),
            )
        except Refusal as error:
            refuse(form, error)
        else:
            messages.success(request, _("Your request waits for somebody else's approval."))
            return redirect("web:export_detail", uid=export.uid)
    context = {
        "form": form,
        "title": title,
        "subject": of,
        "count": enrolments(of, uid).count(),
        "hours": HOURS_TO_TAKE,
        "days": DAYS_TO_DECIDE,
    }
    return render(request, "privacy/export_ask.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.SEE_EXPORTS)
def export_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a request and what can be done with it; htmx asks again while the file is made."""
    actions.end_what_is_over()
    return _page(request, _found(request, uid))


@require_POST
@requires(Act.APPROVE_EXPORT)
def export_approve(request: HttpRequest, uid: str) -> HttpResponse:
    """Let the file be made."""
    export = _found(request, uid)
    try:
        actions.approve(export, by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    else:
        tasks.export.enqueue(export.uid)
        messages.success(request, _("Approved. Who asked can take the file once."))
    return redirect("web:export_detail", uid=uid)


@require_POST
@requires(Act.APPROVE_EXPORT)
def export_decline(request: HttpRequest, uid: str) -> HttpResponse:
    """Refuse a request, saying why."""
    export, form = _found(request, uid), DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, export, form=form)
    try:
        actions.decline(export, note=form.cleaned_data["note"], by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    return redirect("web:export_detail", uid=uid)


@require_POST
@requires(Act.REQUEST_EXPORT)
def export_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take one's own request back."""
    try:
        actions.withdraw(_own(request, uid), by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    return redirect("web:export_detail", uid=uid)


@require_POST
@requires(Act.REQUEST_EXPORT)
def export_take(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Give the file to who asked for it, once."""
    export = _own(request, uid)
    try:
        content = actions.take(export, people=actions.people_in(export), by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
        return redirect("web:export_detail", uid=uid)
    return FileResponse(
        io.BytesIO(content),
        as_attachment=True,
        filename=f"tafahom-{export.uid}.xlsx",
        content_type=CONTENT_TYPE,
    )


def _page(
    request: HttpRequest, export: DataExport, *, form: DeclineForm | None = None
) -> HttpResponse:
    user = account_of(request)
    is_own = export.requested_by_id == user.pk
    waits = export.state == "requested" and export.expires_at > timezone.now()
    context = {
        "export": export,
        "is_own": is_own,
        "may_decide": waits and not is_own and allows(request, Act.APPROVE_EXPORT),
        "is_open": export.state in ("requested", "preparing", "ready"),
        "form": form or DeclineForm(),
        "hours": HOURS_TO_TAKE,
    }
    is_part = bool(request.htmx) and not form  # type: ignore[attr-defined]  # set by django-htmx
    if is_part and export.state != "preparing":
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "privacy/_export_progress.html" if is_part else "privacy/export.html"
    return render(request, template, context, status=422 if form else 200)


def _seen(request: HttpRequest) -> QuerySet[DataExport]:
    # Auditors read what those who decide read.
    decides = allows(request, Act.APPROVE_EXPORT) or allows(request, Act.SEE_READINGS)
    return exports_seen_by(account_of(request), all_of_them=decides)


def _found(request: HttpRequest, uid: str) -> DataExport:
    return get_object_or_404(_seen(request), uid=uid)


def _own(request: HttpRequest, uid: str) -> DataExport:
    return get_object_or_404(exports_seen_by(account_of(request), all_of_them=False), uid=uid)
