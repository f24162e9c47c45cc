"""Making accounts and giving roles."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeAlias

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tafahom.access.accounts.credentials import marks_of
from tafahom.access.accounts.rules import GIVEN_BY_TWO
from tafahom.access.models import FIELDS, NO_PART, AccountRequest, Membership, RoleName, User
from tafahom.access.rules import Part, Role, is_fitting
from tafahom.audit.actions import record
from tafahom.parties.models import Centre, Partner, Province
from tafahom.refusals import Refusal

# What a role is confined to: a record, or the external id of an agreement or course.
Of: TypeAlias = Province | Centre | Partner | str | None


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str,
    roles: Iterable[Role] = (),
    first_name: str = "",
    last_name: str = "",
    by: User | None,
) -> User:
    """Open an account with roles for the whole installation; ``give_role`` gives confined ones.

    Raises ValidationError for a weak password, a taken name or a role that must be confined.
    """
    user = User(username=username, first_name=first_name, last_name=last_name)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    for role in roles:
        give_role(user=user, role=role, by=by)
    record(action="access.user_created", target=f"user:{user.pk}", details=marks_of(user), by=by)
    return user


@transaction.atomic
def give_role(
    *,
    user: User,
    role: Role,
    part: Part | None = None,
    of: Of = None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    asked: AccountRequest | None = None,
    by: User | None,
) -> Membership:
    """Give a role, or change the dates of one that is held.

    ``part`` and ``of`` confine it: to a province, centre or partner, or to an agreement or course
    by its external id. ``asked`` is the confirmed request that it follows; without one a role that
    sees people is given at the machine only (``by`` is None). Raises ValidationError when the role
    can not be given so, and Refusal for such a role by one person.
    """
    check_fitting(role, part, of)
    if role in GIVEN_BY_TWO and by is not None and asked is None:
        raise Refusal("request.right")
    where: dict[str, Any] = {**NO_PART}
    if part:
        where[FIELDS[part]] = of
    membership, _made = Membership.objects.update_or_create(
        user=user,
        role=role.value,
        **where,
        defaults={"valid_from": valid_from, "valid_to": valid_to, **_givers(asked, by)},
    )
    details = {"role": role.value, "part": part and part.value, "of": getattr(of, "pk", of)}
    if asked:
        details |= {"request": asked.uid}
    record(action="access.role_given", target=f"user:{user.pk}", details=details, by=by)
    return membership


def check_fitting(role: Role, part: Part | None, of: Of) -> None:
    """Raise ValidationError where a role can not be given for a part."""
    if not is_fitting(role, part) or (part is None) != (of is None):
        raise ValidationError(
            _("“{role}” can not be given for this part.").format(role=RoleName(role).label)
        )


def _givers(asked: AccountRequest | None, by: User | None) -> dict[str, Any]:
    """Return who gave a role and who confirmed it, as a membership keeps them."""
    return {
        "given_by": asked.asked_by if asked else by,
        "confirmed_by": asked and asked.decided_by,
        "at_machine": bool(asked.operator or asked.decided_by_operator) if asked else by is None,
        "confirmed_at": timezone.now(),
        "reviewed_by": None,
    }
