"""Functions that run with the rights of the tables' owner, on PostgreSQL, and who may call them.

Names in such a function are looked up in the schema of the tables before ``pg_temp``, which is looked
up first where nobody says otherwise: whoever may make temporary tables could put their own in
the place of ours, and have what hangs on it run as the owner (PostgreSQL manual, CREATE FUNCTION,
"Writing SECURITY DEFINER Functions Safely").
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def schema_of(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the schema that holds the tables."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def as_owner(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the clause of a function that runs with the rights of its owner."""
    return f"SECURITY DEFINER SET search_path = {quoted(schema_of(using), using)}, pg_temp"


def close_functions(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the right to call our functions from everybody; triggers call theirs all the same."""
    with connections[using].cursor() as cursor:
        for name in _functions(cursor):
            cursor.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")


def open_functions(role: str, prefix: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Let a role call the functions whose names begin so."""
    with connections[using].cursor() as cursor:
        for name in _functions(cursor, prefix):
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {quoted(role, using)}")


def quoted(name: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """Return a name as an identifier of SQL."""
    return str(connections[using].ops.quote_name(name))


def _functions(cursor: Any, prefix: str = "") -> list[str]:
    """Return the functions of our schema that are ours, with their arguments."""
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
        " AND proowner = current_user::regrole AND starts_with(proname, %s)",
        [prefix],
    )
    return [row[0] for row in cursor.fetchall()]
