"""What the database holds of the people and courses in a roster, looked up before it is judged."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from tafahom.agreements.queries import terms_by_key
from tafahom.parties.models import Centre
from tafahom.parties.queries import home_province, ids_by_key
from tafahom.people.queries import KnownIdentity, PersonIds, chunks, known_identities
from tafahom.periods.queries import locked_months
from tafahom.persian import normal_key
from tafahom.training.courses.rules import CourseFacts, course_key
from tafahom.training.models import Course, OccupationalStandard
from tafahom.training.rosters.replaceable import EnrolledRows
from tafahom.training.rosters.rules import RosterEntry


class Recorded:
    """What the database holds of the people and courses in a roster."""

    def __init__(self, entries: Sequence[RosterEntry]) -> None:
        self.terms = terms_by_key({entry.course.agreement_number for entry in entries})
        self.by_national_id, self.by_fida = known_identities(
            national_ids=list({entry.national_id for entry in entries if entry.national_id}),
            fida_codes=list({entry.fida_code for entry in entries if entry.fida_code}),
        )
        keys = {course_key(course) for course in distinct_courses(entries)}
        self.courses = {
            course.key: course
            for chunk in chunks(keys)
            for course in Course.objects.filter(key__in=chunk).select_related("centre")
        }
        self.locked = locked_months()
        people = [known.person_id for known in self.by_national_id.values()]
        people += [known.person_id for known in self.by_fida.values()]
        self.enrolled = EnrolledRows(self.courses.values(), people, self.locked)
        self._provinces = self._provinces_of_centres() if self.locked else {}

    @cached_property
    def centres(self) -> set[str]:
        """Keys of registered centres."""
        return set(ids_by_key(Centre))

    @cached_property
    def standards(self) -> set[str]:
        """Keys of registered standards, and of their titles."""
        pairs = OccupationalStandard.objects.values_list("key", "title")
        return {key for own, title in pairs for key in (own, normal_key(title))}

    def _provinces_of_centres(self) -> dict[str, int]:
        """Province of each centre by its key; "" has that of centres nobody knows yet."""
        known = dict(Centre.objects.values_list("key", "province_id"))
        return {"": home_province().pk} | known

    def province_of(self, centre: str) -> int:
        """Return the province of a centre, as it is when its courses are recorded."""
        return self._provinces.get(normal_key(centre), self._provinces[""])

    def person_ids(self) -> PersonIds:
        """Return the recorded people of the roster by their numbers."""
        return (
            {number: known.person_id for number, known in self.by_national_id.items()},
            {number: known.person_id for number, known in self.by_fida.items()},
        )

    def person(self, entry: RosterEntry) -> list[KnownIdentity]:
        """Identities with a number of this row: none, one, or two that differ."""
        found = [self.by_national_id.get(entry.national_id), self.by_fida.get(entry.fida_code)]
        return [known for known in found if known]


def distinct_courses(entries: Iterable[RosterEntry]) -> list[CourseFacts]:
    """The course descriptions of a roster, each object once."""
    return list({id(entry.course): entry.course for entry in entries}.values())
