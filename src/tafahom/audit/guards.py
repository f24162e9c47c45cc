"""Triggers: what is written in the audit stays, and what changes in records is written.

They are made after every run of migrations, not by one: SQLite loses a table's triggers whenever
a migration makes the table anew, and refuses to rename what a trigger mentions.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from tafahom.audit.owned import as_owner, close_functions
from tafahom.audit.tracked import TRACKED, Tracked

APPEND_ONLY = ("audit_entry", "audit_head", "audit_change")
_UNIQUE = {
    "audit_entry": ("id", "previous", "digest"),
    "audit_head": ("id", "last", "previous"),
    "audit_change": ("id",),
}
REFUSAL = "the audit is append-only"
PREFIX = "audit_guard_"


def before_migrations(*, plan: Any = (), **_others: Any) -> None:
    """Make room for migrations that make tables anew."""
    if plan and connection.vendor == "sqlite":
        remove()


def after_migrations(**_others: Any) -> None:
    """Put the triggers up that the tables of now need."""
    tables = set(connection.introspection.table_names())
    if set(APPEND_ONLY) <= tables:
        with transaction.atomic():
            remove()
            _put_up([one for table, one in TRACKED.items() if table in tables])


def missing() -> list[str]:
    """Return the triggers that should be there and are not."""
    return sorted(set(_wanted()) - {name for name, _table in _present()})


def remove() -> None:
    """Take all triggers of the audit away."""
    with connection.cursor() as cursor:
        for name, table in _present():
            where = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER "{name}"{where}')


def _wanted() -> dict[str, tuple[str, str]]:
    """Return table and body of each trigger, by its name."""
    dialect: Callable[[], Iterator[tuple[str, str, str]]] = (
        _postgresql if connection.vendor == "postgresql" else _sqlite
    )
    return {f"{PREFIX}{name}": (table, text) for name, table, text in dialect()}


def _put_up(tracked: list[Tracked]) -> None:
    tables = {*APPEND_ONLY, *(one.table for one in tracked)}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for function in _FUNCTIONS:
                cursor.execute(function.replace("AS_OWNER", as_owner()))
            close_functions()
        for name, (table, text) in _wanted().items():
            if table in tables:
                cursor.execute(f'CREATE TRIGGER "{name}" {text}')


def _present() -> list[tuple[str, str]]:
    """Return name and table of each trigger that is there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgname LIKE %s AND t.tgenabled <> 'D' AND c.relnamespace ="
                " (SELECT oid FROM pg_namespace WHERE nspname = current_schema())",
                [f"{PREFIX}%"],
            )
        else:
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
                [f"{PREFIX}%"],
            )
        rows: list[tuple[str, str]] = cursor.fetchall()
    return rows


# Only one thing may happen to a change: that the act which made it is named, once.
_LINKING = (
    'OLD.entry_id IS NULL AND NEW.entry_id IS NOT NULL AND OLD.id = NEW.id AND OLD."table" ='
    ' NEW."table" AND OLD."row" = NEW."row" AND OLD.owner {same} NEW.owner AND OLD.old = NEW.old'
    ' AND OLD."new" = NEW."new" AND OLD.at = NEW.at AND OLD.token = NEW.token'
)


def _sqlite() -> Iterator[tuple[str, str, str]]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table in APPEND_ONLY:
        unless = f"WHEN NOT ({_LINKING.format(same='IS')})" if table == "audit_change" else ""
        yield f"{table}_update", table, f'BEFORE UPDATE ON "{table}" {unless} {refuse}'
        yield f"{table}_delete", table, f'BEFORE DELETE ON "{table}" {refuse}'
    # INSERT OR REPLACE removes a row without asking the triggers above.
    for table, columns in _UNIQUE.items():
        same = " OR ".join(f"{name} = NEW.{name}" for name in columns)
        # Tables and columns are ours, here and below.
        when = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # nosec B608
        yield f"{table}_replace", table, f'BEFORE INSERT ON "{table}" {when} {refuse}'
    for one in TRACKED.values():
        differs = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in one.columns)
        yield (
            f"{one.table}_changed",
            one.table,
            f'AFTER UPDATE ON "{one.table}" WHEN {differs} BEGIN {_note(one, "NEW")}; END',
        )
        if one.removals:
            body = f"BEGIN {_note(one, '')}; END"
            yield f"{one.table}_removed", one.table, f'AFTER DELETE ON "{one.table}" {body}'


def _note(one: Tracked, new: str) -> str:
    """The statement that writes a change down; ``new`` is empty when a row was removed."""
    owner = f'OLD."{one.owner}"' if one.owner else "NULL"
    became = _as_json(one, new) if new else "''"
    return (
        'INSERT INTO audit_change ("table", "row", owner, old, "new", at, token)'  # nosec B608
        f" VALUES ('{one.table}', OLD.id, {owner}, {_as_json(one, 'OLD')}, {became},"
        " strftime('%Y-%m-%d %H:%M:%f', 'now'), tafahom_act())"
    )


def _as_json(one: Tracked, row: str) -> str:
    return "json_object(" + ", ".join(f"'{name}', {row}.\"{name}\"" for name in one.columns) + ")"


def _postgresql() -> Iterator[tuple[str, str, str]]:
    refuse = "EXECUTE FUNCTION audit_refuse()"
    for table in APPEND_ONLY:
        linking = _LINKING.format(same="IS NOT DISTINCT FROM")
        unless = f"WHEN (({linking}) IS NOT TRUE)" if table == "audit_change" else ""
        each = "FOR EACH ROW"
        yield f"{table}_update", table, f'BEFORE UPDATE ON "{table}" {each} {unless} {refuse}'
        yield f"{table}_delete", table, f'BEFORE DELETE ON "{table}" {each} {refuse}'
        whole = f'BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {refuse}'
        yield f"{table}_truncate", table, whole
    for one in TRACKED.values():
        what = "UPDATE OR DELETE" if one.removals else "UPDATE"
        note = f"FOR EACH ROW EXECUTE FUNCTION audit_note('{one.owner}')"
        yield f"{one.table}_changed", one.table, f'AFTER {what} ON "{one.table}" {note}'


_FUNCTIONS = (
    f"""
    CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    # With the rights of the owner of the tables: whoever may change a record need not be able to
    # write into its history.
    """
    CREATE OR REPLACE FUNCTION audit_note() RETURNS trigger LANGUAGE plpgsql
    AS_OWNER AS $$
    DECLARE was jsonb := to_jsonb(OLD); became jsonb;
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        became := to_jsonb(NEW);
        IF was = became THEN RETURN NULL; END IF;
      END IF;
      INSERT INTO audit_change ("table", "row", owner, old, "new", at, token)
      VALUES (TG_TABLE_NAME, OLD.id, (was ->> nullif(TG_ARGV[0], ''))::bigint, was::text,
              coalesce(became::text, ''), clock_timestamp(), txid_current()::text);
      RETURN NULL;
    END $$
    """,
)
