"""Beginning an agreement, and editing what it says of itself while it is a draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tafahom.access.rules import Act
from tafahom.agreements.drafts import actions
from tafahom.agreements.drafts.actions import EditedMeanwhileError, facts_of
from tafahom.agreements.drafts.queries import dependents
from tafahom.agreements.drafts.rules import DraftFacts, merged
from tafahom.agreements.models import Agreement
from tafahom.agreements.queries import agreements_in_full
from tafahom.agreements.rules import DRAFT_STATES
from tafahom.agreements.texts.queries import versions_of
from tafahom.gate.permissions import account_of, requires
from tafahom.parties.models import Province
from tafahom.parties.queries import home_province, partners, provinces_seen
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.agreements.forms.draft import (
    DraftForm,
    base_in,
    differences,
    hidden_of,
    initial_of,
)
from tafahom.web.shell.forms import refuse


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Begin an agreement with a partner that who asks answers for."""
    form = DraftForm(request.POST or None, partners=partners())
    if form.is_valid():
        try:
            made = actions.create_draft(
                facts=form.facts(), province=_province(), by=account_of(request)
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The draft is begun."))
            return redirect("web:agreement_detail", uid=made.uid)
    return _page(request, form)


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
def agreement_delete(request: HttpRequest, uid: str) -> HttpResponse:
    """Say what is lost with a draft, or what depends on it, and delete it when that is confirmed."""
    agreement = get_object_or_404(agreements_in_full(), uid=uid)
    if request.method == "POST":
        try:
            actions.delete_draft(agreement, by=account_of(request))
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("The draft is deleted."))
            return redirect("web:agreements")
    context = {
        "agreement": agreement,
        "refusals": [sentence(Refusal(code)) for code in dependents(agreement)],
        "losses": [
            (_("Commitments"), agreement.commitments.count()),
            (_("Shares of national commitments"), agreement.national_shares.count()),
            (_("Obligations"), agreement.obligations.count()),
            (_("Texts"), versions_of(agreement).count()),
        ],
    }
    return render(request, "agreements/delete.html", context)


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
def agreement_edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Edit a draft; of two who do it at once the second sees what changed, and decides."""
    agreement = get_object_or_404(agreements_in_full(), uid=uid)
    known = partners()
    if agreement.state not in DRAFT_STATES:
        messages.error(request, sentence(Refusal("draft.signed")))
        return redirect("web:agreement_detail", uid=uid)
    if request.method != "POST":
        facts = facts_of(agreement)
        form = DraftForm(initial=initial_of(facts), partners=known)
        return _page(request, form, agreement=agreement, base=facts)
    form = DraftForm(request.POST, partners=known)
    base = base_in(request.POST, known) or facts_of(agreement)
    if form.is_valid():
        try:
            actions.edit_draft(agreement, base=base, facts=form.facts(), by=account_of(request))
        except Refusal as refusal:
            refuse(form, refusal)
        except EditedMeanwhileError as meanwhile:
            return _meanwhile(request, agreement, base, meanwhile.now, form.facts())
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("web:agreement_detail", uid=uid)
    return _page(request, form, agreement=agreement, base=base)


def _meanwhile(
    request: HttpRequest,
    agreement: Agreement,
    base: DraftFacts,
    theirs: DraftFacts,
    mine: DraftFacts,
) -> HttpResponse:
    """Show what somebody else changed, above mine where I changed something and theirs elsewhere."""
    form = DraftForm(
        initial=initial_of(merged(base, theirs, mine)),
        partners=partners(),
    )
    return _page(
        request,
        form,
        agreement=agreement,
        base=theirs,
        status=409,
        differences=differences(base, theirs, mine),
    )


def _page(
    request: HttpRequest,
    form: DraftForm,
    *,
    agreement: Agreement | None = None,
    base: DraftFacts | None = None,
    status: int = 0,
    **shown: Any,
) -> HttpResponse:
    context = {"form": form, "agreement": agreement, "hidden": hidden_of(base) if base else []}
    status = status or (422 if form.errors else 200)
    return render(request, "agreements/draft.html", context | shown, status=status)


def _province() -> Province:
    """Return where who asks begins agreements: at home, or in the province that they serve."""
    home, served = home_province(), list(provinces_seen())
    return served[0] if served and home not in served else home
