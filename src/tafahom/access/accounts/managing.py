"""What is done with accounts: made, closed, opened, roles taken, visits ended.

What needs two persons is asked for in ``accounts.asking``, and done here when it is confirmed.
"""

import datetime as dt
from typing import Final, TypeAlias

from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tafahom.access.accounts.actions import end_visits_of, name_mark, target_of
from tafahom.access.accounts.credentials import marks_of
from tafahom.access.accounts.queries import invitation_by, open_invitations, other_administrators
from tafahom.access.accounts.rules import INVITED_FOR
from tafahom.access.models import Invitation, Membership, User
from tafahom.access.rules import Role
from tafahom.audit.actions import record
from tafahom.identifiers.tokens import new_token, token_digest
from tafahom.refusals import Refusal

YESTERDAY: Final = dt.timedelta(days=1)
# An invitation, and the token that opens it.
Link: TypeAlias = tuple[Invitation, str]


@transaction.atomic
def make_account(
    *,
    username: str,
    email: str = "",
    first_name: str = "",
    last_name: str = "",
    by: User | None,
) -> User:
    """Open an account without a password or a role. Raises ValidationError for a taken name."""
    user = User(username=username, email=email, first_name=first_name, last_name=last_name)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    if email and User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Another account has this e-mail address.")})
    user.save()
    details = marks_of(user)
    record(action="access.user_created", target=target_of(user), details=details, by=by)
    return user


@transaction.atomic
def make_link(user: User, *, by: User | None) -> Link:
    """Give an account a link, to its first or to a new password; links of before are void.

    The token is kept nowhere: it is handed over now.
    """
    _revoke_links(user, by=by)
    token, now = new_token(), timezone.now()
    invitation = Invitation.objects.create(
        user=user,
        digest=token_digest(token),
        made_at=now,
        made_by=by,
        expires_at=now + INVITED_FOR,
    )
    details = {"invitation": invitation.uid, "new": not user.has_usable_password()}
    record(action="access.invited", target=target_of(user), details=details, by=by)
    return invitation, token


@transaction.atomic
def revoke_links(user: User, *, by: User) -> int:
    """Make the open links of an account void; return how many there were."""
    return _revoke_links(user, by=by)


def _revoke_links(user: User, *, by: User | None) -> int:
    found = list(open_invitations().filter(user=user).select_for_update())
    for invitation in found:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        record(
            action="access.invitation_revoked",
            target=target_of(user),
            details={"invitation": invitation.uid},
            by=by,
        )
    return len(found)


@transaction.atomic
def accept(token: str, *, password: str) -> User:
    """Set the password of the account that a link belongs to; the link is then used.

    Raises Refusal for a link that opens nothing, ValidationError for a weak password.
    """
    found = invitation_by(token)
    if not found:
        raise Refusal("account.link")
    # Two that come with one link at once: the second finds it used.
    user = User.objects.select_for_update().get(pk=found.user_id)
    now = timezone.now()
    validate_password(password, user)
    if not open_invitations(at=now).filter(pk=found.pk).update(used_at=now):
        raise Refusal("account.link")
    user.set_password(password)
    user.save(update_fields=["password"])
    end_visits_of(user)
    details = {"invitation": found.uid, **marks_of(user)}
    record(action="access.invitation_used", target=target_of(user), details=details, by=user)
    return user


@transaction.atomic
def link_identity(user: User) -> None:
    """Record that who was invited came by the organisation's log-in; open links are void."""
    _revoke_links(user, by=user)
    record(action="access.identity_linked", target=target_of(user), by=user)


@transaction.atomic
def close_account(user: User, *, reason: str, by: User) -> None:
    """Let nobody in by this account any more; what it did stays."""
    _not_oneself_nor_the_last(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    end_visits_of(user)
    _revoke_links(user, by=by)
    record(action="access.closed", target=target_of(user), details={"reason": reason}, by=by)


@transaction.atomic
def open_account(user: User, *, reason: str, by: User | None) -> None:
    """Let a closed account in again, with the roles it has."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    user.refresh_from_db()
    record(action="access.opened", target=target_of(user), details={"reason": reason}, by=by)


@transaction.atomic
def take_role(membership: Membership, *, by: User) -> None:
    """End a role from now on: it held until yesterday, or is removed when it had not begun."""
    user = membership.user
    if membership.role == Role.ADMINISTRATOR:
        _not_oneself_nor_the_last(user, by)
    until = timezone.localdate() - YESTERDAY
    if membership.valid_from and membership.valid_from > until:
        membership.delete()
    else:
        membership.valid_to = until
        membership.save(update_fields=["valid_to"])
    part = membership.part
    details = {"role": membership.role, "part": part and part.value, "of": membership.part_key}
    record(action="access.role_taken", target=target_of(user), details=details, by=by)


@transaction.atomic
def end_visits(user: User, *, by: User) -> None:
    """End all visits of an account, wherever they are."""
    end_visits_of(user)
    record(action="access.visits_ended", target=target_of(user), by=by)


@transaction.atomic
def unlock(user: User, *, by: User) -> bool:
    """Forget the failures of an account, so that it need not wait; whether there were any."""
    forgotten = bool(reset(username=name_mark(user.username)))
    if forgotten:
        record(action="access.unlocked", target=target_of(user), by=by)
    return forgotten


@transaction.atomic
def reset_second_factor(user: User, *, reason: str, by: User | None) -> None:
    """Take away the second factor of who lost it; a new one is set up at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    end_visits_of(user)
    details = {"reason": reason, **marks_of(user)}
    record(action="access.factor_reset", target=target_of(user), details=details, by=by)


def _not_oneself_nor_the_last(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise Refusal("account.self")
    if not other_administrators(user).exists():
        raise Refusal("account.last")
