"""The page of one agreement, also when something that was written on it is not taken."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from tafahom.agreements.queries import agreements_in_full
from tafahom.jalali import today
from tafahom.web.agreements.forms.panels import Panel
from tafahom.web.agreements.page import agreement_page
from tafahom.web.shell.pages import page


def agreement_answer(
    request: HttpRequest, uid: str, *, refused: Panel | None = None
) -> HttpResponse:
    """Return the page of an agreement; a form that is ``refused`` stands there as it was typed."""
    agreement = get_object_or_404(agreements_in_full(), uid=uid)
    context = agreement_page(request, agreement, on=today(), refused=refused)
    status = 422 if refused is not None else 200
    return page(request, "agreements/agreement.html", context, status=status)
