"""What was delivered under an agreement in a year, month by month, against what was promised."""

from dataclasses import dataclass
from itertools import accumulate

from tafahom.agreements.models import Agreement
from tafahom.agreements.rules import Forecast, forecast
from tafahom.figures.queries import FigureQuery, figures
from tafahom.jalali import MONTH_NAMES, Period
from tafahom.reports.words import is_persian, month_name

WIDTH, HEIGHT, MARGIN = 600, 200, 8
MONTHS = 12


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
    where = (("agreement", agreement.number),)
    table = figures(FigureQuery(year=year, through_month=through, by=("month",), where=where))
    hours = {row.dims["month"].code: float(row.values["person_hours"] or 0) for row in table.rows}
    monthly = [hours.get(f"{year}-{month:02}", 0.0) for month in range(1, through + 1)]
    sums = list(accumulate(monthly))
    ahead = forecast(monthly, months=MONTHS, committed=float(promise.quantity))
    top = max(ahead.committed, ahead.high, sums[-1]) * 1.05
    now = (through, sums[-1])
    ends = [(MONTHS, value) for value in (ahead.expected, ahead.low, ahead.high)]
    return BurnUp(
        year=year,
        through=through,
        forecast=ahead,
        delivered=_points([(0, 0.0), *enumerate(sums, 1)], top),
        promised=_points([(0, 0.0), (MONTHS, ahead.committed)], top),
        expected=_points([now, ends[0]], top),
        range=_points([now, ends[1], ends[2]], top),
        months=[
            (month_name(MONTH_NAMES[at]), value, total)
            for at, (value, total) in enumerate(zip(monthly, sums, strict=True))
        ],
    )


def _points(places: list[tuple[int, float]], top: float) -> str:
    """Places of the chart as SVG has them; time runs from the right on Persian pages."""
    points = []
    for month, value in places:
        x = MARGIN + (WIDTH - 2 * MARGIN) * month / MONTHS
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / top
        points.append(f"{WIDTH - x if is_persian() else x:.1f},{y:.1f}")
    return " ".join(points)
