"""The life of an agreement on its page: where it may go, who signs, what happened."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tafahom.access.rules import Act
from tafahom.agreements.actions import TransitionRefusedError, move, sign
from tafahom.agreements.intake.queries import proposal_of
from tafahom.agreements.models import Agreement, AgreementState, Side
from tafahom.agreements.queries import life_of
from tafahom.agreements.rules import REASON_NEEDED, LifeState, allowed_transitions
from tafahom.agreements.terminations.queries import unsettled
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.jalali import today
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.agreements.views.termination import termination_form, termination_page
from tafahom.web.shell.forms import JalaliDateField

STEPS = {
    LifeState.DRAFTING: gettext_lazy("Draft it"),
    LifeState.NEGOTIATION: gettext_lazy("Open the negotiation"),
    LifeState.SIGNED: gettext_lazy("Record it as signed"),
    LifeState.IN_FORCE: gettext_lazy("Put it in force"),
    LifeState.SUSPENDED: gettext_lazy("Suspend it"),
    LifeState.ENDED: gettext_lazy("Record its end"),
    LifeState.TERMINATED: gettext_lazy("Terminate it"),
    LifeState.RENEWED: gettext_lazy("Record it as renewed"),
}


class SignatureForm(forms.Form):
    """Who signs for which side or further body (its uid), and when it was signed, if it was."""

    side = forms.ChoiceField()
    name = forms.CharField(max_length=120)
    title = forms.CharField(max_length=120, required=False)
    signed_on = JalaliDateField(required=False, latest=today)

    def __init__(self, data: Any, *, agreement: Agreement) -> None:
        super().__init__(data)
        self.parties = {party.uid: party for party in agreement.parties.all()}
        further = [(uid, uid) for uid in self.parties]
        self.fields["side"].choices = [*Side.choices, *further]  # type: ignore[attr-defined]  # of a choice


def life_context(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    """Return what the page shows of an agreement's life."""
    steps = allowed_transitions(life_of(agreement), today=today())
    return {
        "steps": [(to.value, STEPS[to], to in REASON_NEEDED) for to in steps if to in STEPS],
        "may_manage": allows(request, Act.MANAGE_AGREEMENTS),
        "signatories": agreement.signatories.select_related("party__partner"),
        "obligations": agreement.obligations.all(),
        "day": today(),
        "is_unsettled": agreement.state == LifeState.TERMINATED
        and bool(unsettled(agreement, on=today())),
        "proposal": proposal_of(agreement),
        "may_triage": allows(request, Act.TRIAGE_PROPOSALS),
        "steps_taken": agreement.transitions.select_related("by"),
        "sides": Side.choices,
    }


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
        for code in refusal.codes:
            messages.error(request, sentence(Refusal(code)))
    else:
        messages.success(request, agreement.get_state_display())
    return redirect("web:agreement_detail", uid=uid)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def agreement_sign(request: HttpRequest, uid: str) -> HttpResponse:
    """Record a signature, while the agreement is not in force yet."""
    agreement = get_object_or_404(Agreement, uid=uid)
    form = SignatureForm(request.POST, agreement=agreement)
    if not agreement.can_be_signed:
        messages.error(request, sentence(Refusal("transition.impossible")))
    elif form.is_valid():
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
    else:
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
    return redirect("web:agreement_detail", uid=uid)
