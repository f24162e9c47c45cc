"""Rules of agreements that need no database: their life, and where they are heading.

An agreement is proposed, drafted, negotiated, signed and in force; it may be suspended, and it
ends, is terminated, or is renewed by a successor. What the register holds from before is in force.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class LifeState(StrEnum):
    """Where an agreement is in its life."""

    PROPOSED = "proposed"
    DRAFTING = "drafting"
    NEGOTIATION = "negotiation"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    TERMINATED = "terminated"
    RENEWED = "renewed"


S = LifeState
# From where to where. What no row names is not possible; what has no row is the end.
TRANSITIONS: Mapping[LifeState, frozenset[LifeState]] = {
    S.PROPOSED: frozenset({S.DRAFTING, S.TERMINATED}),
    S.DRAFTING: frozenset({S.NEGOTIATION, S.TERMINATED}),
    S.NEGOTIATION: frozenset({S.DRAFTING, S.SIGNED, S.TERMINATED}),
    S.SIGNED: frozenset({S.IN_FORCE, S.TERMINATED}),
    S.IN_FORCE: frozenset({S.SUSPENDED, S.ENDED, S.TERMINATED, S.RENEWED}),
    S.SUSPENDED: frozenset({S.IN_FORCE, S.ENDED, S.TERMINATED}),
    S.ENDED: frozenset({S.RENEWED}),
    S.TERMINATED: frozenset(),
    S.RENEWED: frozenset(),
}
# Courses may be held under an agreement in these; afterwards its courses stay what they were.
TRAINING_STATES = frozenset({S.IN_FORCE, S.SUSPENDED, S.ENDED, S.RENEWED})
REASON_NEEDED = frozenset({S.SUSPENDED, S.TERMINATED})
# Promises are edited freely in the first, and changed by amendments only in the second.
DRAFT_STATES = frozenset({S.PROPOSED, S.DRAFTING, S.NEGOTIATION})
AMENDABLE_STATES = frozenset({S.SIGNED, S.IN_FORCE, S.SUSPENDED})
# Signatures are recorded in the first; an agreement in one of the second was never in force.
SIGNABLE_STATES = frozenset({S.DRAFTING, S.NEGOTIATION, S.SIGNED})
PENDING_STATES = DRAFT_STATES | {S.SIGNED}
RENEWABLE_STATES = frozenset({S.IN_FORCE, S.SUSPENDED, S.ENDED})
# Commitments of these count. Those of a terminated agreement do if it was in force before, with
# what the termination left; those of a draft, a negotiation or a signed paper never do.
COUNTED_STATES = frozenset({S.IN_FORCE, S.SUSPENDED, S.ENDED, S.RENEWED})
# A termination of these takes an agreement out of force.
TERMINABLE_STATES = frozenset({S.IN_FORCE, S.SUSPENDED})


def was_in_force(
    state: str,
    term: tuple[dt.date, dt.date],
    stopped_on: dt.date | None,
    *,
    year: tuple[dt.date, dt.date],
) -> bool:
    """Whether an agreement is or was in force in a year, given by its first and last day.

    ``promises.queries.was_in_force`` says the same to the database.
    """
    starts_on, ends_on = term
    first, last = year
    if starts_on > last or ends_on < first:
        return False
    if stopped_on is None:
        return state in COUNTED_STATES
    return (state in COUNTED_STATES or state == S.TERMINATED) and stopped_on > first


@dataclass(frozen=True, slots=True)
class Life:
    """What the guards of a transition look at.

    ``signed_sides`` of ``sides`` have signed. ``commitment_years`` are Gregorian first and last
    days of the years for which something is promised. ``has_successor`` says that the agreement
    which renews it has come in force: a draft renews nothing yet.
    """

    state: LifeState
    signed_on: dt.date | None = None
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    sides: int = 2
    signed_sides: int = 0
    commitment_years: tuple[tuple[dt.date, dt.date], ...] = ()
    has_successor: bool = False


def refusals(life: Life, to: LifeState, *, today: dt.date, reason: str = "") -> list[str]:
    """Return codes of what stands against a transition; none when it may be made.

    ``transition.impossible``, ``dates.missing``, ``dates.not_in_order``, ``signature.missing``,
    ``term.not_begun``, ``term.not_over``, ``term.over``, ``commitment.beyond_term``,
    ``successor.missing``, ``reason.missing``.
    """
    if to not in TRANSITIONS[life.state]:
        return ["transition.impossible"]
    found = []
    if to in (S.SIGNED, S.IN_FORCE):
        found += _unsigned(life) + _wrong_term(life)
    if to == S.IN_FORCE and life.starts_on and life.ends_on:
        if today < life.starts_on:
            found.append("term.not_begun")
        if today > life.ends_on:
            found.append("term.over")
    if to == S.ENDED and (life.ends_on is None or today <= life.ends_on):
        found.append("term.not_over")
    if to == S.RENEWED and not life.has_successor:
        found.append("successor.missing")
    if to in REASON_NEEDED and not reason.strip():
        found.append("reason.missing")
    return found


def _unsigned(life: Life) -> list[str]:
    missing = life.signed_on is None or life.signed_sides < life.sides
    return ["signature.missing"] if missing else []


def _wrong_term(life: Life) -> list[str]:
    """A term needs both days, in order, and no promise beyond it."""
    if life.starts_on is None or life.ends_on is None:
        return ["dates.missing"]
    found = []
    if life.ends_on < life.starts_on:
        found.append("dates.not_in_order")
    if any(last < life.starts_on or first > life.ends_on for first, last in life.commitment_years):
        found.append("commitment.beyond_term")
    return found


def allowed_transitions(life: Life, *, today: dt.date) -> list[LifeState]:
    """Return the states that may be next, a reason taken for given, in the order of a life."""
    return [to for to in LifeState if not refusals(life, to, today=today, reason="given")]


class Pace(StrEnum):
    """How delivery stands against what was promised for the time that has passed."""

    AHEAD = "ahead"
    ON = "on"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is delivered at the end if it goes on so: expected, with a range of 80 percent.

    ``due`` is what an even pace, or the pace of the quarters, would have brought by now, ``share`` delivered over committed.
    """

    delivered: float
    committed: float
    due: float
    expected: float
    low: float
    high: float
    pace: Pace

    @property
    def share(self) -> float | None:
        """Delivered over committed; None without a promise."""
        return self.delivered / self.committed if self.committed else None


# Of a normal distribution, 80 percent lie within so many standard deviations.
_EIGHTY_PERCENT = 1.2816
TOLERANCE = 0.9


def forecast(
    delivered: Sequence[float],
    *,
    months: float,
    committed: float,
    passed: float | None = None,
    tolerance: float = TOLERANCE,
    due: float | None = None,
) -> Forecast:
    """Forecast a promise over ``months`` from what was delivered in each month so far.

    So many months have ``passed`` (all that are given, if not told: a first or last one may be a
    part of a month). The expectation is the mean month times the months that are left; the range
    follows the spread of the months so far. Of fewer than two months nothing is known of the
    spread: the range is from what is delivered to twice the expectation. Before a month has passed
    there is no pace. Behind is less than ``tolerance`` of what is ``due`` by now (by an even pace,
    if not given), ahead is more than that. Raises ValueError for more months than there are.
    """
    passed = float(len(delivered)) if passed is None else passed
    if not 0 <= passed <= months or not months:
        raise ValueError("more months than the promise has")
    done = sum(delivered)
    left = months - passed
    due = committed * passed / months if due is None else due
    if passed < min(1, months):
        return Forecast(done, committed, due, done, done, max(done, committed), Pace.UNKNOWN)
    mean = done / passed
    expected = done + mean * left
    if not left:
        low = high = expected
    elif len(delivered) < 2:
        low, high = done, done + 2 * mean * left
    else:
        average = done / len(delivered)
        spread = math.sqrt(
            sum((month - average) ** 2 for month in delivered) / (len(delivered) - 1)
        )
        # The months left vary as those before did, and the mean itself is known no better.
        error = _EIGHTY_PERCENT * spread * math.sqrt(left + left**2 / passed)
        low, high = max(done, expected - error), expected + error
    pace = _pace(done, due, committed, tolerance)
    return Forecast(done, committed, due, expected, low, high, pace)


def _pace(done: float, due: float, committed: float, tolerance: float) -> Pace:
    if not committed:
        return Pace.UNKNOWN
    if done > due:
        return Pace.AHEAD
    return Pace.ON if done >= tolerance * due else Pace.BEHIND
