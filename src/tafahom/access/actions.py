"""Making accounts and giving roles."""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.audit.actions import record


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str,
    roles: Iterable[Role],
    first_name: str = "",
    last_name: str = "",
    by: User | None,
) -> User:
    """Open an account with these roles. Raises ValidationError for a weak or taken one."""
    user = User(username=username, first_name=first_name, last_name=last_name)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    for role in roles:
        give_role(user=user, role=role, by=by)
    record(action="access.user_created", target=f"user:{user.pk}", by=by)
    return user


@transaction.atomic
def give_role(
    *,
    user: User,
    role: Role,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    by: User | None,
) -> Membership:
    """Give a role, or change the dates of one that is held."""
    membership, _ = Membership.objects.update_or_create(
        user=user, role=role.value, defaults={"valid_from": valid_from, "valid_to": valid_to}
    )
    record(
        action="access.role_given", target=f"user:{user.pk}", details={"role": role.value}, by=by
    )
    return membership
