"""Agreements that live on the day of loading, and the courses under them: made up as well.

Nothing here has a date of its own: all days are counted from the day that is given, so that the
demonstration never ages. The same day makes the same agreements.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tafahom.agreements.parts.rules import Stretch
from tafahom.demonstration.people import SamplePeople
from tafahom.demonstration.plan import Maker
from tafahom.demonstration.records import SampleCourse, Year, data, partners
from tafahom.jalali import from_jalali, to_jalali, year_end

SEED = "present"
FIRST_MONTHS = 3  # of a year in which little ended yet: the year before is told instead
LAST_MONTH = 12


class Story(StrEnum):
    """What is told of a partner's agreement."""

    IN_FORCE = "in-force"
    SIGNED_HERE = "signed-here"
    BEHIND = "behind"
    ENDS_IN_30 = "ends-in-30"
    ENDS_IN_60 = "ends-in-60"
    ENDS_IN_90 = "ends-in-90"
    OVER = "over"
    OVERDUE = "overdue"
    RENEWED = "renewed"
    RENEWAL = "renewal"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    PROPOSED = "proposed"
    DRAFTING = "drafting"
    NEGOTIATION = "negotiation"
    NOT_BEGUN = "not-begun"
    NOT_MINUTED = "not-minuted"
    NOT_DECIDED = "not-decided"
    MONEY = "money"


# Days from the day of loading: to the end of a term, since something happened, to a beginning.
ENDS_IN = {Story.ENDS_IN_30: 21, Story.ENDS_IN_60: 48, Story.ENDS_IN_90: 79, Story.OVER: -9}
STOPPED_AGO = {Story.SUSPENDED: 40, Story.TERMINATED: 35}
RENEWED_AGO = 165
BEGINS_IN = 20
DRAFTS = frozenset({Story.PROPOSED, Story.DRAFTING, Story.NEGOTIATION, Story.NOT_BEGUN})
PROMISED = (120, 9600)  # persons and person-hours of a draft's first year
BEHIND_PACE = 0.55


@dataclass(slots=True)
class Running:
    """An agreement of now. Courses are held under it through ``taught_until``.

    ``targets`` are persons and person-hours promised, by year.
    """

    number: str
    partner: str
    level: str
    parent: str
    story: Story
    starts_on: dt.date
    ends_on: dt.date
    taught_until: dt.date
    targets: dict[int, tuple[int, int]] = field(default_factory=dict)

    def holds(self, course: SampleCourse) -> bool:
        """Whether a course could be held under it."""
        is_within = self.starts_on <= course.starts_on and course.ends_on <= self.taught_until
        return is_within and self.partner == course.partner


@dataclass(frozen=True, slots=True)
class Present:
    """The agreements of now, parents first, and their courses in the order of their codes."""

    agreements: list[Running]
    courses: list[SampleCourse]


def make_present(today: dt.date, past: Sequence[Year]) -> Present:
    """Make what lives today; ``past`` are years whose people are others."""
    chance = random.Random(SEED)
    taken = {
        seat.trainee.national_id or seat.trainee.fida_code
        for year in past
        for course in year.courses
        for seat in course.seats
    }
    people = SamplePeople(data(), chance, taken=taken)
    agreements = _agreements(today, chance)
    year, through = _told(today)
    years = []
    for number, months in ((year - 1, LAST_MONTH), (year, through)):
        made = Maker(number, _plan(months), people, _numbers(agreements), chance).make()
        made.courses = [course for course in made.courses if _place(course, agreements)]
        people.next_year(made.trainees())
        years.append(made)
    _promise(agreements, years, through, chance)
    return Present(agreements, [course for made in years for course in made.courses])


def _told(today: dt.date) -> tuple[int, int]:
    """Return the year of which the figures tell, and its last month that is over."""
    year, month, _day = to_jalali(today)
    return (year - 1, LAST_MONTH) if month <= FIRST_MONTHS else (year, month - 1)


def _plan(months: int) -> dict[str, object]:
    """Return what ``Maker`` wants of a year of so many months; hours are as they come."""
    wanted = data()["present"]
    return {
        "persons": wanted["persons_a_month"] * months,
        "prisoners": wanted["prisoners_a_month"] * months,
        "industry": wanted["workers_a_month"] * months,
        "later_persons": 0,
        "with_two_partners": 0,
        "weights": wanted["weights"],
        "through": months,
    }


def _agreements(today: dt.date, chance: random.Random) -> list[Running]:
    wanted = data()["present"]
    found = []
    for partner, *_rest in partners():
        story = Story(wanted["stories"].get(partner, Story.IN_FORCE))
        parent = ""
        if partner in wanted["national"]:
            above = _running(partner, "ملی", "", Story.IN_FORCE, today, chance)
            parent = above.number
            found.append(above)
        own = _running(partner, "استانی", parent, story, today, chance)
        found.append(own)
        if story == Story.RENEWED:
            found.append(_running(partner, "استانی", "", Story.RENEWAL, today, chance))
    return sorted(found, key=lambda running: running.level, reverse=True)


def _running(
    partner: str, level: str, parent: str, story: Story, today: dt.date, chance: random.Random
) -> Running:
    starts_on, ends_on = _term(story, today, chance)
    until = today - dt.timedelta(days=STOPPED_AGO.get(story, 0))
    return Running(
        f"{chance.randint(100, 999)}/{to_jalali(starts_on)[0] % 100:02}/{chance.randint(1000, 29999)}",
        partner,
        level,
        parent,
        story,
        starts_on,
        ends_on,
        min(until, ends_on),
    )


def _term(story: Story, today: dt.date, chance: random.Random) -> tuple[dt.date, dt.date]:
    year = to_jalali(today)[0]
    long_ago = from_jalali(year - 3, chance.randint(2, 9), 1)
    far = year_end(year + chance.randint(1, 2))
    renewed_on = today - dt.timedelta(days=RENEWED_AGO)
    if story in DRAFTS:
        return today + dt.timedelta(days=BEGINS_IN), year_end(year + 2)
    if story == Story.RENEWED:
        return long_ago, renewed_on - dt.timedelta(days=1)
    if story == Story.RENEWAL:
        return renewed_on, year_end(year + 2)
    if story in ENDS_IN:
        return long_ago, today + dt.timedelta(days=ENDS_IN[story])
    return long_ago, far


def _numbers(agreements: Sequence[Running]) -> dict[str, list[tuple[str, str]]]:
    """Return numbers and levels by partner; of a partner whose own are drafts, one of nothing."""
    numbers: dict[str, list[tuple[str, str]]] = {row[0]: [] for row in partners()}
    for running in agreements:
        if running.story not in DRAFTS:
            numbers[running.partner].append((running.number, running.level))
    return {partner: own or [("", "")] for partner, own in numbers.items()}


def _place(course: SampleCourse, agreements: Sequence[Running]) -> bool:
    """Put a course under an agreement that was in force for all of it; whether there is one."""
    fitting = [one for one in agreements if one.story not in DRAFTS and one.holds(course)]
    if not fitting:
        return False
    own = next((one for one in fitting if one.number == course.agreement), fitting[0])
    course.agreement, course.level = own.number, own.level
    return True


def _promise(
    agreements: Sequence[Running], years: Sequence[Year], through: int, chance: random.Random
) -> None:
    """Promise round numbers near what an even pace would bring; more where it is behind."""
    for running in agreements:
        for year, months in zip(years, (LAST_MONTH, through), strict=True):
            pace = chance.uniform(0.96, 1.16)
            if running.story == Story.BEHIND and year is years[-1]:
                pace = BEHIND_PACE
            seats = [
                seat
                for course in year.courses
                if course.agreement == running.number
                for seat in course.seats
            ]
            term = Stretch.of_year(year.year, running.starts_on, running.ends_on)
            if seats:
                whole = term.months / term.passed(months) / pace
                persons = len({seat.trainee for seat in seats}) * whole
                hours = sum(seat.hours for seat in seats) * whole
                running.targets[year.year] = (
                    5 * max(1, round(persons / 5)),
                    100 * max(1, round(hours / 100)),
                )
        if running.story in DRAFTS:
            running.targets = {to_jalali(running.starts_on)[0]: PROMISED}
        if running.story == Story.RENEWED:
            # Told of two years that are over, so that the renewal carries both.
            first = years[0].year
            promised = running.targets.get(first, PROMISED)
            running.targets = dict.fromkeys((first - 1, first), promised)
