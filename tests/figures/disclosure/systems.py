"""Systems of linked tables as a province publishes them, made from a seed."""

import random
from itertools import product

from tafahom.figures.disclosure.suppression import Cell, Interval, System

COUNTIES, MONTHS, PARTNERS, THRESHOLD = 7, 12, 30, 10

Key = tuple[int, int, int]  # partner, county, month


def province_year(seed: int, scale: float = 1.0, partners: int = PARTNERS) -> System:
    """Return partners x counties x cumulative months, a third of the partners revealing.

    Variables are the persons new in a month. Totals by county and month are exact. A cell of a
    revealing partner with 1 to 9 persons has a need.
    """
    chance = random.Random(seed)
    new = _new_persons(chance, scale, partners)
    place = {key: at for at, key in enumerate(new)}
    cells = []
    for partner, month in product(range(partners), range(MONTHS)):
        whole = [key for key in new if key[0] == partner and key[2] <= month]
        parts = [[key for key in whole if key[1] == county] for county in range(COUNTIES)]
        cells += [_cell(new, place, keys, partner % 3 == 0) for keys in (*parts, whole) if keys]
    known = [
        (tuple(at for key, at in place.items() if key[1] == county and key[2] <= month), ())
        for county, month in product(range(COUNTIES), range(MONTHS))
    ]
    return System(list(new.values()), cells, known)


def _new_persons(chance: random.Random, scale: float, partners: int) -> dict[Key, int]:
    """Draw the persons of each partner, county and month: skewed sizes, many zeros."""
    county_share = [1 / (1 + county) for county in range(COUNTIES)]
    new = {}
    for partner in range(partners):
        size = scale * chance.lognormvariate(5.6, 1.3)
        active = [county for county in range(COUNTIES) if chance.random() < 0.75] or [0]
        for county in active:
            share = county_share[county] * chance.lognormvariate(0, 0.7) / 2.6
            for month in range(MONTHS):
                mean = size * share * chance.lognormvariate(-0.5, 1.0) / MONTHS
                count = int(mean) + (chance.random() < mean - int(mean))
                if count:
                    new[partner, county, month] = count
    return new


def _cell(new: dict[Key, int], place: dict[Key, int], keys: list[Key], reveals: bool) -> Cell:
    value = sum(new[key] for key in keys)
    need = Interval(1, THRESHOLD) if reveals and 0 < value < THRESHOLD else None
    return Cell(tuple(place[key] for key in keys), need)
