"""Writing the judged rows of a roster: the parts of ``training.rosters.actions.record_roster``.

Each step resolves one noun for the whole roster and writes what is missing in bulk.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tafahom.bulk import allocate_ids, insert_rows, moment, tell_planner
from tafahom.jalali import month_of
from tafahom.parties.models import Audience
from tafahom.parties.queries import ids_by_key
from tafahom.people.actions import NewPerson, create_persons
from tafahom.people.models import Person
from tafahom.people.queries import PersonIds, chunks, person_ids_by_number
from tafahom.people.sealing import IdentityData
from tafahom.persian import normal_key
from tafahom.training.courses.groups import GroupWords
from tafahom.training.courses.rules import age_on
from tafahom.training.examinations.rules import passed
from tafahom.training.models import (
    Attendance,
    Course,
    CourseSession,
    Enrolment,
    RosterImport,
)
from tafahom.training.rosters.course_recording import RecordedCourse, known_name
from tafahom.training.rosters.rules import RosterEntry

ENROLMENT_COLUMNS = (
    "id",
    "course_id",
    "person_id",
    "audience_id",
    "education",
    "age",
    "credited_minutes",
    "written_mark",
    "practical_mark",
    "passed",
    "reported_result",
    "recorded_at",
    "roster_import_id",
    "source_sheet",
    "source_row",
    "source_column",
)


@dataclass(frozen=True, slots=True)
class People:
    """Person ids by number, and how many were new."""

    by_national_id: dict[str, int]
    by_fida: dict[str, int]
    created: int

    def id_of(self, entry: RosterEntry) -> int:
        """The person in a row. Raises KeyError when it was not resolved."""
        known = self.by_national_id.get(entry.national_id)
        return known if known is not None else self.by_fida[entry.fida_code]


def resolve_people(
    entries: Sequence[RosterEntry], known: PersonIds | None = None, *, words: GroupWords
) -> People:
    """Find the people in the rows and record those that are new, each once.

    ``known`` is everybody in the rows who is recorded, when that was just looked up.
    """
    national, fida = known or person_ids_by_number(
        national_ids=list({entry.national_id for entry in entries if entry.national_id}),
        fida_codes=list({entry.fida_code for entry in entries if entry.fida_code}),
    )
    newcomers: dict[str, RosterEntry] = {}
    for entry in entries:
        if entry.national_id not in national and entry.fida_code not in fida:
            newcomers.setdefault(entry.national_id or entry.fida_code, entry)
    ids = create_persons([_new_person(entry, words) for entry in newcomers.values()])
    for pk, entry in zip(ids, newcomers.values(), strict=True):
        if entry.national_id:
            national[entry.national_id] = pk
        if entry.fida_code:
            fida[entry.fida_code] = pk
    return People(national, fida, created=len(newcomers))


def _new_person(entry: RosterEntry, words: GroupWords) -> NewPerson:
    return NewPerson(
        gender=known_name(words, "gender", entry.gender),
        identity=IdentityData(
            first_name=entry.first_name,
            last_name=entry.last_name,
            father_name=entry.father_name,
            national_id=entry.national_id,
            fida_code=entry.fida_code,
            birth_date=entry.birth_date,
            mobile=entry.mobile,
        ),
    )


def record_enrolments(
    entries: Sequence[RosterEntry],
    *,
    courses: dict[int, RecordedCourse],
    people: People,
    roster_import: RosterImport,
    words: GroupWords,
    at: dt.datetime,
) -> Sequence[int]:
    """Write one enrolment a row; their ids in order."""
    tell_planner(Course, Person)
    ids = allocate_ids(Enrolment, len(entries))
    audiences = ids_by_key(Audience)
    audience_of = {
        word: audiences.get(normal_key(known_name(words, "audience", word)))
        for word in {entry.audience for entry in entries}
    }
    education_of = {
        word: known_name(words, "education", word)
        for word in {entry.education for entry in entries}
    }
    recorded_at = moment(at)

    def row(pk: int, entry: RosterEntry) -> tuple[Any, ...]:
        course = courses[id(entry.course)]
        written, practical = entry.written_mark, entry.practical_mark
        return (
            pk,
            course.id,
            people.id_of(entry),
            audience_of[entry.audience] or course.terms.main_audience_id,
            education_of[entry.education],
            age_on(course.facts.starts_on, entry.birth_date),
            entry.credited_minutes,
            written,
            practical,
            course.rule is not None and passed(written, practical, course.rule),
            entry.result,
            recorded_at,
            roster_import.pk,
            entry.sheet,
            entry.row,
            entry.column,
        )

    pairs = zip(ids, entries, strict=True)
    insert_rows(Enrolment, ENROLMENT_COLUMNS, [row(pk, entry) for pk, entry in pairs])
    return ids


def record_attendance(
    entries: Sequence[RosterEntry],
    enrolment_ids: Sequence[int],
    *,
    courses: dict[int, RecordedCourse],
) -> None:
    """Write sessions that are missing and one mark for each row and session."""
    sessions = _record_sessions(courses)
    tell_planner(CourseSession, Enrolment)
    insert_rows(
        Attendance,
        ("enrolment_id", "session_id", "mark", "credited_minutes"),
        [
            (enrolment_id, session_id, mark, minutes)
            for enrolment_id, entry in zip(enrolment_ids, entries, strict=True)
            if entry.attendance
            for session_id, (mark, minutes) in zip(
                sessions[id(entry.course)], entry.attendance, strict=True
            )
        ],
    )


def _record_sessions(courses: dict[int, RecordedCourse]) -> dict[int, list[int]]:
    """Session ids in order for each course description (by ``id``) that has sessions.

    A session is the same when its course, day and place among that day's sessions are.
    """
    with_sessions = {key: course for key, course in courses.items() if course.facts.sessions}
    known: dict[int, dict[tuple[dt.date, int], int]] = defaultdict(dict)
    # Sessions may have been removed from a register: the last ordinal is not their number.
    last: Counter[int] = Counter()
    for chunk in chunks({course.id for course in with_sessions.values()}):
        found = CourseSession.objects.filter(course_id__in=chunk).order_by("course_id", "ordinal")
        for course_id, day, ordinal, pk in found.values_list(
            "course_id", "held_on", "ordinal", "pk"
        ):
            nth = sum(1 for known_day, _ in known[course_id] if known_day == day)
            known[course_id][day, nth] = pk
            last[course_id] = ordinal
    new: list[tuple[int, dt.date, int, int, int]] = []
    keys: dict[int, list[tuple[dt.date, int]]] = {}
    waiting: dict[tuple[int, dt.date, int], int] = {}
    for reference, course in with_sessions.items():
        seen: Counter[dt.date] = Counter()
        keys[reference] = []
        for day, minutes in course.facts.sessions:
            place = (day, seen[day])
            seen[day] += 1
            keys[reference].append(place)
            if place in known[course.id] or (course.id, *place) in waiting:
                continue
            last[course.id] += 1
            waiting[course.id, place[0], place[1]] = len(new)
            new.append((course.id, day, last[course.id], month_of(day), minutes))
    ids = allocate_ids(CourseSession, len(new))
    insert_rows(
        CourseSession,
        ("id", "course_id", "held_on", "ordinal", "month", "minutes"),
        [(pk, *row) for pk, row in zip(ids, new, strict=True)],
    )
    for (course_id, day, nth), position in waiting.items():
        known[course_id][day, nth] = ids[position]
    return {
        reference: [known[courses[reference].id][place] for place in places]
        for reference, places in keys.items()
    }
