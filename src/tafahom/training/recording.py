"""Writing the judged rows of a roster: the parts of ``training.actions.record_roster``.

Each step resolves one noun for the whole roster and writes what is missing in bulk.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from tafahom.agreements.queries import AgreementTerms, terms_by_key
from tafahom.jalali import month_of
from tafahom.parties.actions import county_record, name_fields, named_record
from tafahom.parties.bulk import allocate_ids, insert_rows, moment, new_uids, tell_planner
from tafahom.parties.models import Audience, Centre, CentreType, County, NamedRecord, Province
from tafahom.parties.queries import home_province, ids_by_key
from tafahom.people.actions import NewPerson, create_persons
from tafahom.people.models import Person
from tafahom.people.queries import PersonIds, chunks, person_ids_by_number
from tafahom.people.sealing import IdentityData
from tafahom.persian import clean, normal_key, number_key, sort_key
from tafahom.training.models import (
    Attendance,
    Cluster,
    Course,
    CourseSession,
    Enrolment,
    OccupationalStandard,
    PassRule,
    RosterImport,
)
from tafahom.training.rules import (
    CourseFacts,
    RosterEntry,
    age_on,
    course_key,
    passed,
    rule_on,
    standard_key,
)

Named = TypeVar("Named", bound=NamedRecord)

COURSE_COLUMNS = (
    "id",
    "uid",
    "code",
    "key",
    "title",
    "sort_key",
    "agreement_id",
    "standard_id",
    "centre_id",
    "instructor",
    "starts_on",
    "ends_on",
    "start_month",
    "end_month",
    "planned_minutes",
    "created_by_import_id",
)
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
)


@dataclass(frozen=True, slots=True)
class RecordedCourse:
    """A course of the roster as it is in the database, with what its rows need."""

    id: int
    facts: CourseFacts
    terms: AgreementTerms
    end_month: int
    rule: PassRule | None


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


def resolve_people(entries: Sequence[RosterEntry], known: PersonIds | None = None) -> People:
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
    ids = create_persons([_new_person(entry) for entry in newcomers.values()])
    for pk, entry in zip(ids, newcomers.values(), strict=True):
        if entry.national_id:
            national[entry.national_id] = pk
        if entry.fida_code:
            fida[entry.fida_code] = pk
    return People(national, fida, created=len(newcomers))


def _new_person(entry: RosterEntry) -> NewPerson:
    return NewPerson(
        gender=entry.gender,
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


class CourseRecorder:
    """Finds or records the courses of a roster with their standards and centres."""

    def __init__(self, courses: Iterable[CourseFacts], roster_import: RosterImport) -> None:
        self._by_key: dict[str, CourseFacts] = {}
        self._keys: dict[int, str] = {}
        for course in courses:
            key = self._keys[id(course)] = course_key(course)
            self._by_key.setdefault(key, course)
        self._import = roster_import
        self._terms = terms_by_key({c.agreement_number for c in self._by_key.values()})
        self._rules = list(PassRule.objects.order_by("valid_from"))
        self._counties: dict[str, County] = {}
        self._lists: dict[tuple[type[NamedRecord], str], NamedRecord] = {}
        self.created: dict[str, int] = {}
        self.created_names: dict[str, list[str]] = {"centres": [], "standards": []}

    def record(self) -> dict[int, RecordedCourse]:
        """By the identity (``id``) of each description."""
        known: dict[str, int] = {}
        for chunk in chunks(self._by_key):
            known |= dict(Course.objects.filter(key__in=chunk).values_list("key", "pk"))
        missing = {key: facts for key, facts in self._by_key.items() if key not in known}
        known |= self._create(missing)
        recorded = {key: self._recorded(known[key], facts) for key, facts in self._by_key.items()}
        return {course: recorded[key] for course, key in self._keys.items()}

    def _recorded(self, pk: int, facts: CourseFacts) -> RecordedCourse:
        return RecordedCourse(
            id=pk,
            facts=facts,
            terms=self._terms[number_key(facts.agreement_number)],
            end_month=month_of(facts.ends_on),
            rule=rule_on(self._rules, facts.ends_on),
        )

    def _create(self, missing: dict[str, CourseFacts]) -> dict[str, int]:
        if not missing:
            return {}
        standards = self._standards(missing.values())
        centres = self._centres(missing.values())
        ids = dict(zip(missing, allocate_ids(Course, len(missing)), strict=True))
        uids = new_uids(len(missing))
        insert_rows(
            Course,
            COURSE_COLUMNS,
            [
                (
                    ids[key],
                    uid,
                    clean(facts.code),
                    key,
                    facts.title,
                    sort_key(facts.title),
                    self._terms[number_key(facts.agreement_number)].id,
                    standards[facts.standard_code, facts.title],
                    centres[normal_key(facts.centre)],
                    facts.instructor,
                    facts.starts_on,
                    facts.ends_on,
                    month_of(facts.starts_on),
                    month_of(facts.ends_on),
                    facts.planned_minutes,
                    self._import.pk,
                )
                for (key, facts), uid in zip(missing.items(), uids, strict=True)
            ],
        )
        self.created = ids
        return ids

    def _standards(self, courses: Iterable[CourseFacts]) -> dict[tuple[str, str], int]:
        """Standard ids by code and title as the roster writes them."""
        rows = OccupationalStandard.objects.order_by("-pk").values_list("pk", "key", "title")
        by_key: dict[str, int | OccupationalStandard] = {}
        by_title: dict[str, int | OccupationalStandard] = {}
        for pk, key, title in rows:
            by_key[key] = pk
            by_title[normal_key(title)] = pk
        found: dict[tuple[str, str], int | OccupationalStandard] = {}
        new: list[OccupationalStandard] = []
        for course in courses:
            pair = (course.standard_code, course.title)
            if pair in found:
                continue
            key, title_key = standard_key(*pair), normal_key(course.title)
            known = by_key.get(key)
            if known is None and not course.standard_code:
                # An occupation named without its code is the standard of that title, if known.
                known = by_title.get(title_key)
            if known is None:
                known = self._new_standard(course, key)
                new.append(known)
                by_key[key] = by_title[title_key] = known
            found[pair] = known
        OccupationalStandard.objects.bulk_create(new)
        self.created_names["standards"] += [standard.title for standard in new]
        return {pair: one if isinstance(one, int) else one.pk for pair, one in found.items()}

    def _new_standard(self, course: CourseFacts, key: str) -> OccupationalStandard:
        title = course.title or course.standard_code
        theory, practice = course.theory_minutes, course.practice_minutes
        total = (theory or 0) + (practice or 0) if theory or practice else course.planned_minutes
        return OccupationalStandard(
            code=clean(course.standard_code),
            title=title,
            key=key,
            sort_key=sort_key(title),
            cluster=self._listed(Cluster, course.cluster),
            group=course.group,
            theory_minutes=theory,
            practice_minutes=practice,
            total_minutes=total,
        )

    def _centres(self, courses: Iterable[CourseFacts]) -> dict[str, int]:
        """Centre ids by normal key of the name."""
        centres = ids_by_key(Centre)
        first: dict[str, CourseFacts] = {}
        for course in courses:
            if (key := normal_key(course.centre)) not in centres:
                first.setdefault(key, course)
        if first:
            province = home_province()
            new = [self._new_centre(course, province) for course in first.values()]
            Centre.objects.bulk_create(new)
            self.created_names["centres"] += [centre.name for centre in new]
            centres |= {key: centre.pk for key, centre in zip(first, new, strict=True)}
        return centres

    def _new_centre(self, course: CourseFacts, province: Province) -> Centre:
        county = course.county
        if county and county not in self._counties:
            self._counties[county] = county_record(province, county)[0]
        return Centre(
            **name_fields(course.centre),
            centre_type=self._listed(CentreType, course.centre_type),
            county=self._counties[county] if county else None,
            province=province,
        )

    def _listed(self, model: type[Named], name: str) -> Named | None:
        """The record of a name in a list, asked for once; None without a name."""
        if not name:
            return None
        if (model, name) not in self._lists:
            self._lists[model, name] = named_record(model, name)[0]
        return cast(Named, self._lists[model, name])


def record_enrolments(
    entries: Sequence[RosterEntry],
    *,
    courses: dict[int, RecordedCourse],
    people: People,
    roster_import: RosterImport,
    at: dt.datetime,
) -> Sequence[int]:
    """Write one enrolment a row; their ids in order."""
    tell_planner(Course, Person)
    ids = allocate_ids(Enrolment, len(entries))
    audiences = ids_by_key(Audience)
    audience_of = {text: audiences.get(normal_key(text)) for text in {e.audience for e in entries}}
    recorded_at = moment(at)

    def row(pk: int, entry: RosterEntry) -> tuple[Any, ...]:
        course = courses[id(entry.course)]
        written, practical = entry.written_mark, entry.practical_mark
        return (
            pk,
            course.id,
            people.id_of(entry),
            audience_of[entry.audience] or course.terms.main_audience_id,
            entry.education,
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
