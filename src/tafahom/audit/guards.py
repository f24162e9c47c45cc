"""Triggers: what is written in the audit stays, and what changes in records is written.

They are made after every run of migrations, not by one: SQLite loses a table's triggers whenever
a migration makes the table anew, and refuses to rename what a trigger mentions.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.installing import put_up, take_down
from tafahom.audit.catalogue.objects import Function, Text, Trigger
from tafahom.audit.catalogue.wanted import WantedObject
from tafahom.audit.tracked import TRACKED, Tracked

APPEND_ONLY = ("audit_entry", "audit_head", "audit_change")
_NUMBERED = ("audit_entry", "audit_head")
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
            there = [one for one in wanted(connection.vendor) if _has_table(one, tables)]
            put_up(there)


def missing() -> list[str]:
    """Return the triggers that should be there and are not."""
    return [one.name for one in flaws() if one.name.startswith(PREFIX)]


def remove() -> None:
    """Take all triggers of the audit away."""
    take_down(PREFIX, functions="audit_")


def wanted(vendor: str) -> Iterator[WantedObject]:
    """Return what guards the audit and the history of records."""
    return _postgresql() if vendor == "postgresql" else _sqlite()


def _has_table(guard: WantedObject, tables: set[str]) -> bool:
    return isinstance(guard, Function) or guard.table in tables


# Only one thing may happen to a change: that the act which made it is named, once.
_LINKING = (
    'OLD.entry_id IS NULL AND NEW.entry_id IS NOT NULL AND OLD.id = NEW.id AND OLD."table" ='
    ' NEW."table" AND OLD."row" = NEW."row" AND OLD.owner {same} NEW.owner AND OLD.old = NEW.old'
    ' AND OLD."new" = NEW."new" AND OLD.at = NEW.at AND OLD.token = NEW.token'
)


def _sqlite() -> Iterator[Text]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"

    def trigger(name: str, table: str, text: str) -> Text:
        return Text(f"{PREFIX}{name}", table, f'CREATE TRIGGER "{PREFIX}{name}" {text}')

    for table in APPEND_ONLY:
        unless = f"WHEN NOT ({_LINKING.format(same='IS')})" if table == "audit_change" else ""
        text = f'BEFORE UPDATE ON "{table}" {unless} {refuse}'
        yield trigger(f"{table}_update", table, text)
        yield trigger(f"{table}_delete", table, f'BEFORE DELETE ON "{table}" {refuse}')
    # INSERT OR REPLACE removes a row without asking the triggers above.
    for table, columns in _UNIQUE.items():
        same = " OR ".join(f"{name} = NEW.{name}" for name in columns)
        # Tables and columns are ours, here and below.
        when = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # nosec B608
        yield trigger(f"{table}_replace", table, f'BEFORE INSERT ON "{table}" {when} {refuse}')
    for table in _NUMBERED:
        when = f"WHEN NEW.id IS NOT {_next_number(table)}"
        yield trigger(f"{table}_number", table, f'BEFORE INSERT ON "{table}" {when} {refuse}')
    for one in TRACKED.values():
        differs = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in one.columns)
        body = f"BEGIN {_note(one, 'OLD', 'NEW')}; END"
        text = f'AFTER UPDATE ON "{one.table}" WHEN {differs} {body}'
        yield trigger(f"{one.table}_changed", one.table, text)
        if one.removals:
            text = f'AFTER DELETE ON "{one.table}" BEGIN {_note(one, "OLD", "")}; END'
            yield trigger(f"{one.table}_removed", one.table, text)
        if one.creations:
            text = f'AFTER INSERT ON "{one.table}" BEGIN {_note(one, "", "NEW")}; END'
            yield trigger(f"{one.table}_created", one.table, text)


def _next_number(table: str) -> str:
    """The number that the next row must have: another would leave a gap, or no room for more."""
    return f'(SELECT coalesce(max(id), 0) + 1 FROM "{table}")'  # nosec B608: ours


def _note(one: Tracked, old: str, new: str) -> str:
    """The statement that writes a change down.

    ``new`` is empty when a row was removed, ``old`` when one was created.
    """
    row = old or new
    owner = f'{row}."{one.owner}"' if one.owner else "NULL"
    was, became = (_as_json(one, side) if side else "''" for side in (old, new))
    return (
        'INSERT INTO audit_change ("table", "row", owner, old, "new", at, token)'  # nosec B608
        f" VALUES ('{one.table}', {row}.id, {owner}, {was}, {became},"
        " strftime('%Y-%m-%d %H:%M:%f', 'now'), tafahom_act())"
    )


def _as_json(one: Tracked, row: str) -> str:
    return "json_object(" + ", ".join(f"'{name}', {row}.\"{name}\"" for name in one.columns) + ")"


def _postgresql() -> Iterator[WantedObject]:
    yield from _FUNCTIONS

    def trigger(name: str, table: str, event: str, function: str, **more: Any) -> Trigger:
        return Trigger(f"{PREFIX}{name}", table, "BEFORE", (event,), function, **more)

    for table in APPEND_ONLY:
        on_update = "audit_link" if table == "audit_change" else "audit_refuse"
        yield trigger(f"{table}_update", table, "UPDATE", on_update)
        yield trigger(f"{table}_delete", table, "DELETE", "audit_refuse")
        yield trigger(f"{table}_truncate", table, "TRUNCATE", "audit_refuse", each_row=False)
    for table in _NUMBERED:
        name = f"audit_number_{table}"
        yield Function(name, _refuse(f"NEW.id IS DISTINCT FROM {_next_number(table)}"))
        yield trigger(f"{table}_number", table, "INSERT", name)
    for one in TRACKED.values():
        yield Trigger(
            f"{PREFIX}{one.table}_changed",
            one.table,
            "AFTER",
            (*["INSERT"] * one.creations, "UPDATE", *["DELETE"] * one.removals),
            "audit_note",
            arguments=(one.owner, ",".join(sorted(one.omitted))),
        )


_RAISE = f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';"


def _refuse(condition: str) -> str:
    """The body of a function that lets a new row through unless the condition holds."""
    return f"BEGIN IF {condition} THEN {_RAISE} END IF; RETURN NEW; END"


_FUNCTIONS = (
    Function("audit_refuse", f"BEGIN {_RAISE} END", as_owner=False),
    Function(
        "audit_link",
        _refuse(f"({_LINKING.format(same='IS NOT DISTINCT FROM')}) IS NOT TRUE"),
        as_owner=False,
    ),
    # With the rights of the owner of the tables: whoever may change a record need not be able to
    # write into its history.
    Function(
        "audit_note",
        """
    DECLARE omitted text[] := string_to_array(TG_ARGV[1], ',');
      was jsonb; became jsonb; found jsonb;
    BEGIN
      IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) - omitted; END IF;
      IF TG_OP <> 'DELETE' THEN became := to_jsonb(NEW) - omitted; END IF;
      IF was = became THEN RETURN NULL; END IF;
      found := coalesce(was, became);
      INSERT INTO audit_change ("table", "row", owner, old, "new", at, token)
      VALUES (TG_TABLE_NAME, (found ->> 'id')::bigint, (found ->> nullif(TG_ARGV[0], ''))::bigint,
              coalesce(was::text, ''), coalesce(became::text, ''), clock_timestamp(),
              txid_current()::text);
      RETURN NULL;
    END
        """,
    ),
)
