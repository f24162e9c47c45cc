"""The price of disclosure control: the same questions with and without it, and choosing a year."""

import json
from collections.abc import Mapping

from bench.installation import Installation
from bench.result import Result

ANSWER_LIMIT = 1.1
CHOOSING_LIMIT = 10.0
_FLOOR = "floor: the same questions of one who may see statuses"


def measure(*, quick: bool) -> list[Result]:
    """Measure in an installation made for it."""
    with Installation() as place:
        place.prepare()
        place.inside("fill", "2000" if quick else "100000")
        found = json.loads(place.inside("guarded", "1" if quick else "15"))
    return [one for year, seconds in found.items() for one in _of_year(year, seconds)]


def _of_year(year: str, seconds: Mapping[str, float]) -> list[Result]:
    what = f"choosing the hidden cells of a province's {year} year"
    return [
        Result(
            f"guarded figures, {year} year",
            seconds["guarded"],
            ANSWER_LIMIT,
            "×",
            seconds["exact"],
            _FLOOR,
        ),
        Result(what, seconds["choosing"], CHOOSING_LIMIT, note="seconds of processor"),
    ]
