"""Accounts as their administrator sees them."""

import datetime as dt
from enum import StrEnum

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from tafahom.access.models import Invitation, Membership, User
from tafahom.access.rules import Role
from tafahom.identifiers.tokens import token_digest
from tafahom.persian import sort_key


class State(StrEnum):
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
    ).prefetch_related(Prefetch("memberships", queryset=held))


def state_of(user: User) -> State:
    """Return the state of an account that ``accounts`` found."""
    if not user.is_active:
        return State.CLOSED
    # Who has come in by another way than a password (OIDC) has no password either.
    if user.has_usable_password() or user.last_login:
        return State.OPEN
    return State.INVITED if getattr(user, "has_link", False) else State.WAITING


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
