"""Person-hours of agreements month by month, as far as the asker may learn them."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from tafahom.figures.queries import FigureQuery, FigureTable, figures
from tafahom.figures.rules import hours
from tafahom.jalali import Period
from tafahom.scoping import current_scope


def monthly_hours(latest: Period, *, agreement: str = "") -> dict[str, list[float] | None]:
    """Return the hours of each month of a year through the last of a period, by agreement number.

    Of one agreement, or of all that brought any. None stands for an agreement of which a month is
    hidden from the asker. Who may not see statuses is answered from the figures since the start
    of the year, since those of single months are not offered to them (``disclosure.family``).
    """
    query = FigureQuery(
        year=latest.year,
        through_month=latest.through_month,
        by=("agreement",),
        where=(("agreement", agreement),) if agreement else (),
    )
    if current_scope().sees_statuses:
        return dict(_by_month(query))
    sums = [
        _sums(figures(replace(query, through_month=month)))
        for month in range(1, latest.through_month + 1)
    ]
    found: dict[str, list[float] | None] = {}
    for number in sums[-1]:
        line = [0, *(of_month.get(number, 0) for of_month in sums)]
        known = [minutes for minutes in line if minutes is not None]
        steps = [float(hours(after - before)) for before, after in pairwise(known)]
        found[number] = steps if len(known) == len(line) else None
    return found


def _by_month(query: FigureQuery) -> Iterator[tuple[str, list[float] | None]]:
    table = figures(replace(query, by=("agreement", "month")))
    months: dict[str, list[float]] = {}
    for row in table.rows:
        line = months.setdefault(row.dims["agreement"].code, [0.0] * query.through_month)
        line[int(row.dims["month"].code[-2:]) - 1] = float(row.values["person_hours"] or 0)
    yield from months.items()


def _sums(table: FigureTable) -> dict[str, int | None]:
    """Return the minutes of each agreement; None of one that is hidden."""
    return {
        row.dims["agreement"].code: None
        if row.is_hidden
        else round((row.values["person_hours"] or 0) * 60)
        for row in table.rows
    }
