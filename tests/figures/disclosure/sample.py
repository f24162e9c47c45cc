"""The current year of the demonstration as disclosure control sees it: few people, months open."""

import datetime as dt
import tomllib
from collections.abc import Sequence

from tafahom.demonstration.present import make_present
from tafahom.demonstration.records import SampleCourse, Seat, partners
from tafahom.figures.disclosure.names import Contract
from tafahom.figures.disclosure.slices import Enrolments, Revealing
from tafahom.figures.rules import age_band
from tafahom.jalali import parse_date, to_jalali
from tafahom.parties.actions import REFERENCE

PROVINCE = 1


class CurrentYear:
    """Enrolments of the year in which a day is; ``silent`` are agreements without any."""

    def __init__(self, today: dt.date) -> None:
        present = make_present(today, [])
        year, month, _day = to_jalali(today)
        self._ids: dict[tuple[str, str], int] = {}
        self._kinds = {name: kind for name, kind, *_rest in partners()}
        held = [one for one in present.courses if _year(one) == year and one.month < month]
        self.rows = [self._enrolment(one, seat) for one in held for seat in one.seats]
        have = {one.agreement for one in self.rows}
        known = [self._contract(one.number, one.partner, one.level) for one in present.agreements]
        self.silent = [one for one in known if one.agreement not in have]
        self.revealing = self._revealing(held, known)

    def _revealing(self, held: Sequence[SampleCourse], known: Sequence[Contract]) -> Revealing:
        """Return what reveals a status by the registers that the program comes with."""
        reference = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))
        telling = {
            self._id("partner", name)
            for name, _kind, audience, *_rest in partners()
            if audience in reference["sensitive_audiences"].values()
        }
        types = {self._id("type", name) for name in reference["revealing_centre_types"].values()}
        centres = {
            self._id("centre", one.centre) for one in held if self._id("type", one.centre_type) in types
        }  # fmt: skip
        return Revealing(
            partners=frozenset(telling),
            agreements=frozenset(one.agreement for one in known if one.partner in telling),
            centres=frozenset(centres),
            centre_types=frozenset(types),
        )

    def _contract(self, number: str, partner: str, level: str) -> Contract:
        kind = self._id("kind", self._kinds[partner])
        return Contract(self._id("agreement", number), self._id("partner", partner), level, kind)

    def _enrolment(self, course: SampleCourse, seat: Seat) -> Enrolments:
        contract = self._contract(course.agreement, course.partner, course.level)
        who = seat.trainee
        age = (course.starts_on - parse_date(who.birth_date)).days * 4 // 1461
        return Enrolments(
            province=PROVINCE,
            **contract._asdict(),
            centre=self._id("centre", course.centre),
            centre_type=self._id("type", course.centre_type),
            county=self._id("county", course.county),
            gender=who.gender,
            education=who.education,
            age_band=age_band(age),
            month=course.month,
            person=self._id("person", who.national_id or who.fida_code),
            number=1,
            minutes=seat.hours * 60,
        )

    def _id(self, kind: str, name: str) -> int:
        return self._ids.setdefault((kind, name), len(self._ids) + 1)


def _year(course: SampleCourse) -> int:
    return to_jalali(course.ends_on)[0]
