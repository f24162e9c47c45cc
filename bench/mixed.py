"""An office of 50 people who look at different pages, four of whom send rosters meanwhile."""

import json
import random
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from bench import year
from bench.installation import TAFAHOM, Installation
from bench.load import Load, Page, walk
from bench.result import Result

LIMIT = 1.0
PAUSE = 5.0  # seconds, on average, that somebody looks at a page
SECONDS = 90
SENDERS = 4
SEED = 1405
FIGURES = (
    "/",
    "/reports/?year=1397&from=1&through=10&by=partner",
    "/reports/?year=1397&from=1&through=10&by=county&by=month",
)
REGISTERS = (
    "/attention/",
    "/agreements/",
    "/agreements/{agreement}/",
    "/partners/",
    "/courses/",
    "/courses/{course}/",
)
PAGES = {
    "agreements_officer": (*FIGURES, *REGISTERS, "/imports/"),
    "director": (*FIGURES, *REGISTERS),
    "planner": (*FIGURES, *REGISTERS),
    "public_relations": (*FIGURES, "/press/?year=1397&from=1&through=10"),
}


def measure(*, quick: bool) -> list[Result]:
    """Measure in an installation that holds a year of 100,000 enrolments."""
    with Installation() as place:
        place.prepare()
        place.inside("fill", "2000" if quick else "100000")
        office = json.loads(place.inside("mixed_fill"))
        rosters = year.write_rosters(place.folder, SENDERS * 20 * year.PARTNERS)
        with place.serving(TAFAHOM, "serve") as port:
            ways = [
                _way(port, role, session, office, number)
                for number, (role, session) in enumerate(office["people"])
            ]
            for number in range(SENDERS):
                session = office["people"][number][1]
                ways[number] = _sending(port, session, rosters[number::SENDERS])
            walk(ways, pause=1)  # everybody has come in
            seconds, pause = (3, 1) if quick else (SECONDS, PAUSE)
            load = walk(ways, pause=pause, seconds=seconds, seed=SEED)
    return _results(load)


def _results(load: Load) -> list[Result]:
    note = (
        f"no floor; {len(load.seconds)} answers, {load.rate:.0f} a second; everybody looks at a page"
        f" for {PAUSE:g} s, {SENDERS} of them send rosters"
    )
    return [
        Result("50 mixed users, p95", load.percentile(95), LIMIT, note=note),
        Result("50 mixed users, p50", load.median, LIMIT / 2),
    ]


def _way(port: int, role: str, session: str, office: dict[str, Any], number: int) -> Iterator[Page]:
    """Yield the pages that somebody looks at, without end."""
    chance = random.Random(SEED + number)
    while True:
        path = chance.choice(PAGES[role])
        agreement, course = (chance.choice(office[name]) for name in ("agreements", "courses"))
        yield Page(port, path.format(agreement=agreement, course=course), session)


def _sending(port: int, session: str, rosters: list[Path]) -> Iterator[Page]:
    """Yield the pages of somebody who sends one roster after the other, without end."""
    for file in cycle(rosters):
        yield Page(port, "/imports/", session)
        yield Page(port, "/imports/", session, file=file)
