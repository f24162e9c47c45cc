"""Writing down who did what."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from tafahom.audit import delivery, keyed, marks
from tafahom.audit.locking import lock_chain
from tafahom.audit.models import Change, Entry
from tafahom.audit.queries import change_rows
from tafahom.audit.rules import GENESIS, changes_digest, entry_digest
from tafahom.audit.sealing import seal_ended_day


@transaction.atomic
def record(
    *,
    action: str,
    target: str = "",
    details: Mapping[str, Any] | None = None,
    by: AbstractBaseUser | None,
) -> Entry:
    """Append one entry to the chain, in the caller's transaction.

    It explains the changes that the transaction has made until now. ``details`` must be JSON
    and hold no names, national IDs or sensitive status.
    """
    token = lock_chain()
    changes = Change.objects.filter(entry=None, token=token)
    last = Entry.objects.order_by("-id").values_list("id", "at", "digest").first()
    at = timezone.now().astimezone(dt.UTC)
    if last is None:
        marks.begin()
    elif seal_ended_day(last, at) and delivery.is_set():
        transaction.on_commit(delivery.deliver_later.enqueue, robust=True)
    entry = Entry(
        id=last[0] + 1 if last else 1,
        at=at,
        by_id=by.pk if by else None,
        action=action,
        target=target,
        details=json.loads(json.dumps(dict(details or {}))),
        changes=changes_digest(change_rows(changes)) if token else "",
        previous=last[2] if last else GENESIS,
    )
    key = keyed.current()
    entry.digest = entry_digest(
        number=entry.pk,
        previous=entry.previous,
        at=at,
        by=entry.by_id,
        action=action,
        target=target,
        details=entry.details,
        changes=entry.changes,
        is_keyed=key is not None,
    )
    entry.code = keyed.code(entry.digest, key) if key else ""
    entry.save(force_insert=True)
    if entry.changes:
        changes.update(entry=entry)
    transaction.on_commit(partial(marks.raise_to, entry.pk))
    return entry


def record_reading(
    *,
    what: str,
    targets: Sequence[str],
    fields: Sequence[str],
    reason: str = "",
    where: str = "",
    by: AbstractBaseUser,
) -> Entry:
    """Append that somebody read these fields of these targets; the fields by name, no value.

    ``where`` is the page or file: its name, and the record that it is of ("course:uid").
    """
    details = {"targets": list(targets), "fields": list(fields), "reason": reason}
    if where:
        details["where"] = where
    target = targets[0] if len(targets) == 1 else ""
    return record(action=f"read.{what}", target=target, details=details, by=by)
