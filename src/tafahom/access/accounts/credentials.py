"""Marks of passwords and second steps, as the acts that set them left them in the audit.

A mark is made with the audit key: it tells whether what is held is what was set, and nothing of
it. Who can write rows and has no key can change a password, and cannot make its mark.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from allauth.mfa.models import Authenticator
from django.db.models import Q

from tafahom.access.models import User
from tafahom.audit import keyed, marks
from tafahom.audit.models import Entry

# Each says which password and second step an account has from then on.
SETTING: Final = (
    "access.user_created",
    "access.invitation_used",
    "access.password_changed",
    "access.factor_added",
    "access.factor_removed",
    "access.factor_codes_made",
    "access.factor_reset",
    "access.credentials_noted",
)
PASSWORD, SECOND_STEP = "password_mark", "second_step_mark"
SIGNED_IN, UNEXPLAINED = "access.signed_in", "unexplained"
_GIVEN, _BY_LINK = "access.invited", "access.invitation_used"
_SET_ANEW: Final = {_BY_LINK: PASSWORD, "access.factor_reset": SECOND_STEP}
# What use changes of a second step: which codes of the phone, and of recovery, were used.
_CHANGED_BY_USE: Final = ("used", "used_mask")


@dataclass(frozen=True, slots=True)
class Unexplained:
    """An account whose password or second step (``what``) is not the one that an act set."""

    user: User
    what: str


def marks_of(user: User) -> dict[str, str]:
    """Return what an entry says of the password and second step held now; nothing without a key."""
    key = keyed.current()
    if key is None and not Entry.objects.exists():
        marks.begin()  # which makes the key, as the first entry would
        key = keyed.current()
    if key is None:
        return {}
    return {name: keyed.mark(text, key) for name, text in _held([user])[user.pk].items()}


def unexplained_credentials() -> Iterator[Unexplained]:
    """Yield what was changed past the application, of accounts that are open and have marks.

    Where somebody came in so, also after they set another themselves.
    """
    said, came_in = _said(), _came_in_with()
    users = [one for one in User.objects.filter(is_active=True).order_by("pk") if said[one.pk]]
    held = _held(users)
    for user in users:
        for what in {**_differing(held[user.pk], said[user.pk]), **came_in[user.pk]}:
            yield Unexplained(user, what)


def unexplained_of(user: User) -> list[str]:
    """Return which of an account's password and second step no act set."""
    marked = _said(target=f"user:{user.pk}")[user.pk]
    return [*_differing(_held([user])[user.pk], marked)] if marked and keyed.current() else []


def without_marks() -> list[User]:
    """Return accounts whose password was set when there were no marks, or no audit key."""
    said = _said()
    return [one for one in User.objects.only("pk").order_by("pk") if not said[one.pk]]


def _differing(held: Mapping[str, str], marked: Mapping[str, str]) -> dict[str, None]:
    """Return what is held with another mark, in its order."""
    known = keyed.keys()
    return {
        what: None
        for what, text in held.items()
        if not keyed.is_mark_of(str(marked.get(what)), text, known)
    }


def _came_in_with() -> dict[int, dict[str, None]]:
    """Return what of each account somebody came in with that no act had set.

    It is over when another person let the account's owner set it anew.
    """
    found: dict[int, dict[str, None]] = defaultdict(dict)
    came_in = Q(action=SIGNED_IN, details__has_key=UNEXPLAINED)
    entries = Entry.objects.filter(came_in | Q(action__in=_SET_ANEW)).order_by("id")
    for action, target, details in entries.values_list("action", "target", "details"):
        of_account = found[int(target.removeprefix("user:"))]
        if action == SIGNED_IN:
            of_account |= dict.fromkeys(details[UNEXPLAINED])
        else:
            of_account.pop(_SET_ANEW[action], None)
    return found


def _said(**of: str) -> dict[int, dict[str, str]]:
    """Return the marks of the last act that set something, by account; empty where it has none.

    A link that no act gave was put in: what was set by it counts for nothing.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    given = set()
    entries = Entry.objects.filter(action__in=(*SETTING, _GIVEN), **of).order_by("id")
    for action, target, details in entries.values_list("action", "target", "details"):
        if action == _GIVEN:
            given.add((target, details.get("invitation")))
        elif action != _BY_LINK or (target, details.get("invitation")) in given:
            marked = {name: details[name] for name in (PASSWORD, SECOND_STEP) if name in details}
            found[int(target.removeprefix("user:"))] = marked
    return found


def _held(users: Iterable[User]) -> dict[int, dict[str, str]]:
    """Return what each account proves with who it is, as it lies in the database."""
    steps: dict[int, list[str]] = defaultdict(list)
    by_id = {user.pk: user for user in users}
    found = Authenticator.objects.filter(user__in=by_id).order_by("type", "pk")
    for user_id, kind, data in found.values_list("user_id", "type", "data"):
        kept = {name: data[name] for name in sorted(data) if name not in _CHANGED_BY_USE}
        steps[user_id].append(f"{kind} {json.dumps(kept, sort_keys=True)}")
    return {
        pk: {
            PASSWORD: f"password of {pk}: {user.password}",
            SECOND_STEP: f"second step of {pk}: {steps[pk]}",
        }
        for pk, user in by_id.items()
    }
