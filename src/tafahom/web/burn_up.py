"""What was delivered under an agreement in a year, month by month, against what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.conf import settings

from tafahom.agreements.models import Agreement
from tafahom.agreements.promises.rules import Step, quantity_on
from tafahom.agreements.rules import Forecast, forecast
from tafahom.figures.queries import FigureQuery, figures
from tafahom.jalali import MONTH_NAMES, Period, from_jalali, year_end
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
    tolerance = settings.ATTENTION_PACE / 100
    ahead = forecast(monthly, months=MONTHS, committed=in_force, tolerance=tolerance)
    line = _line(year, promise.quantity, steps)
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
    )


def _line(year: int, quantity: int, steps: list[Step]) -> list[tuple[float, float]]:
    """The committed line at an even pace, which steps on the day an amendment comes in force."""
    first, last = from_jalali(year, 1, 1), year_end(year)
    places: list[tuple[float, float]] = [(0.0, 0.0)]
    for day, old, new in steps:
        if first < day <= last:
            part = (day - first).days / ((last - first).days + 1)
            places += [(part * MONTHS, old * part), (part * MONTHS, new * part)]
    return [*places, (MONTHS, float(quantity_on(last, quantity, steps)))]


def _points(places: Sequence[tuple[float, float]], top: float) -> str:
    """Places of the chart as SVG has them; time runs from the right on Persian pages."""
    points = []
    for month, value in places:
        x = MARGIN + (WIDTH - 2 * MARGIN) * month / MONTHS
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / top
        points.append(f"{WIDTH - x if is_persian() else x:.1f},{y:.1f}")
    return " ".join(points)
