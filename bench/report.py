"""A report over a year with 100,000 enrolments: from the command and on the page."""

import statistics

from bench.installation import TAFAHOM, Installation
from bench.load import Page, ask
from bench.result import Result

COMMAND = ["report", "--year", "1397", "--through", "10", "--by", "partner", "--format", "json"]
ADDRESS = "/reports/?year=1397&from=1&through=10&by=partner"
COMMAND_LIMIT = 1.0
PAGE_LIMIT = 0.3
FLOOR = """
import duckdb, json, sys
rows = duckdb.sql(f'''
    SELECT partner, count(DISTINCT person), count(*), sum(attended_minutes)
    FROM read_parquet('{sys.argv[1]}/*.parquet') GROUP BY 1
''').fetchall()
print(json.dumps(rows))
"""


def measure(*, quick: bool) -> list[Result]:
    """Measure in an installation made for it."""
    with Installation() as place:
        place.prepare()
        session = place.inside("fill", "2000" if quick else "100000")
        return in_installation(place, session, quick=quick)


def in_installation(place: Installation, session: str, *, quick: bool) -> list[Result]:
    """Measure in an installation that holds the year already."""
    rounds = 1 if quick else 9
    return [_command(place, rounds), *_page(place, session, requests=rounds * 10)]


def _command(place: Installation, rounds: int) -> Result:
    facts = str(place.data / "warehouse" / "facts")
    pairs = [
        (place.tafahom(*COMMAND).seconds, place.python("-c", FLOOR, facts).seconds)
        for _ in range(rounds)
    ]
    taken, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    note = "floor: a bare Python process that imports DuckDB and groups the facts once"
    return Result("report, the command", taken, COMMAND_LIMIT, floor=floor, note=note)


def _page(place: Installation, session: str, *, requests: int) -> list[Result]:
    with place.serving(TAFAHOM, "serve") as port:
        page = Page(port, ADDRESS, session)
        first = ask(page, users=1, requests=1).seconds[0]
        load = ask(page, users=1, requests=requests)
    return [
        Result("report, the page, p95", load.percentile(95), PAGE_LIMIT, note="one user"),
        Result("report, the page, p50", load.median, PAGE_LIMIT),
        Result("report, the first page of a server", first, PAGE_LIMIT),
    ]
