"""Accounts, for who manages them: inviting, roles, and ending what should end."""

from collections.abc import Callable
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
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.accounts import managing
from tafahom.access.accounts.managing import AccountError
from tafahom.access.accounts.queries import accounts, in_order, invitation_by, state_of
from tafahom.access.accounts.rules import INVITED_FOR
from tafahom.access.models import Invitation, Membership, User
from tafahom.access.rules import Act, Part
from tafahom.agreements.models import Agreement
from tafahom.training.models import Course
from tafahom.web import lists
from tafahom.web.account_forms import FirstPasswordForm, InviteForm, RoleForm, WhyForm
from tafahom.web.limits import Limit, client_address, limited
from tafahom.web.permissions import account_of, everyone, requires
from tafahom.web.sign_in.gate import open_before_second_factor

FORM: Final = ["GET", "HEAD", "POST"]
HOURS: Final = int(INVITED_FOR.total_seconds() // 3600)


@require_GET
@requires(Act.MANAGE_ACCOUNTS)
def account_list(request: HttpRequest) -> HttpResponse:
    """List accounts with their roles and by what they come in."""
    page = lists.cut(request, in_order(text=request.GET.get("q", "")))
    found = accounts().in_bulk(page.rows)
    users = [found[number] for number in page.rows]
    places = _places([one for user in users for one in user.memberships.all()])
    rows = [(user, state_of(user), _held(user, places)) for user in users]
    return lists.answer(request, "accounts", {"listing": page, "rows": rows})


@require_http_methods(FORM)
@requires(Act.MANAGE_ACCOUNTS)
def account_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody: the account is made, its link shown once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = ("username", "first_name", "last_name", "email")
        given = {name: form.cleaned_data[name] for name in names}
        try:
            invitation, token = managing.invite(**given, **form.asked, by=account_of(request))
        except ValidationError as error:
            form.refuse(error)
        else:
            return _link_page(request, invitation, token)
    context = {"form": form, "hours": HOURS}
    return render(request, "web/accounts/invite.html", context, status=422 if form.errors else 200)


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
        lambda: managing.add_role(user, **form.asked, by=account_of(request)),
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
    """Give an account a new link to a password, shown once."""
    user = _found(number)
    if not user.is_active:
        raise Http404
    try:
        invitation, token = managing.invite_again(user, by=account_of(request))
    except AccountError as error:
        messages.error(request, _said(error))
        return redirect("web:account_detail", number=number)
    return _link_page(request, invitation, token)


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
            lambda why: managing.reset_second_factor(user, reason=why, by=by),
            _("The second step was taken away; a new one is set up at the next log-in."),
        ),
        "close": (
            lambda why: managing.close_account(user, reason=why, by=by),
            _("The account was closed."),
        ),
        "open": (
            lambda why: managing.open_account(user, reason=why, by=by),
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
        return render(request, "web/accounts/link_over.html", {"hours": HOURS}, status=404)
    form = FirstPasswordForm(found.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = managing.accept(token, password=form.cleaned_data["new_password1"])
        except AccountError:
            return render(request, "web/accounts/link_over.html", {"hours": HOURS}, status=404)
        end_visit(request)  # of whoever sat here before
        answer: HttpResponse = perform_login(request, user, redirect_url=reverse("web:home"))
        return answer
    context = {"form": form, "account": found.user}
    page = "web/accounts/set_password.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _found(number: int) -> User:
    return get_object_or_404(accounts(), pk=number)


def _page(request: HttpRequest, user: User, **forms: Any) -> HttpResponse:
    held = _held(user, _places(list(user.memberships.all())))
    errors = any(form.errors for form in forms.values())
    context = {
        "account": user,
        "state": state_of(user),
        "held": held,
        "is_me": user.pk == request.user.pk,
        "invitation": user.invitations.first(),
        "role_form": RoleForm(),
        "why_form": WhyForm(),
        "form": next(iter(forms.values()), None),
        "today": timezone.localdate(),
    } | forms
    return render(request, "web/accounts/account.html", context, status=422 if errors else 200)


def _link_page(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Show a link, here and never again; and send it where e-mail is set up."""
    user = invitation.user
    path = reverse("web:invitation", args=[token])
    link = urljoin(settings.ADDRESS, path) if settings.ADDRESS else request.build_absolute_uri(path)
    is_sent = bool(settings.SENDS_MAIL and user.email) and _send(user, link)
    context = {"account": user, "link": link, "hours": HOURS, "is_sent": is_sent}
    return render(request, "web/accounts/link.html", context)


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
    try:
        act()
    except AccountError as error:
        messages.error(request, _said(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("web:account_detail", number=user.pk)


def _said(error: AccountError) -> str:
    return {
        "self": _("Nobody does this to their own account: ask another administrator."),
        "last": _("One administrator must stay."),
    }.get(error.code, _("This can not be done now."))


def _places(held: list[Membership]) -> dict[str, str]:
    """Return numbers of agreements and titles of courses, by what memberships call them."""
    agreements = {one.agreement_uid for one in held} - {""}
    courses = {one.course_uid for one in held} - {""}
    found: dict[str, str] = {}
    if agreements:
        found |= dict(Agreement.objects.filter(uid__in=agreements).values_list("uid", "number"))
    if courses:
        found |= dict(Course.objects.filter(uid__in=courses).values_list("uid", "title"))
    return found


def _held(user: User, places: dict[str, str]) -> list[tuple[Membership, str]]:
    """Return the memberships of an account and for what each is."""
    return [(one, _place(one, places)) for one in user.memberships.all()]


def _place(held: Membership, places: dict[str, str]) -> str:
    part = held.part
    if part is None:
        return ""
    if part in (Part.AGREEMENT, Part.COURSE):
        uid = held.agreement_uid or held.course_uid
        return places.get(uid, uid)
    return str(held.province or held.centre or held.partner)
