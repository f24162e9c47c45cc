"""How long identities are kept, how a bulk export is let out, how many names may be read."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from tafahom.jalali import days_in_month, from_jalali, to_jalali
from tafahom.refusals import Refusal

FEWEST_YEARS, MAX_YEARS = 1, 50
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


HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How many persons' names an account may ask for, beside what tells a status.

    Pages come at once until ``free`` persons were shown in an hour, or in a day; beyond that, one
    with further persons comes every ``wait`` seconds. Who asks for ``alarm`` persons is reported,
    and waits ``long_wait`` seconds for each further page until somebody has answered the alarm.
    """

    free_hour: int
    free_day: int
    alarm_hour: int
    alarm_day: int
    wait: int
    long_wait: int


@dataclass(frozen=True, slots=True)
class Looked:
    """Distinct persons whose names an account was shown, and asked for, in an hour and in a day.

    What was asked for counts from the last alarm that was answered. ``last_shown`` is when
    the latest page with further persons came.
    """

    shown_hour: int
    shown_day: int
    asked_hour: int
    asked_day: int
    last_shown: dt.datetime | None


def is_alarming(looked: Looked, limits: ReadingLimits) -> bool:
    """Whether somebody has to hear of it."""
    return looked.asked_hour >= limits.alarm_hour or looked.asked_day >= limits.alarm_day


def seconds_to_wait(looked: Looked, limits: ReadingLimits, *, now: dt.datetime) -> int:
    """Return in how many seconds a page with further persons comes; 0 for at once."""
    is_free = looked.shown_hour < limits.free_hour and looked.shown_day < limits.free_day
    if is_free or looked.last_shown is None:
        return 0
    wait = limits.long_wait if is_alarming(looked, limits) else limits.wait
    return max(0, wait - int((now - looked.last_shown).total_seconds()))


def is_register_open(
    starts_on: dt.date, ends_on: dt.date, *, on: dt.date, days_before: int, days_after: int
) -> bool:
    """Whether work on a course's register needs its names: it begins, runs, or awaits results."""
    before, after = dt.timedelta(days=days_before), dt.timedelta(days=days_after)
    return starts_on - before <= on <= ends_on + after


def good_reason(text: str) -> str:
    """Return a reason with single spaces.

    It is kept in the audit, which holds nobody's number. Raises Refusal.
    """
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal("reason.short")
    if len(reason) > LONGEST_REASON:
        raise Refusal("reason.long")
    if _LONG_NUMBER.search(reason):
        raise Refusal("reason.number")
    return reason
