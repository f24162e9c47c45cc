"""Rules of training that need no database: what a roster row is and what it counts for."""

import datetime as dt
from dataclasses import dataclass


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

    ``row`` is the number a spreadsheet shows. ``gender`` is female, male or empty. Marks are
    in hundredths (7,050 for 70.5). ``attendance`` holds (mark, credited minutes) per session
    of the course, mark as in ``AttendanceMark``; ``credited_minutes`` is what counts.
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
