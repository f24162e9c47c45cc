"""Writing down what an agreement promises: amendments, money, the joint committee, renewal."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tafahom.access.models import User
from tafahom.access.rules import Act
from tafahom.agreements.actions import add_party, remove_party
from tafahom.agreements.levels.actions import implement, share_out
from tafahom.agreements.models import Agreement, CommittedMeasure, Decision, Side
from tafahom.agreements.promises import actions
from tafahom.agreements.promises.queries import national_commitment
from tafahom.agreements.queries import agreements_held, agreements_in_full
from tafahom.gate.permissions import account_of, requires
from tafahom.refusals import Refusal
from tafahom.web.agreements.forms import promises as f
from tafahom.web.shell.forms import dress, refuse

PromiseValues: TypeAlias = dict[str, Any]
Write: TypeAlias = Callable[[Agreement, str, PromiseValues, User], Agreement | None]


def _promise(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    with transaction.atomic():
        for measure, quantity in _quantities(given).items():
            actions.promise(
                agreement, year=given["year"], measure=measure, quantity=quantity, by=by
            )


def _amend(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    names = ("year", "signed_on", "effective_on", "reason")
    actions.amend(
        agreement, quantities=_quantities(given), by=by, **{name: given[name] for name in names}
    )


def _quantities(given: PromiseValues) -> dict[CommittedMeasure, int]:
    return {one: given[one] for one in CommittedMeasure if given[one] is not None}


def _share(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    actions.share_cost(agreement, by=by, **given | {"side": Side(given["side"])})


def _pay(agreement: Agreement, of: str, given: PromiseValues, by: User) -> None:
    actions.pay(get_object_or_404(agreement.cost_shares, uid=of), by=by, **given)


def _appoint(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    actions.appoint(agreement, by=by, **given | {"side": Side(given["side"])})


def _meet(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    actions.call_meeting(agreement, by=by, **given)


def _minute(agreement: Agreement, of: str, given: PromiseValues, by: User) -> None:
    actions.minute(get_object_or_404(agreement.meetings, uid=of), by=by, **given)


def _decide(agreement: Agreement, of: str, given: PromiseValues, by: User) -> None:
    actions.decide(get_object_or_404(agreement.meetings, uid=of), by=by, **given)


def _carry_out(agreement: Agreement, of: str, given: PromiseValues, by: User) -> None:
    decision = get_object_or_404(Decision, uid=of, meeting__agreement=agreement)
    actions.carry_out(decision, by=by, **given)


def _implement(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> Agreement:
    return implement(agreement, by=by, **given)


def _take_over(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    with transaction.atomic():
        for measure, quantity in _quantities(given).items():
            national = national_commitment(agreement, year=given["year"], measure=measure)
            if national is None:
                raise Refusal("shares.no_promise")
            share_out(national, agreement=agreement, quantity=quantity, by=by)


def _join(agreement: Agreement, _of: str, given: PromiseValues, by: User) -> None:
    add_party(agreement, by=by, **given)


def _leave(agreement: Agreement, of: str, _given: PromiseValues, by: User) -> None:
    remove_party(get_object_or_404(agreement.parties, uid=of), by=by)


# What may be recorded: the title of its page, its form, and who writes it.
RECORDS: dict[str, tuple[Any, type[forms.Form], Write]] = {
    "promise": (gettext_lazy("What is promised for a year"), f.DraftPromiseForm, _promise),
    "amendment": (gettext_lazy("Amend the promises of a year"), f.AmendmentForm, _amend),
    "share": (gettext_lazy("Add an instalment"), f.ShareForm, _share),
    "payment": (gettext_lazy("Record a payment"), f.PaymentForm, _pay),
    "member": (gettext_lazy("Add a member of the committee"), f.MemberForm, _appoint),
    "meeting": (gettext_lazy("Add a meeting"), f.MeetingForm, _meet),
    "minutes": (gettext_lazy("Write the minutes"), f.MinutesForm, _minute),
    "decision": (gettext_lazy("Add a decision"), f.DecisionForm, _decide),
    "done": (gettext_lazy("Record a decision as carried out"), f.DoneForm, _carry_out),
    "implementation": (
        gettext_lazy("Draft a provincial agreement"),
        f.ImplementationForm,
        _implement,
    ),
    "national_share": (
        gettext_lazy("Share of the national commitments of a year"),
        f.PromiseForm,
        _take_over,
    ),
    "party": (gettext_lazy("Add a further party"), f.PartyForm, _join),
    "party_gone": (gettext_lazy("Take the party out of the draft"), forms.Form, _leave),
}
# Of these, what they belong to.
OF_SOMETHING = {
    "payment": "share",
    "minutes": "meeting",
    "decision": "meeting",
    "done": "decision",
    "party_gone": "party",
}


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
@transaction.atomic
def promise_record(request: HttpRequest, uid: str, what: str, of: str = "") -> HttpResponse:
    """Ask for what is to be recorded, and record it; ``of`` is the uid of what it belongs to."""
    agreement = get_object_or_404(held(request, uid), uid=uid)
    if what not in RECORDS or bool(of) != (what in OF_SOMETHING):
        raise Http404
    title, form_class, write = RECORDS[what]
    data = request.POST if request.method == "POST" else None
    if issubclass(form_class, f.OfAgreement):
        form: forms.Form = form_class(data, agreement=agreement)
    else:
        form = form_class(data)
    if form.is_valid():
        try:
            made = write(agreement, of, form.cleaned_data, account_of(request))
        except Refusal as refusal:
            refuse(form, refusal)
        except ValueError:
            form.add_error(None, _("This cannot be recorded: it was before, or is too much."))
        else:
            messages.success(request, _("It is recorded."))
            return redirect("web:agreement_detail", uid=(made or agreement).uid)
    dress(form)
    context = {"agreement": agreement, "form": form, "title": title}
    return render(request, "agreements/record.html", context)


def held(request: HttpRequest, uid: str) -> QuerySet[Agreement]:
    """Return agreements with their partners; who sends a form holds the one it is about.

    What the form is judged by stays as it is until all is written.
    """
    return agreements_held(uid) if request.method == "POST" else agreements_in_full()
