"""Who may do what, from the database."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from tafahom.access.models import Membership, User
from tafahom.access.rules import Act, Role, may


def roles_of(user: User | AnonymousUser | None, *, on: dt.date | None = None) -> set[Role]:
    """Roles the user holds on a day (today unless told): none for a stranger or closed account."""
    if user is None or not user.is_authenticated or not user.is_active:
        return set()
    day = on or timezone.localdate()
    held = Membership.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        user_id=user.pk,
    )
    return {Role(role) for role in held.values_list("role", flat=True)}


def user_may(user: User | AnonymousUser | None, act: Act) -> bool:
    """Whether the user may do this today."""
    return may(roles_of(user), act)
