"""What one person asked for with accounts and another decides, and roles to confirm again."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.accounts import asking
from tafahom.access.accounts.queries import (
    account_requests,
    confirmers,
    is_in_use,
    may_decide,
    roles_to_review,
    waiting_requests,
)
from tafahom.access.accounts.reviewing import review_roles
from tafahom.access.accounts.rules import REVIEW_SOON, REVIEWED_EVERY
from tafahom.access.models import AccountRequest
from tafahom.access.requests.rules import RequestState
from tafahom.access.rules import Act
from tafahom.gate.permissions import account_of, holds, requires
from tafahom.localised import number
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.accounts.forms import NoteForm
from tafahom.web.accounts.places import with_places
from tafahom.web.accounts.views.accounts import link_page
from tafahom.web.shell import lists

FORM: Final = ["GET", "HEAD", "POST"]


@require_GET
@requires(Act.CONFIRM_ACCOUNTS)
def access_requests(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person, and what became of earlier requests."""
    asking.end_lapsed()
    page = lists.paginate(request, account_requests().exclude(state=RequestState.WAITING))
    context = {
        "waiting": with_places(list(waiting_requests())),
        "listing": page,
        "decided": with_places(list(page.rows)),
        "me": account_of(request),
        "to_review": roles_to_review().count(),
    }
    return render(request, "accounts/requests.html", context)


@require_GET
@requires(Act.CONFIRM_ACCOUNTS)
def access_request(request: HttpRequest, uid: str) -> HttpResponse:
    """Show what is asked for, for whom, and what the account can do already."""
    asking.end_lapsed()
    return _page(request, _found(uid))


@require_POST
@requires(Act.CONFIRM_ACCOUNTS)
def access_confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """Do what somebody else asked for; a link is shown to who confirms it, once."""
    try:
        link = asking.confirm(_found(uid), by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
        return redirect("web:access_request", uid=uid)
    if link:
        return link_page(request, link)
    messages.success(request, _("Confirmed: it is done."))
    return redirect("web:access_requests")


@require_POST
@requires(Act.CONFIRM_ACCOUNTS)
def access_refuse(request: HttpRequest, uid: str) -> HttpResponse:
    """Say no, and why."""
    found, form = _found(uid), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        asking.refuse(found, note=form.cleaned_data["note"], by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    return redirect("web:access_request", uid=uid)


@require_POST
@requires(Act.CONFIRM_ACCOUNTS)
def access_withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """Take one's own request back."""
    try:
        asking.withdraw(_found(uid), by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    return redirect("web:access_request", uid=uid)


@require_http_methods(FORM)
@requires(Act.CONFIRM_ACCOUNTS)
def role_reviews(request: HttpRequest) -> HttpResponse:
    """List roles that nobody confirmed for half a year, and confirm those that are needed."""
    user = account_of(request)
    if request.method == "POST":
        chosen = [int(one) for one in request.POST.getlist("role") if one.isdecimal()]
        count = review_roles(chosen, by=user)
        said = ngettext("{n} role is confirmed.", "{n} roles are confirmed.", count)
        (messages.success if count else messages.error)(
            request, said.format(n=number(count)) if count else _("Choose the roles to confirm.")
        )
        return redirect("web:role_reviews")
    page = lists.paginate(request, roles_to_review(soon=REVIEW_SOON))
    context = {
        "listing": page,
        "rows": [
            (one, place, one.confirmed_at + REVIEWED_EVERY) for one, place in with_places(page.rows)
        ],
        "me": user,
        "now": timezone.now(),
        "overdue": roles_to_review().count(),
        "manages": holds(request, Act.MANAGE_ACCOUNTS),
    }
    return render(request, "accounts/reviews.html", context)


def _found(uid: str) -> AccountRequest:
    return get_object_or_404(account_requests(), uid=uid)


def _page(
    request: HttpRequest, found: AccountRequest, *, form: NoteForm | None = None
) -> HttpResponse:
    user, about = account_of(request), found.user
    held = about.memberships.select_related("province", "centre", "partner").order_by("pk")
    is_own = found.asked_by_id == user.pk
    [(_found_one, place)] = with_places([found])
    context = {
        "asked": found,
        "place": place,
        "held": with_places(list(held)),
        "is_in_use": is_in_use(about),
        "is_own": is_own,
        "may_decide": may_decide(found, user),
        "nobody_else": found.waits and is_own and not confirmers(found).exists(),
        "manages": holds(request, Act.MANAGE_ACCOUNTS),
        "form": form or NoteForm(),
    }
    return render(request, "accounts/request.html", context, status=422 if form else 200)
