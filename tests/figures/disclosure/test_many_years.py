"""Many made-up years, of every size, asked and reckoned with in every way: for the night.

``TAFAHOM_YEARS=200 pytest -s tests/figures/disclosure/test_many_years.py`` tries 200 and prints what was
tried, what was told and how much is hidden, the smallest years first. With ``TAFAHOM_YEARS=200
TAFAHOM_TURNS=197-198`` it tries the last but three and the last but two of them only.
"""

import os
import time
from collections import Counter
from dataclasses import dataclass

from counts import tell
from figures.disclosure.guarded_years import Year, guarded_year
from figures.disclosure.years import YearShape

YEARS = int(os.environ.get("TAFAHOM_YEARS", "3"))
FIRST, _, LAST = os.environ.get("TAFAHOM_TURNS", f"1-{YEARS}").partition("-")


@dataclass(frozen=True)
class Kind:
    """A kind of made-up year. ``factor`` makes it smaller or greater with its courses whole."""

    name: str
    shape: YearShape
    is_closed: bool
    factor: float = 1.0
    # How many of a hundred years are of this kind.
    share: int = 10
    # Whole people are reckoned with in small years only, and crossed tables not in the greatest.
    is_whole: bool = False
    is_crossed: bool = True


OFFICE = YearShape(400)
KINDS = (
    *(
        Kind(f"{courses} courses, {word}", shape, word == "closed", share=7, is_whole=True)
        for courses, partners in ((1, 1), (2, 2), (3, 3), (5, 3), (8, 4))
        for shape in (YearShape(courses, partners=partners, counties=2, months=3),)
        for word in ("open", "closed")
    ),
    Kind("3 months, 60 courses, open", YearShape(60, months=3), False, share=12),
    Kind("3 months, 60 courses, closed", YearShape(60, months=3), True, share=8),
    Kind("a year of 40 courses, closed", YearShape(40), True, share=3),
    Kind("a tenth of an office's year, open", OFFICE, False, factor=0.1, share=2),
    Kind("a tenth of an office's year, closed", OFFICE, True, factor=0.1, share=2),
    Kind("an office's year, closed", OFFICE, True, share=1),
    Kind("ten times an office's year, closed", OFFICE, True, factor=10, share=1, is_crossed=False),
    Kind("ten times an office's year, open", OFFICE, False, factor=10, share=1, is_crossed=False),
)


def test_nothing_is_told_of_many_years():
    counts = {kind: Counter[str]() for kind in KINDS}
    told = []
    for kind, seed in _turns():
        started = time.process_time()
        year = guarded_year.__wrapped__(seed, kind.shape, kind.is_closed, kind.factor)
        count = counts[kind]
        count["seconds of choosing"] += round(time.process_time() - started)
        count["years"] += 1
        count["groups"] += len(year.groups)
        _count_hidden(count, year)
        asker = year.asker(year.answers)
        learnt = [*asker.by_differences(year.groups), *asker.learn(year.groups)]
        if kind.is_whole:
            learnt += asker.learn(year.groups, is_whole=True)
        if kind.is_crossed:
            count["crossed"] += year.groups_crossed()
            learnt += [one for each in year.crossings(year.answers) for one in each]
        count["told"] += len(learnt)
        count["seconds in all"] += round(time.process_time() - started)
        told += [(kind.name, seed, one) for one in learnt]
    for kind, count in counts.items():
        if count["years"]:
            tell(f"{kind.name}: {dict(count)}")
    assert told == []


def _turns() -> list[tuple[Kind, int]]:
    """Return as many years as are to be tried: of few, one of each of the smallest kinds."""
    turns = [(kind, seed) for kind in KINDS for seed in range(max(1, YEARS * kind.share // 100))]
    if len(KINDS) >= YEARS:
        turns = [(kind, 0) for kind in KINDS[:YEARS]]
    return turns[int(FIRST) - 1 : min(int(LAST or FIRST), YEARS)]


def _count_hidden(count: Counter[str], year: Year) -> None:
    last = max(one.month for one in year.rows)
    tables = {asked.table for asked in year.answers}
    there = {(table, one.key(table)) for table in tables for one in year.rows}
    for asked, number in year.answers.items():
        is_last = asked.month in (0, last)
        if is_last and asked.table[0] == "partner" and asked.key[0] in year.partners:
            name = "/".join(asked.table)
            is_there = asked[:2] in there
            count[name] += is_there
            count[f"{name} hidden"] += is_there and number is None
