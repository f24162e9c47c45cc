"""What was delivered under an agreement in a year, month by month, against what was promised."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from tafahom.agreements.models import Agreement
from tafahom.agreements.pace import MONTHS, pace
from tafahom.agreements.parts.queries import QuarterSteps
from tafahom.agreements.parts.rules import due_by
from tafahom.agreements.promises.rules import Step, quantity_on
from tafahom.agreements.rules import Forecast
from tafahom.figures.queries import FigureQuery, figures
from tafahom.jalali import MONTH_NAMES, Period, days_in_month, from_jalali, to_jalali, year_end
from tafahom.reports.words import is_persian, month_name

WIDTH, HEIGHT, MARGIN = 600, 200, 8


@dataclass(frozen=True, slots=True)
class BurnUp:
    """A chart of cumulative person-hours as lines in a box of ``WIDTH`` × ``HEIGHT``.

    ``delivered``, ``promised`` and ``expected`` are points of polylines, ``range`` those of the
    polygon between the low and high forecast. ``months`` are rows of the table beside it.
    """

    year: int
    through: int
    forecast: Forecast
    delivered: str
    promised: str
    expected: str
    range: str
    months: list[tuple[str, float, float]]
    has_quarters: bool

    @property
    def names(self) -> list[str]:
        """The months under the chart, in the language of the page."""
        return [month_name(name) for name in MONTH_NAMES]

    @property
    def percent(self) -> float:
        """Delivered in percent of the promise, at most 100 for the bar."""
        return min(100.0, 100 * (self.forecast.share or 0))


def burn_up(agreement: Agreement, latest: Period | None) -> BurnUp | None:
    """Draw the latest year with figures; None where nothing is promised for it."""
    if latest is None:
        return None
    year, through = latest.year, latest.through_month
    promise = agreement.commitments.filter(year=year, measure="person_hours").first()
    if promise is None or not promise.quantity:
        return None
    steps = [
        (line.amendment.effective_on, line.old, line.new)
        for line in promise.lines.select_related("amendment").order_by("amendment__number")
    ]
    in_force = float(quantity_on(latest.end, promise.quantity, steps))
    where = (("agreement", agreement.number),)
    table = figures(FigureQuery(year=year, through_month=through, by=("month",), where=where))
    hours = {row.dims["month"].code: float(row.values["person_hours"] or 0) for row in table.rows}
    monthly = [hours.get(f"{year}-{month:02}", 0.0) for month in range(1, through + 1)]
    sums = list(accumulate(monthly))
    quarters = QuarterSteps.of(promise)
    line = _line(year, promise.quantity, steps, quarters)
    ahead = pace(monthly, committed=in_force, quarters=quarters.on(latest.end))
    top = max(ahead.committed, ahead.high, sums[-1], *(value for _month, value in line)) * 1.05
    now = (through, sums[-1])
    ends = [(MONTHS, value) for value in (ahead.expected, ahead.low, ahead.high)]
    return BurnUp(
        year=year,
        through=through,
        forecast=ahead,
        delivered=_points([(0, 0.0), *enumerate(sums, 1)], top),
        promised=_points(line, top),
        expected=_points([now, ends[0]], top),
        range=_points([now, ends[1], ends[2]], top),
        months=[
            (month_name(MONTH_NAMES[at]), value, total)
            for at, (value, total) in enumerate(zip(monthly, sums, strict=True))
        ],
        has_quarters=bool(quarters.on(latest.end)),
    )


def _line(
    year: int, quantity: int, steps: list[Step], quarters: QuarterSteps
) -> list[tuple[float, float]]:
    """The committed line: even, or by quarters; it steps on the day an amendment comes in force."""
    first, last = from_jalali(year, 1, 1), year_end(year)

    def due(month: float, day: dt.date) -> tuple[float, float]:
        return month, due_by(month, quantity_on(day, quantity, steps), quarters.on(day))

    places = [due(0.0, first)]
    # Months of quarters' ends bend the line; days of amendments let it step.
    bends = {3.0: None, 6.0: None, 9.0: None} if quarters.slices else {}
    changes = {
        _month_place(day): day
        for day in {step[0] for step in steps} | quarters.days
        if first < day <= last
    }
    now = first
    for month, day in sorted((bends | changes).items()):
        places.append(due(month, now))
        if day:
            now = day
            places.append(due(month, now))
    return [*places, due(float(MONTHS), last)]


def _month_place(day: dt.date) -> float:
    """Return how many months of its year have passed when a day begins."""
    year, month, number = to_jalali(day)
    return month - 1 + (number - 1) / days_in_month(year, month)


def _points(places: Sequence[tuple[float, float]], top: float) -> str:
    """Places of the chart as SVG has them; time runs from the right on Persian pages."""
    points = []
    for month, value in places:
        x = MARGIN + (WIDTH - 2 * MARGIN) * month / MONTHS
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / top
        points.append(f"{WIDTH - x if is_persian() else x:.1f},{y:.1f}")
    return " ".join(points)
