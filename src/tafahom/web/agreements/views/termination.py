"""Terminating an agreement in force: what is left of its commitments is asked, never assumed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tafahom.access.models import User
from tafahom.access.rules import Act
from tafahom.agreements.actions import TransitionRefusedError, move
from tafahom.agreements.models import Agreement, Commitment
from tafahom.agreements.rules import TERMINABLE_STATES, LifeState
from tafahom.agreements.terminations.actions import settle_later
from tafahom.agreements.terminations.queries import unsettled
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureRow
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.jalali import to_jalali, today
from tafahom.localised import digits, number
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.agreements.forms.promises import WholeField
from tafahom.web.agreements.views.promises import held
from tafahom.web.shell.forms import dress, refuse


class TerminationForm(forms.Form):
    """What is left of each commitment of the year; nothing is filled in before."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000)

    def __init__(
        self, data: Any, *, commitments: list[Commitment], asks_reason: bool, reason: str = ""
    ) -> None:
        super().__init__(data, initial={"reason": reason})
        self.commitments = commitments
        if not asks_reason:
            del self.fields["reason"]
        for one in commitments:
            quantity: int = one.in_force  # type: ignore[attr-defined]  # annotated
            said = _("{measure} left of the {quantity} of {year}")
            self.fields[f"left-{one.measure}"] = WholeField(
                label=said.format(
                    measure=one.get_measure_display(),
                    quantity=number(quantity),
                    year=digits(str(one.year)),
                )
            )
        dress(self)

    @property
    def left(self) -> dict[Commitment, int]:
        """What was said; the form is valid."""
        return {one: self.cleaned_data[f"left-{one.measure}"] for one in self.commitments}


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
@transaction.atomic
def agreement_terminate(request: HttpRequest, uid: str) -> HttpResponse:
    """Ask for what a termination leaves and record both; or the first of one recorded before."""
    agreement = get_object_or_404(held(request, uid), uid=uid)
    data = request.POST if request.method == "POST" else None
    form = termination_form(agreement, data)
    if form is None:
        messages.error(request, sentence(Refusal("transition.impossible")))
        return redirect("web:agreement_detail", uid=uid)
    if form.is_valid():
        try:
            _write(agreement, form, account_of(request))
        except TransitionRefusedError as refusal:
            for code in refusal.codes:
                form.add_error(None, sentence(Refusal(code)))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is recorded."))
            return redirect("web:agreement_detail", uid=uid)
    return termination_page(request, agreement, form)


def termination_form(
    agreement: Agreement, data: Any = None, *, reason: str = ""
) -> TerminationForm | None:
    """Return the form of an agreement; None where there is nothing to say."""
    commitments = unsettled(agreement, on=today())
    is_living = agreement.state in TERMINABLE_STATES
    if not commitments and not is_living:
        return None
    return TerminationForm(data, commitments=commitments, asks_reason=is_living, reason=reason)


def termination_page(
    request: HttpRequest, agreement: Agreement, form: TerminationForm
) -> HttpResponse:
    """Show the form beside what was delivered, which is information and no answer."""
    context = {"agreement": agreement, "form": form, "delivered": _delivered(request, agreement)}
    return render(request, "agreements/termination.html", context)


def _write(agreement: Agreement, form: TerminationForm, by: User) -> None:
    if agreement.state in TERMINABLE_STATES:
        reason = form.cleaned_data["reason"]
        move(agreement, LifeState.TERMINATED, reason=reason, left=form.left, by=by)
    else:
        settle_later(agreement, left=form.left, by=by)


def _delivered(request: HttpRequest, agreement: Agreement) -> FigureRow | None:
    if not allows(request, Act.SEE_FIGURES):
        return None
    year = to_jalali(agreement.stopped_on or today())[0]
    where = (("agreement", agreement.number),)
    return figures(FigureQuery(year=year, through_month=12, where=where)).total
