"""Times the same questions with and without the rule of disclosure, from inside an installation."""

import json
import statistics
import time
from collections.abc import Callable

from tafahom.figures import warehouse
from tafahom.figures.queries import FigureQuery, figures
from tafahom.parties.models import Partner
from tafahom.scoping import guarded

YEAR, THROUGH = 1397, 10
QUESTIONS = (("partner",), ("partner", "county"), ("centre_type",), ("county",))


def main(rounds: str) -> None:
    """Print, in JSON, the seconds of choosing and the medians of exact and guarded answers."""
    for partner in Partner.objects.order_by("pk")[::3]:
        partner.reveals_status = True
        partner.save(update_fields=["reveals_status"])
    _exact(QUESTIONS[0])
    choosing = _seconds(_guarded, QUESTIONS[0])
    exact, answered = [], []
    for _round in range(int(rounds)):
        for by in QUESTIONS:
            exact.append(_seconds(_exact, by))
            answered.append(_seconds(_guarded, by))
    print(
        json.dumps(
            {
                "choosing": choosing,
                "exact": statistics.median(exact),
                "guarded": statistics.median(answered),
            }
        )
    )


def _seconds(ask: Callable[[tuple[str, ...]], None], by: tuple[str, ...]) -> float:
    """Return how long an answer takes that is not kept from before."""
    warehouse._answer.cache_clear()
    started = time.perf_counter()
    ask(by)
    return time.perf_counter() - started


def _exact(by: tuple[str, ...]) -> None:
    figures(FigureQuery(YEAR, THROUGH, by=by))


def _guarded(by: tuple[str, ...]) -> None:
    with guarded():
        figures(FigureQuery(YEAR, THROUGH, by=by))
