"""Names beside what tells a status: each page is recorded, counted, and slowed beyond a limit."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from tafahom.access.models import User
from tafahom.audit.actions import record, record_reading
from tafahom.audit.locking import lock_reader
from tafahom.parties.models import Province
from tafahom.people.models import Person
from tafahom.people.queries import chunks
from tafahom.privacy.models import ReadingAlarm, RecentReading
from tafahom.privacy.rules import (
    DAY,
    HOUR,
    Looked,
    ReadingLimits,
    good_reason,
    is_alarming,
    seconds_to_wait,
)
from tafahom.refusals import Refusal
from tafahom.training.courses.revealing import is_revealing
from tafahom.training.models import Course


class SlowDownError(RuntimeError):
    """A page of names has to wait for so many ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def limits() -> ReadingLimits:
    """Return the limits of this installation."""
    return ReadingLimits(*settings.READING_FREE, *settings.READING_ALARM, *settings.READING_WAIT)


def read_names(
    *,
    person_ids: Collection[int],
    where: str,
    what: str = "names",
    fields: Sequence[str] = ("names",),
    reason: str = "",
    by: User,
) -> bool:
    """Record that an account reads the names of these people; return whether it had to be.

    It has to where one of them took a course that tells a sensitive status, or where a ``reason``
    was given: then one entry names all people of the page, so that it points at nobody.
    Raises SlowDownError when the page has to wait; then nothing of it may be shown. People whom
    the account was shown within the last day never wait.
    """
    if not person_ids or not (is_revealing(person_ids) or reason):
        return False
    with transaction.atomic():
        wait = _count(set(person_ids), by=by)
        if not wait:
            record_reading(
                what=what,
                targets=targets_of(person_ids),
                fields=fields,
                reason=reason,
                where=where,
                by=by,
            )
    if wait:
        raise SlowDownError(wait)
    return True


def targets_of(person_ids: Collection[int]) -> list[str]:
    """Return the people as the audit names them, in order."""
    uids: list[str] = []
    for part in chunks(person_ids):
        uids += Person.objects.filter(pk__in=part).order_by().values_list("uid", flat=True)
    return [f"person:{uid}" for uid in sorted(uids)]


@transaction.atomic
def answer_alarm(alarm: ReadingAlarm, *, note: str, by: User) -> None:
    """Write down what an alarm was about; its account reads on.

    Raises Refusal: one's own alarm, one that was answered, a note that says nothing.
    """
    if alarm.account_id == by.pk:
        raise Refusal("alarm.own")
    changed = ReadingAlarm.objects.filter(pk=alarm.pk, answered_at__isnull=True).update(
        answered_by=by, answered_at=timezone.now(), note=good_reason(note)
    )
    if not changed:
        raise Refusal("alarm.answered")
    record(
        action="privacy.reading_alarm_answered",
        target=f"user:{alarm.account_id}",
        details={"alarm": alarm.uid},
        by=by,
    )


def forget_old_readings() -> int:
    """Remove what no count needs any more; return how many rows."""
    old = RecentReading.objects.filter(asked_at__lt=timezone.now() - 2 * DAY)
    return old.delete()[0]


def _count(person_ids: set[int], *, by: User) -> int:
    """Count these people as asked for, raise the alarm if it is time; return seconds to wait."""
    lock_reader(by.pk)
    now, bounds = timezone.now(), limits()
    recent = dict(
        RecentReading.objects.filter(account=by, asked_at__gte=now - 2 * DAY)
        .filter(Q(asked_at__gte=now - DAY) | Q(shown_at__gte=now - DAY))
        .values_list("person_id", "shown_at")
    )
    further = {pk for pk in person_ids if recent.get(pk) is None}
    if not further:
        return 0
    _keep(further - recent.keys(), by=by, asked_at=now)
    looked = _looked(by, now)
    wait = seconds_to_wait(looked, bounds, now=now)
    if not wait:
        RecentReading.objects.filter(account=by, person_id__in=further).update(shown_at=now)
    if is_alarming(looked, bounds):
        looked = _looked(by, now)
        _raise_alarm(person_ids, looked, now, by=by)
    return wait


def _keep(person_ids: set[int], *, by: User, asked_at: dt.datetime) -> None:
    rows = [RecentReading(account=by, person_id=pk, asked_at=asked_at) for pk in person_ids]
    RecentReading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account", "person"],
        update_fields=["asked_at", "shown_at"],
    )


def _looked(by: User, now: dt.datetime) -> Looked:
    answered = ReadingAlarm.objects.filter(account=by).aggregate(last=Max("answered_at"))["last"]
    hour, day = now - HOUR, now - DAY
    asked_hour, asked_day = (max(start, answered or start) for start in (hour, day))
    told = RecentReading.objects.filter(account=by, asked_at__gte=now - 2 * DAY).aggregate(
        shown_hour=Count("pk", filter=Q(shown_at__gte=hour)),
        shown_day=Count("pk", filter=Q(shown_at__gte=day)),
        asked_hour=Count("pk", filter=Q(asked_at__gt=asked_hour)),
        asked_day=Count("pk", filter=Q(asked_at__gt=asked_day)),
        last_shown=Max("shown_at"),
    )
    return Looked(**told)


def _raise_alarm(person_ids: set[int], looked: Looked, now: dt.datetime, *, by: User) -> None:
    """Open an alarm in each province where these people took courses, or bring it up to date."""
    counts = {"asked": looked.asked_day, "shown": looked.shown_day, "latest_at": now}
    taken = Course.objects.filter(enrolments__person_id__in=sorted(person_ids)).order_by()
    for province in Province.objects.filter(pk__in=taken.values("centre__province_id")):
        alarm, is_new = ReadingAlarm.objects.update_or_create(
            account=by,
            province=province,
            answered_at=None,
            defaults=counts,
            create_defaults={"first_at": now, **counts},
        )
        if is_new:
            record(
                action="privacy.reading_alarm",
                target=f"user:{by.pk}",
                details={"alarm": alarm.uid, "asked": alarm.asked, "shown": alarm.shown},
                by=by,
            )
