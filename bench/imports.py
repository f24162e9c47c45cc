"""Import of a year from workbooks, end to end, beside parsing and inserting alone."""

import json
import statistics
from pathlib import Path

from bench import year
from bench.installation import MIB, Installation, Spent
from bench.result import Result

ROWS = 78_000
RATIO_LIMIT = 3.0
SECONDS_LIMIT = 60.0
MEMORY_LIMIT = 700.0
NOTE = (
    "floor: one process that parses the same workbooks with calamine and writes, by executemany,"
    " the very rows that the import left in its tables into empty tables of the same schema"
    " (indexes too, but no triggers; foreign keys not checked), in one durable transaction; start of Python not counted"
)


def measure(*, quick: bool) -> list[Result]:
    """Import the year into installations of their own, each followed by the floor."""
    rows, rounds = (1_500, 1) if quick else (ROWS, 3)
    with Installation() as shelf:
        files = shelf.folder / "rosters"
        files.mkdir()
        year.write_rosters(files, rows)
        pairs = [_round(files, rows) for _ in range(rounds)]
    spent = [pair[0] for pair in pairs]
    seconds = statistics.median(one.seconds for one in spent)
    floors = [pair[1] for pair in pairs]
    floor = statistics.median(one["indexed"] for one in floors)
    bare = statistics.median(one["bare"] for one in floors)
    parse = statistics.median(one["parse"] for one in floors)
    cpu = statistics.median(one.cpu for one in spent)
    floor_cpu = statistics.median(one["cpu"] for one in floors)
    note = (
        f"{NOTE}; of it parsing {parse:.1f} s; without any index the floor is {bare:.1f} s;"
        f" the import took {cpu:.1f} s of processor, spread over two cores, the floor"
        f" {floor_cpu:.1f} s: {cpu / floor_cpu:.2f} ×"
    )
    return [
        Result(f"import of {rows:,} rows", seconds, RATIO_LIMIT, "×", floor, note),
        Result("import, time", seconds, SECONDS_LIMIT),
        Result("import, memory", max(one.peak for one in spent) / MIB, MEMORY_LIMIT, "MiB"),
    ]


def _round(files: Path, rows: int) -> tuple[Spent, dict[str, float]]:
    with Installation() as place:
        place.prepare()
        spent = place.tafahom("roster", "import", str(files), "--json", watched=True)
        accepted = json.loads(spent.output)["accepted"]
        if accepted != rows:
            raise RuntimeError(f"Only {accepted} of {rows} rows were imported.")
        floor = place.python("-m", "bench.floor", str(files), str(place.database))
        return spent, json.loads(floor.output)
