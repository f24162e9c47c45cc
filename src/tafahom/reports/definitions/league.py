"""Partners beside each other: what they promised, what was delivered, and who stands where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from tafahom import localised
from tafahom.figures.queries import figures, offers
from tafahom.figures.tables import FigureQuery, FigureRow, FigureTable
from tafahom.jalali import MonthSpan
from tafahom.parties.models import Partner
from tafahom.reports import words
from tafahom.reports.definitions.cells import (
    growth_cell,
    hidden_or,
    previous_cell,
    value_cell,
)
from tafahom.reports.definitions.meanings import meanings
from tafahom.reports.definitions.standing import Standing, standing
from tafahom.reports.tables import HIDDEN, Column, ReportTable, TableCell
from tafahom.scoping import current_scope


@dataclass(frozen=True, slots=True)
class Rival:
    """A partner in the league. ``growth`` is of person-hours on the same months of last year.

    ``rank`` is by realisation, equal ones sharing it; None for who promised nothing, and for whom
    what was delivered with is hidden from the asker.
    """

    uid: str
    name: str
    order: str
    kind: str
    standing: Standing
    person_courses: TableCell
    growth: TableCell
    last_year: TableCell
    rank: int | None = None

    @property
    def rank_cell(self) -> TableCell:
        """The rank, hidden where the realisation that it follows from is."""
        return hidden_or(self.rank, is_hidden=self.standing.realisation_cell is HIDDEN)


@dataclass(frozen=True, slots=True)
class League:
    """The partners of a period in the order of their ranks, and the total they belong to."""

    period: MonthSpan
    rivals: list[Rival]
    total: FigureRow
    table: ReportTable

    @property
    def standing(self) -> Standing:
        """How all stand together."""
        return standing(self.total)

    @property
    def person_courses(self) -> TableCell:
        """The enrolments with all of them."""
        return value_cell(self.total, "person_courses")

    @property
    def growth(self) -> TableCell:
        """How the person-hours of all have grown."""
        return growth_cell(self.total, "person_hours")

    @property
    def unranked(self) -> int:
        """How many promised nothing."""
        return sum(not rival.standing.promises for rival in self.rivals)


# What the league may be sorted by; what a partner has none of, or is hidden, stands last either way.
_ORDERS: dict[str, Callable[[Rival], Any]] = {
    "rank": lambda rival: rival.rank,
    "partner": lambda rival: rival.order,
    "kind": lambda rival: (rival.kind, rival.order),
    "promised": lambda rival: rival.standing.promised_hours,
    "persons": lambda rival: rival.standing.persons,
    "person_courses": lambda rival: _or_none(rival.person_courses),
    "hours": lambda rival: rival.standing.hours,
    "growth": lambda rival: _or_none(rival.growth),
}
SORTS = frozenset(_ORDERS)
_MEANT = (
    "persons",
    "person_courses",
    "person_hours",
    "realisation_persons",
    "realisation_person_hours",
)


def league(period: MonthSpan, *, kind: str = "", sort: str = "rank") -> League:
    """Return the league of a period, of one kind of partners if told.

    ``sort`` is one of ``SORTS``, with "-" when backwards. Raises FigureError for an unknown kind.
    """
    partners = {one.uid: one for one in Partner.objects.select_related("kind")}
    answer = _answer(period, kind, partners)
    rivals = [_rival(row, partners.get(row.dims["partner"].code)) for row in answer.rows]
    rivals = _sorted(_ranked(rivals), sort)
    rows, total = [_cells(rival) for rival in rivals], _total(answer.total)
    table = ReportTable(
        title=_("League of partners"),
        subtitle=localised.period_title(period),
        columns=_columns(),
        rows=rows,
        total=total,
        as_of=localtime(answer.as_of),
        notes=[*words.hidden_notes(rows, total), *_notes(rivals)],
        is_right_to_left=get_language_bidi(),
        meanings=meanings(_MEANT),
    )
    return League(period, rivals, answer.total, table)


def _answer(period: MonthSpan, kind: str, partners: Mapping[str, Partner]) -> FigureTable:
    """Return the figures of the partners of a kind, or of all, and their total.

    To whom partners are not shown by kind, they are shown one by one and the kind as a whole:
    then they are of the kind that the register says.
    """
    query = FigureQuery(
        year=period.year,
        from_month=period.from_month,
        through_month=period.through_month,
        by=("partner",),
        compare_last_year=True,
    )
    if not kind:
        return figures(query)
    of_kind = replace(query, where=(("partner_kind", kind),))
    if offers(of_kind):
        return figures(of_kind)
    found, whole = figures(query), figures(replace(of_kind, by=()))
    rows = [
        row
        for row in found.rows
        if (partner := partners.get(row.dims["partner"].code)) and partner.kind.code == kind
    ]
    return replace(found, rows=rows, total=whole.total)


def _rival(row: FigureRow, partner: Partner | None) -> Rival:
    value = row.dims["partner"]
    return Rival(
        uid=value.code,
        name=value.name,
        order=partner.sort_key if partner else "",
        kind=partner.kind.name if partner else "",
        standing=standing(row),
        person_courses=value_cell(row, "person_courses"),
        growth=growth_cell(row, "person_hours"),
        last_year=previous_cell(row, "person_hours"),
    )


def _or_none(cell: TableCell) -> TableCell:
    return None if cell is HIDDEN else cell


def _ranked(rivals: list[Rival]) -> list[Rival]:
    parts = [rival.standing.realisation for rival in rivals]
    kept = [part for part in parts if part is not None]
    ranks = [None if part is None else 1 + sum(other > part for other in kept) for part in parts]
    return [replace(rival, rank=rank) for rival, rank in zip(rivals, ranks, strict=True)]


def _sorted(rivals: list[Rival], sort: str) -> list[Rival]:
    order = _ORDERS[sort.lstrip("-")]
    known = [rival for rival in rivals if order(rival) is not None]
    others = [rival for rival in rivals if order(rival) is None]
    known.sort(key=lambda rival: rival.order)
    known.sort(key=order, reverse=sort.startswith("-"))
    return known + sorted(others, key=lambda rival: rival.order)


def _columns() -> list[Column]:
    return [
        Column("partner", _("Partner")),
        Column("kind", _("Kind of partner")),
        Column("rank", _("Rank by realisation"), "count"),
        Column("promised_persons", _("Committed persons"), "count"),
        Column("promised_hours", _("Committed person-hours"), "hours"),
        Column("persons", _("Persons"), "count"),
        Column("person_courses", _("Person-courses"), "count"),
        Column("hours", _("Person-hours"), "hours"),
        Column("of_persons", _("Realisation, persons"), "percent"),
        Column("of_hours", _("Realisation, person-hours"), "percent"),
        Column("last_year", _("%s, last year") % _("Person-hours"), "hours"),
        Column("growth", _("%s, growth in percent") % _("Person-hours"), "percent"),
    ]


def _cells(rival: Rival) -> list[TableCell]:
    stands = rival.standing
    return [
        rival.name,
        rival.kind,
        rival.rank_cell,
        *_measured(stands, rival.person_courses),
        rival.last_year,
        rival.growth,
    ]


def _measured(stands: Standing, person_courses: TableCell) -> list[TableCell]:
    cells = stands.cells
    return [
        cells["promised_persons"],
        cells["promised_hours"],
        cells["persons"],
        person_courses,
        cells["hours"],
        cells["of_persons"],
        cells["of_hours"],
    ]


def _total(row: FigureRow) -> list[TableCell]:
    return [
        _("Total"),
        "",
        None,
        *_measured(standing(row), value_cell(row, "person_courses")),
        previous_cell(row, "person_hours"),
        growth_cell(row, "person_hours"),
    ]


def _notes(rivals: list[Rival]) -> list[str]:
    unranked = sum(not rival.standing.promises for rival in rivals)
    hidden = sum(rival.standing.is_hidden and rival.standing.promises for rival in rivals)
    notes = [
        _("Commitments are those of the whole year; realisation is delivered in the period."),
        _("The rank is by realisation in person-hours; in persons where only these were promised."),
        _("Growth is against the same months of last year."),
        _("One person in several rows counts once in the total, so persons do not add up."),
    ]
    if not current_scope().is_everything:
        notes.insert(1, _("Ranks are among the partners that you may see."))
    if hidden:
        said = _("Partners whose figures are confidential have no rank and stand last: {n}.")
        notes.insert(1, said.format(n=localised.number(hidden)))
    if unranked:
        said = _("Partners without a commitment in the year have no rank: {n}.")
        notes.insert(1, said.format(n=localised.number(unranked)))
    return notes
