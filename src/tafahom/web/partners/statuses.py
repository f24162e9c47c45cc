"""Saying whether a partner or an agreement tells of the people who are trained."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.gate.permissions import account_of, allows
from tafahom.parties.models import Partner

ANSWERS: dict[str, bool | None] = {"": None, "yes": True, "no": False}


class StatusForm(forms.Form):
    """Whether it reveals status: yes, no, or nothing said."""

    reveals = forms.ChoiceField(choices=[(answer, answer) for answer in ANSWERS], required=False)


@dataclass(frozen=True, slots=True)
class StatusCard:
    """Whether a partner or an agreement reveals status, what was said of it, and where to say it."""

    reveals: bool
    said: str
    address: str
    uid: str
    may_change: bool


def status_card(
    request: HttpRequest, record: Partner | Agreement, *, reveals: bool
) -> StatusCard | None:
    """Return what the page of a partner or an agreement shows of it; None to who may not see it."""
    if not allows(request, Act.SEE_SENSITIVE_FIGURES):
        return None
    of_a_partner = isinstance(record, Partner)
    return StatusCard(
        reveals=reveals,
        said=next(answer for answer, value in ANSWERS.items() if value == record.reveals_status),
        address="web:partner_reveals" if of_a_partner else "web:agreement_reveals",
        uid=record.uid,
        may_change=allows(
            request, Act.SET_PARTNER_STATUS if of_a_partner else Act.MANAGE_AGREEMENTS
        ),
    )


def record_status(request: HttpRequest, record: Partner | Agreement, set_status: Any) -> None:
    """Record what a form says of a partner or an agreement, by ``set_status``."""
    form = StatusForm(request.POST)
    if form.is_valid():
        set_status(record, ANSWERS[form.cleaned_data["reveals"]], by=account_of(request))
        messages.success(request, _("Recorded."))
