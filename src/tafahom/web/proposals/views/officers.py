"""The officers' side of proposals: the list, one of them, and the decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.agreements.intake import actions
from tafahom.agreements.intake.actions import StaleProposalError
from tafahom.agreements.intake.contacts import contact_of, is_kept
from tafahom.agreements.intake.queries import (
    Candidate,
    Why,
    candidates,
    counties_of_proposals,
    counts,
    last_step,
    proposals_in_full,
    suggested_number,
)
from tafahom.agreements.intake.queries import proposals as proposals_of
from tafahom.agreements.intake.rules import OPEN, STEPS, ProposalState
from tafahom.agreements.models import (
    Level,
    Proposal,
    ProposalStateName,
)
from tafahom.gate.permissions import account_of, requires
from tafahom.identifiers import is_legal_id
from tafahom.refusals import Refusal
from tafahom.web.proposals.forms import AcceptForm, WordsForm
from tafahom.web.shell import lists
from tafahom.web.shell.asked import whole
from tafahom.web.shell.forms import refuse

SORTS: lists.Sorts = {
    "received": ("received_at", "pk"),
    "organisation": ("organisation", "pk"),
    "persons": ("persons", "pk"),
}
WHYS = {
    Why.LEGAL_ID: gettext_lazy("the same legal ID"),
    Why.NAME: gettext_lazy("the same name"),
    Why.ALIKE: gettext_lazy("a name like it"),
}


@require_GET
@requires(Act.TRIAGE_PROPOSALS)
def proposals(request: HttpRequest) -> HttpResponse:
    """List proposals by state; those that wait for us first, the oldest of them on top."""
    by_state = counts()
    state = request.GET.get("state", "waiting")
    if state not in by_state and state != "all":
        state = "waiting"
    found = proposals_of(
        state="" if state == "all" else state,
        text=request.GET.get("q", ""),
        county=request.GET.get("county", ""),
    )
    is_waiting = state == "waiting"
    page = lists.listing(
        request, found, sorts=SORTS, default="received" if is_waiting else "-received"
    )
    names = {"waiting": _("Waiting for us"), **dict(ProposalStateName.choices)}
    tabs = [(code, names[code], by_state[code]) for code in by_state]
    whole = sum(count for code, count in by_state.items() if code != "waiting")
    tabs.append(("all", _("All"), whole))
    context = {
        "listing": page,
        "tabs": tabs,
        "state": state,
        "whole": whole,
        "counties": counties_of_proposals(),
        "is_narrowed": bool(request.GET.get("q") or request.GET.get("county")),
    }
    return render(request, "proposals/proposals.html", context)


@require_GET
@requires(Act.TRIAGE_PROPOSALS)
def proposal_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a proposal, who may be behind it, and what may be decided."""
    return _page(request, _proposal(uid))


@require_POST
@requires(Act.TRIAGE_PROPOSALS)
def proposal_decide(request: HttpRequest, uid: str, what: str) -> HttpResponse:
    """Decide; whoever decides on a page that is no longer so is told what happened meanwhile."""
    proposal = _proposal(uid)
    if what not in DECISIONS:
        raise Http404
    seen = whole(request.POST.get("seen")) or 0
    try:
        return DECISIONS[what](request, proposal, seen)
    except StaleProposalError as stale:
        step = last_step(stale.now)
        who = str(step.by) if step and step.by else _("the sender")
        told = _("Nothing was changed: meanwhile {who} changed it to “{state}”. Look again.")
        messages.warning(request, told.format(who=who, state=stale.now.get_state_display()))
        return redirect("web:proposal_detail", uid=uid)


def _take_up(request: HttpRequest, proposal: Proposal, seen: int) -> HttpResponse:
    actions.take_up(proposal, seen=seen, by=account_of(request))
    messages.success(request, _("The sender now reads that it is under review."))
    return redirect("web:proposal_detail", uid=proposal.uid)


def _ask(request: HttpRequest, proposal: Proposal, seen: int) -> HttpResponse:
    form = _words_form("ask", request.POST)
    if form.is_valid():
        actions.ask(
            proposal, question=form.cleaned_data["words"], seen=seen, by=account_of(request)
        )
        messages.success(request, _("The sender reads the question with the tracking code."))
        return redirect("web:proposal_detail", uid=proposal.uid)
    return _page(request, proposal, ask=form)


def _decline(request: HttpRequest, proposal: Proposal, seen: int) -> HttpResponse:
    form = _words_form("decline", request.POST)
    if form.is_valid():
        actions.decline(
            proposal, reason=form.cleaned_data["words"], seen=seen, by=account_of(request)
        )
        messages.success(request, _("The proposal is declined; the sender reads why."))
        return redirect("web:proposal_detail", uid=proposal.uid)
    return _page(request, proposal, decline=form)


def _accept(request: HttpRequest, proposal: Proposal, seen: int) -> HttpResponse:
    found = candidates(proposal)
    form = _accept_form(proposal, found, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.accept(
                proposal,
                number=given["number"],
                level=Level(given["level"]),
                partner=given["partner"],
                seen=seen,
                by=account_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("A draft agreement is made of the proposal."))
            return redirect("web:agreement_detail", uid=made.uid)
    return _page(request, proposal, accept=form, found=found)


DECISIONS: dict[str, Callable[[HttpRequest, Proposal, int], HttpResponse]] = {
    "review": _take_up,
    "ask": _ask,
    "decline": _decline,
    "accept": _accept,
}


def _proposal(uid: str) -> Proposal:
    proposal: Proposal = get_object_or_404(proposals_in_full(), uid=uid)
    return proposal


def _words_form(what: str, given: Any = None) -> WordsForm:
    labels = {"ask": _("What the sender should tell"), "decline": _("Reason, for the sender")}
    return WordsForm(given, label=labels[what], auto_id=f"{what}_%s")


def _accept_form(proposal: Proposal, found: list[Candidate], given: Any = None) -> AcceptForm:
    initial = {"number": suggested_number(proposal), "level": Level.PROVINCIAL}
    return AcceptForm(given, initial=initial, found=found, name=proposal.organisation)


def _page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    found: list[Candidate] | None = None,
    **forms: Any,
) -> HttpResponse:
    is_open = proposal.state in OPEN
    if is_open and found is None:
        found = candidates(proposal)
    contact = contact_of(proposal)
    context = {
        "proposal": proposal,
        "contact": contact,
        "is_erased": not contact and not is_kept(proposal),
        "audiences": proposal.audiences.all(),
        "legal_id_fits": is_legal_id(proposal.legal_id),
        "steps": proposal.steps.select_related("by"),
        "found": [(one, WHYS[one.why]) for one in found or []],
        "is_open": is_open,
        "may_review": ProposalState.REVIEW in STEPS[ProposalState(proposal.state)]
        and proposal.state == ProposalState.RECEIVED,
        "may_ask": ProposalState.ASKED in STEPS[ProposalState(proposal.state)],
        "ask": _words_form("ask"),
        "decline": _words_form("decline"),
        "accept": _accept_form(proposal, found or []) if is_open else None,
    } | forms
    return render(request, "proposals/proposal.html", context, status=422 if forms else 200)
