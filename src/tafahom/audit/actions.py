"""Writing down who did what."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from tafahom.audit.models import Entry
from tafahom.audit.rules import GENESIS, entry_digest

# Any number that no other part locks by: one writer of the chain at a time.
CHAIN_LOCK = 0x7AF4


@transaction.atomic
def record(
    *,
    action: str,
    target: str = "",
    details: Mapping[str, Any] | None = None,
    by: AbstractBaseUser | None,
) -> Entry:
    """Append one entry to the chain, in the caller's transaction.

    ``details`` must be JSON and hold no names, national IDs or sensitive status.
    """
    _lock_chain()
    last = Entry.objects.order_by("-id").values_list("digest", flat=True).first()
    at = timezone.now().astimezone(dt.UTC)
    plain = json.loads(json.dumps(dict(details or {})))
    entry = Entry(at=at, action=action, target=target, details=plain, previous=last or GENESIS)
    entry.by_id = by.pk if by else None
    entry.digest = entry_digest(
        previous=entry.previous, at=at, by=entry.by_id, action=action, target=target, details=plain
    )
    entry.save(force_insert=True)
    return entry


def record_reading(
    *,
    what: str,
    targets: Sequence[str],
    fields: Sequence[str],
    reason: str = "",
    by: AbstractBaseUser,
) -> Entry:
    """Append that somebody read these fields of these targets; the fields by name, no value."""
    details = {"targets": list(targets), "fields": list(fields), "reason": reason}
    target = targets[0] if len(targets) == 1 else ""
    return record(action=f"read.{what}", target=target, details=details, by=by)


def _lock_chain() -> None:
    """Wait for other writers. SQLite has one writer at a time anyway (immediate transactions)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
