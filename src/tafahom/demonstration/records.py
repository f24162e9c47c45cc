"""What a made-up year consists of, and the data that it is made of."""

import datetime as dt
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tafahom.demonstration.people import Trainee

THROUGH = 10
INDUSTRY, PRISONS = "شهرک‌های صنعتی", "سازمان زندان‌ها"


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
class SampleCourse:
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
class SampleAgreement:
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
    courses: list[SampleCourse]

    def through(self, month: int = THROUGH) -> list[SampleCourse]:
        """Return the courses that end by a month."""
        return [course for course in self.courses if course.month <= month]

    def trainees(self) -> dict[str, list[Trainee]]:
        """Return each person once, under the audience that came first."""
        first: dict[Trainee, str] = {}
        for course in self.courses:
            for seat in course.seats:
                first.setdefault(seat.trainee, course.audience)
        found: dict[str, list[Trainee]] = {}
        for trainee, audience in first.items():
            found.setdefault(audience, []).append(trainee)
        return found


@cache
def data() -> dict[str, Any]:
    """Read what the year is made of."""
    return tomllib.loads(Path(__file__).with_name("data.toml").read_text(encoding="utf-8"))


def partners() -> list[list[Any]]:
    """Return rows of partners: name, kind, audience, persons, women %, centre types, layouts."""
    rows: list[list[Any]] = data()["partners"]["rows"]
    return rows
