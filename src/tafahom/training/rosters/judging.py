"""Judging the rows of a roster against the registries and what is recorded.

Look-ups are made for the whole roster first; then every row is judged in memory, in order.
"""

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from tafahom.agreements.queries import AgreementTerms
from tafahom.jalali import format_date, month_of, month_title
from tafahom.people.queries import KnownIdentity, PersonIds
from tafahom.people.sealing import IdentityData
from tafahom.persian import normal_key, number_key
from tafahom.scoping import EVERYTHING, Scope
from tafahom.training.courses.groups import GroupWords
from tafahom.training.courses.rules import CourseFacts, course_key
from tafahom.training.models import Course, PassRule
from tafahom.training.rosters.reach import Reach
from tafahom.training.rosters.recorded import Recorded
from tafahom.training.rosters.replaceable import (
    Comparison,
    Earlier,
    Replacement,
    compare,
    values_of,
)
from tafahom.training.rosters.results import Doubts
from tafahom.training.rosters.rules import Problem, RosterEntry
from tafahom.training.standards.rules import standard_key

Numbers: TypeAlias = list[tuple[str, str]]
# Where a row stands in its file: sheet, row, first column of its table.
SourcePlace: TypeAlias = tuple[str, int, int]
# What was accepted of files that are not recorded, among them what each row of a course says.
Seen: TypeAlias = dict[Hashable, Earlier | None]

AGREEMENT = "شماره تفاهم‌نامه"
STARTS = "تاریخ شروع"
ENDS = "تاریخ پایان"
AUDIENCE = "گروه مخاطب"
NATIONAL_ID = "کد ملی"
FIDA_CODE = "کد فراگیر اتباع"
COURSE_CODE = "کد دوره"
PARTNER = "دستگاه"
CENTRE = "نام مرکز"
COURSE_TITLE = "عنوان دوره"
# Groups that a row names, and those that describe a centre or standard nobody has registered.
OF_A_ROW = ("gender", "audience", "education")
OF_A_CENTRE, OF_A_STANDARD = ("centre_type", "county"), ("cluster",)


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word for a group that is in no list: its field, and the first row that has it."""

    field: str
    word: str
    entry: RosterEntry


@dataclass(slots=True)
class Judgement:
    """What became of the rows: to be recorded, recorded before from this file, or refused.

    ``replacing`` are those of ``accepted`` that take the place of a recorded row, ``replaceable``
    those of the refused that could.
    ``known`` are ids of all people in the rows who are recorded. ``unknown`` are words for groups
    that are in no list, each with the first row that has it: nothing may be written before
    somebody says what they mean. ``words`` is what the others mean.
    """

    accepted: list[RosterEntry] = field(default_factory=list)
    replacing: list[Replacement] = field(default_factory=list)
    replaceable: list[Replacement] = field(default_factory=list)
    already: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    known: PersonIds | None = None
    unknown: list[UnknownWord] = field(default_factory=list)
    words: GroupWords | None = None


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a row is refused, without its place."""

    code: str
    column: str
    value: str
    params: tuple[tuple[str, str], ...] = ()

    def at(self, entry: RosterEntry) -> Problem:
        return Problem(self.code, entry.sheet, entry.row, self.column, self.value, self.params)


@dataclass(frozen=True, slots=True)
class _Described:
    """A course of the roster: its key, the agreement it is under, and what is wrong with it."""

    key: str
    terms: AgreementTerms | None
    reason: _Reason | None
    facts: Hashable = None


class Judge:
    """Judges the rows of one roster; ``seen`` remembers what was accepted, across files."""

    def __init__(
        self,
        entries: Sequence[RosterEntry],
        *,
        seen: Seen,
        done: set[SourcePlace],
        within: Scope = EVERYTHING,
        words: GroupWords | None = None,
        replace: bool = False,
    ) -> None:
        self._words = words or GroupWords()
        self._unknown: dict[tuple[str, str], UnknownWord] = {}
        self._doubts = Doubts(list(PassRule.objects.order_by("valid_from")))
        self._entries = entries
        self._seen = seen
        self._replace = replace
        # Rows of this roster by course and number: taken, or such as could replace another.
        self._own: dict[tuple[str, tuple[str, str]], RosterEntry] = {}
        self._done = done
        self._recorded = Recorded(entries)
        self._reach = Reach(within)
        self._described: dict[int, _Described] = {}
        self._told: set[int] = set()  # descriptions of which warnings were given
        self._worded: set[int] = set()
        self._row_words: dict[tuple[str, ...], _Reason | None] = {}
        self._titles: dict[str, str] = {}
        # Descriptions (by ``id``) that agree with what was seen of their course: so they stay.
        self._agreed: set[int] = set()
        # Names and audiences repeat; their normal forms are most of the work of judging.
        self._key = lru_cache(maxsize=None)(normal_key)

    def judge(self) -> Judgement:
        """Every row once, in order: of two that clash, the later is refused."""
        judgement = Judgement(known=self._recorded.person_ids(), words=self._words)
        for entry in self._entries:
            if (entry.sheet, entry.row, entry.column) in self._done:
                judgement.already += 1
                continue
            numbers, name = _numbers(entry.national_id, entry.fida_code), self._name(entry)
            recorded = self._recorded.person(entry)
            reasons = self._reasons(entry, numbers, name, recorded)
            # Of a known person with another name, that it is enrolled already would be no news.
            is_known = all(reason.code != "identity.conflict" for reason in reasons)
            earlier = self._earlier(entry, numbers, recorded) if is_known else None
            if earlier is not None:
                found = None if reasons else compare(entry, earlier)
                if found and found.is_replaceable:
                    replacement = Replacement(found.entry, earlier)
                    self._claim(found.entry, numbers)
                    if self._replace:
                        judgement.replacing.append(replacement)
                        self._accept(found.entry, numbers, name, judgement)
                        continue
                    judgement.replaceable.append(replacement)
                reasons.append(_duplicate(numbers, found))
            if reasons:
                judgement.problems += [reason.at(entry) for reason in reasons]
            else:
                self._accept(entry, numbers, name, judgement)
        judgement.warnings += self._doubts.warnings()
        judgement.unknown = list(self._unknown.values())
        return judgement

    def _accept(
        self, entry: RosterEntry, numbers: Numbers, name: str, judgement: Judgement
    ) -> None:
        self._remember(entry, numbers, name)
        judgement.accepted.append(entry)
        if id(entry.course) not in self._told:
            self._told.add(id(entry.course))
            warnings = (self._partner_warning(entry), self._title_warning(entry))
            judgement.warnings += [warning for warning in warnings if warning]
        self._doubts.look_at(entry)

    def _reasons(
        self,
        entry: RosterEntry,
        numbers: Numbers,
        name: str,
        recorded: Sequence[KnownIdentity],
    ) -> list[_Reason]:
        course = self._course(entry.course)
        found = (
            course.reason or self._course_conflict(entry.course, course),
            self._note_words(entry, course),
            self._identity_conflict(entry, numbers, name, recorded),
        )
        return [reason for reason in found if reason]

    def _course(self, course: CourseFacts) -> _Described:
        described = self._described.get(id(course))
        if described is None:
            described = self._described[id(course)] = self._describe(course)
        return described

    def _describe(self, course: CourseFacts) -> _Described:
        key = course_key(course)
        terms = self._recorded.terms.get(number_key(course.agreement_number))
        if terms is None:
            reason = _Reason("agreement.unknown", AGREEMENT, course.agreement_number)
            return _Described(key, None, reason)
        against = (
            self._beyond_reach(course, key, terms)
            or _outside_term(course, terms)
            or _outside_course(course)
            or self._closed_month(course)
        )
        return _Described(key, terms, against, _facts(course, terms.id))

    def _beyond_reach(self, course: CourseFacts, key: str, terms: AgreementTerms) -> _Reason | None:
        """Whoever sends the roster serves other centres, partners or courses."""
        if self._reach.holds(course=key, centre=course.centre, agreement_id=terms.id):
            return None
        return _Reason("scope.outside", CENTRE, course.centre)

    def _closed_month(self, course: CourseFacts) -> _Reason | None:
        """The month in which the course ended, or one of its sessions was held, is closed."""
        if not self._recorded.locked:
            return None
        province = self._recorded.province_of(course.centre)
        held = [(format_date(day, digits="en"), day) for day, _minutes in course.sessions]
        for column, day in ((ENDS, course.ends_on), *held):
            if (province, month_of(day)) in self._recorded.locked:
                params = (("month", month_title(month_of(day))),)
                return _Reason("period.closed", column, format_date(day), params)
        return None

    def _course_conflict(self, course: CourseFacts, described: _Described) -> _Reason | None:
        """Rows of one course must agree on agreement, dates, length and centre."""
        if id(course) in self._agreed:
            return None
        if recorded := self._recorded.courses.get(described.key):
            known: Hashable = _recorded_facts(recorded)
            self._see(("course", described.key))
            self._see(("facts", described.key, known))
        if ("course", described.key) not in self._seen:
            return None
        if ("facts", described.key, described.facts) in self._seen:
            return None
        return _Reason("course.conflict", COURSE_CODE, course.code or course.title)

    def _note_words(self, entry: RosterEntry, course: _Described) -> _Reason | None:
        """Note words for groups that are in no list; an audience is named at its row as well."""
        words = (entry.gender, entry.audience, entry.education)
        if words not in self._row_words:
            for name, word in zip(OF_A_ROW, words, strict=True):
                self._note_word(name, word, entry)
            is_known = self._words.name_of("audience", entry.audience) is not None
            reason = _Reason("audience.unknown", AUDIENCE, entry.audience)
            self._row_words[words] = None if is_known else reason
        if id(entry.course) not in self._worded:
            self._worded.add(id(entry.course))
            self._note_course_words(entry, course)
        return self._row_words[words]

    def _note_course_words(self, entry: RosterEntry, course: _Described) -> None:
        """Note words that describe a centre or standard nobody has registered."""
        if course.key in self._recorded.courses:
            return
        facts = entry.course
        if self._key(facts.centre) not in self._recorded.centres:
            for name in OF_A_CENTRE:
                self._note_word(name, getattr(facts, name), entry)
        own = standard_key(facts.standard_code, facts.title)
        if own not in self._recorded.standards:
            for name in OF_A_STANDARD:
                self._note_word(name, getattr(facts, name), entry)

    def _note_word(self, name: str, word: str, entry: RosterEntry) -> None:
        if word and self._words.name_of(name, word) is None:
            self._unknown.setdefault((name, self._key(word)), UnknownWord(name, word, entry))

    def _identity_conflict(
        self, entry: RosterEntry, numbers: Numbers, name: str, recorded: Sequence[KnownIdentity]
    ) -> _Reason | None:
        """The same number with another name, or with another birth date when both are given."""
        for known in recorded:
            theirs = _numbers(known.data.national_id, known.data.fida_code)
            self._remember_person(theirs, self._name(known.data), known.data.birth_date)
        people = {known.person_id for known in recorded}
        for number in numbers:
            if len(people) > 1 or self._is_someone_else(number, name, entry.birth_date):
                column = NATIONAL_ID if number[0] == "n" else FIDA_CODE
                return _Reason("identity.conflict", column, number[1])
        return None

    def _is_someone_else(self, number: Hashable, name: str, born: dt.date | None) -> bool:
        seen = self._seen
        if ("person", number) not in seen:
            return False
        if ("name", number, name) not in seen:
            return True
        given = born is not None and ("born", number) in seen
        return given and ("born", number, born) not in seen

    def _earlier(
        self, entry: RosterEntry, numbers: Numbers, people: Sequence[KnownIdentity]
    ) -> Earlier | None:
        """What this file, one before it or the database has of the person in this course."""
        key = self._course(entry.course).key
        for number in numbers:
            if own := self._own.get((key, number)):
                return Earlier(values_of(own), row=own.row)
            if seen := self._seen.get(("row", key, number)):
                return seen
        recorded = self._recorded.courses.get(key) if people else None
        if recorded is None:
            return None
        rows = (self._recorded.enrolled.find(recorded.pk, known.person_id) for known in people)
        return next((row for row in rows if row), None)

    def _claim(self, entry: RosterEntry, numbers: Numbers) -> None:
        key = self._course(entry.course).key
        for number in numbers:
            self._own[key, number] = entry

    def _remember(self, entry: RosterEntry, numbers: Numbers, name: str) -> None:
        course = self._course(entry.course)
        if id(entry.course) not in self._agreed:
            self._agreed.add(id(entry.course))
            self._see(("course", course.key))
            self._see(("facts", course.key, course.facts))
        self._claim(entry, numbers)
        says = Earlier(values_of(entry))
        for number in numbers:
            self._seen["row", course.key, number] = says
        self._remember_person(numbers, name, entry.birth_date)

    def _see(self, what: Hashable) -> None:
        self._seen[what] = None

    def _name(self, who: RosterEntry | IdentityData) -> str:
        """A name for comparing: the same under any spelling and spacing of its parts."""
        return self._key(who.first_name) + self._key(who.last_name)

    def _remember_person(self, numbers: Numbers, name: str, born: dt.date | None) -> None:
        for number in numbers:
            self._see(("person", number))
            self._see(("name", number, name))
            if born:
                self._see(("born", number))
                self._see(("born", number, born))

    def _title_warning(self, entry: RosterEntry) -> Problem | None:
        """Another title than the course with this code has."""
        facts = entry.course
        if not facts.code or not facts.title:
            return None
        key = self._course(facts).key
        recorded = self._recorded.courses.get(key)
        first = self._titles.setdefault(key, recorded.title if recorded else facts.title)
        if self._key(first) == self._key(facts.title):
            return None
        params = (("title", first),)
        return _Reason("course.title_differs", COURSE_TITLE, facts.title, params).at(entry)

    def _partner_warning(self, entry: RosterEntry) -> Problem | None:
        """The partner named is not the agreement's, whose partner counts."""
        course = entry.course
        terms = self._course(course).terms
        if terms is None or not course.partner:
            return None
        if normal_key(course.partner) == terms.partner_key:
            return None
        params = (("partner", terms.partner_name),)
        return _Reason("partner.mismatch", PARTNER, course.partner, params).at(entry)


def _numbers(national_id: str, fida_code: str) -> Numbers:
    """The numbers a person is known by, each with its kind."""
    if national_id and not fida_code:  # nearly everybody
        return [("n", national_id)]
    return [pair for pair in (("n", national_id), ("f", fida_code)) if pair[1]]


def _duplicate(numbers: Numbers, found: Comparison | None) -> _Reason:
    """The person of a row is in its course already; what differs, if that was found."""
    kind, number = numbers[0]
    column = NATIONAL_ID if kind == "n" else FIDA_CODE
    return _Reason("row.duplicate", column, number, found.params if found else ())


def _outside_term(course: CourseFacts, terms: AgreementTerms) -> _Reason | None:
    params = (("from", format_date(terms.starts_on)), ("to", format_date(terms.ends_on)))
    for column, day in ((STARTS, course.starts_on), (ENDS, course.ends_on)):
        if not terms.starts_on <= day <= terms.ends_on:
            return _Reason("date.outside_agreement", column, format_date(day), params)
    return None


def _outside_course(course: CourseFacts) -> _Reason | None:
    """A session that was held before the course began or after it ended."""
    for day, _minutes in course.sessions:
        if not course.starts_on <= day <= course.ends_on:
            column = format_date(day, digits="en")
            params = (
                ("from", format_date(course.starts_on)),
                ("to", format_date(course.ends_on)),
            )
            return _Reason("session.outside_course", column, format_date(day), params)
    return None


def _facts(course: CourseFacts, agreement_id: int) -> Hashable:
    return (
        agreement_id,
        course.starts_on,
        course.ends_on,
        course.planned_minutes,
        normal_key(course.centre),
    )


def _recorded_facts(course: Course) -> Hashable:
    return (
        course.agreement_id,
        course.starts_on,
        course.ends_on,
        course.planned_minutes,
        course.centre.key,
    )
