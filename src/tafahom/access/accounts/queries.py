"""Accounts as their administrator sees them."""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as NO_PASSWORD
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from tafahom.access.accounts.rules import GIVEN_BY_TWO, NOBODY_CAME_FOR, REVIEWED_EVERY
from tafahom.access.models import NO_PART, AccountRequest, Invitation, Membership, User
from tafahom.access.requests.rules import TIME_TO_DECIDE, RequestState
from tafahom.access.rules import PERMISSIONS, Act, Role
from tafahom.identifiers.tokens import token_digest
from tafahom.persian import sort_key


class AccountState(StrEnum):
    """What can be done with an account now."""

    OPEN = "open"
    INVITED = "invited"
    WAITING = "waiting"  # its link is over and was never used
    CLOSED = "closed"


def open_invitations(*, at: dt.datetime | None = None) -> QuerySet[Invitation]:
    """Return the links that still open something."""
    now = at or timezone.now()
    return Invitation.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now)


def invitation_by(token: str, *, at: dt.datetime | None = None) -> Invitation | None:
    """Return the open invitation that a token belongs to, of an account that is not closed."""
    found = open_invitations(at=at).filter(digest=token_digest(token), user__is_active=True)
    return found.select_related("user").first()


def in_order(*, text: str = "") -> list[int]:
    """Return ids of the accounts that have these words: those in use first, as Persian sorts.

    An installation has hundreds of accounts, not more: they are sorted here.
    """
    found = User.objects.all()
    for word in text.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
        )
    names = ("last_name", "first_name", "username")
    rows = found.values_list("is_active", "pk", *names)
    listed = [(not active, *map(sort_key, texts), pk) for active, pk, *texts in rows]
    return [row[-1] for row in sorted(listed)]


def accounts() -> QuerySet[User]:
    """Return accounts with what their list shows."""
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    held = Membership.objects.select_related("province", "centre", "partner").order_by("pk")
    return User.objects.annotate(
        has_second_factor=Exists(factor),
        has_link=Exists(open_invitations().filter(user=OuterRef("pk"))),
        has_request=Exists(waiting_requests().filter(user=OuterRef("pk"))),
    ).prefetch_related(Prefetch("memberships", queryset=held))


def account_names(ids: Collection[int]) -> dict[int, str]:
    """Return the full name of accounts by id, or how they log in where they have none."""
    return {pk: row.display_name for pk, row in User.objects.in_bulk(ids).items()}


def state_of(user: User) -> AccountState:
    """Return the state of an account that ``accounts`` found."""
    if not user.is_active:
        return AccountState.CLOSED
    # Who has come in by another way than a password (OIDC) has no password either.
    if user.has_usable_password() or user.last_login:
        return AccountState.OPEN
    return AccountState.INVITED if getattr(user, "has_link", False) else AccountState.WAITING


def other_administrators(user: User) -> QuerySet[User]:
    """Return accounts besides this one that can manage accounts for good."""
    today = timezone.localdate()
    held = Membership.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=today),
        user=OuterRef("pk"),
        role=Role.ADMINISTRATOR,
        valid_to=None,
    )
    return User.objects.filter(Exists(held), is_active=True).exclude(pk=user.pk)


def confirmers(request: AccountRequest) -> QuerySet[User]:
    """Return the accounts that may decide a request and can come in to do so."""
    found = who_can(Act.CONFIRM_ACCOUNTS, **NO_PART)
    return found.exclude(pk__in=filter(None, (request.user_id, request.asked_by_id)))


def who_can(act: Act, **of_role: Any) -> QuerySet[User]:
    """Return the accounts that hold a role for an act, perhaps confined, and can come in.

    ``of_role`` are conditions of that role.
    """
    held = _held_today().filter(**of_role, user=OuterRef("pk"), role__in=PERMISSIONS[act])
    could_come_in = Q(last_login__isnull=False) | ~Q(password__startswith=NO_PASSWORD)
    return User.objects.filter(could_come_in, Exists(held), is_active=True)


def may_decide(request: AccountRequest, user: User) -> bool:
    """Whether an account is the second person that a request waits for."""
    return request.waits and user.pk not in (request.user_id, request.asked_by_id)


def may_decide_at_machine(request: AccountRequest) -> bool:
    """Whether who works on the machine may be the second person.

    They may where no account could, or where for a day none of those that could came in.
    """
    others = confirmers(request)
    if request.asked_at <= timezone.now() - NOBODY_CAME_FOR:
        others = others.filter(last_login__gte=request.asked_at)
    return not others.exists()


def needs_two_persons(user: User) -> bool:
    """Whether an account holds, or will hold, a role that sees people or says who may."""
    until = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
    return Membership.objects.filter(until, user=user, role__in=GIVEN_BY_TWO).exists()


def is_in_use(user: User) -> bool:
    """Whether somebody came in by an account, or could without a link."""
    return user.has_usable_password() or user.last_login is not None


def account_requests() -> QuerySet[AccountRequest]:
    """Return requests with what their pages show, the latest first."""
    return AccountRequest.objects.select_related(
        "user", "asked_by", "decided_by", "province", "centre", "partner"
    )


def waiting_requests(*, at: dt.datetime | None = None) -> QuerySet[AccountRequest]:
    """Return requests that somebody may still decide."""
    now = at or timezone.now()
    return account_requests().filter(state=RequestState.WAITING, lapses_at__gt=now)


def has_waiting_request(user: User) -> bool:
    """Whether something that was asked for an account waits for a second person."""
    return waiting_requests().filter(user=user).exists()


def told_requests(user: User) -> QuerySet[AccountRequest]:
    """Return what somebody asked for and was refused, or nobody decided, within the last week."""
    since = timezone.now() - TIME_TO_DECIDE
    refused = Q(state=RequestState.REFUSED, decided_at__gte=since)
    lapsed = Q(state__in=(RequestState.WAITING, RequestState.LAPSED))
    lapsed &= Q(lapses_at__lte=timezone.now(), lapses_at__gte=since)
    return account_requests().filter(refused | lapsed, asked_by=user)


def roles_to_review(*, soon: dt.timedelta = dt.timedelta()) -> QuerySet[Membership]:
    """Return roles in force that nobody confirmed for half a year, or will not have ``soon``.

    Those of longest ago come first.
    """
    until = timezone.now() - REVIEWED_EVERY + soon
    return (
        _held_today()
        .filter(confirmed_at__lte=until, user__is_active=True)
        .select_related("user", "province", "centre", "partner", "reviewed_by", "confirmed_by")
        .order_by("confirmed_at", "pk")
    )


def _held_today() -> QuerySet[Membership]:
    today = timezone.localdate()
    return Membership.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today)
    )


def account_by(username: str) -> User | None:
    """Return the account of a user name; None for none."""
    return User.objects.filter(username=username).first()
