"""What an agreement promises, year by year and part by part, and what was delivered of it."""

from dataclasses import dataclass

from django.utils.timezone import localtime, now
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from tafahom import localised
from tafahom.agreements.models import Agreement, CommittedMeasure
from tafahom.agreements.parts.queries import breakdowns_of
from tafahom.agreements.promises.of_agreement import CommitmentLine, promises_of
from tafahom.figures.context import FigureContext
from tafahom.figures.of_agreement import through_month
from tafahom.figures.queries import figures_in
from tafahom.figures.rules import percent
from tafahom.figures.slices import standings
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MonthSpan, to_jalali, today
from tafahom.reports import words
from tafahom.reports.definitions.cells import hidden_or, value_cell
from tafahom.reports.tables import HIDDEN, Column, ReportTable, TableCell


@dataclass(frozen=True, slots=True)
class _Line:
    """A commitment and what was delivered of it; None before its year has figures."""

    promise: CommitmentLine
    delivered: TableCell

    @property
    def realisation(self) -> TableCell:
        """Delivered in percent of what counts with the agreement itself."""
        return _percent(self.delivered, self.promise.own)

    @property
    def cells(self) -> list[list[TableCell]]:
        """The rows that are shown of it, without year and measure."""
        quantity: TableCell = self.promise.in_force
        rows: list[list[TableCell]] = [
            [_("the whole"), "", quantity, self.delivered, self.realisation]
        ]
        if self.promise.at_provinces:
            rows.append([_("carried by provinces"), "", self.promise.at_provinces, None, None])
        return rows


def commitments_table(agreement: Agreement, latest: MonthSpan | None) -> ReportTable:
    """Return a row for each commitment, and behind it one for each of its parts.

    Quantities are those in force at the end of the latest period with figures; delivered is that
    of the year until then. Only what counts is summed.
    """
    period = latest or MonthSpan(to_jalali(today())[0], 1, 12)
    parts: dict[int, list[list[TableCell]]] = {}
    promises = promises_of(agreement)
    context = FigureContext.of(promises)
    breakdowns = breakdowns_of(agreement)
    for one in standings(context, breakdowns, latest, on_day=period, sees_figures=True):
        by = words.dimensions(one.breakdown.names)
        parts.setdefault(one.breakdown.commitment_id, []).extend(
            [
                by,
                words.slice_name(part.part),
                part.promised,
                hidden_or(part.delivered, is_hidden=part.is_hidden),
                hidden_or(part.realisation, is_hidden=part.is_hidden and bool(part.promised)),
            ]
            for part in one.slices
        )
    lines = _lines(context, promises.lines(period.end), latest)
    rows: list[list[TableCell]] = []
    for line in lines:
        of = line.promise.of
        first: list[TableCell] = [localised.digits(str(of.year)), of.get_measure_display()]
        rows += [[*first, *cells] for cells in (*line.cells, *parts.get(of.pk, []))]
    total: list[TableCell] = [_("Total of person-hours"), "", "", "", *_sum_of_hours(lines)]
    return ReportTable(
        title=_("Commitments of agreement {number}").format(
            number=localised.digits(agreement.number)
        ),
        subtitle=localised.period_title(latest) if latest else "",
        columns=_columns(),
        rows=rows,
        total=total,
        as_of=localtime(now()),
        notes=[*words.hidden_notes(rows, total), *_notes(lines)],
        is_right_to_left=get_language_bidi(),
    )


def _lines(
    context: FigureContext, lines: list[CommitmentLine], latest: MonthSpan | None
) -> list[_Line]:
    """Return the commitments with what was delivered, the latest year first."""
    queries = [
        FigureQuery(year=year, through_month=through_month(year, latest))
        for year in sorted({line.of.year for line in lines})
        if latest and year <= latest.year
    ]
    done = {table.query.year: table.total for table in figures_in(context, queries)}
    return [
        _Line(
            line, value_cell(done[line.of.year], line.of.measure) if line.of.year in done else None
        )
        for line in lines
    ]


def _columns() -> list[Column]:
    return [
        Column("year", _("Year")),
        Column("measure", _("Measure")),
        Column("divided_by", _("Divided by")),
        Column("part", _("Part")),
        Column("promised", _("Promised"), "count"),
        Column("delivered", _("Delivered"), "hours"),
        Column("realisation", _("Realisation, percent"), "percent"),
    ]


def _sum_of_hours(lines: list[_Line]) -> list[TableCell]:
    """Sum what counts; persons of two years may be the same, so only hours have a sum."""
    hours = [one for one in lines if one.promise.of.measure == CommittedMeasure.PERSON_HOURS]
    committed = sum(one.promise.own for one in hours)
    delivered: TableCell = HIDDEN
    if not any(one.delivered is HIDDEN for one in hours):
        delivered = sum(one.delivered for one in hours if isinstance(one.delivered, (int, float)))
    return [committed, delivered, _percent(delivered, committed)]


def _percent(delivered: TableCell, promised: int) -> TableCell:
    """Return what was delivered in percent; hidden where it is and there is a promise."""
    if delivered is HIDDEN:
        return HIDDEN if promised else None
    return percent(delivered, promised) if isinstance(delivered, (int, float)) else None


def _notes(lines: list[_Line]) -> list[str]:
    notes = [_("Hours are hours attended; a course counts in the month in which it ended.")]
    if any(one.promise.at_provinces for one in lines):
        notes.append(_("What provinces carry of a national commitment is summed there."))
    if not all(one.promise.counts for one in lines):
        notes.append(
            _("Commitments of years in which the agreement was not in force are not summed.")
        )
    return notes
