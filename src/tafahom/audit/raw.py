"""Rows of the audit as they lie in the database, for a reader who trusts none of them.

Whatever a tamperer left is read: bytes that are no text, moments that are none. A value that is
not written as this product writes it comes back as ``Spoilt``.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

CHUNK = 2_000


class Spoilt:
    """A value that nobody here wrote."""


SPOILT = Spoilt()
RawRow = tuple[Any, ...]

ENTRY = ("id", "@at", "by_id", "'action", "'target", "{details", "'changes", "'previous", "'digest",
         "'code")  # fmt: skip
CHANGE = ("entry_id", "id", "'table", "row", "owner", "'old", "'new", "'token", "@at")
HEAD = ("id", "=day", "@sealed_at", "last", "count", "'digest", "'previous", "'key", "'signature")


def entries() -> Iterator[RawRow]:
    """Yield the values of ``ENTRY`` of every entry, in the order of the chain."""
    return _rows("audit_entry", ENTRY, "id")


def changes() -> Iterator[RawRow]:
    """Yield the values of ``CHANGE`` of every change that an entry explains, entry by entry."""
    return _rows("audit_change", CHANGE, "entry_id, id", "WHERE entry_id IS NOT NULL")


def heads() -> Iterator[RawRow]:
    """Yield the values of ``HEAD`` of every head."""
    return _rows("audit_head", HEAD, "id")


def _rows(table: str, columns: tuple[str, ...], order: str, where: str = "") -> Iterator[RawRow]:
    """Stream rows; the first sign of a column says what it holds."""
    is_sqlite = connection.vendor == "sqlite"
    readers = _SQLITE if is_sqlite else _POSTGRESQL
    read = [readers.get(column[0]) for column in columns]
    names = ", ".join(_name(column, is_sqlite) for column in columns)
    statement = f"SELECT {names} FROM {table} {where} ORDER BY {order}"  # nosec B608: ours
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield tuple(
                    value if reader is None else reader(value)
                    for reader, value in zip(read, row, strict=True)
                )


def _name(column: str, is_sqlite: bool) -> str:
    sign, name = (column[0], column[1:]) if column[0] in _SQLITE else ("", column)
    if is_sqlite and sign:
        return f'CAST("{name}" AS BLOB)'
    return f'"{name}"::text' if sign == "{" else f'"{name}"'


def _text(value: bytes | None) -> str | Spoilt:
    return SPOILT if value is None else value.decode("utf-8", "surrogateescape")


def _moment(value: bytes | None) -> dt.datetime | Spoilt:
    """A moment as SQLite keeps it: written by Django, or to the millisecond by a trigger."""
    try:
        text = (value or b"").decode("ascii")
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return SPOILT
    if text not in (str(at), f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03}"):
        return SPOILT
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else SPOILT


def _day(value: bytes | None) -> dt.date | Spoilt:
    try:
        text = (value or b"").decode("ascii")
        day = dt.date.fromisoformat(text)
    except ValueError:
        return SPOILT
    return day if str(day) == text else SPOILT


def _exact_json(value: bytes | None) -> Any:
    try:
        text = (value or b"").decode("utf-8")
        found = json.loads(text)
    except ValueError:
        return SPOILT
    return found if json.dumps(found) == text else SPOILT


_SQLITE: dict[str, Callable[[Any], Any]] = {
    "'": _text,
    "@": _moment,
    "=": _day,
    "{": _exact_json,
}
# PostgreSQL holds nothing that is not of the column's type.
_POSTGRESQL: dict[str, Callable[[Any], Any]] = {"{": json.loads}
