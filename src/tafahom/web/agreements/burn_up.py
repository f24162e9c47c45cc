"""What was delivered under an agreement in a year, month by month, against what was promised."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from tafahom.agreements.amended import steps_of
from tafahom.agreements.models import Commitment, CommittedMeasure
from tafahom.agreements.pace import pace
from tafahom.agreements.parts.queries import QuarterSteps
from tafahom.agreements.parts.rules import MONTHS, Stretch, due_by
from tafahom.agreements.promises.of_agreement import AgreementPromises, counts
from tafahom.agreements.promises.rules import PaceStep, quantity_on
from tafahom.agreements.record import AgreementRecord
from tafahom.agreements.rules import Forecast, Pace
from tafahom.figures.of_agreement import AgreementFigures
from tafahom.jalali import MONTH_NAMES, MonthSpan, from_jalali, months_passed, year_end
from tafahom.localised import is_persian, month_name
from tafahom.reports.tables import HIDDEN, Hidden

WIDTH, HEIGHT, MARGIN = 600, 200, 8


@dataclass(frozen=True, slots=True)
class BurnUp:
    """A chart of cumulative person-hours as lines in a box of ``WIDTH`` × ``HEIGHT``.

    ``delivered``, ``promised`` and ``expected`` are points of polylines, ``range`` those of the
    polygon between the low and high forecast; both are empty before a pace can be told. ``months`` are rows of the table beside it.
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
    term: Stretch
    ends_on: dt.date

    @property
    def is_over(self) -> bool:
        """Whether nothing more can come in this year."""
        return self.term.closes <= self.through

    @property
    def ends_early(self) -> bool:
        """Whether the term ends before the year does."""
        return self.term.closes < MONTHS

    @property
    def names(self) -> list[str]:
        """The months under the chart, in the language of the page."""
        return [month_name(name) for name in MONTH_NAMES]

    @property
    def percent(self) -> float:
        """Delivered in percent of the promise, at most 100 for the bar."""
        return min(100.0, 100 * (self.forecast.share or 0))


def burn_up(record: AgreementRecord, figures: AgreementFigures) -> BurnUp | Hidden | None:
    """Draw the latest year with figures; None where nothing counts for it or it has not begun.

    HIDDEN where a month of it is hidden from who asks. What provincial agreements carry of a
    national one is drawn with them.
    """
    agreement, latest, monthly = record.agreement, figures.latest, figures.monthly
    if latest is None:
        return None
    year, through = latest.year, latest.through_month
    term = Stretch.of_year(year, agreement.starts_on, agreement.ends_on)
    if not term.passed(through):
        return None
    promise = _hours_promised(record.promises, year)
    quantity, steps = _own(record.promises, promise, latest) if promise else (0, [])
    if promise is None or not (quantity or steps):
        return None
    if monthly is None:
        return HIDDEN
    in_force = float(quantity_on(latest.end, quantity, steps))
    sums = list(accumulate(monthly))
    quarters = QuarterSteps.of(promise, record.breakdowns)
    line = _line(year, quantity, steps, quarters, term)
    ahead = pace(monthly, committed=in_force, quarters=quarters.on(latest.end), term=term)
    top = max(ahead.committed, ahead.high, sums[-1], *(value for _month, value in line)) * 1.05
    now, end = (through, sums[-1]), max(term.closes, through)
    is_known = ahead.pace != Pace.UNKNOWN
    ends = [(end, value) for value in (ahead.expected, ahead.low, ahead.high)] if is_known else []
    return BurnUp(
        year=year,
        through=through,
        forecast=ahead,
        delivered=_points([(0, 0.0), *enumerate(sums, 1)], top),
        promised=_points(line, top),
        expected=_points([now, *ends[:1]], top) if ends else "",
        range=_points([now, *ends[1:]], top) if ends else "",
        months=[
            (month_name(MONTH_NAMES[at]), value, total)
            for at, (value, total) in enumerate(zip(monthly, sums, strict=True))
        ],
        has_quarters=bool(quarters.on(latest.end)),
        term=term,
        ends_on=agreement.ends_on,
    )


def _hours_promised(promises: AgreementPromises, year: int) -> Commitment | None:
    """Return the commitment of hours that counts in a year; None where there is none."""
    for one in promises.commitments:
        if one.year == year and one.measure == CommittedMeasure.PERSON_HOURS and counts(one):
            return one
    return None


def _own(
    promises: AgreementPromises, promise: Commitment, latest: MonthSpan
) -> tuple[int, list[PaceStep]]:
    """Return what a commitment has to deliver itself, and the steps by which it came to that.

    Amendments and a termination are steps; what provinces carry of it is theirs to deliver.
    """
    carried = promises.carried(latest.year, latest.end)
    at_provinces = carried.national.get(promise.pk, 0)
    changes = steps_of(promise.lines.all())
    quantity, stopped_on = promise.quantity, promise.agreement.stopped_on
    if promise.left is not None and stopped_on:
        changes.append((stopped_on, quantity, promise.left))
        quantity = promise.left
    steps = [
        (day, max(0, old - at_provinces), max(0, new - at_provinces)) for day, old, new in changes
    ]
    return max(0, quantity - at_provinces), steps


def _line(
    year: int, quantity: int, steps: list[PaceStep], quarters: QuarterSteps, term: Stretch
) -> list[tuple[float, float]]:
    """The committed line: even, or by quarters, from the beginning of the term to its end.

    It steps on the day an amendment comes in force.
    """
    first, last = from_jalali(year, 1, 1), year_end(year)

    def due(month: float, day: dt.date) -> tuple[float, float]:
        return month, due_by(month, quantity_on(day, quantity, steps), quarters.on(day), term)

    places = [due(0.0, first)]
    # The ends of the term and of quarters bend the line; days of amendments let it step.
    corners = {term.opens, term.closes} | ({3.0, 6.0, 9.0} if quarters.slices else set())
    bends: dict[float, dt.date | None] = {one: None for one in corners if 0 < one < MONTHS}
    changes = {
        months_passed(day): day
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


def _points(places: Sequence[tuple[float, float]], top: float) -> str:
    """Places of the chart as SVG has them; time runs from the right on Persian pages."""
    points = []
    for month, value in places:
        x = MARGIN + (WIDTH - 2 * MARGIN) * month / MONTHS
        y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * value / top
        points.append(f"{WIDTH - x if is_persian() else x:.1f},{y:.1f}")
    return " ".join(points)
