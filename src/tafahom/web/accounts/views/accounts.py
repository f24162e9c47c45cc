"""Accounts, for who manages them: inviting, roles, and ending what should end."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_visit
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.accounts import asking, managing
from tafahom.access.accounts.managing import Link
from tafahom.access.accounts.queries import (
    AccountState,
    account_requests,
    accounts,
    in_order,
    invitation_by,
    is_in_use,
    needs_two_persons,
    state_of,
)
from tafahom.access.accounts.rules import INVITED_FOR
from tafahom.access.models import AccountRequest, Membership, User
from tafahom.access.requests.rules import RequestState
from tafahom.access.rules import Act
from tafahom.gate.limits import Limit, client_address, limited
from tafahom.gate.permissions import account_of, everyone, holds, requires
from tafahom.gate.second_step import open_before_second_factor
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.accounts.forms import FirstPasswordForm, InviteForm, RoleForm, WhyForm
from tafahom.web.accounts.places import with_places
from tafahom.web.shell import lists

FORM: Final = ["GET", "HEAD", "POST"]
HOURS: Final = int(INVITED_FOR.total_seconds() // 3600)
LATEST: Final = 5
WAITS: Final = gettext_lazy("It waits for a second person, who is told on their work list.")


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """Accounts; each row is one with its state, and its roles with their places."""

    listing: lists.Listing[int]
    rows: list[tuple[User, AccountState, list[tuple[Membership, str]]]]


@require_GET
@requires(Act.MANAGE_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    """List accounts with their roles and by what they come in."""
    page = lists.paginate(request, in_order(text=request.GET.get("q", "")))
    found = accounts().in_bulk(page.rows)
    users = [found[number] for number in page.rows]
    held = defaultdict(list)
    for role, place in with_places([one for user in users for one in user.memberships.all()]):
        held[role.user_id].append((role, place))
    rows = [(user, state_of(user), held[user.pk]) for user in users]
    return lists.answer(request, "accounts", AccountsPage(page, rows))


@require_http_methods(FORM)
@requires(Act.MANAGE_ACCOUNTS)
def account_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: the account is made, its link shown once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = ("username", "first_name", "last_name", "email")
        given = {name: form.cleaned_data[name] for name in names}
        try:
            link = asking.invite(**given, **form.asked, by=account_of(request))
        except ValidationError as error:
            form.refuse(error)
        else:
            return link_page(request, link)
    context = {"form": form, "hours": HOURS}
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.MANAGE_ACCOUNTS)
def account_detail(request: HttpRequest, number: int) -> HttpResponse:
    """Show an account and what can be done with it."""
    return _page(request, _found(number))


@require_POST
@requires(Act.MANAGE_ACCOUNTS)
def account_role_give(request: HttpRequest, number: int) -> HttpResponse:
    """Give an account a role."""
    user, form = _found(number), RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, user, role_form=form)
    return _done(
        request,
        user,
        lambda: asking.add_role(user, **form.asked, by=account_of(request)),
        _("The role was given."),
    )


@require_POST
@requires(Act.MANAGE_ACCOUNTS)
def account_role_take(request: HttpRequest, number: int, membership: int) -> HttpResponse:
    """Take a role from an account."""
    user = _found(number)
    held = get_object_or_404(Membership, pk=membership, user=user)
    return _done(
        request,
        user,
        lambda: managing.take_role(held, by=account_of(request)),
        _("The role was taken."),
    )


@require_POST
@requires(Act.MANAGE_ACCOUNTS)
def account_link(request: HttpRequest, number: int) -> HttpResponse:
    """Give an account a new link to a password, shown once, or ask a second person for it."""
    user, form = _found(number), WhyForm(request.POST)
    if not user.is_active:
        raise Http404
    if is_in_use(user) and needs_two_persons(user) and not form.is_valid():
        return _page(request, user, why_form=form)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    made = _tried(
        request, lambda: asking.renew_link(user, reason=reason, by=account_of(request)), WAITS
    )
    return link_page(request, made) if isinstance(made, tuple) else _back(user)


@require_POST
@requires(Act.MANAGE_ACCOUNTS)
def account_act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Do one of the things that need no more than a button, or a button and a reason."""
    user, by = _found(number), account_of(request)
    plain: dict[str, tuple[Callable[[], Any], str]] = {
        "revoke": (lambda: managing.revoke_links(user, by=by), _("The link opens nothing more.")),
        "end-visits": (lambda: managing.end_visits(user, by=by), _("All visits were ended.")),
        "unlock": (lambda: managing.unlock(user, by=by), _("The account can try again.")),
    }
    reasoned: dict[str, tuple[Callable[[str], Any], str]] = {
        "reset": (
            lambda why: asking.take_second_step(user, reason=why, by=by),
            _("The second step was taken away; a new one is set up at the next log-in."),
        ),
        "close": (
            lambda why: managing.close_account(user, reason=why, by=by),
            _("The account was closed."),
        ),
        "open": (
            lambda why: asking.open_again(user, reason=why, by=by),
            _("The account is open again."),
        ),
    }
    if what in plain:
        act, said = plain[what]
        return _done(request, user, act, said)
    if what not in reasoned:
        raise Http404
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, user, why_form=form)
    act_for, said = reasoned[what]
    return _done(request, user, lambda: act_for(form.cleaned_data["reason"]), said)


@never_cache
@everyone
@open_before_second_factor
@limited("invitation", (Limit(30, 300, client_address),))
@require_http_methods(FORM)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let who has the link set a password and come in."""
    found = invitation_by(token)
    if not found:
        return render(request, "accounts/link_over.html", {"hours": HOURS}, status=404)
    form = FirstPasswordForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = managing.accept(token, password=form.cleaned_data["new_password1"])
        except Refusal:
            return render(request, "accounts/link_over.html", {"hours": HOURS}, status=404)
        end_visit(request)  # of whoever sat here before
        answer: HttpResponse = perform_login(request, user, redirect_url=reverse("web:home"))
        return answer
    context = {"form": form, "account": found.user}
    page = "accounts/set_password.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _found(number: int) -> User:
    return get_object_or_404(accounts(), pk=number)


def _page(request: HttpRequest, user: User, **forms: Any) -> HttpResponse:
    asking.end_lapsed()
    by_two = needs_two_persons(user)
    latest = account_requests().filter(user=user)[:LATEST]
    errors = any(form.errors for form in forms.values())
    context = {
        "account": user,
        "state": state_of(user),
        "held": with_places(list(user.memberships.all())),
        "asked": with_places(list(latest)),
        "by_two": by_two,
        "link_by_two": by_two and is_in_use(user) and user.is_active,
        "is_me": user.pk == request.user.pk,
        "invitation": user.invitations.first(),
        "role_form": RoleForm(),
        "why_form": WhyForm(),
        "form": next(iter(forms.values()), None),
    } | forms
    return render(request, "accounts/account.html", context, status=422 if errors else 200)


def link_page(request: HttpRequest, made: Link) -> HttpResponse:
    """Show a link, here and never again; and send it where e-mail is set up."""
    invitation, token = made
    user = invitation.user
    path = reverse("web:invitation", args=[token])
    link = urljoin(settings.ADDRESS, path) if settings.ADDRESS else request.build_absolute_uri(path)
    is_sent = bool(settings.SENDS_MAIL and user.email) and _send(user, link)
    context = {
        "account": user,
        "link": link,
        "hours": HOURS,
        "is_sent": is_sent,
        "waits": user.requests.filter(state=RequestState.WAITING).exists(),
        "manages": holds(request, Act.MANAGE_ACCOUNTS),
    }
    return render(request, "accounts/link.html", context)


def _send(user: User, link: str) -> bool:
    text = _(
        "You have been invited to Tafahom. Set your password here, within %(hours)s hours:\n\n"
        "%(link)s\n\nWho did not expect this can leave it."
    )
    subject = _("Your account in Tafahom")
    try:
        return bool(send_mail(subject, text % {"hours": HOURS, "link": link}, None, [user.email]))
    except OSError:  # the link is on the page: it can be handed over
        return False


def _done(request: HttpRequest, user: User, act: Callable[[], Any], said: str) -> HttpResponse:
    _tried(request, act, said)
    return _back(user)


def _tried(request: HttpRequest, act: Callable[[], Any], said: str | Promise) -> Any:
    """Do it, and say that it is done, waits for a second person or can not be done."""
    try:
        made = act()
    except Refusal as error:
        messages.error(request, sentence(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if not isinstance(made, tuple):  # a link has a page of its own
            messages.success(request, str(WAITS if isinstance(made, AccountRequest) else said))
        return made
    return None


def _back(user: User) -> HttpResponse:
    return redirect("web:account_detail", number=user.pk)
