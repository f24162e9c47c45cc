"""Which months are closed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from tafahom.parties.models import Province
from tafahom.parties.queries import provinces_seen
from tafahom.periods.models import (
    MonthTable,
    MonthTableCheck,
    MovedMonth,
    Period,
    PeriodState,
    PeriodStep,
    Reopening,
)
from tafahom.periods.rules import Facts, MonthState, PeriodClosedError, Request

# A province (its id) and a Jalali month.
Month: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MonthRecord:
    """A month of a province with what was done about it, the latest first.

    ``reopening`` is what was asked about the closed month, or is being corrected; None for
    neither. ``corrections`` were closed again and come with what each changed.
    """

    period: Period
    facts: Facts
    reopening: Reopening | None
    steps: list[PeriodStep]
    corrections: list[Reopening]
    tables: list[MonthTable]


def locked_months() -> set[Month]:
    """Return the months that take no write now: closed, and not reopened."""
    closed = Period.objects.filter(state=PeriodState.CLOSED)
    reopened = Reopening.objects.running().values("period_id")
    return set(closed.exclude(pk__in=reopened).values_list("province_id", "month"))


def refuse_closed(months: Iterable[Month]) -> None:
    """Raise PeriodClosedError when one of these months takes no write."""
    if closed := locked_months() & set(months):
        raise PeriodClosedError({month for _province, month in closed})


def settled_months() -> QuerySet[Period]:
    """Return closed months that are not being corrected, the latest first.

    One whose correction has run out is still being corrected until it is closed again.
    """
    corrected = Reopening.objects.under_way().filter(approved_at__isnull=False)
    closed = Period.objects.filter(state=PeriodState.CLOSED)
    return closed.exclude(pk__in=corrected.values("period_id")).select_related("province")


def table_rows(
    months: Collection[int], dimension: str
) -> Iterator[tuple[Month, str, dict[str, Any]]]:
    """Yield month, key and values of a dimension, from the tables of closed months.

    Of each province whose month is closed and not being corrected, from the latest version. A
    table without such groups is known by one empty key. One query, however many months.
    """
    settled = settled_months().filter(month__in=months).order_by()
    latest = MonthTable.objects.filter(period=OuterRef("period")).order_by("-version").values("pk")
    tables = (
        MonthTable.objects.filter(period__in=settled.values("pk"), pk=Subquery(latest[:1]))
        .annotate(grouped=FilteredRelation("rows", condition=Q(rows__dimension=dimension)))
        .order_by()
    )
    for province_id, month, key, values in tables.values_list(
        "period__province_id", "period__month", "grouped__key", "grouped__values"
    ):
        yield (province_id, month), key or "", values or {}


def month_states(province: Province) -> dict[int, str]:
    """Return the state of the months of a province that somebody began to close.

    As ``rules.MonthState`` has it, or "reopened" while a correction is under way.
    """
    states = dict(province.periods.values_list("month", "state"))
    reopened = Reopening.objects.under_way().filter(
        approved_at__isnull=False, period__province=province
    )
    return states | dict.fromkeys(reopened.values_list("period__month", flat=True), "reopened")


def reopenings_seen() -> QuerySet[Reopening]:
    """Return what was ever asked about months of the provinces that lie in the scope."""
    found = Reopening.objects.filter(period__province__in=provinces_seen())
    return found.select_related("period__province")


def moved_months(
    province_ids: Collection[int] | None, *, month: int | None = None
) -> QuerySet[MovedMonth]:
    """Return the closed months that the latest check found moved, of provinces or of all.

    Of one month where that is given.
    """
    latest = MonthTableCheck.objects.values("pk")[:1]
    found = MovedMonth.objects.filter(check_run__in=latest).order_by("-period__month")
    if province_ids is not None:
        found = found.filter(period__province__in=province_ids)
    if month is not None:
        found = found.filter(period__month=month)
    return found.select_related("period__province", "check_run")


def facts_of(period: Period) -> Facts:
    """Return what the guards of ``rules`` look at."""
    return _facts(period, _under_way(period))


def month_record(province: Province, month: int) -> MonthRecord:
    """Return all that is kept of a month; little, of one that nobody began to close."""
    period = period_of(province.pk, month)
    reopening = _under_way(period)
    facts = _facts(period, reopening)
    if not period.pk:
        return MonthRecord(period, facts, reopening, [], [], [])
    return MonthRecord(
        period,
        facts,
        reopening,
        steps=list(period.steps.select_related("by")),
        corrections=list(_corrections_of(period)),
        tables=list(period.tables.all()),
    )


def period_of(province_id: int, month: int) -> Period:
    """Return the month's row, one that is not saved when it was never touched."""
    found = Period.objects.filter(province_id=province_id, month=month).first()
    return found or Period(province_id=province_id, month=month)


def are_final(months: Collection[int]) -> bool | None:
    """Whether figures of these months can not change: all are closed, none is being corrected.

    None where no month was ever closed: then nobody uses closing, and there is nothing to say.
    """
    closed = Period.objects.filter(state=PeriodState.CLOSED)
    corrected = Reopening.objects.under_way().filter(approved_at__isnull=False)
    final: dict[int, set[int]] = defaultdict(set)
    for province, month, is_settled in closed.annotate(
        settled=~Q(pk__in=corrected.values("period_id"))
    ).values_list("province_id", "month", "settled"):
        final[province] |= {month} if is_settled else set()
    return all(set(months) <= found for found in final.values()) if final else None


def _under_way(period: Period) -> Reopening | None:
    if not period.pk:
        return None
    return period.reopenings.under_way().select_related("asked_by", "approved_by").first()


def _corrections_of(period: Period) -> QuerySet[Reopening]:
    done = period.reopenings.filter(closed_at__isnull=False)
    return done.select_related("asked_by", "approved_by").prefetch_related("adjustments")


def _facts(period: Period, reopening: Reopening | None) -> Facts:
    return Facts(
        state=MonthState(period.state),
        month=period.month,
        request=Request(reopening.asked_by_id, reopening.until, reopening.approved_by_id)
        if reopening
        else None,
    )
