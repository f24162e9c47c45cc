"""Whether a pooler gives one session of PostgreSQL to several connections of ours.

A session is told the scope of who asks, and keeps it. Where a pooler shares sessions between
connections (PgBouncer in transaction or statement mode), the next visitor's question is answered in the
scope of the one before, whatever the program says: the wall in the database is none.
"""

import secrets
from enum import StrEnum
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections

_MARK: Final = "tafahom.connection"
_TIMES: Final = 3


class Pooling(StrEnum):
    """What a pooler does with sessions that a wall cannot bear."""

    SHARED = "shared"  # two connections that are open have one session
    KEPT = "kept"  # a session comes to the next connection as the last one left it


def pooling(using: str = DEFAULT_DB_ALIAS) -> Pooling | None:
    """Return what is wrong with the sessions of our connections; None when each has its own.

    Makes connections of its own. A busy pooler may not show it at the first time.
    """
    if connections[using].vendor != "postgresql":
        return None
    for _time in range(_TIMES):
        if found := _looked(using):
            return found
    return None


def _looked(using: str) -> Pooling | None:
    ours: list[Any] = [connections[using].copy() for _ in range(3)]
    first, second, third = ours
    mark = secrets.token_hex(8)
    try:
        _asked(first, "SELECT set_config(%s, %s, false)", [_MARK, mark])
        if _asked(second, "SELECT current_setting(%s, true)", [_MARK]) == mark:
            return Pooling.SHARED
        first.close()
        if _asked(third, "SELECT current_setting(%s, true)", [_MARK]) == mark:
            return Pooling.KEPT
        return None
    finally:
        for one in ours:
            one.close()


def _asked(connection: Any, question: str, values: list[str]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]
