"""Person-hours of agreements month by month, as far as the asker may learn them."""

from collections.abc import Iterator
from dataclasses import replace

from tafahom.figures import warehouse
from tafahom.figures.queries import FigureQuery, figures, hidden_in_any_month
from tafahom.jalali import MonthSpan
from tafahom.scoping import current_scope, scoped_to


def monthly_hours(latest: MonthSpan, *, agreement: str = "") -> dict[str, list[float] | None]:
    """Return the hours of each month of a year through the last of a period, by agreement number.

    Of one agreement, or of all that brought any. None stands for an agreement of which a month is
    hidden from the asker. Who may not see statuses may not ask of single months, but of the
    months since the start of the year (``disclosure.family``): where these are shown through each
    month, nothing more is told.
    """
    query = FigureQuery(
        year=latest.year,
        through_month=latest.through_month,
        by=("agreement",),
        where=(("agreement", agreement),) if agreement else (),
    )
    if current_scope().sees_statuses:
        return dict(_by_month(query))
    while True:
        version = warehouse.version()
        hidden = hidden_in_any_month(query)
        # What is shown through each month tells what each month brought.
        with scoped_to(replace(current_scope(), sees_statuses=True)):
            found = dict(_by_month(query))
        if warehouse.version() == version:
            return {**found, **dict.fromkeys(hidden)}


def _by_month(query: FigureQuery) -> Iterator[tuple[str, list[float] | None]]:
    table = figures(replace(query, by=("agreement", "month")))
    months: dict[str, list[float]] = {}
    for row in table.rows:
        line = months.setdefault(row.dims["agreement"].code, [0.0] * query.through_month)
        line[int(row.dims["month"].code[-2:]) - 1] = float(row.values["person_hours"] or 0)
    yield from months.items()
