"""The home page of a year under 50 users, beside a bare Django page of 50 rows."""

import statistics
import sys

from bench.installation import TAFAHOM, Installation
from bench.load import Load, Page, ask
from bench.result import Result

USERS = 50
LIMIT = 3.0
WARMING = 100
REQUESTS, ROUNDS = 1_500, 5


def measure(*, quick: bool) -> list[Result]:
    """Serve both pages with the same settings and ask for them in turn."""
    with Installation() as place:
        place.prepare()
        session = place.inside("fill", "2000" if quick else "100000")
        return under_load(place, session, quick=quick)


def under_load(place: Installation, session: str, *, quick: bool) -> list[Result]:
    """Measure in an installation that holds a year already."""
    place.environment["PLAIN_DATABASE"] = str(place.folder / "plain.sqlite3")
    plain_server = (sys.executable, "-m", "bench.plain.serve")
    with place.serving(TAFAHOM, "serve") as port, place.serving(*plain_server) as plain_port:
        home, plain = Page(port, "/", session), Page(plain_port, "/")
        for page in (home, plain):
            ask(page, users=USERS, requests=WARMING)
        requests, times = (USERS, 1) if quick else (REQUESTS, ROUNDS)
        rounds = [
            tuple(ask(page, users=USERS, requests=requests) for page in (home, plain))
            for _ in range(times)
        ]
    homes, plains = ([pair[place] for pair in rounds] for place in (0, 1))
    rates = [statistics.median(load.rate for load in loads) for loads in (homes, plains)]
    note = (
        f"floor: one query and a template of startproject, nobody logged in; requests a second"
        f" {rates[0]:.0f} against {rates[1]:.0f}, {homes[0].size:,} bytes against {plains[0].size:,}"
    )
    medians = Result("home page, p50", _p50(homes), LIMIT, "×", _p50(plains))
    return [Result("home page, p95", _p95(homes), LIMIT, "×", _p95(plains), note), medians]


def _p95(loads: list[Load]) -> float:
    return statistics.median(load.percentile(95) for load in loads)


def _p50(loads: list[Load]) -> float:
    return statistics.median(load.median for load in loads)
