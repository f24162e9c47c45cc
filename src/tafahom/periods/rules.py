"""When a month may be closed, and opened again for a correction. No framework here.

A closed month stays closed for good. A correction opens it for a while: one person asks, with a
reason, another approves, until a moment; then it is closed again and what changed is written down.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

LONGEST_REOPENING = timedelta(days=31)


class MonthState(StrEnum):
    """Where a month of a province is. What was never touched is open."""

    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Request:
    """The unfinished reopening of a month: asked for, or approved as well.

    ``asked_by`` and ``approved_by`` are ids of accounts; ``until`` is when it ends by itself.
    """

    asked_by: int
    until: datetime
    approved_by: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at: the state, the month, and the reopening under way, if any."""

    state: MonthState
    month: int
    request: Request | None = None


class RefusedError(Exception):
    """A step that may not be taken; ``codes`` say why."""

    def __init__(self, *codes: str) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


class PeriodClosedError(Exception):
    """A write into a closed month.

    ``months`` are the closed months (Jalali, 139710) it touches; empty when the database
    refused it, which does not say which.
    """

    def __init__(self, months: Collection[int] = ()) -> None:
        self.months = tuple(sorted(set(months)))
        super().__init__(f"period.closed {' '.join(map(str, self.months))}".strip())


def takes_writes(facts: Facts, now: datetime) -> bool:
    """Whether records of the month may be written."""
    return facts.state is not MonthState.CLOSED or is_reopened(facts.request, now)


def is_reopened(request: Request | None, now: datetime) -> bool:
    """Whether an approved reopening is still running."""
    return request is not None and request.approved_by is not None and request.until > now


def against_beginning(facts: Facts, *, this_month: int) -> list[str]:
    """What stands against beginning to close: it can begin in the month itself."""
    return [
        *_unless(facts.state is MonthState.OPEN, "state.not_open"),
        *_unless(facts.month <= this_month, "month.not_begun"),
    ]


def against_leaving(facts: Facts) -> list[str]:
    """What stands against leaving the month open after all."""
    return _unless(facts.state is MonthState.CLOSING, "state.not_closing")


def against_closing(
    facts: Facts, *, this_month: int, found: Collection[str], accepted: Mapping[str, str]
) -> list[str]:
    """What stands against closing: every finding must be gone, or accepted with a reason."""
    bare = [code for code in found if not accepted.get(code, "").strip()]
    return [
        *_unless(facts.state is MonthState.CLOSING, "state.not_closing"),
        *_unless(facts.month < this_month, "month.not_over"),
        *_unless(not bare, "findings.not_accepted"),
    ]


def against_asking(facts: Facts, *, reason: str, until: datetime, now: datetime) -> list[str]:
    """What stands against asking for a month to be reopened until a moment."""
    return [
        *_unless(facts.state is MonthState.CLOSED, "state.not_closed"),
        *_unless(facts.request is None, "reopening.under_way"),
        *_unless(bool(reason.strip()), "reason.missing"),
        *_unless(until > now, "until.over"),
        *_unless(until <= now + LONGEST_REOPENING, "until.too_late"),
    ]


def against_approving(facts: Facts, *, by: int, now: datetime) -> list[str]:
    """What stands against approving: never the one who asked, and not when its time is over."""
    request = facts.request
    if request is None or request.approved_by is not None:
        return ["reopening.none_asked"]
    return [
        *_unless(request.asked_by != by, "reopening.same_person"),
        *_unless(request.until > now, "until.over"),
    ]


def against_declining(facts: Facts) -> list[str]:
    """What stands against declining or withdrawing what was asked."""
    asked = facts.request is not None and facts.request.approved_by is None
    return _unless(asked, "reopening.none_asked")


def against_closing_again(facts: Facts) -> list[str]:
    """What stands against ending a reopening; when its time is over that is still to be done."""
    running = facts.request is not None and facts.request.approved_by is not None
    return _unless(running, "reopening.none_running")


def _unless(holds: bool, code: str) -> list[str]:
    return [] if holds else [code]


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a month, or of a partner or course in it.

    ``kind`` is "month", "partner" or "course", ``record`` the uid of the latter two.
    """

    kind: str
    record: str
    name: str
    values: dict[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed of one thing's figures; empty values where it was not there."""

    kind: str
    record: str
    name: str
    before: dict[str, int]
    after: dict[str, int]


def differences(before: Sequence[Measured], after: Sequence[Measured]) -> list[Difference]:
    """What differs between two sets of figures of one month, in the order they came."""
    old = {(one.kind, one.record): one for one in before}
    new = {(one.kind, one.record): one for one in after}
    found = []
    for key in old | new:
        was, now = old.get(key), new.get(key)
        named = now or was
        values = was.values if was else {}, now.values if now else {}
        if named and values[0] != values[1]:
            found.append(Difference(named.kind, named.record, named.name, *values))
    return found


# A dimension and the key of a group in it, both empty for the whole, and its figures.
Groups: TypeAlias = Mapping[tuple[str, str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of a closed month that is not what its table says; 0 where there was or is none."""

    dimension: str
    key: str
    measure: str
    was: float
    now: float


def moved_figures(was: Groups, now: Groups, measures: Collection[str]) -> list[Moved]:
    """Return the figures that differ, of the measures that both sides know."""
    return [
        Moved(*group, measure, before, after)
        for group in sorted({*was, *now})
        for measure in measures
        if (before := was.get(group, {}).get(measure) or 0)
        != (after := now.get(group, {}).get(measure) or 0)
    ]


def table_digest(groups: Groups, measures: Collection[str]) -> str:
    """Return the SHA-256 of a month's figures, whatever order they come in."""
    rows = [[*group, sorted(values.items())] for group, values in sorted(groups.items())]
    text = json.dumps([sorted(measures), rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
