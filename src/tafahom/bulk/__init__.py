"""Writing many checked rows at once, and finding many, past the ORM.

Nothing here validates: callers have judged every row, and the database's constraints still hold.
"""

import datetime as dt
import json
import secrets
from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.db import connection, models

# Values of one INSERT on SQLite; old builds take no more than 999.
MAX_VALUES = 300
# Rows that go over as arrays in one statement.
ROWS_AT_ONCE = 5_000
UID_BYTES = 12
UID_LENGTH = 2 * UID_BYTES


def new_uids(count: int) -> list[str]:
    """As many as needed of what ``new_uid`` makes: 96 random bits in hexadecimal."""
    text = secrets.token_hex(UID_BYTES * count)
    return [text[start : start + UID_LENGTH] for start in range(0, len(text), UID_LENGTH)]


def allocate_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Ids that no row has or had. Call inside the transaction that uses them.

    PostgreSQL hands them out of the table's sequence. SQLite has one writer at a time
    (immediate transactions), so the last id ever used, plus one, is free until we commit.
    """
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = row[0] if row else 0
    return range(last + 1, last + 1 + count)


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write rows of column values: COPY on PostgreSQL, one prepared INSERT on SQLite.

    Row-level security takes no COPY: who is held by it sends a column as one array.
    Dates, booleans and bytes may be given as they are; moments go through ``moment``.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and _is_held():
            _insert_arrays(model, columns, rows)
            return
        if connection.vendor == "postgresql":
            # Django translates errors of its own calls only; COPY is the driver's.
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
            return
        row = f"({', '.join(['%s'] * len(columns))})"
        # A statement has its own journal where a table has triggers: many rows share one.
        many = max(1, MAX_VALUES // len(columns))
        whole = len(rows) - len(rows) % many
        for start, stop, size in ((0, whole, many), (whole, len(rows), 1)):
            # The names are those of our own tables, here and below.
            values = ", ".join([row] * size)
            statement = f"INSERT INTO {table} ({names}) VALUES {values}"  # nosec B608
            places = range(start, stop, size)
            given = [tuple(chain.from_iterable(rows[at : at + size])) for at in places]
            cursor.executemany(statement, given)


def _is_held() -> bool:
    """Whether row-level security holds for this login; what is told of the scope is told."""
    held: Any = connection
    held.say_scope()
    return bool(held.is_held)


def _insert_arrays(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    quote = connection.ops.quote_name
    kinds = {field.column: field.db_type(connection) for field in model._meta.concrete_fields}
    arrays = ", ".join(f"%s::{kinds[column]}[]" for column in columns)
    names = ", ".join(quote(column) for column in columns)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), ROWS_AT_ONCE):
            values = [
                list(column) for column in zip(*rows[start : start + ROWS_AT_ONCE], strict=True)
            ]
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})",  # nosec B608
                values,
            )


def tell_planner(*filled: type[models.Model]) -> None:
    """Let PostgreSQL look at tables that it takes for empty and that were filled just now.

    After an import was undone it believes so, and then goes through whole tables for each row
    of the next import: foreign keys and guards ask by every row.
    """
    if connection.vendor != "postgresql":
        return
    tables = [model._meta.db_table for model in filled]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND reltuples = 0",
            [tables],
        )
        for (table,) in cursor.fetchall():
            cursor.execute("SELECT wall_analyze(%s::regclass)", [connection.ops.quote_name(table)])


def rows_with(
    model: type[models.Model], columns: Sequence[str], column: str, texts: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Rows whose column is one of the texts, however many: they go over as one parameter."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    values: list[str] | str = list(texts)
    condition = "= ANY(%s)"
    if connection.vendor != "postgresql":
        condition, values = "IN (SELECT value FROM json_each(%s))", json.dumps(values)
    table = quote(model._meta.db_table)
    chosen = f"WHERE {quote(column)} {condition}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} {chosen}", [values])  # nosec B608
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def moment(value: dt.datetime) -> Any:
    """An aware moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(value)
