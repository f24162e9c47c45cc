"""Rules of courses that need no database: what one is, and how old who took it was."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from tafahom.persian import normal_key, number_key
from tafahom.training.standards.rules import standard_key

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


def age_on(day: dt.date, birth_date: dt.date | None) -> int | None:
    """Whole years lived on a day; None when unknown or impossible."""
    if birth_date is None:
        return None
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    years = day.year - birth_date.year - (not had_birthday)
    return years if 0 <= years <= MAXIMUM_AGE else None


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
