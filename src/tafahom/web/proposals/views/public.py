"""The public side of proposals: the form, and what became of one's own."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tafahom.agreements.intake.actions import StaleProposalError, answer, receive
from tafahom.agreements.intake.queries import by_code
from tafahom.agreements.intake.rules import ProposalState
from tafahom.agreements.models import Proposal
from tafahom.gate.limits import Limit, client_address, limited
from tafahom.gate.permissions import everyone
from tafahom.parties.queries import home_province
from tafahom.scoping import everything
from tafahom.web.proposals.forms import (
    TOKEN,
    TRAP,
    ProposalForm,
    TrackForm,
    WordsForm,
    check_token,
    new_token,
)

# An office shares one address; whoever mends a form three times is still far from this.
SENDINGS = (Limit(12, 3600, client_address), Limit(40, 86400, client_address))
LOOKS = (Limit(30, 900, client_address),)


@everyone
@limited("propose", SENDINGS, methods=["POST"])
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Ask a body what it proposes; what was sent is told with its tracking code.

    Sent again, the same form shows the same receipt: nothing is kept twice.
    """
    province = home_province()
    signed = request.POST.get(TOKEN, "") or new_token()
    if request.method != "POST":
        form = ProposalForm(province=province)
        return _page(request, "propose", {"form": form, "token": signed, "province": province})
    form = ProposalForm(request.POST, province=province)
    try:
        if request.POST.get(TRAP):
            raise ValidationError(_("The last box must stay empty: empty it and send again."))
        token = check_token(signed)
    except ValidationError as error:
        form.add_error(None, error)
        if error.code == "stale":
            signed = new_token()
    if form.is_valid():
        offer, contact = form.offer()
        with everything("a stranger sees nothing: only what was sent is kept"):
            code = receive(offer, contact, token=token, province=province)
        return _page(request, "received", {"code": code, "province": province})
    context = {"form": form, "token": signed, "province": province}
    return _page(request, "propose", context, status=422)


@everyone
@limited("track", LOOKS, methods=["POST"])
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_track(request: HttpRequest) -> HttpResponse:
    """Say what became of the proposal that a code opens."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with everything("the code opens one proposal, wherever it lies"):
            proposal = by_code(form.cleaned_data["code"])
            if proposal:
                return _state(request, proposal, form.cleaned_data["code"])
        form.add_error("code", _("No proposal has this code."))
    return _page(request, "track", {"form": form}, status=422 if form.errors else 200)


@everyone
@limited("track", LOOKS, methods=["POST"])
@require_POST
def proposal_answer(request: HttpRequest) -> HttpResponse:
    """Keep what the sender answers to a question about the proposal that a code opens."""
    track = TrackForm(request.POST)
    form = _answer_form(request.POST)
    with everything("the code opens one proposal, wherever it lies"):
        proposal = by_code(track.cleaned_data["code"]) if track.is_valid() else None
        if proposal is None:
            if not track.errors:
                track.add_error("code", _("No proposal has this code."))
            return _page(request, "track", {"form": track}, status=422)
        code = track.cleaned_data["code"]
        if not form.is_valid():
            return _state(request, proposal, code, form=form, status=422)
        # Sent twice, or decided meanwhile: the page says how it is.
        with suppress(StaleProposalError):
            answer(proposal, words=form.cleaned_data["words"])
        proposal.refresh_from_db()
        return _state(request, proposal, code)


def _answer_form(given: Any = None) -> WordsForm:
    return WordsForm(given, label=_("Your answer"))


def _state(
    request: HttpRequest,
    proposal: Proposal,
    code: str,
    *,
    form: WordsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show where a proposal is, and no more of it than its sender wrote or is meant to read."""
    asks = proposal.state == ProposalState.ASKED
    context = {
        "proposal": proposal,
        "code": code,
        "words": proposal.steps.filter(state=proposal.state).first(),
        "form": (form or _answer_form()) if asks else None,
    }
    return _page(request, "state", context, status=status)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, f"proposals/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
