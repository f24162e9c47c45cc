"""Arithmetic of promises and money that needs no database."""

import datetime as dt
from collections.abc import Sequence

# The first day of an amendment, the quantity before it and after it.
PaceStep = tuple[dt.date, int, int]


def quantity_on(day: dt.date, quantity: int, steps: Sequence[PaceStep]) -> int:
    """Return the quantity in force on a day.

    ``quantity`` is the one after all amendments and ``steps`` are theirs in the order of the days
    from which they hold. Before the first step that is still to come, its old quantity holds. An
    amendment counts from its first day on, and for the whole year: a year's promise is not split.
    """
    return next((old for first, old, _new in steps if first > day), quantity)


def shares_of_hundred(amounts: Sequence[int]) -> list[int]:
    """Return shares of a sum in tenths of a percent that add up to exactly 1,000.

    By the largest remainders, the first of equals winning. All 0 for a sum of nothing.
    """
    whole = sum(amounts)
    if not whole:
        return [0] * len(amounts)
    parts = [divmod(amount * 1000, whole) for amount in amounts]
    tenths = [part for part, _rest in parts]
    by_rest = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    for place in by_rest[: 1000 - sum(tenths)]:
        tenths[place] += 1
    return tenths
