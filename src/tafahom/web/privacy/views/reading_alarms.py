"""Alarms about accounts that asked for many names."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tafahom.access.rules import Act
from tafahom.gate.permissions import account_of, requires
from tafahom.privacy.actions.readings import answer_alarm
from tafahom.privacy.queries import reading_alarms
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.scoping import current_scope
from tafahom.web.privacy.forms import AnswerAlarmForm


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.ANSWER_READING_ALARMS)
def reading_alarm(request: HttpRequest, uid: str) -> HttpResponse:
    """Show an alarm; take what it was about from somebody else than whom it is about."""
    alarm = get_object_or_404(reading_alarms(current_scope()), uid=uid)
    form = AnswerAlarmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_alarm(alarm, note=form.cleaned_data["note"], by=account_of(request))
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("The alarm is answered."))
        return redirect("web:reading_alarm", uid=uid)
    context = {
        "alarm": alarm,
        "form": form,
        "is_own": alarm.account_id == account_of(request).pk,
    }
    return render(
        request, "privacy/reading_alarm.html", context, status=422 if form.errors else 200
    )
