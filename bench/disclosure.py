"""The price of disclosure control: the same questions with and without it, and choosing a year."""

import json

from bench.installation import Installation
from bench.result import Result

ANSWER_LIMIT = 1.1
CHOOSING_LIMIT = 10.0


def measure(*, quick: bool) -> list[Result]:
    """Measure in an installation made for it."""
    with Installation() as place:
        place.prepare()
        place.inside("fill", "2000" if quick else "100000")
        found = json.loads(place.inside("guarded", "1" if quick else "15"))
    note = "floor: the same questions of one who may see statuses"
    return [
        Result("guarded figures", found["guarded"], ANSWER_LIMIT, "×", found["exact"], note),
        Result("choosing the hidden cells of a province-year", found["choosing"], CHOOSING_LIMIT),
    ]
