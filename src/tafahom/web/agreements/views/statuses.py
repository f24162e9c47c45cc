"""Saying whether an agreement tells of the people who are trained under it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from tafahom.access.rules import Act
from tafahom.agreements.actions import set_reveals_status
from tafahom.agreements.models import Agreement
from tafahom.gate.permissions import requires
from tafahom.web.partners.statuses import record_status


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def agreement_reveals(request: HttpRequest, uid: str) -> HttpResponse:
    """Say whether an agreement tells of who is trained under it."""
    record_status(request, get_object_or_404(Agreement, uid=uid), set_reveals_status)
    return redirect("web:agreement_detail", uid=uid)
