"""What was delivered under one agreement, beside what it promises, as one value."""

from collections.abc import Collection
from dataclasses import dataclass

from tafahom.agreements.models import CommittedMeasure, Level
from tafahom.agreements.promises.of_agreement import counts
from tafahom.agreements.record import AgreementRecord
from tafahom.figures.context import FigureContext
from tafahom.figures.levels import Provinces, provinces_of
from tafahom.figures.monthly import monthly_hours
from tafahom.figures.queries import figures_in, years
from tafahom.figures.slices import BreakdownStanding, standings
from tafahom.figures.tables import FigureQuery, FigureRow
from tafahom.jalali import MonthSpan, to_jalali
from tafahom.training.courses.queries import trained_years


@dataclass(frozen=True, slots=True)
class YearOfAgreement:
    """What was promised for a year and delivered in it through its ``last`` month."""

    year: int
    last: int
    total: FigureRow


@dataclass(frozen=True, slots=True)
class AgreementFigures:
    """The figures of an agreement, as far as who asks may learn them.

    ``latest`` is the latest year of all figures with its months; None without any. ``years`` are
    those in which a promise counts or somebody was trained, the latest first; None for who may
    see no figures. ``monthly`` are the hours of each month of the latest year, where hours were
    promised for it, and None where they are hidden. ``provinces`` is None but of a national one.
    """

    latest: MonthSpan | None
    years: list[YearOfAgreement] | None
    monthly: list[float] | None
    breakdowns: list[BreakdownStanding]
    provinces: Provinces | None


def agreement_figures(
    record: AgreementRecord,
    latest: MonthSpan | None,
    *,
    course_months: Collection[int],
    sees_figures: bool,
) -> AgreementFigures:
    """Return the figures of an agreement, whose courses ended in ``course_months``.

    ``latest`` is ``figures.queries.latest_period``. Without ``sees_figures`` only what was
    promised: in parts, and at the provinces.
    """
    context = FigureContext.of(record.promises)
    latest = latest if sees_figures else None
    period = latest or MonthSpan(to_jalali(record.day)[0], 1, 12)
    is_national = record.agreement.level == Level.NATIONAL
    return AgreementFigures(
        latest=latest,
        years=_years(record, context, course_months, latest) if sees_figures else None,
        monthly=_monthly(record, context, latest),
        breakdowns=standings(
            context, record.breakdowns, latest, on_day=period, sees_figures=sees_figures
        ),
        provinces=provinces_of(record.promises, period, sees_figures=latest is not None)
        if is_national
        else None,
    )


def _years(
    record: AgreementRecord,
    context: FigureContext,
    course_months: Collection[int],
    latest: MonthSpan | None,
) -> list[YearOfAgreement]:
    """Return the years in which a promise counts or somebody was trained.

    A year that is hidden from who asks is among them, whatever was trained in it.
    """
    promised = {one.year for one in record.promises.commitments}
    trained = trained_years(record.agreement, course_months) & set(years())
    queries = [
        FigureQuery(year=year, through_month=through_month(year, latest))
        for year in sorted(promised | trained, reverse=True)
    ]
    told = ("enrolled_persons", "committed_persons", "committed_person_hours")
    return [
        YearOfAgreement(table.query.year, table.query.through_month, table.total)
        for table in figures_in(context, queries)
        if table.total.is_hidden or any(table.total.values[name] for name in told)
    ]


def through_month(year: int, latest: MonthSpan | None) -> int:
    """Return the month through which figures of a year are told."""
    return latest.through_month if latest and latest.year == year else 12


def _monthly(
    record: AgreementRecord, context: FigureContext, latest: MonthSpan | None
) -> list[float] | None:
    nothing = [0.0] * (latest.through_month if latest else 0)
    promises_hours = latest is not None and any(
        one.year == latest.year and one.measure == CommittedMeasure.PERSON_HOURS and counts(one)
        for one in record.promises.commitments
    )
    if latest is None or not promises_hours:
        return nothing
    return monthly_hours(latest, context).get(record.agreement.pk, nothing)
