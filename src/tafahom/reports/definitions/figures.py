"""The report of figures: any dimensions down the side, measures across."""

from collections.abc import Sequence

from django.utils.timezone import localtime
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from tafahom import localised
from tafahom.agreements.terminations.queries import without_remainder
from tafahom.figures.catalogue import (
    ATTRIBUTION_LABELS,
    BASIS_LABELS,
    DIMENSIONS,
    MEASURES,
    Measure,
)
from tafahom.figures.kept import is_kept
from tafahom.figures.queries import figures, untrained
from tafahom.figures.tables import FigureQuery, FigureRow, FigureTable
from tafahom.jalali import MonthSpan
from tafahom.periods.queries import are_final
from tafahom.reports import words
from tafahom.reports.definitions.cells import growth_cell, previous_cell, value_cell
from tafahom.reports.definitions.meanings import meanings
from tafahom.reports.tables import Column, ColumnKind, ReportTable, TableCell

# Compared unless others are asked for: each brings two more columns.
_COMPARED = ("persons", "person_courses", "person_hours")
_KINDS: dict[str, ColumnKind] = {"count": "count", "hours": "hours", "percent": "percent"}


def figures_table(
    query: FigureQuery,
    *,
    measures: Sequence[str] = (),
    table: FigureTable | None = None,
) -> ReportTable:
    """Return the report of a query; raises ``FigureError`` as ``figures`` does.

    ``measures`` chooses and orders the columns; by default all, without those on commitments
    where there are none. ``table`` is the answer to the query when the caller has it already.
    """
    answer = table or figures(query)
    chosen = [MEASURES[name] for name in measures] or _measures_with_values(answer)
    dimensions = [Column(name, str(DIMENSIONS[name].label)) for name in answer.query.by]
    compared = [m.code for m in chosen if m.code in (measures or _COMPARED)]
    columns = [*dimensions, *_measure_columns(chosen, compared, query)]
    label: list[TableCell] = [_("Total"), *[""] * (len(dimensions) - 1)] if dimensions else []
    rows: list[list[TableCell]] = [
        [*(value.name for value in row.dims.values()), *_cells(row, chosen, compared)]
        for row in answer.rows
    ]
    total = [*label, *_cells(answer.total, chosen, compared)]
    return ReportTable(
        title=_("Training under agreements"),
        subtitle=localised.period_title(answer.period),
        columns=columns,
        rows=rows,
        total=total,
        as_of=localtime(answer.as_of),
        notes=[*words.hidden_notes(rows, total), *_notes(answer, chosen)],
        is_right_to_left=get_language_bidi(),
        meanings=meanings(measure.code for measure in chosen),
    )


def _measures_with_values(answer: FigureTable) -> list[Measure]:
    rows = [answer.total, *answer.rows]
    return [
        measure
        for measure in MEASURES.values()
        if not measure.is_committed
        or any(value_cell(row, measure.code) is not None for row in rows)
    ]


def _measure_columns(
    chosen: list[Measure], compared: list[str], query: FigureQuery
) -> list[Column]:
    columns: list[Column] = []
    for measure in chosen:
        label, kind = str(measure.label), _KINDS[measure.unit]
        columns.append(Column(measure.code, label, kind))
        if _is_compared(measure, compared, query.compare_last_year):
            columns.append(Column(f"{measure.code}_previous", _("%s, last year") % label, kind))
            columns.append(
                Column(f"{measure.code}_growth", _("%s, growth in percent") % label, "percent")
            )
    return columns


def _is_compared(measure: Measure, compared: list[str], is_comparison: bool) -> bool:
    return is_comparison and measure.code in compared and not measure.is_committed


def _cells(row: FigureRow, chosen: list[Measure], compared: list[str]) -> list[TableCell]:
    cells: list[TableCell] = []
    for measure in chosen:
        cells.append(value_cell(row, measure.code))
        if _is_compared(measure, compared, row.previous is not None):
            cells.append(previous_cell(row, measure.code))
            cells.append(growth_cell(row, measure.code))
    return cells


def _notes(answer: FigureTable, chosen: list[Measure]) -> list[str]:
    """Return what a reader must know to use the figures rightly."""
    query = answer.query
    notes = [
        _("Person-hours: {basis}. Months: {attribution}.").format(
            basis=BASIS_LABELS[query.basis], attribution=ATTRIBUTION_LABELS[query.attribution]
        )
    ]
    if query.where:
        kept = _(", ").join(f"{DIMENSIONS[name].label}: {value}" for name, value in query.where)
        notes.append(_("Only: {filters}.").format(filters=kept))
    if query.by:
        notes.append(
            _("One person in several rows counts once in the total, so persons do not add up.")
        )
    if any(measure.code == "persons" for measure in chosen):
        notes += _untrained(answer.total)
    if any(measure.is_committed for measure in chosen):
        notes.append(
            _("Commitments are those of the whole year; realisation is delivered in the period.")
        )
        if is_kept(query.period):
            said = _("They are those of when {month} was closed: nothing agreed later is in them.")
            last = MonthSpan(query.year, query.through_month, query.through_month)
            notes.append(said.format(month=localised.period_title(last)))
        notes += _unsettled(query.year)
    if query.compare_last_year:
        notes.append(_("Growth is against the same months of last year."))
    if (final := _are_final(answer)) is not None:
        notes.append(
            _("Figures are final: the months are closed.")
            if final
            else _("Figures are provisional: not all of the months are closed.")
        )
    day = localised.day(localtime(answer.as_of).date())
    notes.append(_("Data as of {day}.").format(day=day))
    return notes


def _untrained(total: FigureRow) -> list[str]:
    """Say how many of the enrolled persons are no "persons"; nothing where all of them are."""
    count = untrained(total.values)
    said = _("Enrolled without a credited minute, and so not among the persons: {n}.")
    return [said.format(n=localised.number(count))] if count else []


def _unsettled(year: int) -> list[str]:
    """Say of how many terminated agreements nobody has recorded what is left."""
    count = len(without_remainder(year))
    said = _(
        "Terminated agreements that count whole, as nobody recorded what is left of them: {n}."
    )
    return [said.format(n=localised.number(count))] if count else []


def _are_final(answer: FigureTable) -> bool | None:
    """Whether the months are closed; None where that says nothing about the figures.

    A course stays out of closed months by its end and its sessions, not by its beginning.
    """
    if answer.query.attribution == "start":
        return None
    return are_final(answer.period.months)
