"""How agreements stand in a year: what was promised, what was delivered, how much of it is kept."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.timezone import localdate, localtime, now
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from tafahom import localised
from tafahom.agreements.models import Agreement
from tafahom.agreements.rules import LifeState
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureRow, Number
from tafahom.jalali import MonthSpan
from tafahom.reports import words
from tafahom.reports.definitions.cells import hidden_or
from tafahom.reports.definitions.meanings import meanings
from tafahom.reports.tables import HIDDEN, Column, ReportTable, TableCell


@dataclass(frozen=True, slots=True)
class Standing:
    """Promised and delivered, in persons and person-hours; None where nothing was promised.

    Where it ``is_hidden`` from the asker, what was delivered is None too.
    """

    promised_persons: Number = None
    persons: Number = 0
    promised_hours: Number = None
    hours: Number = 0
    of_persons: float | None = None
    of_hours: float | None = None
    is_hidden: bool = False

    @property
    def promises(self) -> bool:
        """Whether anything was promised that can be realised."""
        return bool(self.promised_persons or self.promised_hours)

    @property
    def cells(self) -> dict[str, TableCell]:
        """The figures by their names, as cells of a table."""

        def delivered(value: Number) -> TableCell:
            return hidden_or(value, is_hidden=self.is_hidden)

        def realised(value: Number, promised: Number) -> TableCell:
            return hidden_or(value, is_hidden=self.is_hidden and bool(promised))

        return {
            "promised_persons": self.promised_persons,
            "persons": delivered(self.persons),
            "promised_hours": self.promised_hours,
            "hours": delivered(self.hours),
            "of_persons": realised(self.of_persons, self.promised_persons),
            "of_hours": realised(self.of_hours, self.promised_hours),
        }

    @property
    def realisation(self) -> float | None:
        """Percent of the promise in person-hours; in persons where it was made in these alone."""
        return self.of_persons if self.of_hours is None else self.of_hours

    @property
    def realisation_cell(self) -> TableCell:
        """The same as a cell: hidden only where something was promised."""
        return hidden_or(self.realisation, is_hidden=self.is_hidden and self.promises)

    @property
    def is_in_persons(self) -> bool:
        """Whether the promise is in persons alone."""
        return self.of_hours is None and self.of_persons is not None


NOTHING = Standing()
_MEANT = ("persons", "person_hours", "realisation_persons", "realisation_person_hours")


def standing(row: FigureRow) -> Standing:
    """Return how the measures of a row stand."""
    values = row.values
    return Standing(
        promised_persons=values["committed_persons"],
        persons=values["persons"],
        promised_hours=values["committed_person_hours"],
        hours=values["person_hours"],
        of_persons=values["realisation_persons"],
        of_hours=values["realisation_person_hours"],
        is_hidden=row.is_hidden,
    )


def standings(period: MonthSpan) -> dict[str, Standing]:
    """Return how agreements stand, by their number, in one question to the figures."""
    query = FigureQuery(
        year=period.year,
        from_month=period.from_month,
        through_month=period.through_month,
        by=("agreement",),
    )
    return {row.dims["agreement"].code: standing(row) for row in figures(query).rows}


def agreements_table(
    rows: Iterable[Agreement], found: dict[str, Standing] | None, period: MonthSpan | None
) -> ReportTable:
    """Return a list of agreements, with how they stand where that may be seen (``found``)."""
    columns = [
        Column("number", _("Number")),
        Column("partner", _("Partner")),
        Column("kind", _("Kind of partner")),
        Column("level", _("Level")),
        Column("state", _("State")),
        Column("starts_on", _("Starts")),
        Column("ends_on", _("Ends")),
        Column("days_left", _("Days to the end"), "count"),
    ]
    if found is not None:
        columns += [
            Column("promised_persons", _("Committed persons"), "count"),
            Column("persons", _("Persons"), "count"),
            Column("promised_hours", _("Committed person-hours"), "hours"),
            Column("hours", _("Person-hours"), "hours"),
            Column("of_persons", _("Realisation, persons"), "percent"),
            Column("of_hours", _("Realisation, person-hours"), "percent"),
        ]
    today = localdate()
    cells: list[list[TableCell]] = []
    listed: list[Standing] = []
    for one in rows:
        cells.append(
            [
                localised.digits(one.number),
                one.partner.name,
                one.partner.kind.name,
                one.get_level_display(),
                _("Term over") if is_over(one, today) else one.get_state_display(),
                localised.day(one.starts_on),
                localised.day(one.ends_on),
                max(0, (one.ends_on - today).days),
            ]
        )
        if found is not None:
            listed.append(found.get(one.number, NOTHING))
            cells[-1] += [listed[-1].cells[column.code] for column in columns[8:]]
    sums = _sums(listed)
    total: list[TableCell] = [_("Total"), *[""] * 6, *(sums.get(c.code) for c in columns[7:])]
    return ReportTable(
        title=_("Agreements"),
        subtitle=localised.period_title(period) if found is not None and period else "",
        columns=columns,
        rows=cells,
        total=total,
        as_of=localtime(now()),
        notes=[*words.hidden_notes(cells, total), *_notes(found is not None)],
        is_right_to_left=get_language_bidi(),
        meanings=meanings(_MEANT if found is not None else ()),
    )


def _sums(listed: list[Standing]) -> dict[str, TableCell]:
    """Return the sums of what adds up; one that would tell of a hidden agreement is hidden."""
    if not listed:
        return {}
    return {
        "promised_persons": sum(one.promised_persons or 0 for one in listed),
        "promised_hours": sum(one.promised_hours or 0 for one in listed),
        "hours": HIDDEN
        if any(one.is_hidden for one in listed)
        else sum(one.hours or 0 for one in listed),
    }


def is_over(agreement: Agreement, today: dt.date) -> bool:
    """Whether the term is over although nobody has recorded the end."""
    return agreement.state == LifeState.IN_FORCE and agreement.ends_on < today


def _notes(has_figures: bool) -> list[str]:
    notes = [_("Data as of {day}.").format(day=localised.day(localdate()))]
    if not has_figures:
        return notes
    return [
        _("Commitments are those of the whole year; realisation is delivered in the period."),
        _("One person in several rows counts once in the total, so persons do not add up."),
        *notes,
    ]
