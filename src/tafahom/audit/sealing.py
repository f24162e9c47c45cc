"""Heads: the chain signed at the end of each day, or on request."""

import datetime as dt
import logging
from functools import partial

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from tafahom.audit import marks, signing
from tafahom.audit.locking import lock_chain
from tafahom.audit.models import Entry, Head
from tafahom.audit.rules import head_body, signature_digest

logger = logging.getLogger(__name__)
Sealed = tuple[int, dt.datetime, str]


@transaction.atomic
def seal() -> Head | None:
    """Sign the chain as it is now, and ends of days that were not; return the last head.

    None for an empty chain. Raises FileNotFoundError when the key is gone.
    """
    lock_chain()
    last = Entry.objects.order_by("-id").values_list("id", "at", "digest").first()
    if last is not None:
        _seal_through(last)
    head = Head.objects.order_by("-id").first()
    if head is not None:
        transaction.on_commit(partial(marks.raise_to, head.last, head.pk))
    return head


def seal_ended_day(last: Sealed, now: dt.datetime) -> bool:
    """Sign the chain after its last entry when that was on an earlier day; whether it was signed.

    Called in the transaction of the first entry of a new day. Work goes on without a key: that
    a day is not sealed shows in every check, and is made up for once the key is back.
    """
    if local_day(last[1]) == local_day(now):
        return False
    try:
        _seal_through(last)
    except (FileNotFoundError, ImproperlyConfigured):
        logger.exception("The audit key is missing: days are not sealed.")
        return False
    return True


def local_day(at: dt.datetime) -> dt.date:
    """Return the day of a moment where the office is."""
    return timezone.localtime(at).date()


def _seal_through(last: Sealed) -> None:
    """Sign the end of every day that is not signed, up to and with this entry."""
    head = Head.objects.order_by("-id").first()
    if not head and not signing.present():
        signing.make()
    signer = signing.signer()
    covered = head.last if head else 0
    count = head.count if head else 0
    waiting: Sealed | None = None
    rows = Entry.objects.filter(id__gt=covered, id__lte=last[0]).order_by("id")
    for row in rows.values_list("id", "at", "digest").iterator():
        if waiting and local_day(waiting[1]) != local_day(row[1]):
            head = _signed(waiting, count, head, signer)
        waiting, count = row, count + 1
    if waiting:
        _signed(waiting, count, head, signer)


def _signed(entry: Sealed, count: int, before: Head | None, signer: signing.Signer) -> Head:
    last, at, digest = entry
    head = Head(
        id=before.pk + 1 if before else 1,
        day=local_day(at),
        sealed_at=timezone.now(),
        last=last,
        count=count,
        digest=digest,
        previous=signature_digest(before.signature if before else ""),
        key=signer.current,
    )
    head.signature = signer.sign(body_of(head))
    head.save(force_insert=True)
    return head


def body_of(head: Head) -> bytes:
    """Return what is signed of a head."""
    return head_body(
        number=head.pk,
        day=head.day,
        sealed_at=head.sealed_at,
        last=head.last,
        count=head.count,
        digest=head.digest,
        previous=head.previous,
        key=head.key,
    )
