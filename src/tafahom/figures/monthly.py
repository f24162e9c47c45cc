"""Person-hours of agreements month by month, as far as the asker may learn them."""

from collections.abc import Iterator
from dataclasses import replace

from tafahom.figures import warehouse
from tafahom.figures.context import FigureContext
from tafahom.figures.members import Slices
from tafahom.figures.queries import hidden_in_any_month, rows_in
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MonthSpan
from tafahom.scoping import current_scope, scoped_to


def monthly_hours(
    latest: MonthSpan, context: FigureContext | None = None
) -> dict[int, list[float] | None]:
    """Return the hours of each month of a year through the last of a period, by agreement (id).

    Of the agreements of a context, or of all that brought any. None stands for an agreement of
    which a month is hidden from the asker. Who may not see statuses may not ask of single months,
    but of the months since the start of the year (``disclosure.family``): where these are shown
    through each month, nothing more is told.
    """
    context = context or FigureContext(Slices({}))
    query = FigureQuery(
        year=latest.year,
        through_month=latest.through_month,
        by=("agreement",),
        has_commitments=False,
    )
    if current_scope().sees_statuses:
        return dict(_by_month(context, query))
    while True:
        version = warehouse.version()
        hidden = {int(agreement) for (agreement,) in hidden_in_any_month(query, context)}
        # What is shown through each month tells what each month brought.
        with scoped_to(replace(current_scope(), sees_statuses=True)):
            found = dict(_by_month(context, query))
        if warehouse.version() == version:
            return {**found, **dict.fromkeys(hidden)}


def _by_month(
    context: FigureContext, query: FigureQuery
) -> Iterator[tuple[int, list[float] | None]]:
    months: dict[int, list[float]] = {}
    for (agreement, month), row in rows_in(
        context, replace(query, by=("agreement", "month"))
    ).items():
        line = months.setdefault(int(agreement), [0.0] * query.through_month)
        line[int(month) - 1] = float(row.values["person_hours"] or 0)
    yield from months.items()
