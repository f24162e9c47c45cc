"""When a digest is due, and what a calendar holds."""

import datetime as dt
from enum import StrEnum

# Of what lies further back or ahead a calendar says nothing; of more, the nearest days are kept.
CALENDAR_PAST, CALENDAR_AHEAD = dt.timedelta(days=60), dt.timedelta(days=366)
MAX_EVENTS = 1000
# Of each kind an e-mail tells so many: the page has the rest.
LONGEST_GROUP = 12


class Frequency(StrEnum):
    """How often somebody wants the work list by e-mail."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


def week_of(day: dt.date) -> dt.date:
    """Return the Saturday on which the week of a day begins."""
    return day - dt.timedelta(days=(day.weekday() + 2) % 7)


def is_due(frequency: Frequency, *, last: dt.date | None, today: dt.date) -> bool:
    """Whether a digest is to be sent: once a day, or once in a week that begins on Saturday.

    ``last`` is the day on which it was seen to last. A clock that was set back sends nothing.
    """
    if frequency == Frequency.NONE:
        return False
    if last is None:
        return True
    if frequency == Frequency.DAILY:
        return last < today
    return week_of(last) < week_of(today)
