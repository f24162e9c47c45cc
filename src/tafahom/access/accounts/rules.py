"""Who must prove twice who they are, what two persons do, and how long a visit may last."""

import datetime as dt
from enum import StrEnum
from typing import Final

from tafahom.access.rules import PERMISSIONS, Act, Role

# Whoever may do one of these sees who somebody is, or says who may.
NEEDS_SECOND_FACTOR: Final = (
    Act.SEE_PEOPLE,
    Act.SEE_IDENTITY,
    Act.SEE_SENSITIVE,
    Act.SEE_SENSITIVE_FIGURES,
    Act.SEE_READINGS,
    Act.SEE_ALL_ENTRIES,
    Act.SEE_EXPORTS,
    Act.REQUEST_EXPORT,
    Act.APPROVE_EXPORT,
    Act.MANAGE_RETENTION,
    Act.MANAGE_ACCOUNTS,
    Act.CONFIRM_ACCOUNTS,
)
# Roles that do: one person asks for them and another confirms.
GIVEN_BY_TWO: Final = frozenset(
    role for role in Role if any(role in PERMISSIONS[act] for act in NEEDS_SECOND_FACTOR)
)
# A role that nobody confirmed for so long stands on the list of roles and on work lists.
REVIEWED_EVERY: Final = dt.timedelta(days=183)
# So many days before it can be confirmed already, so many days after it is urgent.
REVIEW_SOON: Final = dt.timedelta(days=30)
REVIEW_URGENT_AFTER: Final = dt.timedelta(days=30)
# Who may decide and has not come in since a request was made: after this the machine's operator
# may, or an office that nobody can enter stays shut.
NOBODY_CAME_FOR: Final = dt.timedelta(days=1)


class RequestKind(StrEnum):
    """What needs two persons."""

    ROLE = "role"
    SECOND_STEP = "second_step"
    PASSWORD = "password"  # a link to a new one
    OPENING = "opening"


# Failures after which an account, or an address, waits. An office shares one address.
ACCOUNT_FAILURES: Final = 10
ADDRESS_FAILURES: Final = 100
LOCKED_FOR: Final = dt.timedelta(minutes=15)
# After signing in one is not asked again for so many seconds before changing a factor.
FRESH_SECONDS: Final = 300


def why_over(
    *, begun: float, seen: float, now: float, idle_seconds: int, longest_seconds: int
) -> str:
    """Return why a visit is over: "idle", "long", or nothing while it goes on.

    Moments are seconds since the epoch. A visit is over the moment a limit is reached.
    """
    if now - begun >= longest_seconds:
        return "long"
    if now - seen >= idle_seconds:
        return "idle"
    return ""


# A link of an invitation is good for so long.
INVITED_FOR: Final = dt.timedelta(hours=72)
