"""What is remembered of rosters' columns and words: answers that wait, and those that hold."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.exchange.models import RosterAnswer
from tafahom.exchange.rosters.answering import NotDecidingError, confirm_answer, forget_answer
from tafahom.exchange.rosters.queries import (
    answers_seen,
    confirmed_answers,
    own_unconfirmed_answers,
    partners_with_answers,
    unconfirmed_answers,
)
from tafahom.exchange.rosters.question_labels import answer_label, subject
from tafahom.gate.permissions import account_of, requires, seen_by
from tafahom.parties.queries import partner_ids
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.shell import lists


@dataclass(frozen=True)
class AnswerRow:
    """A remembered answer as the page lists it."""

    answer: RosterAnswer
    may_decide: bool

    @property
    def subject(self) -> str:
        """What it is about."""
        return subject(self.answer.key, self.answer.text)

    @property
    def meaning(self) -> str:
        """What it means."""
        return answer_label(self.answer.key, self.answer.answer)


@require_GET
@requires(Act.IMPORT_ROSTERS)
def roster_answers(request: HttpRequest) -> HttpResponse:
    """Show answers that wait to be confirmed, one's own among them, and those that hold."""
    user = account_of(request)
    with seen_by(request, Act.DECIDE_ROSTER_ANSWERS):
        decided = partner_ids()
        waiting = list(unconfirmed_answers(besides=user))
    own = own_unconfirmed_answers(user)
    holding = confirmed_answers(partner=request.GET.get("partner", ""))
    listing = lists.paginate(request, holding)
    context = {
        "waiting": [AnswerRow(one, True) for one in waiting],
        "own": [AnswerRow(one, False) for one in own],
        "listing": listing,
        "holding": [AnswerRow(one, one.partner_id in decided) for one in listing.rows],
        "partners": partners_with_answers(),
        "may_decide": bool(decided),
    }
    return render(request, "imports/answers.html", context)


@require_POST
@requires(Act.DECIDE_ROSTER_ANSWERS)
def roster_answer_confirm(request: HttpRequest, answer: int) -> HttpResponse:
    """Let an answer that waits hold for all rosters of its partner."""
    found = get_object_or_404(unconfirmed_answers(), pk=answer)
    try:
        confirm_answer(found, by=account_of(request))
    except NotDecidingError as error:
        raise Http404 from error
    except Refusal as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, _("The answer now holds for all rosters of this partner."))
    return redirect("web:roster_answers")


@require_POST
@requires(Act.IMPORT_ROSTERS)
def roster_answer_forget(request: HttpRequest, answer: int) -> HttpResponse:
    """Reject an answer that waits, or take back one that holds: it is asked again."""
    found = get_object_or_404(answers_seen(account_of(request)), pk=answer)
    try:
        forget_answer(found, by=account_of(request))
    except NotDecidingError as error:
        raise Http404 from error
    messages.success(request, _("The answer was taken back; the next roster asks again."))
    return redirect("web:roster_answers")
