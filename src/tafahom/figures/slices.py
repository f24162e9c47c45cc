"""What was delivered of each part of a promise, by the same facts as every other figure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tafahom.agreements.models import Breakdown, CommittedMeasure, Slice
from tafahom.agreements.parts.queries import parts_on
from tafahom.figures.context import FigureContext
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.members import Key, keys_of
from tafahom.figures.queries import figures_in, rows_in
from tafahom.figures.rules import hours, percent
from tafahom.figures.scope import holds_whole_agreements
from tafahom.figures.tables import FigureQuery, Number
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
    context: FigureContext,
    breakdowns: Sequence[Breakdown],
    latest: MonthSpan | None,
    *,
    on_day: MonthSpan,
    sees_figures: bool,
) -> list[BreakdownStanding]:
    """Return how the parts of an agreement's promises stand (``parts.queries.breakdowns_of``).

    Of the latest year with figures through its last month, of years before through their end.
    Quantities are those in force at the end of ``on_day``. A breakdown asks the figures once, of
    persons by quarter four times at most, however many slices it has.
    """
    shown = sees_figures and latest is not None and holds_whole_agreements()
    found = []
    for one in breakdowns:
        parts = parts_on(one, on_day.end)
        year = one.commitment.year
        delivered: dict[str, Number] = {}
        is_hidden = False
        if shown and latest and year <= latest.year:
            through = latest.through_month if year == latest.year else 12
            try:
                delivered = _delivered(context, one, [part for part, _ in parts], through)
            except NotOfferedError:
                is_hidden = True
        slices = [
            _standing(part, promised, delivered, is_hidden=is_hidden) for part, promised in parts
        ]
        found.append(BreakdownStanding(one, slices))
    return found


def _standing(
    part: Slice, promised: int, delivered: dict[str, Number], *, is_hidden: bool
) -> SliceStanding:
    if part.key not in delivered:
        return SliceStanding(part, promised, is_hidden=is_hidden)
    done = delivered[part.key]
    if done is None:
        return SliceStanding(part, promised, is_hidden=True)
    return SliceStanding(part, promised, done, percent(done, promised))


def _delivered(
    context: FigureContext, breakdown: Breakdown, parts: Sequence[Slice], through: int
) -> dict[str, Number]:
    """Return the delivered quantity of each slice by its key; of quarters to come there is none."""
    by = tuple(name for name in breakdown.names if name != "quarter")
    if "county" in by:
        by = ("province", *by)
    begun = [one for one in parts if not one.quarter or _first(one.quarter) <= through]
    query = FigureQuery(
        year=breakdown.commitment.year, through_month=through, by=by, has_commitments=False
    )
    keys = _keys(begun, by)
    measure = breakdown.commitment.measure
    if "quarter" in breakdown.names and measure == CommittedMeasure.PERSON_HOURS:
        return _hours_by_quarter(context, query, keys)
    found: dict[str, Number] = {}
    # Somebody who came in two months of a quarter is one person: each quarter is asked for.
    for quarter in {one.quarter for one in begun}:
        of_quarter = _of_quarter(query, quarter)
        if by:
            rows = rows_in(context, of_quarter)
            done = {key: row.values[measure] for key, row in rows.items()}
        else:
            done = {(): figures_in(context, [of_quarter])[0].total.values[measure]}
        wanted = {one: key for one, key in keys.items() if one.quarter == quarter}
        found |= {one.key: done.get(key, 0) for one, key in wanted.items()}
    return found


def _of_quarter(query: FigureQuery, quarter: int | None) -> FigureQuery:
    """Return the query cut to what has passed of a quarter; as it is for none."""
    if not quarter:
        return query
    first = _first(quarter)
    last = min(query.through_month, first + _MONTHS - 1)
    return replace(query, from_month=first, through_month=last)


def _hours_by_quarter(
    context: FigureContext, query: FigureQuery, keys: Mapping[Slice, Key]
) -> dict[str, Number]:
    """Return the hours of slices of quarters from one question by month: hours add up."""
    minutes: Counter[tuple[int, Key]] = Counter()
    for (month, *key), row in rows_in(context, replace(query, by=("month", *query.by))).items():
        quarter = (int(month) - 1) // _MONTHS + 1
        minutes[quarter, tuple(key)] += round((row.values["person_hours"] or 0) * 60)
    return {one.key: hours(minutes[one.quarter or 0, key]) for one, key in keys.items()}


def _first(quarter: int) -> int:
    return (quarter - 1) * _MONTHS + 1


def _keys(parts: Sequence[Slice], by: tuple[str, ...]) -> dict[Slice, Key]:
    """Return the keys of facts that slices stand for, in the order of ``by``."""
    clusters = keys_of("cluster") if "cluster" in by else {}
    return {
        one: tuple(
            {
                "audience": one.audience_id,
                "cluster": clusters.get(one.cluster),
                "province": one.county.province_id if one.county else None,
                "county": one.county_id,
            }[name]
            or 0
            for name in by
        )
        for one in parts
    }
