"""Who must prove twice who they are, and how long a visit may last."""

import datetime as dt
from typing import Final

from tafahom.access.rules import Act

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
)
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
