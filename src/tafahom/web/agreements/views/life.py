"""The life of an agreement on its page: where it may go, who signs, what happened."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tafahom.access.rules import Act
from tafahom.agreements.actions import TransitionRefusedError, move, sign
from tafahom.agreements.models import Agreement, AgreementState, Side
from tafahom.agreements.rules import LifeState
from tafahom.agreements.terminations.queries import unsettled
from tafahom.gate.permissions import account_of, requires
from tafahom.jalali import today
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.agreements.forms.panels import SignatureForm, StepForm
from tafahom.web.agreements.views.record import agreement_answer
from tafahom.web.agreements.views.termination import termination_form, termination_page


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def agreement_move(request: HttpRequest, uid: str) -> HttpResponse:
    """Take one step; what stands against it is said on the page.

    A termination of which something has to be said is asked for it first.
    """
    agreement = get_object_or_404(Agreement, uid=uid)
    to, reason = request.POST.get("to", ""), request.POST.get("reason", "")[:2000]
    if to not in AgreementState.values:
        messages.error(request, sentence(Refusal("transition.impossible")))
        return redirect("web:agreement_detail", uid=uid)
    if to == LifeState.TERMINATED and unsettled(agreement, on=today()):
        form = termination_form(agreement, reason=reason)
        assert form is not None
        return termination_page(request, agreement, form)
    try:
        move(agreement, LifeState(to), reason=reason, by=account_of(request))
    except TransitionRefusedError as refusal:
        step = StepForm(request.POST, key=f"step-{to}")
        step.refuse(refusal.codes)
        return agreement_answer(request, uid, refused=step)
    messages.success(request, agreement.get_state_display())
    return redirect("web:agreement_detail", uid=uid)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def agreement_sign(request: HttpRequest, uid: str) -> HttpResponse:
    """Record a signature, while the agreement is not in force yet."""
    agreement = get_object_or_404(Agreement, uid=uid)
    form = SignatureForm(request.POST, parties=list(agreement.parties.select_related("partner")))
    if not agreement.can_be_signed:
        messages.error(request, sentence(Refusal("transition.impossible")))
        return redirect("web:agreement_detail", uid=uid)
    if not form.is_valid():
        return agreement_answer(request, uid, refused=form)
    given = form.cleaned_data
    party = form.parties.get(given["side"])
    sign(
        agreement,
        side=Side.PARTNER if party else Side(given["side"]),
        party=party,
        name=given["name"],
        title=given["title"],
        signed_on=given["signed_on"],
        by=account_of(request),
    )
    messages.success(request, _("The signature is recorded."))
    return redirect("web:agreement_detail", uid=uid)
