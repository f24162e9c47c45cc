"""People who never were."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

FIDA_DIGITS = 12
YOUNG = 24  # years: not with a degree yet
COMING_BACK = 7  # percent of a year's people who were there the year before


@dataclass(frozen=True, slots=True)
class Trainee:
    """A person as a roster names one; ``birth_date`` is a Jalali date as text."""

    first_name: str
    last_name: str
    father_name: str
    gender: str
    national_id: str
    fida_code: str
    birth_date: str
    education: str
    mobile: str


class SamplePeople:
    """Makes people, each another; some come back the year after. Numbers ``taken`` are not given."""

    def __init__(
        self, data: dict[str, Any], chance: random.Random, *, taken: Iterable[str] = ()
    ) -> None:
        self._names = {kind: text.split() for kind, text in data["names"].items()}
        self._education = list(data["education"]), list(data["education"].values())
        self._education_of = data["education_of"]
        self._ages = data["ages"]
        self._chance = chance
        self._taken: set[str] = set(taken)
        self._known: dict[str, list[Trainee]] = {}  # by audience, those of the year before

    def next_year(self, trainees: dict[str, list[Trainee]]) -> None:
        """Begin a year; ``trainees`` are those of the year that ended, by audience."""
        self._known = trainees

    def make(self, *, women: int, year: int, audience: str) -> Trainee:
        """Give one person; ``women`` is the chance of a woman in percent."""
        chance = self._chance
        if (known := self._known.get(audience)) and chance.randrange(100) < COMING_BACK:
            place = chance.randrange(len(known))
            # Into a course for women only no man comes back.
            if women not in (0, 100) or (known[place].gender == "زن") == bool(women):
                return known.pop(place)
        is_woman = chance.randrange(100) < women
        is_refugee = audience == "پناهنده"
        families = self._names["refugee_families" if is_refugee else "families"]
        youngest, most, oldest = self._ages.get(audience, self._ages["others"])
        age = int(chance.triangular(youngest, oldest + 1, most))
        return Trainee(
            first_name=chance.choice(self._names["women" if is_woman else "men"]),
            last_name=chance.choice(families),
            father_name=chance.choice(self._names["fathers"]),
            gender="زن" if is_woman else "مرد",
            national_id="" if is_refugee else self._number(national_id),
            fida_code=self._number(fida_code) if is_refugee else "",
            birth_date=f"{year - age - 1}/{chance.randint(1, 12):02}/{chance.randint(1, 29):02}",
            education=self._level(audience, age),
            mobile=f"0999{chance.randrange(10**7):07}",
        )

    def _level(self, audience: str, age: int) -> str:
        """Choose an education; an impossible one would be noticed first of all."""
        levels, weights = self._education if age > YOUNG else (["سیکل", "دیپلم"], [2, 3])
        if own := self._education_of.get(audience):
            levels, weights = own, [1] * len(own)
        level: str = self._chance.choices(levels, weights)[0]
        return level

    def _number(self, make: Any) -> str:
        while True:
            number: str = make(self._chance)
            if number not in self._taken:
                self._taken.add(number)
                return number


def national_id(chance: random.Random) -> str:
    """Make a national ID that nobody has: it begins with 9, and its check digit fits."""
    body = f"9{chance.randrange(10**8):08}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(body)) % 11
    return body + str(rest if rest < 2 else 11 - rest)


def fida_code(chance: random.Random) -> str:
    """Make a FIDA code: twelve digits."""
    return f"9{chance.randrange(10 ** (FIDA_DIGITS - 1)):011}"
