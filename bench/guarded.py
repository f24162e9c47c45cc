"""Times the same questions with and without the rule of disclosure, from inside an installation."""

import json
import shutil
import statistics
import time
from collections.abc import Callable, Sequence

from tafahom.figures import warehouse
from tafahom.figures.disclosure.patterns import patterns_of
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.parties.models import Partner
from tafahom.parties.queries import home_province
from tafahom.periods import actions
from tafahom.scoping import guarded

YEAR, THROUGH = 1397, 10
QUESTIONS = tuple(
    FigureQuery(YEAR, THROUGH, by=by)
    for by in (("partner",), ("partner", "county"), ("centre_type",), ("county",))
)
# What is answered of closed years only.
OF_CLOSED_YEARS = tuple(
    FigureQuery(YEAR, 12, by=by)
    for by in (("partner", "gender"), ("partner", "education"), ("partner", "age_band"))
)


def main(rounds: str) -> None:
    """Print, in JSON, the seconds of choosing and the medians of exact and guarded answers.

    Of the year as it runs, then of the same year when all its months are closed.
    """
    for partner in Partner.objects.order_by("pk")[::3]:
        partner.reveals_status = True
        partner.save(update_fields=["reveals_status"])
    _exact(QUESTIONS[0])
    found = {"open": _measured(QUESTIONS, int(rounds))}
    _close()
    found["closed"] = _measured((*OF_CLOSED_YEARS, *QUESTIONS), int(rounds))
    print(json.dumps(found))


def _measured(questions: Sequence[FigureQuery], rounds: int) -> dict[str, float]:
    shutil.rmtree(warehouse.folder() / "disclosure", ignore_errors=True)
    started = time.process_time()
    patterns_of(YEAR)
    choosing = time.process_time() - started
    exact, answered = [], []
    for _round in range(rounds):
        for question in questions:
            exact.append(_seconds(_exact, question))
            answered.append(_seconds(_guarded, question))
    return {
        "choosing": choosing,
        "exact": statistics.median(exact),
        "guarded": statistics.median(answered),
    }


def _close() -> None:
    province = home_province()
    for month in range(1, 13):
        number = YEAR * 100 + month
        actions.begin_closing(province=province, month=number, by=None)
        actions.close(province=province, month=number, look=_nothing_open, accepted={}, by=None)


def _nothing_open() -> actions.MonthLook:
    return actions.MonthLook({}, ())


def _seconds(ask: Callable[[FigureQuery], None], question: FigureQuery) -> float:
    """Return how long an answer takes that is not kept from before."""
    warehouse._answer.cache_clear()
    started = time.perf_counter()
    ask(question)
    return time.perf_counter() - started


def _exact(question: FigureQuery) -> None:
    figures(question)


def _guarded(question: FigureQuery) -> None:
    with guarded():
        figures(question)
