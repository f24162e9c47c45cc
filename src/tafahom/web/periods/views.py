"""Closing months and correcting closed ones."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.exchange import closing
from tafahom.gate.permissions import account_of, requires
from tafahom.parties.models import Province
from tafahom.parties.queries import provinces_seen, provinces_with_centres
from tafahom.periods import actions
from tafahom.periods.models import Reopening
from tafahom.periods.queries import reopenings_seen
from tafahom.periods.rules import RefusedError
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.periods.page import POINTS, calendar, page_context, title_of
from tafahom.web.shell.forms import JalaliDateField


class ReopeningForm(forms.Form):
    """Why a month is to be opened again, and until which day."""

    reason = forms.CharField(max_length=2000)
    until = JalaliDateField()


@require_GET
@requires(Act.SEE_PERIODS)
def periods(request: HttpRequest) -> HttpResponse:
    """Show the months of a province, year by year, and where the closing of each is."""
    provinces = list(provinces_with_centres())
    codes = [one.code for one in provinces] or [settings.PROVINCE_CODE]
    home = settings.PROVINCE_CODE if settings.PROVINCE_CODE in codes else codes[0]
    code = request.GET.get("province", home)
    province = next((one for one in provinces if one.code == code), None)
    province = province or get_object_or_404(provinces_seen(), code=code)
    context = {"province": province, "provinces": provinces, "years": calendar(province)}
    return render(request, "periods/periods.html", context)


@require_GET
@requires(Act.SEE_PERIODS)
def period_detail(request: HttpRequest, province: str, month: int) -> HttpResponse:
    """Show a month: what is open in it, its figures, what happened, what was corrected."""
    return _page(request, _place(province, month), month)


@require_POST
@requires(Act.PREPARE_CLOSING)
def period_begin(request: HttpRequest, province: str, month: int) -> HttpResponse:
    """Begin to close a month."""
    place = _place(province, month)

    def begin() -> None:
        actions.begin_closing(province=place, month=month, by=account_of(request))

    return _step(request, place, month, begin, _("The closing has begun: see what is open."))


@require_POST
@requires(Act.PREPARE_CLOSING)
def period_leave(request: HttpRequest, province: str, month: int) -> HttpResponse:
    """Leave a month open after all."""
    place, reason = _place(province, month), request.POST.get("reason", "")[:2000]

    def leave() -> None:
        actions.leave_closing(province=place, month=month, reason=reason, by=account_of(request))

    return _step(request, place, month, leave, _("The month stays open."))


@require_POST
@requires(Act.CLOSE_PERIODS)
def period_close(request: HttpRequest, province: str, month: int) -> HttpResponse:
    """Close a month; every open point needs a reason."""
    place = _place(province, month)
    accepted = {code: request.POST.get(f"accept-{code}", "")[:500] for code in POINTS}

    def close() -> None:
        closing.close(province=place, month=month, accepted=accepted, by=account_of(request))

    said = _("The month is closed. Nothing is written into it any more.")
    return _step(request, place, month, close, said, accepted=accepted)


@require_POST
@requires(Act.PREPARE_CLOSING)
def period_reopen(request: HttpRequest, province: str, month: int) -> HttpResponse:
    """Ask for a closed month to be opened; another person answers."""
    place, form = _place(province, month), ReopeningForm(request.POST)
    if not form.is_valid():
        return _page(request, place, month, form=form, status=422)
    given = form.cleaned_data

    def ask() -> None:
        actions.ask_reopening(
            province=place,
            month=month,
            reason=given["reason"],
            until=_end_of(given["until"]),
            by=account_of(request),
        )

    return _step(request, place, month, ask, _("It was asked; another person must approve."), form)


@require_POST
@requires(Act.APPROVE_REOPENING)
def reopening_approve(request: HttpRequest, uid: str) -> HttpResponse:
    """Approve what another person asked."""
    reopening = _reopening(uid)

    def approve() -> None:
        closing.approve_reopening(reopening, by=account_of(request))

    return _step_of(request, reopening, approve, _("The month is open for the correction."))


@require_POST
@requires(Act.APPROVE_REOPENING)
def reopening_decline(request: HttpRequest, uid: str) -> HttpResponse:
    """Decline what was asked."""
    reopening, reason = _reopening(uid), request.POST.get("reason", "")[:2000]

    def decline() -> None:
        actions.decline_reopening(reopening, reason=reason, by=account_of(request))

    return _step_of(request, reopening, decline, _("The month stays closed."))


@require_POST
@requires(Act.PREPARE_CLOSING)
def reopening_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take back what one asked oneself."""
    reopening = _reopening(uid)
    if reopening.asked_by_id != request.user.pk:
        raise Http404

    def withdraw() -> None:
        actions.decline_reopening(reopening, by=account_of(request))

    return _step_of(request, reopening, withdraw, _("The month stays closed."))


@require_POST
@requires(Act.CLOSE_PERIODS)
def reopening_close(request: HttpRequest, uid: str) -> HttpResponse:
    """End a correction; what it changed is written down."""
    reopening = _reopening(uid)

    def close() -> None:
        closing.close_again(reopening, by=account_of(request))

    said = _("The month is closed again; what changed is listed below.")
    return _step_of(request, reopening, close, said)


def _place(province: str, month: int) -> Province:
    """Return the province of an address. Raises Http404 for it, or a month, that is not there."""
    if not (1 <= month % 100 <= 12 and 1300 <= month // 100 <= 1499):
        raise Http404
    return get_object_or_404(provinces_seen(), code=province)


def _reopening(uid: str) -> Reopening:
    """Return what was asked about a month of a province in the scope. Raises Http404."""
    return get_object_or_404(reopenings_seen(), uid=uid)


def _end_of(day: dt.date) -> dt.datetime:
    """Return the last moment of a day in Iran."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59)))


def _page(
    request: HttpRequest, province: Province, month: int, *, status: int = 200, **shown: Any
) -> HttpResponse:
    context = page_context(request, province, month) | shown
    return render(request, "periods/period.html", context, status=status)


def _step_of(
    request: HttpRequest, reopening: Reopening, take: Callable[[], None], said: str
) -> HttpResponse:
    period = reopening.period
    return _step(request, period.province, period.month, take, said)


def _step(
    request: HttpRequest,
    province: Province,
    month: int,
    take: Callable[[], None],
    said: str,
    form: forms.Form | None = None,
    **shown: Any,
) -> HttpResponse:
    """Take a step and say so; what stands against it is said on the page, what was typed stays."""
    try:
        take()
    except RefusedError as refusal:
        refusals = [sentence(Refusal(code)) for code in refusal.codes]
        return _page(request, province, month, status=422, refusals=refusals, form=form, **shown)
    messages.success(request, f"{title_of(month)}: {said}")
    return redirect("web:period_detail", province=province.code, month=month)
