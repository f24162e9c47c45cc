"""Rules of training that need no database: what a roster row is and what it counts for."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from tafahom.persian import normal_key, number_key

MAXIMUM_AGE = 120


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """A course as a roster describes it. Minutes are integers; empty text means not given.

    ``sessions`` are (date, minutes) in order, only where the roster is an attendance matrix.
    ``planned_minutes`` is the course's length; rows of one course share one object.
    """

    code: str
    title: str
    standard_code: str
    cluster: str
    group: str
    theory_minutes: int | None
    practice_minutes: int | None
    planned_minutes: int
    starts_on: dt.date
    ends_on: dt.date
    centre: str
    centre_type: str
    county: str
    instructor: str
    partner: str
    agreement_number: str
    sessions: tuple[tuple[dt.date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One row of a roster that is right by itself: one person in one course.

    ``row`` is the number a spreadsheet shows, ``column`` the first one of its table (0 but for
    tables abreast). Words for groups (``gender``, ``education``, ``audience``) are as they are
    written. Marks are in hundredths (7,050 for 70.5). ``attendance`` holds (mark, credited
    minutes) per session of the course, mark as in ``AttendanceMark``; ``credited_minutes`` is
    what counts.
    """

    sheet: str
    row: int
    course: CourseFacts
    national_id: str
    fida_code: str
    first_name: str
    last_name: str
    father_name: str
    gender: str
    birth_date: dt.date | None
    education: str
    mobile: str
    audience: str
    credited_minutes: int
    written_mark: int | None
    practical_mark: int | None
    result: str
    certificate_number: str
    attendance: tuple[tuple[str, int], ...] = ()
    column: int = 0

    def __reduce__(self) -> tuple[type["RosterEntry"], tuple[Any, ...]]:
        """Pickle by position: a year of entries comes out of the reading process."""
        return RosterEntry, _ENTRY_VALUES(self)


_ENTRY_VALUES = attrgetter(*(field.name for field in fields(RosterEntry)))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong (or, as a warning, odd) in a file, at a sheet, row and column.

    ``code`` is one of the codes documented in docs/user/roster-errors; ``params`` fill the
    sentence that ``exchange.messages`` makes of it. ``row`` 0 means the sheet or file.
    """

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    params: tuple[tuple[str, str], ...] = ()


class MarkRule(Protocol):
    """The thresholds of a pass rule, in hundredths of a mark and percent (``PassRule``)."""

    @property
    def written_minimum(self) -> int: ...
    @property
    def practical_minimum(self) -> int: ...
    @property
    def total_minimum(self) -> int: ...
    @property
    def written_weight(self) -> int: ...


def passed(written: int | None, practical: int | None, rule: MarkRule) -> bool:
    """Whether the two marks (hundredths) pass: each reaches its minimum, and their weighted sum.

    Under the rule of the examination office 50 and 70 together, 65, fail. A paper that was
    not sat is not passed. Exact: both sides are kept in hundredths of a percent.
    """
    if written is None or practical is None:
        return False
    if written < rule.written_minimum or practical < rule.practical_minimum:
        return False
    weighted = written * rule.written_weight + practical * (100 - rule.written_weight)
    return weighted >= rule.total_minimum * 100


class DatedRule(MarkRule, Protocol):
    """A pass rule and the day it came into force."""

    @property
    def valid_from(self) -> dt.date: ...


Rule = TypeVar("Rule", bound=DatedRule)


def rule_on(rules: Sequence[Rule], day: dt.date) -> Rule | None:
    """The rule in force on a day, of rules in order of date; None before the first."""
    in_force = [rule for rule in rules if rule.valid_from <= day]
    return in_force[-1] if in_force else None


def credited_minutes(
    mark: str, session_minutes: int, *, late_counts_whole: bool = True, late_minutes: int = 0
) -> int:
    """Minutes of a session that a mark of the register credits.

    Present counts whole; absent and excused count nothing. Late counts as the office has set:
    whole, or less the minutes missed.
    """
    if mark == "present" or (mark == "late" and late_counts_whole):
        return session_minutes
    if mark == "late":
        return max(0, session_minutes - late_minutes)
    return 0


def register_minutes(mark: str, session_minutes: int, *, late_counts_whole: bool) -> int:
    """Minutes that a mark credits where nobody wrote how late: half the session, rounded down.

    Where the office counts late whole (its setting), late is as good as present.
    """
    return credited_minutes(
        mark,
        session_minutes,
        late_counts_whole=late_counts_whole,
        late_minutes=(session_minutes + 1) // 2,
    )


def age_on(day: dt.date, birth_date: dt.date | None) -> int | None:
    """Whole years lived on a day; None when unknown or impossible."""
    if birth_date is None:
        return None
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    years = day.year - birth_date.year - (not had_birthday)
    return years if 0 <= years <= MAXIMUM_AGE else None


def standard_key(code: str, title: str) -> str:
    """What tells occupational standards apart: the code, or else the title."""
    return normal_key(code) or normal_key(title)


def course_key(course: CourseFacts) -> str:
    """What makes two descriptions one course, as a digest of 64 hexadecimal digits.

    The course's code; without one, agreement, standard (or title), centre, start and end.
    """
    if code := number_key(course.code):
        return _digest(["code", code])
    return _digest(
        [
            "facts",
            number_key(course.agreement_number),
            standard_key(course.standard_code, course.title),
            normal_key(course.centre),
            course.starts_on.isoformat(),
            course.ends_on.isoformat(),
        ]
    )


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
