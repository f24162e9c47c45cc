"""Putting guards up and taking them down."""

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from tafahom.audit.catalogue.objects import Function
from tafahom.audit.catalogue.wanted import WantedObject
from tafahom.audit.owned import close_functions, quoted, schema_of


def put_up(guards: Iterable[WantedObject], using: str = DEFAULT_DB_ALIAS) -> None:
    """Run what makes these guards, and let nobody but their owner call their functions."""
    is_postgresql = connections[using].vendor == "postgresql"
    schema = quoted(schema_of(using), using) if is_postgresql else ""
    with connections[using].cursor() as cursor:
        for guard in guards:
            cursor.execute(statement(guard, schema))
    if is_postgresql:
        close_functions(using)


def statement(guard: WantedObject, schema: str) -> str:
    """Return what makes a guard whose tables lie in this schema."""
    if isinstance(guard, Function):
        return guard.statement(schema)
    made: Any = guard.statement
    return str(made if isinstance(made, str) else made())


def take_down(prefix: str, using: str = DEFAULT_DB_ALIAS, *, functions: str | None = None) -> None:
    """Take away the triggers whose names begin so, whatever they became, and such functions.

    ``functions`` is what names of functions begin with where that is something else.
    """
    if connections[using].vendor != "postgresql":
        _drop(using, _SQLITE, prefix, "DROP TRIGGER %s")
        return
    _drop(using, _TRIGGERS, prefix, "DROP TRIGGER %s ON %s")
    _drop(using, _FUNCTIONS, functions or prefix, "DROP FUNCTION %s CASCADE")


def _drop(using: str, asked: str, prefix: str, said: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(asked, [f"{prefix}%".replace("_", r"\_")])
        for names in cursor.fetchall():
            cursor.execute(said % tuple(names))


_SQLITE = r"""SELECT '"' || name || '"' FROM sqlite_master
 WHERE type = 'trigger' AND name LIKE %s ESCAPE '\'"""
_TRIGGERS = """SELECT quote_ident(tgname), tgrelid::regclass::text FROM pg_trigger
 JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND tgname LIKE %s
 AND c.relnamespace = current_schema()::regnamespace"""
_FUNCTIONS = """SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE %s
 AND pronamespace = current_schema()::regnamespace"""
