"""What was delivered of each part of a promise, by the same facts as every other figure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tafahom.agreements.models import Agreement, Breakdown, CommittedMeasure, Slice
from tafahom.agreements.parts.queries import breakdowns_of
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import FigureQuery, FigureRow, Number, figures
from tafahom.figures.rules import hours, percent
from tafahom.figures.scope import holds_whole_agreements
from tafahom.jalali import MonthSpan

_MONTHS = 3


@dataclass(frozen=True, slots=True)
class SliceStanding:
    """A slice, what it promises on the day, what was delivered of it and in percent.

    ``delivered`` is None while figures may not be seen, or before the year has any. ``is_hidden`` says that
    there are some, and the asker may not learn them (``disclosure``).
    """

    part: Slice
    promised: int
    delivered: Number = None
    realisation: float | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class BreakdownStanding:
    """A breakdown with its slices, and what of the commitment no slice names."""

    breakdown: Breakdown
    slices: list[SliceStanding]

    @property
    def named(self) -> int:
        """What the slices promise together."""
        return sum(one.promised for one in self.slices)

    @property
    def has_hidden(self) -> bool:
        """Whether what was delivered of a slice is hidden from the asker."""
        return any(one.is_hidden for one in self.slices)

    @property
    def rest(self) -> int:
        """What no slice names; only of a commitment as it is after all amendments."""
        return max(0, self.breakdown.commitment.quantity - self.named)


def standings(
    agreement: Agreement, latest: MonthSpan | None, *, on_day: MonthSpan, sees_figures: bool
) -> list[BreakdownStanding]:
    """Return how the parts of an agreement's promises stand.

    Of the latest year with figures through its last month, of years before through their end.
    Quantities are those in force at the end of ``on_day``. A breakdown asks the figures once, of
    persons by quarter four times at most, however many slices it has.
    """
    shown = sees_figures and latest is not None and holds_whole_agreements()
    found = []
    for one in breakdowns_of(agreement, on=on_day.end):
        parts: list[Slice] = one.parts  # type: ignore[attr-defined]  # prefetched under this name
        year = one.commitment.year
        delivered: dict[str, Number] = {}
        is_hidden = False
        if shown and latest and year <= latest.year:
            through = latest.through_month if year == latest.year else 12
            try:
                delivered = _delivered(agreement, one, parts, through)
            except NotOfferedError:
                is_hidden = True
        slices = [_standing(part, delivered, is_hidden=is_hidden) for part in parts]
        found.append(BreakdownStanding(one, slices))
    return found


def _standing(part: Slice, delivered: dict[str, Number], *, is_hidden: bool) -> SliceStanding:
    promised: int = part.in_force  # type: ignore[attr-defined]  # annotated
    if part.key not in delivered:
        return SliceStanding(part, promised, is_hidden=is_hidden)
    done = delivered[part.key]
    if done is None:
        return SliceStanding(part, promised, is_hidden=True)
    return SliceStanding(part, promised, done, percent(done, promised))


def _delivered(
    agreement: Agreement, breakdown: Breakdown, parts: Sequence[Slice], through: int
) -> dict[str, Number]:
    """Return the delivered quantity of each slice by its key; of quarters to come there is none."""
    by = tuple(name for name in breakdown.names if name != "quarter")
    if "county" in by:
        # Two provinces may have counties of one name.
        by = ("province", *by)
    begun = [one for one in parts if not one.quarter or _first(one.quarter) <= through]
    query = FigureQuery(
        year=breakdown.commitment.year,
        through_month=through,
        by=by,
        where=(("agreement", agreement.number),),
    )
    measure = breakdown.commitment.measure
    if "quarter" in breakdown.names and measure == CommittedMeasure.PERSON_HOURS:
        return _hours_by_quarter(query, begun)
    found: dict[str, Number] = {}
    # Somebody who came in two months of a quarter is one person: each quarter is asked for.
    for quarter in {one.quarter for one in begun}:
        first = _first(quarter) if quarter else 1
        last = min(through, first + _MONTHS - 1) if quarter else through
        table = figures(replace(query, from_month=first, through_month=last))
        rows = {_codes(row): row.values[measure] for row in table.rows} if by else {}
        rows = rows if by else {(): table.total.values[measure]}
        found |= {one.key: rows.get(_wanted(one, by), 0) for one in begun if one.quarter == quarter}
    return found


def _hours_by_quarter(query: FigureQuery, parts: Sequence[Slice]) -> dict[str, Number]:
    """Return the hours of slices of quarters from one question by month: hours add up."""
    minutes: Counter[tuple[int, tuple[str, ...]]] = Counter()
    for row in figures(replace(query, by=("month", *query.by))).rows:
        month, *codes = _codes(row)
        quarter = (int(month[-2:]) - 1) // _MONTHS + 1
        minutes[quarter, tuple(codes)] += round((row.values["person_hours"] or 0) * 60)
    return {one.key: hours(minutes[one.quarter or 0, _wanted(one, query.by)]) for one in parts}


def _first(quarter: int) -> int:
    return (quarter - 1) * _MONTHS + 1


def _codes(row: FigureRow) -> tuple[str, ...]:
    return tuple(value.code for value in row.dims.values())


def _wanted(part: Slice, by: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes of a slice in the order of ``by``."""
    county = part.county
    codes = {
        "audience": part.audience.code if part.audience else "",
        "cluster": part.cluster,
        "province": county.province.code if county else "",
        "county": county.key if county else "",
    }
    return tuple(codes[name] for name in by)
