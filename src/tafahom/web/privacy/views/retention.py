"""For how long identities are kept, whose time is over, and letting go of them by two persons."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.gate import names
from tafahom.gate.permissions import account_of, allows, holds, requires
from tafahom.people.queries import identities_of
from tafahom.privacy import tasks
from tafahom.privacy.actions import retention_requests as actions
from tafahom.privacy.actions.years import (
    ask_years,
    confirm_years,
    end_lapsed_years,
    refuse_years,
    withdraw_years,
)
from tafahom.privacy.models import RetentionRequest, YearsRequest
from tafahom.privacy.queries import (
    due,
    erasures_seen,
    latest_years,
    request_seen_by,
    requests_seen_by,
    retention_rules,
    with_last_course,
    with_last_course_by_uid,
)
from tafahom.privacy.rules import DAYS_TO_DECIDE, RetentionState
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.accounts.forms import NoteForm
from tafahom.web.privacy.forms import DeclineForm, RulesForm
from tafahom.web.shell import lists

LATEST = 10


@require_GET
@requires(Act.SEE_RETENTION)
def retention(request: HttpRequest) -> HttpResponse:
    """List whose time is over, the rules, requests, and what was forgotten lately."""
    actions.end_what_is_over()
    end_lapsed_years()
    return _page(request, RulesForm(rules=retention_rules()))


@require_POST
@requires(Act.SET_RETENTION)
def retention_rules_save(request: HttpRequest) -> HttpResponse:
    """Ask for other years; a second person confirms them."""
    form = RulesForm(request.POST, rules=retention_rules())
    if not form.is_valid():
        return _page(request, form)
    if changed := form.changed():
        try:
            ask_years(changed, by=account_of(request))
        except Refusal as error:
            messages.error(request, sentence(error))
        else:
            messages.success(request, _("The years wait for a second person; they are as before."))
    return redirect("web:retention")


@require_POST
@requires(Act.CONFIRM_RETENTION_YEARS)
def retention_years_confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """Let the years be as somebody else asked."""
    return _years_done(
        request,
        lambda: confirm_years(_years(uid), by=account_of(request)),
        _("The years are changed; nobody was forgotten by that."),
    )


@require_POST
@requires(Act.CONFIRM_RETENTION_YEARS)
def retention_years_refuse(request: HttpRequest, uid: str) -> HttpResponse:
    """Say no to the years that somebody else asked for, and why."""
    found, form = _years(uid), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, RulesForm(rules=retention_rules()), note_form=form)
    note = form.cleaned_data["note"]
    return _years_done(
        request,
        lambda: refuse_years(found, note=note, by=account_of(request)),
        _("Refused: the years are as before."),
    )


@require_POST
@requires(Act.SET_RETENTION)
def retention_years_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take one's own request for other years back."""
    return _years_done(
        request,
        lambda: withdraw_years(_years(uid), by=account_of(request)),
        _("Taken back: the years are as before."),
    )


@require_POST
@requires(Act.MANAGE_RETENTION)
def retention_ask(request: HttpRequest) -> HttpResponse:
    """Ask that everybody whose time is over is forgotten; nobody is by that."""
    try:
        found = actions.request_retention(by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
        return redirect("web:retention")
    return redirect("web:retention_request", uid=found.uid)


@require_GET
@requires(Act.SEE_RETENTION)
def retention_request(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a request with its preview; htmx asks again while it is carried out."""
    actions.end_what_is_over()
    found = _found(request, uid)
    is_part = bool(request.htmx)  # type: ignore[attr-defined]  # set by django-htmx
    if not is_part:
        return _request_page(request, found)
    if found.state != RetentionState.RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    is_own = found.requested_by_id == account_of(request).pk
    context = {"asked": found, "job": found.job, "is_own": is_own}
    return render(request, "privacy/_retention_progress.html", context)


@require_GET
@requires(Act.SEE_RETENTION)
def retention_people(request: HttpRequest, uid: str) -> HttpResponse:
    """Give the numbers of the people of a request as a text file; no names."""
    found = _found(request, uid)
    name = f"tafahom-retention-{found.uid}.txt"
    return HttpResponse(
        "".join(f"{one}\n" for one in found.people),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@requires(Act.APPROVE_RETENTION)
def retention_approve(request: HttpRequest, uid: str) -> HttpResponse:
    """Let a request be carried out."""
    found = _found(request, uid)
    try:
        actions.approve(found, by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    else:
        tasks.retention.enqueue(found.uid)
    return redirect("web:retention_request", uid=uid)


@require_POST
@requires(Act.APPROVE_RETENTION)
def retention_decline(request: HttpRequest, uid: str) -> HttpResponse:
    """Refuse a request, saying why."""
    found, form = _found(request, uid), DeclineForm(request.POST)
    if not form.is_valid():
        return _request_page(request, found, form=form)
    try:
        actions.decline(found, note=form.cleaned_data["note"], by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    return redirect("web:retention_request", uid=uid)


@require_POST
@requires(Act.MANAGE_RETENTION)
def retention_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take one's own request back."""
    try:
        actions.withdraw(_own(request, uid), by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    return redirect("web:retention_request", uid=uid)


@require_POST
@requires(Act.MANAGE_RETENTION)
def retention_cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Stop the carrying out at its next safe point; who is forgotten by then stays so."""
    actions.stop(_own(request, uid))
    return redirect("web:retention_request", uid=uid)


def _page(
    request: HttpRequest, form: RulesForm, *, note_form: NoteForm | None = None
) -> HttpResponse:
    page = lists.paginate(request, with_last_course(due()))
    ids = [person.pk for person in page.rows]
    names.read(request, ids, where="retention")
    identities = identities_of(ids)
    erasures = erasures_seen()
    asked = requests_seen_by(account_of(request), all_of_them=_decides(request))
    under_way = [one for one in asked if one.state in ("requested", "running")]
    context = {
        "listing": page,
        "rows": [(person, identities.get(person.pk)) for person in page.rows],
        "form": form if holds(request, Act.SET_RETENTION) else None,
        "may_ask": allows(request, Act.MANAGE_RETENTION) and not _own_open(request, under_way),
        "under_way": under_way,
        "requests": asked[:LATEST],
        "me": account_of(request),
        "days": DAYS_TO_DECIDE,
        "years": _years_shown(request),
        "may_confirm": holds(request, Act.CONFIRM_RETENTION_YEARS),
        "note_form": note_form or NoteForm(),
        "erased": erasures.count(),
        "latest": erasures[:LATEST],
    }
    status = 422 if form.is_bound or note_form else 200
    return render(request, "privacy/retention.html", context, status=status)


def _request_page(
    request: HttpRequest, found: RetentionRequest, *, form: DeclineForm | None = None
) -> HttpResponse:
    is_own = found.requested_by_id == account_of(request).pk
    waits = found.state == RetentionState.REQUESTED and found.expires_at > timezone.now()
    people = Paginator(found.people, lists.PAGE_SIZE).get_page(request.GET.get("page"))
    rows = with_last_course_by_uid(list(people.object_list))
    context = {
        "asked": found,
        "job": found.job,
        "preview": _preview(found.preview),
        "is_own": is_own,
        "waits": waits,
        "holds_still": not waits or actions.holds_still(found),
        "may_decide": waits and not is_own and allows(request, Act.APPROVE_RETENTION),
        "form": form or DeclineForm(),
        "people": people,
        "rows": rows,
    }
    return render(request, "privacy/retention_request.html", context, status=422 if form else 200)


def _preview(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a kept preview with days as days, and rules by the names of their audiences."""
    years = dict(kept["rules"])
    names = _rule_names()
    days = {
        name: dt.date.fromisoformat(kept[name]) if kept[name] else None
        for name in ("first", "last")
    }
    return kept | days | {"rules": [(names.get(code, code), years[code]) for code in years]}


def _years_shown(request: HttpRequest) -> dict[str, Any]:
    """Return the latest request for other years, and what it changes, by name of the audience."""
    latest = latest_years()
    if latest is None:
        return {}
    names = _rule_names()
    return {
        "asked": latest,
        "is_own": latest.asked_by_id == account_of(request).pk,
        "changes": [
            (names.get(code, code), latest.before[code], after)
            for code, after in latest.years.items()
        ],
    }


def _years(uid: str) -> YearsRequest:
    return get_object_or_404(YearsRequest, uid=uid)


def _years_done(request: HttpRequest, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
    except Refusal as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, said)
    return redirect("web:retention")


def _rule_names() -> dict[str, str]:
    return {
        rule.code: rule.audience.name if rule.audience else _("Without an audience")
        for rule in retention_rules()
    }


def _own_open(request: HttpRequest, under_way: list[RetentionRequest]) -> bool:
    return any(one.requested_by_id == account_of(request).pk for one in under_way)


def _decides(request: HttpRequest) -> bool:
    """Whether who asks reads the requests of others: auditors read what those who decide read."""
    return allows(request, Act.APPROVE_RETENTION) or allows(request, Act.SEE_READINGS)


def _found(request: HttpRequest, uid: str) -> RetentionRequest:
    """Return a request that who asks may see. Raises Http404."""
    found = request_seen_by(account_of(request), uid, all_of_them=_decides(request))
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, uid: str) -> RetentionRequest:
    found = _found(request, uid)
    if found.requested_by_id != account_of(request).pk:
        raise Http404
    return found
