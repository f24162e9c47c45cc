"""What sides of an agreement have to do: written down, and recorded as met."""

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
from tafahom.web.agreements.forms.panels import EvidenceForm, ObligationForm
from tafahom.web.agreements.views.record import agreement_answer


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def obligation_add(request: HttpRequest, uid: str) -> HttpResponse:
    """Write an obligation down."""
    agreement = get_object_or_404(Agreement, uid=uid)
    form = ObligationForm(request.POST)
    if not form.is_valid():
        return agreement_answer(request, uid, refused=form)
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
    return redirect("web:agreement_detail", uid=uid)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def obligation_fulfil(request: HttpRequest, uid: str) -> HttpResponse:
    """Record that an obligation was met."""
    obligation = get_object_or_404(obligations(), uid=uid)
    form = EvidenceForm(request.POST, of=obligation)
    if not form.is_valid():
        return agreement_answer(request, obligation.agreement.uid, refused=form)
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
    return redirect("web:agreement_detail", uid=obligation.agreement.uid)
