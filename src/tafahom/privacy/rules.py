"""How long identities are kept, and how a bulk export of personal data is let out."""

import datetime as dt
import re
from enum import StrEnum

from tafahom.jalali import days_in_month, from_jalali, to_jalali

FEWEST_YEARS, MOST_YEARS = 1, 50
# An upload that nobody recorded in so many days is put away.
DAYS_TO_RECORD = 30
# A reason that says something: «بررسی» alone does not.
SHORTEST_REASON, LONGEST_REASON = 10, 500
# In any digits, with or without marks between: a national ID has ten, a telephone eleven.
_LONG_NUMBER = re.compile(r"\d(?:[\s\-_./]?\d){8,}")
# After this an approved file is gone, taken or not.
HOURS_TO_TAKE = 24
# After this nobody may approve a request any more: its reason is stale.
DAYS_TO_DECIDE = 7


class ExportState(StrEnum):
    """Where a bulk export of personal data is."""

    REQUESTED = "requested"
    PREPARING = "preparing"
    READY = "ready"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"


# Where one may go from a state; states that are missing are ends.
STEPS: dict[ExportState, frozenset[ExportState]] = {
    ExportState.REQUESTED: frozenset(
        {
            ExportState.PREPARING,
            ExportState.DECLINED,
            ExportState.WITHDRAWN,
            ExportState.EXPIRED,
        }
    ),
    ExportState.PREPARING: frozenset(
        {ExportState.READY, ExportState.FAILED, ExportState.WITHDRAWN, ExportState.EXPIRED}
    ),
    ExportState.READY: frozenset({ExportState.TAKEN, ExportState.WITHDRAWN, ExportState.EXPIRED}),
}


class RetentionState(StrEnum):
    """Where a request to destroy identities is."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"


# As STEPS: who is forgotten stays so, hence nothing leads back.
RETENTION_STEPS: dict[RetentionState, frozenset[RetentionState]] = {
    RetentionState.REQUESTED: frozenset(
        {
            RetentionState.RUNNING,
            RetentionState.DECLINED,
            RetentionState.WITHDRAWN,
            RetentionState.EXPIRED,
        }
    ),
    RetentionState.RUNNING: frozenset(
        {RetentionState.DONE, RetentionState.STOPPED, RetentionState.FAILED}
    ),
}


def years_before(day: dt.date, years: int) -> dt.date:
    """Return the same Solar Hijri day so many years earlier; 30 Esfand becomes 29 where it must."""
    year, month, number = to_jalali(day)
    earlier = year - years
    return from_jalali(earlier, month, min(number, days_in_month(earlier, month)))


class ReasonError(ValueError):
    """A reason that is not taken; ``code`` is ``short``, ``long`` or ``number``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def good_reason(text: str) -> str:
    """Return a reason with single spaces.

    It is kept in the audit, which holds nobody's number. Raises ReasonError.
    """
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonError("short")
    if len(reason) > LONGEST_REASON:
        raise ReasonError("long")
    if _LONG_NUMBER.search(reason):
        raise ReasonError("number")
    return reason
