"""Accounts and roles that no entry of the audit explains: they were made past the application."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, TypeAlias

from django.db.models import Q
from django.utils import timezone

from tafahom.access.models import Membership, User
from tafahom.audit.models import Entry

# An account as the audit calls it, a role and the kind of part that it is confined to.
_Held: TypeAlias = tuple[str, str, str | None]


def unexplained_roles() -> Iterator[Membership]:
    """Yield memberships in force that nobody gave, or that were taken since."""
    given, taken = _given_and_taken()
    in_force = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
    for one in Membership.objects.filter(in_force).select_related("user").order_by("pk"):
        part = one.part
        held = f"user:{one.user_id}", one.role, part and part.value
        parts = given[held]
        of = one.part_key
        ended = max(
            (number for number, which in taken[held] if which == of or _is_alone(which, parts)),
            default=0,
        )
        if parts.get(of, 0) <= ended:
            yield one


def _is_alone(which: Any, parts: dict[Any, int]) -> bool:
    """Whether an entry that does not say of which part can mean one only."""
    return which is None and len(parts) == 1


def _given_and_taken() -> tuple[dict[_Held, dict[Any, int]], dict[_Held, list[tuple[int, Any]]]]:
    """Return the last entries that gave each role, by part, and those that took one."""
    given: dict[_Held, dict[Any, int]] = defaultdict(dict)
    taken: dict[_Held, list[tuple[int, Any]]] = defaultdict(list)
    entries = Entry.objects.filter(action__in=("access.role_given", "access.role_taken"))
    for number, action, target, details in entries.order_by("id").values_list(
        "id", "action", "target", "details"
    ):
        held = target, str(details.get("role")), details.get("part")
        if action == "access.role_given":
            given[held][details.get("of")] = number
        else:
            taken[held].append((number, details.get("of")))
    return given, taken


def unexplained_accounts() -> Iterator[User]:
    """Yield open accounts that nobody opened, or that were closed since."""
    opened: dict[str, bool] = {}
    actions = {"access.user_created": True, "access.opened": True, "access.closed": False}
    entries = Entry.objects.filter(action__in=actions).order_by("id")
    for action, target in entries.values_list("action", "target"):
        opened[target] = actions[action]
    for user in User.objects.filter(is_active=True).order_by("pk"):
        if not opened.get(f"user:{user.pk}", False):
            yield user
