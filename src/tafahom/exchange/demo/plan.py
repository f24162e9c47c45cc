"""The courses of a made-up year, and who sat in them for how many hours.

The same seed makes the same year. Sums are exact: hours are dealt out by chance and then put
right, hour by hour, in courses whose rosters give hours and not marks of attendance.
"""

import datetime as dt
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from tafahom.exchange.demo.people import People, Trainee
from tafahom.jalali import days_in_month, from_jalali
from tafahom.training.rules import passed

SEED = 1397
THROUGH = 10
SESSION = 4
FRIDAY = 4
COUNTIES = {"کرج": 44, "ساوجبلاغ": 15, "نظرآباد": 14, "فردیس": 13, "اشتهارد": 8, "طالقان": 6}
INDUSTRY, PRISONS = "شهرک‌های صنعتی", "سازمان زندان‌ها"
SHORT_COURSE = 62  # of workers, who have a job to do


class _Rule(NamedTuple):
    """The examination office's rule."""

    written_minimum: int = 5000
    practical_minimum: int = 7000
    total_minimum: int = 7000
    written_weight: int = 25


@dataclass(slots=True)
class Seat:
    """One person in one course. ``marks`` are of attendance, where a register is kept."""

    trainee: Trainee
    hours: int = 0
    marks: list[str] = field(default_factory=list)
    written: float | None = None
    practical: float | None = None
    result: str = ""
    certificate: str = ""


@dataclass(slots=True)
class Course:
    """A course; ``sessions`` are days and hours, kept where ``layout`` is a register."""

    code: str
    title: str
    standard: str
    cluster: str
    group: str
    hours: int
    partner: str
    audience: str
    agreement: str
    level: str
    centre: str
    centre_type: str
    county: str
    instructor: str
    layout: str
    month: int
    starts_on: dt.date = dt.date.min
    ends_on: dt.date = dt.date.min
    sessions: list[tuple[dt.date, int]] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)

    @property
    def theory(self) -> int:
        """Hours of theory: about a third."""
        return round(self.hours * 0.34)


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement with what was promised by year: persons and person-hours."""

    number: str
    partner: str
    level: str
    parent: str
    signed_on: str
    starts_on: str
    ends_on: str
    targets: dict[int, tuple[int, int]]


@dataclass(slots=True)
class Year:
    """A year of courses; those that end after the tenth month are among them."""

    year: int
    courses: list[Course]

    def through(self, month: int = THROUGH) -> list[Course]:
        """Return the courses that end by a month."""
        return [course for course in self.courses if course.month <= month]


@cache
def data() -> dict[str, Any]:
    """Read what the year is made of."""
    return tomllib.loads(Path(__file__).with_name("data.toml").read_text(encoding="utf-8"))


def partners() -> list[list[Any]]:
    """Return rows of partners: name, kind, audience, persons, women %, centre types, layouts."""
    rows: list[list[Any]] = data()["partners"]["rows"]
    return rows


def make_years() -> tuple[list[Agreement], list[Year]]:
    """Make the agreements and the two years: the sample one and the year before."""
    chance = random.Random(SEED)
    people = People(data(), chance)
    numbers = _agreement_numbers(chance)
    years = [
        _Maker(int(year), plan, people, numbers, chance).make()
        for year, plan in sorted(data()["years"].items())
    ]
    return _agreements(numbers, years, chance), years


def _agreement_numbers(chance: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Numbers and levels of agreements by partner: a provincial one, most under a national one."""
    numbers: dict[str, list[tuple[str, str]]] = {}
    for place, row in enumerate(partners()):
        numbers[row[0]] = []
        if place % 4 != 3:
            numbers[row[0]].append(
                (f"{chance.randint(100, 999)}/95/{chance.randint(1000, 29999)}", "ملی")
            )
        if place % 5 != 2 or not numbers[row[0]]:
            numbers[row[0]].append(
                (f"{chance.randint(100, 999)}/96/{chance.randint(1000, 29999)}", "استانی")
            )
    return numbers


def _agreements(
    numbers: dict[str, list[tuple[str, str]]], years: Sequence[Year], chance: random.Random
) -> list[Agreement]:
    """Agreements with promises near what came of them: some kept, some not."""
    found = []
    for partner, own in numbers.items():
        national = next((number for number, level in own if level == "ملی"), "")
        for number, level in own:
            targets = {}
            for year in years:
                seats = [
                    seat
                    for course in year.through()
                    if course.agreement == number
                    for seat in course.seats
                ]
                promise = chance.choice((0.82, 0.9, 0.95, 1.0, 1.08, 1.2, 1.34))
                if seats:
                    hours = sum(seat.hours for seat in seats)
                    targets[year.year] = (
                        round(len(seats) * promise),
                        int(round(hours * promise, -1)),
                    )
            is_national = level == "ملی"
            found.append(
                Agreement(
                    number, partner, level, "" if is_national else national,
                    signed_on="1394/11/20" if is_national else "1395/06/05",
                    starts_on="1395/01/15" if is_national else "1395/07/01",
                    ends_on="1399/12/29" if is_national else "1398/12/29",
                    targets=targets,
                )
            )  # fmt: skip
    return found


class _Maker:
    """Makes one year."""

    def __init__(
        self,
        year: int,
        plan: dict[str, Any],
        people: People,
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
        main: list[Course] = []
        later: list[Course] = []
        rows, shares = partners(), self._shares()
        for row, persons in zip(rows, shares, strict=True):
            main += self._courses(row, persons, self._months())
        for row, persons in zip(rows, _shared(self._plan["later_persons"], shares), strict=True):
            later += self._courses(row, persons, ([11, 12], [5, 4]))
        industry = [course for course in main if course.partner == INDUSTRY]
        others = [course for course in main if course.partner != INDUSTRY]
        self._give_hours(industry, self._plan["industry_hours"])
        self._give_hours(others, self._plan["hours"] - self._plan["industry_hours"])
        self._give_hours(later, None)
        for course in (*main, *later):
            for seat in course.seats:
                self._examine(seat)
        return Year(self._year, sorted([*main, *later], key=lambda course: course.code))

    def _months(self) -> tuple[list[int], list[int]]:
        return list(range(1, THROUGH + 1)), self._plan["weights"]

    def _shares(self) -> list[int]:
        """Persons by partner; prisons and industry as published, the others by their share."""
        fixed = {PRISONS: self._plan["prisoners"], INDUSTRY: self._plan["industry"]}
        rest = self._plan["persons"] - sum(fixed.values())
        weights = [0 if row[0] in fixed else row[3] for row in partners()]
        shares = _shared(rest, weights)
        return [fixed.get(row[0], share) for row, share in zip(partners(), shares, strict=True)]

    def _courses(
        self, row: list[Any], persons: int, months: tuple[list[int], list[int]]
    ) -> list[Course]:
        """Courses of a partner with so many persons; a few persons come a second time."""
        courses: list[Course] = []
        _name, _kind, audience, _share, women, _types, layouts = row
        while persons > 0:
            size = min(self._chance.randint(13, 21), persons)
            if persons - size < 6:
                size = persons
            course = self._course(row, layouts[len(courses) % len(layouts)], months)
            for _ in range(size):
                person = self._people.make(women=women, year=self._year, audience=audience)
                course.seats.append(Seat(person))
            courses.append(course)
            persons -= size
        for course, after in pairwise(courses):
            again = self._chance.sample(
                course.seats, k=len(course.seats) // 14 + self._chance.randrange(2)
            )
            after.seats += [
                Seat(seat.trainee) for seat in again if seat.trainee not in _trainees(after)
            ]
        return courses

    def _course(self, row: list[Any], layout: str, months: tuple[list[int], list[int]]) -> Course:
        chance = self._chance
        name, _kind, audience, _share, _women, types, _layouts = row
        standards = [
            s
            for s in self._standards
            if (s[4] <= SHORT_COURSE if name == INDUSTRY else s[4] > SHORT_COURSE)
        ]
        title, code, cluster, group, hours = chance.choice(standards)
        county = chance.choices(list(COUNTIES), list(COUNTIES.values()))[0]
        centre_type = chance.choice(types)
        number, level = chance.choice(self._numbers[name])
        self._serial += 1
        return Course(
            code=f"{self._year}{self._serial:05}",
            title=title, standard=code, cluster=cluster, group=group, hours=hours,
            partner=name, audience=audience, agreement=number, level=level,
            centre=_centre_name(centre_type, county, chance.randint(1, 2)),
            centre_type=centre_type, county=county,
            instructor=f"{chance.choice(('رضا', 'مریم', 'سعید', 'لیلا', 'حمید', 'نرگس'))} "
            f"{chance.choice(('کریمی', 'نوری', 'صادقی', 'مرادی', 'شفیعی', 'بیات', 'یزدی'))}",
            layout=layout, month=chance.choices(*months)[0],
        )  # fmt: skip

    def _give_hours(self, courses: Sequence[Course], target: int | None) -> None:
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

    def _set_days(self, course: Course) -> None:
        """End on a day of its month, and go back from there: four hours a day, no Fridays."""
        last = from_jalali(
            self._year,
            course.month,
            self._chance.randint(4, days_in_month(self._year, course.month)),
        )
        lengths = [SESSION] * (course.hours // SESSION)
        if rest := course.hours % SESSION:
            lengths.append(rest)
        days: list[dt.date] = []
        day = last
        while len(days) < len(lengths):
            if day.weekday() != FRIDAY:
                days.append(day)
            day -= dt.timedelta(days=1)
        days.reverse()
        course.starts_on, course.ends_on = days[0], days[-1]
        course.sessions = list(zip(days, lengths, strict=True))
        # A last day that fell on a Friday moved to the day before, which is of the month still.

    def _attend(self, course: Course, seat: Seat) -> None:
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

    def _put_right(self, courses: Sequence[Course], target: int) -> None:
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


def _trainees(course: Course) -> set[Trainee]:
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
