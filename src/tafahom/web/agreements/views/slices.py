"""Parts of promises: the form that divides one, and how parts stand on the agreement's page."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tafahom.access.models import User
from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement, Commitment, CommittedMeasure
from tafahom.agreements.parts.rules import DIMENSIONS
from tafahom.agreements.promises import actions
from tafahom.agreements.rules import AMENDABLE_STATES, DRAFT_STATES
from tafahom.figures.queries import latest_period
from tafahom.gate.permissions import account_of, requires
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.reports.definitions.commitments import commitments_table
from tafahom.reports.words import dimensions as dimensions_in_words
from tafahom.web.agreements.forms.slices import AmendedDivisionForm, DivisionForm
from tafahom.web.agreements.views.promises import held
from tafahom.web.shell.files import table_file
from tafahom.web.shell.forms import dress, refuse


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
@transaction.atomic
def slices(
    request: HttpRequest, uid: str, year: int, measure: str, dimensions: str
) -> HttpResponse:
    """Divide a promise: freely in a draft, by an amendment once it is signed."""
    agreement = get_object_or_404(held(request, uid), uid=uid)
    names = tuple(dimensions.split(","))
    if names != tuple(name for name in DIMENSIONS if name in names):
        raise Http404
    commitment = get_object_or_404(agreement.commitments, year=year, measure=measure)
    if agreement.state not in DRAFT_STATES | AMENDABLE_STATES:
        messages.error(request, sentence(Refusal("amendment.not_signed")))
        return redirect("web:agreement_detail", uid=uid)
    form_class = DivisionForm if agreement.state in DRAFT_STATES else AmendedDivisionForm
    form = form_class(
        request.POST if request.method == "POST" else None,
        agreement=agreement,
        dimensions=names,
        breakdown=commitment.breakdowns.filter(dimensions=dimensions).first(),
    )
    if form.is_valid():
        try:
            _write(agreement, commitment, form.cleaned_data, account_of(request))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("It is recorded."))
            return redirect("web:agreement_detail", uid=uid)
    dress(form)
    for field in form.fields.values():
        field.widget.attrs["aria-label"] = str(field.label)
    context = {
        "agreement": agreement,
        "commitment": commitment,
        "form": form,
        "dimensions": dimensions_in_words(names),
    }
    return render(request, "agreements/slices.html", context)


def _write(agreement: Agreement, commitment: Commitment, given: dict[str, Any], by: User) -> None:
    measure = CommittedMeasure(commitment.measure)
    if agreement.state in DRAFT_STATES:
        actions.break_down(
            agreement, year=commitment.year, measure=measure, division=given["division"], by=by
        )
        return
    quantity = given["quantity"]
    actions.amend(
        agreement,
        year=commitment.year,
        quantities={} if quantity is None else {measure: quantity},
        divisions={measure: [given["division"]]},
        signed_on=given["signed_on"],
        effective_on=given["effective_on"],
        reason=given["reason"],
        by=by,
    )


@require_GET
@requires(Act.SEE_FIGURES)
def commitments_file(request: HttpRequest, uid: str, ending: str) -> HttpResponse:
    """Return what an agreement promises, with its parts, as a file."""
    agreement = get_object_or_404(Agreement, uid=uid)
    return table_file(commitments_table(agreement, latest_period()), ending, name="commitments")
