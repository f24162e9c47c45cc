"""Closing months and opening them again: every step is checked, recorded and audited."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.jalali import month_of, today
from tafahom.parties.models import Province
from tafahom.periods import guards, rules
from tafahom.periods.models import (
    Adjustment,
    MonthTable,
    MonthTableCheck,
    MonthTableRow,
    MovedMonth,
    Period,
    PeriodState,
    PeriodStep,
    Reopening,
    StepKind,
)
from tafahom.periods.queries import facts_of
from tafahom.periods.rules import Groups, Measured, RefusedError


@dataclass(frozen=True, slots=True)
class MonthLook:
    """What was seen of a month when it is to be closed: open points by code, and its figures."""

    found: Mapping[str, int]
    figures: Sequence[Measured]


@transaction.atomic
def begin_closing(*, province: Province, month: int, by: User | None) -> Period:
    """Say that a month is being closed: what is still open is mended now.

    Raises RefusedError when the month is not open or has not begun.
    """
    Period.objects.get_or_create(province=province, month=month)
    period = _held(province, month)
    _refuse(rules.against_beginning(facts_of(period), this_month=_this_month()))
    return _move(period, PeriodState.CLOSING, StepKind.BEGUN, by=by)


@transaction.atomic
def leave_closing(*, province: Province, month: int, reason: str = "", by: User | None) -> Period:
    """Leave a month open after all. Raises RefusedError when it is not being closed."""
    period = _held(province, month)
    _refuse(rules.against_leaving(facts_of(period)))
    return _move(period, PeriodState.OPEN, StepKind.LEFT, reason=reason, by=by)


@transaction.atomic
def close(
    *,
    province: Province,
    month: int,
    look: Callable[[], MonthLook],
    accepted: Mapping[str, str],
    by: User | None,
) -> Period:
    """Close a month for good, once nobody is writing any more.

    ``look`` is asked then; ``accepted`` holds the reason why the month can be closed with an open
    point, by its code. Raises RefusedError.
    """
    guards.wait_for_writers()
    period = _held(province, month)
    seen = look()
    reasons = {code: text.strip() for code, text in accepted.items() if code in seen.found}
    _refuse(
        rules.against_closing(
            facts_of(period), this_month=_this_month(), found=seen.found, accepted=reasons
        )
    )
    details = {
        "accepted": {
            code: {"count": seen.found[code], "reason": text} for code, text in reasons.items()
        },
        "figures": _month_values(seen.figures),
    }
    return _move(period, PeriodState.CLOSED, StepKind.CLOSED, details=details, by=by)


@transaction.atomic
def ask_reopening(
    *, province: Province, month: int, reason: str, until: datetime, by: User
) -> Reopening:
    """Ask for a closed month to be opened for a correction, until a moment.

    Another person must approve it. Raises RefusedError.
    """
    period = _held(province, month)
    now = timezone.now()
    _refuse(rules.against_asking(facts_of(period), reason=reason, until=until, now=now))
    reopening = Reopening.objects.create(
        period=period, reason=reason.strip(), asked_by=by, asked_at=now, until=until
    )
    _step(period, StepKind.ASKED, reason=reopening.reason, by=by)
    return reopening


@transaction.atomic
def approve_reopening(
    reopening: Reopening, *, figures: Callable[[], Sequence[Measured]], by: User
) -> Reopening:
    """Open the month as was asked; its figures are kept to tell what the correction changed.

    Raises RefusedError, above all for the person who asked.
    """
    period = _held_of(reopening)
    now = timezone.now()
    _refuse(rules.against_approving(facts_of(period), by=by.pk, now=now))
    Reopening.objects.filter(pk=reopening.pk).update(
        approved_by=by, approved_at=now, before={"figures": [asdict(one) for one in figures()]}
    )
    _step(period, StepKind.APPROVED, reason=reopening.reason, by=by)
    reopening.refresh_from_db()
    return reopening


@transaction.atomic
def decline_reopening(reopening: Reopening, *, reason: str = "", by: User) -> None:
    """Decline what was asked, or withdraw it. Raises RefusedError when it was approved."""
    period = _held_of(reopening)
    _refuse(rules.against_declining(facts_of(period)))
    Reopening.objects.filter(pk=reopening.pk).update(declined_at=timezone.now())
    _step(period, StepKind.DECLINED, reason=reason.strip(), by=by)


@transaction.atomic
def close_again(
    reopening: Reopening, *, figures: Callable[[], Sequence[Measured]], by: User | None
) -> list[Adjustment]:
    """End a reopening and write down what it changed. Raises RefusedError.

    Also when its time is over: writes have been refused since, what was written is told here.
    """
    guards.wait_for_writers()
    period = _held_of(reopening)
    _refuse(rules.against_closing_again(facts_of(period)))
    reopening.refresh_from_db()
    before = [Measured(**one) for one in reopening.before["figures"]]
    after, now = figures(), timezone.now()
    adjustments = Adjustment.objects.bulk_create(
        Adjustment(
            period=period,
            reopening=reopening,
            kind=one.kind,
            record=one.record,
            name=one.name[:300],
            before=one.before,
            after=one.after,
            reason=reopening.reason,
            by=by,
            at=now,
        )
        for one in rules.differences(before, after)
    )
    Reopening.objects.filter(pk=reopening.pk).update(closed_at=now)
    details = {"adjustments": len(adjustments), "figures": _month_values(after)}
    _step(period, StepKind.CLOSED_AGAIN, details=details, by=by)
    return adjustments


@transaction.atomic
def write_table(
    period: Period, *, groups: Groups, names: Mapping[tuple[str, str], str], measures: Sequence[str]
) -> MonthTable:
    """Keep the figures of a closed month as the next version of its table.

    Nothing is written where the latest version says the same: that one is returned.
    """
    held = Period.objects.select_for_update().get(pk=period.pk)
    digest = rules.table_digest(groups, measures)
    latest = held.tables.first()
    if latest and latest.digest == digest:
        return latest
    table = MonthTable.objects.create(
        period=held,
        version=latest.version + 1 if latest else 1,
        made_at=timezone.now(),
        measures=list(measures),
        digest=digest,
    )
    MonthTableRow.objects.bulk_create(
        (
            MonthTableRow(
                table=table, dimension=dimension, key=key,
                name=names.get((dimension, key), "")[:300], values=dict(values),
            )
            for (dimension, key), values in groups.items()
        ),
        batch_size=500,
    )  # fmt: skip
    details = {"version": table.version, "digest": digest}
    record(action="periods.table_written", target=_target(held), details=details, by=None)
    return table


@transaction.atomic
def record_check(
    *, months: int, moved: Mapping[Period, int], by: User | None = None
) -> MonthTableCheck:
    """Record that the tables of so many closed months were compared, and which figures moved.

    ``moved`` are months with the number of figures that differ. Each is noted in the audit.
    """
    check = MonthTableCheck.objects.create(at=timezone.now(), months=months)
    MovedMonth.objects.bulk_create(
        MovedMonth(check_run=check, period=period, figures=count) for period, count in moved.items()
    )
    for period, count in moved.items():
        details = {"figures": count}
        record(action="periods.figures_moved", target=_target(period), details=details, by=by)
    return check


def _this_month() -> int:
    return month_of(today())


def _held(province: Province, month: int) -> Period:
    """Return the month, which nobody else changes until the transaction ends."""
    period = Period.objects.select_for_update().filter(province=province, month=month).first()
    return period or Period(province=province, month=month)


def _held_of(reopening: Reopening) -> Period:
    return Period.objects.select_for_update().get(pk=reopening.period_id)


def _refuse(codes: Sequence[str]) -> None:
    if codes:
        raise RefusedError(*codes)


def _month_values(figures: Sequence[Measured]) -> dict[str, int]:
    return next((one.values for one in figures if one.kind == "month"), {})


def _move(
    period: Period,
    to: PeriodState,
    kind: StepKind,
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
    by: User | None,
) -> Period:
    period.state = to
    period.save(update_fields=["state"])
    _step(period, kind, reason=reason.strip(), details=details, by=by)
    return period


def _step(
    period: Period,
    kind: StepKind,
    *,
    reason: str = "",
    details: dict[str, Any] | None = None,
    by: User | None,
) -> None:
    told = details or {}
    PeriodStep.objects.create(
        period=period, kind=kind, at=timezone.now(), by=by, reason=reason, details=told
    )
    record(
        action=f"periods.{kind.value}",
        target=_target(period),
        details=_impersonal(told),
        by=by,
    )


def _target(period: Period) -> str:
    return f"period:{period.province.code}/{period.month}"


def _impersonal(details: dict[str, Any]) -> dict[str, Any]:
    """Return details without what somebody wrote: anything may stand there."""
    accepted = {code: one["count"] for code, one in details.get("accepted", {}).items()}
    return details | {"accepted": accepted} if accepted else details
