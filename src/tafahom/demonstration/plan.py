"""The courses of a made-up year, and who sat in them for how many hours.

The same seed makes the same year. Sums are exact: hours are dealt out by chance and then put
right, hour by hour, in courses whose rosters give hours and not marks of attendance.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from tafahom.demonstration.people import SamplePeople, Trainee
from tafahom.demonstration.promises import agreement_numbers, make_agreements
from tafahom.demonstration.records import (
    INDUSTRY,
    PRISONS,
    THROUGH,
    SampleAgreement,
    SampleCourse,
    Seat,
    Year,
    data,
    partners,
)
from tafahom.jalali import days_in_month, from_jalali, to_jalali
from tafahom.training.examinations.rules import passed

SEED = 1397
SESSION = 4
FRIDAY = 4
AFTER_NEW_YEAR = 14
COUNTIES = {"کرج": 44, "ساوجبلاغ": 15, "نظرآباد": 14, "فردیس": 13, "اشتهارد": 8, "طالقان": 6}
SHORT_COURSE = 62  # of workers, who have a job to do
FEW = 30  # women in a hundred: too few for a course of their own


class _Rule(NamedTuple):
    """The examination office's rule."""

    written_minimum: int = 5000
    practical_minimum: int = 7000
    total_minimum: int = 7000
    written_weight: int = 25


def make_years() -> tuple[list[SampleAgreement], list[Year]]:
    """Make the agreements and the two years: the sample one and the year before."""
    chance = random.Random(SEED)
    people = SamplePeople(data(), chance)
    numbers = agreement_numbers(chance)
    years: list[Year] = []
    for number, plan in sorted(data()["years"].items()):
        years.append(Maker(int(number), plan, people, numbers, chance).make())
        people.next_year(years[-1].trainees())
    return make_agreements(numbers, years, chance), years


class Maker:
    """Makes one year. A plan without ``hours`` leaves them as chance deals them out."""

    def __init__(
        self,
        year: int,
        plan: dict[str, Any],
        people: SamplePeople,
        numbers: dict[str, list[tuple[str, str]]],
        chance: random.Random,
    ) -> None:
        self._year = year
        self._plan = plan
        self._people = people
        self._numbers = numbers
        self._chance = chance
        self._serial = 0
        self._certificate = 0
        self._standards: list[list[Any]] = data()["standards"]["rows"]

    def make(self) -> Year:
        """Make courses, fill them, and put the hours of each group right."""
        main: list[SampleCourse] = []
        later: list[SampleCourse] = []
        rows, shares = partners(), self._shares()
        for row, persons in zip(rows, shares, strict=True):
            main += self._courses(row, persons, self._months())
        for row, persons in zip(rows, _shared(self._plan["later_persons"], shares), strict=True):
            later += self._courses(row, persons, ([11, 12], [5, 4]))
        self._share_people(main)
        industry = [course for course in main if course.partner == INDUSTRY]
        others = [course for course in main if course.partner != INDUSTRY]
        hours, of_industry = self._plan.get("hours"), self._plan.get("industry_hours")
        self._give_hours(industry, of_industry)
        self._give_hours(others, hours - of_industry if hours else None)
        self._give_hours(later, None)
        for course in (*main, *later):
            for seat in course.seats:
                self._examine(seat)
        return Year(self._year, sorted([*main, *later], key=lambda course: course.code))

    def _months(self) -> tuple[list[int], list[int]]:
        months = list(range(1, self._plan.get("through", THROUGH) + 1))
        return months, self._plan["weights"][: len(months)]

    def _shares(self) -> list[int]:
        """Persons by partner; prisons and industry as published, the others by their share.

        Those who come through two partners are in both shares.
        """
        fixed = {PRISONS: self._plan["prisoners"], INDUSTRY: self._plan["industry"]}
        rest = self._plan["persons"] - sum(fixed.values()) + self._plan["with_two_partners"]
        # Partners do not all grow alike from year to year.
        weights = [
            0 if row[0] in fixed else row[3] * self._chance.randint(82, 118) for row in partners()
        ]
        shares = _shared(rest, weights)
        return [fixed.get(row[0], share) for row, share in zip(partners(), shares, strict=True)]

    def _courses(
        self, row: list[Any], persons: int, months: tuple[list[int], list[int]]
    ) -> list[SampleCourse]:
        """Courses of a partner with so many persons; a few persons come a second time."""
        courses: list[SampleCourse] = []
        _name, _kind, audience, _share, women, _types, layouts = row
        while persons > 0:
            size = min(self._chance.randint(13, 21), persons)
            if persons - size < 6:
                size = persons
            course = self._course(row, layouts[len(courses) % len(layouts)], months)
            for _ in range(size):
                person = self._people.make(
                    women=_women(course.title, women), year=self._year, audience=audience
                )
                course.seats.append(Seat(person))
            courses.append(course)
            persons -= size
        for course, after in pairwise(courses):
            again = self._chance.sample(
                course.seats, k=len(course.seats) // 14 + self._chance.randrange(2)
            )
            after.seats += [
                Seat(seat.trainee)
                for seat in again
                if seat.trainee not in _trainees(after) and _suits(after, seat.trainee)
            ]
        return courses

    def _share_people(self, courses: Sequence[SampleCourse]) -> None:
        """Let some people of one partner be people of another one too: they count once in all."""
        left = self._plan["with_two_partners"]
        by_partner: dict[str, list[SampleCourse]] = defaultdict(list)
        for course in courses:
            by_partner[course.partner].append(course)
        for giver, taker in data()["partners"]["that_share_people"]:
            size = min(left, self._chance.randint(9, 14))
            given = self._chance.sample(_once(by_partner[giver]), k=5 * size)
            taken = self._chance.sample(_once(by_partner[taker]), k=size)
            instead: dict[Trainee, Trainee] = {}
            for trainee in taken:  # by another of the same gender, for the course's sake
                instead[trainee] = next(one for one in given if one.gender == trainee.gender)
                given.remove(instead[trainee])
            for course in by_partner[taker]:
                for seat in course.seats:
                    seat.trainee = instead.get(seat.trainee, seat.trainee)
            left -= size
        if left:
            raise ValueError("more pairs of partners are needed")

    def _course(
        self, row: list[Any], layout: str, months: tuple[list[int], list[int]]
    ) -> SampleCourse:
        chance = self._chance
        name, _kind, audience, _share, women, types, _layouts = row
        title, code, cluster, group, hours = self._standard(name, audience, women)
        county = chance.choices(list(COUNTIES), list(COUNTIES.values()))[0]
        centre_type = chance.choice(types)
        number, level = chance.choice(self._numbers[name])
        self._serial += 1
        return SampleCourse(
            code=f"{self._year}{self._serial:05}",
            title=title, standard=code, cluster=cluster, group=group, hours=hours,
            partner=name, audience=audience, agreement=number, level=level,
            centre=_centre_name(centre_type, county, chance.randint(1, 2)),
            centre_type=centre_type, county=county,
            instructor=f"{chance.choice(('رضا', 'مریم', 'سعید', 'لیلا', 'حمید', 'نرگس'))} "
            f"{chance.choice(('کریمی', 'نوری', 'صادقی', 'مرادی', 'شفیعی', 'بیات', 'یزدی'))}",
            layout=layout, month=chance.choices(*months)[0],
        )  # fmt: skip

    def _standard(self, partner: str, audience: str, women: int) -> list[Any]:
        """Choose what is taught: of the partner's own cluster mostly, for people it has."""
        forbidden = data()["standards"]["for_women"] if women < FEW else []
        possible = [
            row
            for row in self._standards
            if (row[4] <= SHORT_COURSE) == (partner == INDUSTRY) and row[0] not in forbidden
        ]
        if self._chance.randrange(5) and (cluster := data()["clusters_of"].get(audience)):
            possible = [row for row in possible if row[2] == cluster]
        return self._chance.choice(possible)

    def _give_hours(self, courses: Sequence[SampleCourse], target: int | None) -> None:
        """Set lengths, days and attendance so that attended hours come to the target exactly."""
        planned = sum(course.hours * len(course.seats) for course in courses)
        factor = target / 0.955 / planned if target else 1.0
        for course in courses:
            course.hours = max(8, round(course.hours * factor / 2) * 2)
            self._set_days(course)
            for seat in course.seats:
                self._attend(course, seat)
        if target is not None:
            self._put_right(courses, target)

    def _set_days(self, course: SampleCourse) -> None:
        """End on a day of its month, and go back from there: four hours a day, no holidays."""
        earliest = AFTER_NEW_YEAR + 4 if course.month == 1 else 4
        last = from_jalali(
            self._year,
            course.month,
            self._chance.randint(earliest, days_in_month(self._year, course.month)),
        )
        lengths = [SESSION] * (course.hours // SESSION)
        if rest := course.hours % SESSION:
            lengths.append(rest)
        days: list[dt.date] = []
        day = last
        while len(days) < len(lengths):
            if not _is_holiday(day):
                days.append(day)
            day -= dt.timedelta(days=1)
        days.reverse()
        course.starts_on, course.ends_on = days[0], days[-1]
        course.sessions = list(zip(days, lengths, strict=True))
        # A last day that fell on a Friday moved to the day before, which is of the month still.

    def _attend(self, course: SampleCourse, seat: Seat) -> None:
        chance = self._chance
        if course.layout == "register":
            weights = (92, 4, 3, 1)
            seat.marks = [chance.choices("حغتم", weights)[0] for _ in course.sessions]
            seat.hours = sum(
                hours
                for (_day, hours), mark in zip(course.sessions, seat.marks, strict=True)
                if mark in "حت"
            )
        else:
            missed = chance.choices((0, 1, 2, 4, 6, 10), (50, 8, 12, 14, 10, 6))[0]
            seat.hours = max(course.hours - missed, course.hours * 7 // 10)

    def _put_right(self, courses: Sequence[SampleCourse], target: int) -> None:
        """Add or take single hours until the sum is right."""
        free = [
            (course, seat)
            for course in courses
            if course.layout != "register"
            for seat in course.seats
        ]
        self._chance.shuffle(free)
        short = target - sum(seat.hours for course in courses for seat in course.seats)
        step = 1 if short > 0 else -1
        while short:
            before = short
            for course, seat in free:
                if short and course.hours * 6 // 10 < seat.hours + step <= course.hours:
                    seat.hours += step
                    short -= step
            if short == before:
                raise ValueError("hours can not be dealt out: the courses are too short")

    def _examine(self, seat: Seat) -> None:
        """Two papers for most; who passes gets a certificate, nearly always by now."""
        chance = self._chance
        if chance.randrange(100) < 8:
            seat.result = "غایب"
            return
        seat.written = self._mark(50, 100) if chance.randrange(12) else self._mark(20, 55)
        seat.practical = self._mark(74, 100) if chance.randrange(12) else self._mark(40, 78)
        has_passed = passed(round(seat.written * 100), round(seat.practical * 100), _Rule())
        seat.result = "قبول" if has_passed else "مردود"
        if has_passed and chance.randrange(100) < 90:
            self._certificate += 1
            seat.certificate = f"{self._year}{self._certificate:07}"

    def _mark(self, lowest: int, highest: int) -> float:
        return self._chance.randint(2 * lowest, 2 * highest) / 2


def _women(title: str, usual: int) -> int:
    """Return the chance of a woman in a course of this title, in percent."""
    standards = data()["standards"]
    return 100 if title in standards["for_women"] else 0 if title in standards["for_men"] else usual


def _suits(course: SampleCourse, trainee: Trainee) -> bool:
    own = 100 if trainee.gender == "زن" else 0
    return _women(course.title, own) == own


def _is_holiday(day: dt.date) -> bool:
    """Fridays, and the new year from its eve to the thirteenth."""
    _year, month, date = to_jalali(day)
    return (
        day.weekday() == FRIDAY
        or (month, date) >= (12, 29)
        or (month == 1 and date < AFTER_NEW_YEAR)
    )


def _once(courses: Sequence[SampleCourse]) -> list[Trainee]:
    """Return the people of courses, each once, in the order in which they come."""
    return list(dict.fromkeys(seat.trainee for course in courses for seat in course.seats))


def _trainees(course: SampleCourse) -> set[Trainee]:
    return {seat.trainee for seat in course.seats}


def _shared(total: int, weights: Sequence[int]) -> list[int]:
    """Divide a number by weights; what is left over goes to the largest remainders."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares


def _centre_name(centre_type: str, county: str, number: int) -> str:
    kinds = {
        "زندان": "مرکز آموزش زندان",
        "پادگان": "مرکز آموزش پادگان",
        "صنایع": "مرکز آموزش در صنایع",
        "جوار کارگاه": "مرکز جوار کارگاه",
        "بین کارگاهی": "مرکز بین‌کارگاهی",
        "جوار دانشگاه": "مرکز جوار دانشگاه",
        "سیار شهری": "تیم سیار شهری",
        "روستایی": "تیم سیار روستایی",
        "آموزشگاه آزاد": "آموزشگاه آزاد مهارت",
        "محیط کار واقعی": "کارگاه محیط کار واقعی",
        "سکونتگاه غیررسمی": "مرکز محله",
    }
    return f"{kinds.get(centre_type, 'مرکز آموزش فنی و حرفه‌ای شماره')} {number} {county}"
