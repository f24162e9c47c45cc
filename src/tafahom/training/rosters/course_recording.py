"""Writing the courses of a judged roster, with the standards and centres that are new."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from tafahom.agreements.queries import AgreementTerms, terms_by_key
from tafahom.bulk import allocate_ids, insert_rows, new_uids
from tafahom.jalali import month_of
from tafahom.parties.actions import (
    UnknownEntryError,
    county_record,
    listed_record,
    name_fields,
)
from tafahom.parties.models import Centre, CentreType, County, NamedRecord, Province
from tafahom.parties.queries import home_province, ids_by_key
from tafahom.people.queries import chunks
from tafahom.persian import clean, normal_key, number_key, sort_key
from tafahom.training.courses.groups import GroupWords
from tafahom.training.courses.rules import CourseFacts, course_key
from tafahom.training.examinations.rules import rule_on
from tafahom.training.models import (
    Cluster,
    Course,
    OccupationalStandard,
    PassRule,
    RosterImport,
)
from tafahom.training.standards.rules import standard_key

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


@dataclass(frozen=True, slots=True)
class RecordedCourse:
    """A course of the roster as it is in the database, with what its rows need."""

    id: int
    facts: CourseFacts
    terms: AgreementTerms
    end_month: int
    rule: PassRule | None


class CourseRecorder:
    """Finds or records the courses of a roster with their standards and centres."""

    def __init__(
        self, courses: Iterable[CourseFacts], roster_import: RosterImport, words: GroupWords
    ) -> None:
        self._by_key: dict[str, CourseFacts] = {}
        self._keys: dict[int, str] = {}
        for course in courses:
            key = self._keys[id(course)] = course_key(course)
            self._by_key.setdefault(key, course)
        self._import = roster_import
        self._terms = terms_by_key({c.agreement_number for c in self._by_key.values()})
        self._rules = list(PassRule.objects.order_by("valid_from"))
        self._words = words
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
            cluster=self._listed(Cluster, "cluster", course.cluster),
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
        county = known_name(self._words, "county", course.county)
        if county and county not in self._counties:
            self._counties[county] = county_record(province, county)
        return Centre(
            **name_fields(course.centre),
            centre_type=self._listed(CentreType, "centre_type", course.centre_type),
            county=self._counties[county] if county else None,
            province=province,
        )

    def _listed(self, model: type[Named], field: str, word: str) -> Named | None:
        """The record a word means in a closed list, asked for once; None for a blank one."""
        name = known_name(self._words, field, word)
        if not name:
            return None
        if (model, name) not in self._lists:
            self._lists[model, name] = listed_record(model, name)
        return cast(Named, self._lists[model, name])


def known_name(words: GroupWords, field: str, word: str) -> str:
    """Return what a word of a judged row means; "" for a blank one.

    Raises UnknownEntryError for a word that judging should have asked about.
    """
    name = words.name_of(field, word)
    if name is None:
        raise UnknownEntryError(f"{word!r} is in no list of {field}")
    return name
