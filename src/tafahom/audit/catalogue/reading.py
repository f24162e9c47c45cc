"""What the database's own catalogue says of guards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections

OURS = "relnamespace = current_schema()::regnamespace"


def asked(using: str, statement: str, values: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a question; ``values`` stand for its ``%s``."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, values or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def not_of_extension(catalogue: str, row: str) -> str:
    """Return the condition that a row of a catalogue belongs to no extension of PostgreSQL.

    What does is not ours, and no stranger either.
    """
    return (
        "NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.deptype = 'e'"  # nosec B608: ours
        f" AND e.classid = '{catalogue}'::regclass AND e.objid = {row}.oid)"
    )


def schema(using: str) -> str:
    """Return the schema of the tables, as an identifier."""
    return str(asked(using, "SELECT quote_ident(current_schema())")[0][0])


def sqlite_triggers(using: str) -> dict[str, str]:
    """Return the statement of each trigger, by its name."""
    return dict(asked(using, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))


def functions(using: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return what each function of our schema is, by its name and arguments.

    Its arguments, result, language, body, whether it is stable (and nothing else out of the
    ordinary), whether it has the rights of its owner, and its settings.
    """
    rows = asked(
        using,
        "SELECT p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),"
        " l.lanname, p.prosrc, p.provolatile = 's', p.prosecdef,"
        " coalesce(array_to_string(p.proconfig, ' '), '')"
        " || CASE WHEN p.proisstrict OR p.proleakproof OR p.prokind <> 'f'"
        " OR p.provolatile = 'i' THEN ' ' ELSE '' END"
        " FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
        " WHERE p.pronamespace = current_schema()::regnamespace AND "
        + not_of_extension("pg_proc", "p"),  # nosec B608: ours
    )
    return {(row[0], row[1]): row[1:] for row in rows}


@dataclass(frozen=True, slots=True)
class FoundTrigger:
    """A trigger as it is: when and what it runs, whether it does, and whether the database made it."""

    what: tuple[Any, ...]
    enabled: str
    is_internal: bool


def triggers(using: str) -> dict[tuple[str, str], FoundTrigger]:
    """Return every trigger of our tables, by its name and table.

    What has a condition, or can be put off, is never as ours are.
    """
    rows = asked(
        using,
        "SELECT t.tgname, c.relname, t.tgenabled::text, t.tgisinternal, t.tgtype,"
        " CASE WHEN t.tgqual IS NULL AND NOT t.tgdeferrable AND p.pronamespace = c.relnamespace"
        " THEN p.proname ELSE '' END, encode(t.tgargs, 'escape'),"
        " (SELECT coalesce(string_agg(a.attname, ' ' ORDER BY a.attname), '') FROM pg_attribute a"
        " WHERE a.attrelid = c.oid AND a.attnum = ANY (t.tgattr)),"
        " coalesce(t.tgoldtable, ''), coalesce(t.tgnewtable, '')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        f" WHERE c.{OURS}",  # nosec B608: ours
    )
    found = {}
    for name, table, enabled, is_internal, bits, function, arguments, columns, old, new in rows:
        said = tuple(arguments.split(r"\000")[:-1])
        what = (bits, function, said, tuple(sorted(columns.split())), old, new)
        found[name, table] = FoundTrigger(what, enabled, is_internal)
    return found


def policies(using: str) -> dict[tuple[str, str], str]:
    """Return the plain condition of each policy, by its name and table.

    Marked as another where it is not for all commands and all roles, or has a check of its own.
    """
    rows = asked(
        using,
        "SELECT p.polname, c.relname, pg_get_expr(p.polqual, p.polrelid),"
        " p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}' AND p.polwithcheck IS NULL"
        f" FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.{OURS}",  # nosec B608: ours
    )
    return {
        (name, table): plain(condition or "") if is_ours else "of another kind"
        for name, table, condition, is_ours in rows
    }


def secured(using: str) -> dict[str, tuple[bool, bool]]:
    """Return of each table whether row-level security is on, and forced on its owner too."""
    rows = asked(
        using,
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class c"
        f" WHERE relkind IN ('r', 'p') AND {OURS} AND " + not_of_extension("pg_class", "c"),  # nosec B608: ours
    )
    return {table: (is_on, is_forced) for table, is_on, is_forced in rows}


def relations(using: str) -> dict[str, str]:
    """Return tables, views and what else holds rows, by name, with what it is.

    A rule makes something else of what is asked of its table; a child adds rows to its parent.
    """
    rows = asked(
        using,
        "SELECT relname, CASE WHEN relkind = 'r' THEN 'table' WHEN relkind = 'v' THEN 'view'"
        f" ELSE 'relation' END FROM pg_class c WHERE {OURS} AND relkind IN ('r', 'v', 'm', 'f', 'p')"
        f" AND {not_of_extension('pg_class', 'c')} UNION ALL"
        " SELECT rulename, 'rule' FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class"
        f" WHERE c.{OURS} AND w.rulename <> '_RETURN' UNION ALL"
        " SELECT i.inhrelid::regclass::text, 'child' FROM pg_inherits i"
        f" JOIN pg_class c ON c.oid = i.inhparent WHERE c.{OURS} AND c.relkind = 'r'",  # nosec B608: ours
    )
    return dict(rows)


def checks(using: str) -> dict[str, str]:
    """Return the plain condition of each check that holds for all rows, by its name."""
    rows = asked(
        using,
        "SELECT k.conname, pg_get_expr(k.conbin, k.conrelid) FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid"
        f" WHERE k.contype = 'c' AND k.convalidated AND c.{OURS}",  # nosec B608: ours
    )
    return {name: plain(condition) for name, condition in rows}


def plain(condition: str) -> str:
    """Return a condition without what PostgreSQL adds when it prints one, which versions differ in.

    That are casts, names for what a question returns, parentheses, blanks and quotes of names.
    The conditions that are compared have no AND, so that parentheses add nothing to their order.
    """
    found = re.sub(r"::(text|bigint|integer)(\[\])?", "", condition)
    found = re.sub(r" AS \w+", "", found)
    return re.sub(r"'(\d+)'", r"\1", re.sub(r'[\s()"]', "", found))
