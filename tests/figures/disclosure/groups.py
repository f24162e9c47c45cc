"""Made-up years' answers, and the groups of which an asker may not tell too much."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from figures.disclosure.asker import MONTHLY, YEARLY
from figures.disclosure.targets import Answers, Asked, Key, Table, Target, Where
from tafahom.figures.disclosure.slices import Enrolments, Revealing

ENOUGH = 10
NEARLY_ALL = 0.9


def true_answers(
    rows: Sequence[Enrolments], hidden: Collection[Key], *, is_closed: bool
) -> Answers:
    """Return what a year's questions are answered with; ``hidden`` are (table, key, month)."""
    months = sorted({one.month for one in rows})
    counts: dict[Asked, int | None] = defaultdict(int)
    for one in rows:
        for table in MONTHLY:
            for month in months:
                if month >= one.month:
                    counts[Asked(table, one.key(table), month)] += one.number
        for table in YEARLY if is_closed else ():
            counts[Asked(table, one.key(table), 0)] += one.number
    return {**counts, **dict.fromkeys((Asked(*name) for name in hidden), None)}


def groups_of(
    rows: Sequence[Enrolments], revealing: Mapping[str, Collection[int | str]], *, is_closed: bool
) -> list[Target]:
    """Return every group of partners, agreements, centres … that reveal, of which one may not tell.

    Of a group under the threshold: not more than one for certain, and as many as are enough, as
    far as everybody there goes. Of a greater one: not that it is nearly everybody there.
    """
    months = sorted({one.month for one in rows})
    tables = (*MONTHLY, *(YEARLY if is_closed else ()))
    people: dict[tuple[Table, Key], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    everybody: dict[Where, int] = defaultdict(int)
    for one in rows:
        everybody[one.county, one.month] += one.number
        for table in tables:
            if one.key(table)[0] in revealing[table[0]]:
                people[table, one.key(table)][one.month] += [one.person] * one.number
            if table in YEARLY:
                everybody[one.key(table)[1:]] += one.number
    found = []
    county_of = {one.centre: one.county for one in rows}
    for (table, key), by_month in people.items():
        spans = [(0, months[-1])] if table in YEARLY else list(combinations([0, *months], 2))
        for after, through in spans:
            inside = [
                one for at, those in by_month.items() if after < at <= through for one in those
            ]
            margin = _margin(everybody, table, key, county_of, (after, through))
            group = (table, key, after, through, len(inside))
            if 0 < len(set(inside)) < ENOUGH:
                found.append(Target(*group, low=1, high=min(ENOUGH, margin)))
            elif len(inside) > NEARLY_ALL * margin:
                found.append(Target(*group, low=NEARLY_ALL * margin, high=len(inside)))
    return found


def revealing_rows(rows: Sequence[Enrolments], revealing: Revealing) -> dict[str, set[int | str]]:
    """Return by dimension what reveals: by itself, or since nine of ten people come by one."""
    found: dict[str, set[int | str]] = {}
    for (dimension,) in (table for table in MONTHLY if len(table) == 1):
        whole: dict[int | str, list[bool]] = defaultdict(list)
        for one in rows:
            whole[getattr(one, dimension)] += [revealing.covers(one)] * one.number
        found[dimension] = {key for key, those in whole.items() if sum(those) >= 0.9 * len(those)}
        found[dimension] |= set(getattr(revealing, f"{dimension}s", ()))
    return found


def _margin(
    everybody: Mapping[Where, int],
    table: Table,
    key: Key,
    county_of: Mapping[int, int],
    span: tuple[int, int],
) -> int:
    if table in YEARLY:
        return everybody[key[1:]]
    county = {"county": key[-1], "centre": county_of.get(key[0])}.get(table[-1])  # type: ignore[call-overload,arg-type]
    return sum(
        number
        for where, number in everybody.items()
        if len(where) == 2 and span[0] < where[1] <= span[1] and county in (None, where[0])
    )
