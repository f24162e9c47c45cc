"""What sides of an agreement have to do: written down, and recorded as met."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafahom.access.rules import Act
from tafahom.agreements.actions import fulfil, oblige
from tafahom.agreements.models import Agreement, Side
from tafahom.agreements.queries import obligations
from tafahom.gate.permissions import account_of, requires
from tafahom.jalali import today
from tafahom.web.shell.forms import JalaliDateField


class ObligationForm(forms.Form):
    """What a side has to do, by when, and who sees to it."""

    side = forms.ChoiceField(choices=Side.choices)
    text = forms.CharField(max_length=400)
    responsible = forms.CharField(max_length=120, required=False)
    due_on = JalaliDateField()


class EvidenceForm(forms.Form):
    """What proves that an obligation was met, and on which day it was."""

    evidence = forms.CharField(max_length=400)
    done_on = JalaliDateField(latest=today)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def obligation_add(request: HttpRequest, uid: str) -> HttpResponse:
    """Write an obligation down."""
    agreement = get_object_or_404(Agreement, uid=uid)
    form = ObligationForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        oblige(
            agreement,
            side=Side(given["side"]),
            text=given["text"],
            responsible=given["responsible"],
            due_on=given["due_on"],
            by=account_of(request),
        )
        messages.success(request, _("The obligation is recorded."))
    _tell(request, form)
    return redirect("web:agreement_detail", uid=uid)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def obligation_fulfil(request: HttpRequest, uid: str) -> HttpResponse:
    """Record that an obligation was met."""
    obligation = get_object_or_404(obligations(), uid=uid)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            fulfil(
                obligation,
                done_on=given["done_on"],
                evidence=given["evidence"],
                by=account_of(request),
            )
        except ValueError:
            messages.warning(request, _("It was recorded as met before."))
        else:
            messages.success(request, _("The obligation is recorded as met."))
    _tell(request, form)
    return redirect("web:agreement_detail", uid=obligation.agreement.uid)


def _tell(request: HttpRequest, form: forms.Form) -> None:
    for errors in form.errors.values():
        messages.error(request, str(errors[0]))
