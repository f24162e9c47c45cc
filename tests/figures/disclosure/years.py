"""Made-up years of enrolments, as disclosure control sees them."""

import random
from dataclasses import dataclass

from tafahom.figures.disclosure.slices import Enrolments, Revealing

PROVINCE = 1
_GENDERS = ("female", "male")
_EDUCATION = ("below", "diploma", "associate", "bachelor", "master", "doctor")
_AGES = ("15-19", "20-24", "25-29", "30-39", "40-49", "50-59", "60+")
_WEIGHTS = (12, 30, 14, 20, 5, 1)


@dataclass(frozen=True)
class YearShape:
    """How large a made-up year is; a third of the partners reveal a status."""

    courses: int
    partners: int = 26
    counties: int = 7
    months: int = 12
    smallest: int = 3
    largest: int = 30


def made_year(seed: int, shape: YearShape) -> tuple[list[Enrolments], Revealing]:
    """Return a year of courses, skewed as real ones are, and what of it reveals a status."""
    chance = random.Random(seed)
    revealing = {one for one in range(1, shape.partners + 1) if one % 3 == 1}
    weights = [1 / (1 + chance.randrange(shape.partners)) for _ in range(shape.partners)]
    rows = [
        row for course in range(shape.courses) for row in _course(chance, course, shape, weights)
    ]
    agreements = {_agreement(partner, second) for partner in revealing for second in (0, 1)}
    return rows, Revealing(
        partners=frozenset(revealing),
        agreements=frozenset(agreements),
        centres=frozenset(),
        centre_types=frozenset({2}),
    )


def _agreement(partner: int, second: int) -> int:
    return partner * 10 + second


def _course(
    chance: random.Random, course: int, shape: YearShape, weights: list[float]
) -> list[Enrolments]:
    partner = chance.choices(range(1, shape.partners + 1), weights)[0]
    county = chance.choices(
        range(1, shape.counties + 1), [1 / n for n in range(1, shape.counties + 1)]
    )[0]
    is_prison = partner == 1
    centre = county * 100 + (99 if is_prison else chance.randrange(6))
    month = chance.randint(1, shape.months)
    size = chance.randint(shape.smallest, shape.largest)
    return [
        Enrolments(
            province=PROVINCE,
            agreement=_agreement(partner, int(chance.random() < 0.2)),
            partner=partner,
            level="national" if partner % 2 else "provincial",
            partner_kind=partner % 5 + 1,
            centre=centre,
            centre_type=2 if is_prison else 1,
            county=county,
            gender=chance.choice(_GENDERS),
            education=chance.choices(_EDUCATION, _WEIGHTS)[0],
            age_band=chance.choice(_AGES),
            month=month,
            person=course * 1000 + (member if chance.random() > 0.03 else 999),
            number=1,
            minutes=60 * chance.choice((20, 40, 80, 120)),
        )
        for member in range(size)
    ]


def scaled(rows: list[Enrolments], factor: float, seed: int = 0) -> list[Enrolments]:
    """Return the same office with so many times the courses: some of them, or each several times.

    Courses stay whole. One that comes again has other people, in the same month or the next.
    """
    if factor == 1:
        return rows
    chance = random.Random(seed)
    courses: dict[int, list[Enrolments]] = {}
    for one in rows:
        courses.setdefault(one.person // 1000, []).append(one)
    found = []
    for members in courses.values():
        times = int(factor) + (chance.random() < factor % 1)
        for again in range(times):
            later = chance.randrange(2) if again else 0
            found += [
                one._replace(month=min(12, one.month + later), person=one.person + again * 10**9)
                for one in members
            ]
    return found
