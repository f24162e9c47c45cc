"""What is asked of the figures, and what is answered."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from tafahom.figures.members import DimensionValue
from tafahom.jalali import MonthSpan

Number: TypeAlias = int | float | None


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """What is asked: months of a Solar Hijri year, split ``by`` dimensions, cut by ``where``.

    ``where`` holds (dimension, value) pairs, a value being a code or a Persian name; values of
    one dimension widen each other, dimensions narrow each other. ``basis`` says whose hours are
    summed, ``attribution`` in which month an enrolment falls. See ``figures.catalogue``. Without
    ``has_commitments`` nothing is asked of what was promised, and it is None.
    """

    year: int
    through_month: int
    from_month: int = 1
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    basis: str = "attended"
    attribution: str = "end"
    compare_last_year: bool = False
    has_commitments: bool = True

    @property
    def period(self) -> MonthSpan:
        """The months that are asked for."""
        return MonthSpan(self.year, self.from_month, self.through_month)

    @property
    def periods(self) -> tuple[MonthSpan, ...]:
        """The months that are asked for and, where it compares, those of the year before."""
        if not self.compare_last_year:
            return (self.period,)
        return self.period, replace(self.period, year=self.year - 1)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The measures of one slice; the total's ``dims`` are empty.

    ``values`` has every measure of the catalogue; committed ones are None where commitments are
    not made for such a slice. ``previous`` and ``growth`` (percent) are there when the query
    compares, else None; a growth is None when there was nothing last year.

    Where a row ``is_hidden`` from the asker, what was delivered is None; what was promised is not. Where
    ``previous`` is hidden, ``is_previous_hidden`` says so: None alone is no figure of last year.
    """

    dims: dict[str, DimensionValue]
    values: dict[str, Number]
    previous: dict[str, Number] | None = None
    growth: dict[str, float | None] | None = None
    is_hidden: bool = False
    is_previous_hidden: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the row as the report's JSON has it."""
        row: dict[str, Any] = {
            name: {"code": value.code, "name": value.name} for name, value in self.dims.items()
        }
        row.update(self.values)
        if self.previous is not None:
            row["previous"] = self.previous
            row["growth"] = self.growth
        if self.is_hidden:
            row["hidden"] = True
        if self.is_previous_hidden:
            row["previous_hidden"] = True
        return row


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The answer to a ``FigureQuery``: rows in Persian order and the total they belong to.

    Persons of the rows do not add up to those of the total: someone may be in two rows.
    """

    query: FigureQuery
    as_of: dt.datetime
    total: FigureRow
    rows: list[FigureRow] = field(default_factory=list)

    @property
    def period(self) -> MonthSpan:
        """The months that the figures cover."""
        return self.query.period

    def as_json(self) -> dict[str, Any]:
        """Return the document of ``report --format json``."""
        period, query = self.period, self.query
        return {
            "period": {
                "year": query.year,
                "from_month": query.from_month,
                "through_month": query.through_month,
                "title": period.title,
            },
            "basis": query.basis,
            "attribution": query.attribution,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "by": list(query.by),
            "where": [{"dimension": name, "value": value} for name, value in query.where],
            "total": self.total.as_json(),
            "rows": [row.as_json() for row in self.rows],
        }
