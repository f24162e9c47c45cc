"""Reading several tables as they are at one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_snapshot() -> Iterator[None]:
    """See the database as it is at the first question within, whatever is written meanwhile.

    Nothing may be written within. Inside a transaction it is that transaction that is read: who
    holds it sees to it that nobody disturbs. On SQLite writers wait at their end until it is over.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with _repeatable_read(), transaction.atomic():
            yield
    else:
        with _deferred():
            yield


@contextmanager
def _repeatable_read() -> Iterator[None]:
    """Have transactions of this connection begin as ones that only read, from one snapshot."""
    from psycopg import IsolationLevel

    connection.ensure_connection()
    server = connection.connection
    server.isolation_level, server.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        yield
    finally:
        server.isolation_level = server.read_only = None


@contextmanager
def _deferred() -> Iterator[None]:
    """Hold a transaction that does not take SQLite's one place for writing, as others here do."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("COMMIT")
