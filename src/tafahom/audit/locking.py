"""One writer of the chain at a time, and what that writer has changed."""

import secrets
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# Any number that no other part locks by.
CHAIN_LOCK = 0x7AF4
READER_LOCK = 0x7AF5


class _Act:
    """What an SQLite connection has changed of records with a history, since last asked."""

    def __init__(self) -> None:
        self.token, self.has_changes = secrets.token_hex(16), False

    def __call__(self) -> str:
        """Answer a trigger."""
        self.has_changes = True
        return self.token


def introduce(*, connection: BaseDatabaseWrapper, **_others: Any) -> None:
    """Give a new SQLite connection the function that triggers ask who they work for.

    A program that is not ours has none: what it tries to change is refused.
    """
    if connection.vendor == "sqlite":
        act = _Act()
        connection.audit_act = act  # type: ignore[attr-defined]  # kept for this connection
        connection.connection.create_function("tafahom_act", 0, act)


def lock_chain() -> str:
    """Wait for other writers; return the token of changes that no entry explains yet, or "".

    SQLite has one writer at a time anyway (immediate transactions).
    """
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        act: _Act = connection.audit_act  # type: ignore[attr-defined]  # see introduce
        has_changes, act.has_changes = act.has_changes, False
        return act.token if has_changes else ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
        cursor.execute(
            "SELECT token FROM audit_change WHERE entry_id IS NULL"
            " AND token = txid_current()::text LIMIT 1"
        )
        found = cursor.fetchone()
    return found[0] if found else ""


def lock_reader(account: int) -> None:
    """Wait for other pages of one account, in the caller's transaction: they are counted."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [READER_LOCK, account % 2**31])
