"""Who may do what and where, from the database."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from tafahom.access.models import Membership, User
from tafahom.access.reaching import reached_also
from tafahom.access.rules import Act, Role, is_fitting, may
from tafahom.parties.models import Partner, Province
from tafahom.scoping import NOTHING, Scope


def memberships_of(
    user: User | AnonymousUser | None, *, on: dt.date | None = None
) -> list[Membership]:
    """Memberships that hold on a day (today unless told): none for a stranger or closed account.

    One whose role does not fit its part (a clerk of no centre) is left out: it opens nothing.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return []
    day = on or timezone.localdate()
    held = Membership.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        user_id=user.pk,
    )
    fitting = [one for one in held if is_fitting(Role(one.role), one.part)]
    also = reached_also({one.partner_id for one in fitting if one.partner_id})
    for one in fitting:
        one.reached_also = also.get(one.partner_id, frozenset())
    return fitting


def roles_of(user: User | AnonymousUser | None, *, on: dt.date | None = None) -> set[Role]:
    """Roles the user holds on a day, wherever they hold."""
    return {Role(one.role) for one in memberships_of(user, on=on)}


def scope_in(held: Iterable[Membership], act: str) -> Scope:
    """Return where these memberships let one do this: all their parts together.

    It says that statuses are seen if the memberships let one see them in all of it: whoever
    enters a scope for somebody is as guarded as they are.
    """
    all_held = list(held)
    found = _parts_in(all_held, act)
    sees = _parts_in(all_held, Act.SEE_SENSITIVE_FIGURES)
    return replace(found, sees_statuses=not found.is_nothing and sees.covers(found))


def _parts_in(held: Iterable[Membership], act: str) -> Scope:
    found = NOTHING
    for one in held:
        if may(Role(one.role), act, one.part):
            found |= one.scope
    return found


def scope_as(
    role: Role, act: str, *, province: Province | None = None, partner: Partner | None = None
) -> Scope:
    """Return where somebody could do this who held a role for a part, or for the installation.

    Raises ValueError where nobody is given the role for such a part.
    """
    held = Membership(role=role.value, province=province, partner=partner)
    if (province and partner) or not is_fitting(role, held.part):
        raise ValueError(f"{role} is not given for {held.part or 'the installation'}")
    if partner:
        held.reached_also = reached_also([partner.pk])[partner.pk]
    return scope_in([held], act)


def scope_of(user: User | AnonymousUser | None, act: str) -> Scope:
    """Return where the user may do this today."""
    return scope_in(memberships_of(user), act)
