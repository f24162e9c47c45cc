"""What an agreement that renews another takes over of it."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.agreements.renewals.actions import carry_forward, renew
from tafahom.agreements.renewals.queries import differences
from tafahom.agreements.rules import DRAFT_STATES
from tafahom.gate.permissions import account_of, requires
from tafahom.refusals import Refusal
from tafahom.web.agreements.forms.promises import RenewalForm
from tafahom.web.agreements.forms.renewal import RenewalDecisionForm
from tafahom.web.agreements.views.promises import held
from tafahom.web.shell.forms import dress, refuse


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
@transaction.atomic
def renewal_start(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask for the new number and term, and into which years commitments go; draft the renewal."""
    agreement = get_object_or_404(held(request, uid), uid=uid)
    form = RenewalForm(request.POST if request.method == "POST" else None, agreement=agreement)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("number", "starts_on", "ends_on")}
        try:
            made = renew(agreement, years=form.years, by=account_of(request), **given)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is recorded."))
            return redirect("web:renewal", uid=made.uid)
    dress(form)
    context = {"agreement": agreement, "form": form}
    return render(request, "agreements/renewal_start.html", context)


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
@transaction.atomic
def renewal(request: HttpRequest, uid: str) -> HttpResponse:
    """Show what differs from the agreement that it renews, and record what is decided."""
    agreement = get_object_or_404(held(request, uid), uid=uid)
    # Who may not see the old one decides nothing about it.
    agreement.predecessor = get_object_or_404(Agreement, pk=agreement.predecessor_id)
    if agreement.state not in DRAFT_STATES:
        raise Http404
    found = differences(agreement)
    form = RenewalDecisionForm(request.POST if request.method == "POST" else None, found=found)
    if form.is_valid():
        try:
            carry_forward(agreement, by=account_of(request), **form.decided)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is recorded."))
            return redirect("web:agreement_detail", uid=uid)
    context = {"agreement": agreement, "form": form, "found": found}
    return render(request, "agreements/renewal.html", context)
