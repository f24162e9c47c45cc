"""What a row of a roster is, and what may be wrong with one."""

import datetime as dt
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from tafahom.training.courses.rules import CourseFacts


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
    sentence that ``exchange.rosters.messages`` makes of it. ``row`` 0 means the sheet or file.
    """

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    params: tuple[tuple[str, str], ...] = ()
