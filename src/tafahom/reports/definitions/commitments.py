"""What an agreement promises, year by year and part by part, and what was delivered of it."""

from django.utils.timezone import localtime, now
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from tafahom.agreements.models import Agreement, CommittedMeasure
from tafahom.agreements.promises.queries import promised
from tafahom.figures.queries import FigureQuery, FigureRow, figures
from tafahom.figures.rules import percent
from tafahom.figures.slices import standings
from tafahom.jalali import Period, to_jalali, today
from tafahom.reports import words
from tafahom.reports.tables import Cell, Column, ReportTable


def commitments_table(agreement: Agreement, latest: Period | None) -> ReportTable:
    """Return a row for each commitment, and behind it one for each of its parts.

    Quantities are those in force at the end of the latest period with figures; delivered is that
    of the year until then.
    """
    period = latest or Period(to_jalali(today())[0], 1, 12)
    parts: dict[int, list[list[Cell]]] = {}
    for one in standings(agreement, latest, on_day=period, sees_figures=True):
        by = words.dimensions(one.breakdown.names)
        parts.setdefault(one.breakdown.commitment_id, []).extend(
            [by, words.slice_name(part.part), part.promised, part.delivered, part.realisation]
            for part in one.slices
        )
    rows: list[list[Cell]] = []
    # Persons of two years may be the same: only hours have a sum.
    hours: tuple[int, float] = (0, 0)
    delivered: dict[int, FigureRow] = {}
    for year in agreement.commitments.order_by("-year").values_list("year", flat=True).distinct():
        for commitment in promised(year, on=period.end).filter(agreement=agreement):
            first: list[Cell] = [words.digits(str(year)), commitment.get_measure_display()]
            done: float | None = None
            if latest and year <= latest.year:
                if year not in delivered:
                    delivered[year] = _delivered(agreement, year, latest)
                done = delivered[year].values[commitment.measure]
            of = None if done is None else percent(done, commitment.in_force)
            if commitment.measure == CommittedMeasure.PERSON_HOURS:
                hours = (hours[0] + commitment.in_force, hours[1] + (done or 0))
            rows.append([*first, _("the whole"), "", commitment.in_force, done, of])
            rows += [[*first, *part] for part in parts.get(commitment.pk, [])]
    return ReportTable(
        title=_("Commitments of agreement {number}").format(number=words.digits(agreement.number)),
        subtitle=words.period_title(latest) if latest else "",
        columns=[
            Column("year", _("Year")),
            Column("measure", _("Measure")),
            Column("divided_by", _("Divided by")),
            Column("part", _("Part")),
            Column("promised", _("Promised"), "count"),
            Column("delivered", _("Delivered"), "hours"),
            Column("realisation", _("Realisation, percent"), "percent"),
        ],
        rows=rows,
        total=[_("Total of person-hours"), "", "", "", *hours, percent(hours[1], hours[0])],
        as_of=localtime(now()),
        notes=[_("Hours are hours attended; a course counts in the month in which it ended.")],
        is_right_to_left=get_language_bidi(),
    )


def _delivered(agreement: Agreement, year: int, latest: Period) -> FigureRow:
    through = latest.through_month if year == latest.year else 12
    where = (("agreement", agreement.number),)
    return figures(FigureQuery(year=year, through_month=through, where=where)).total
