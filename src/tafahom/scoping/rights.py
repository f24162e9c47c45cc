"""What the service may do with each table on PostgreSQL, and who else may do anything."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Model

from tafahom.audit.catalogue.comparing import Flaw
from tafahom.audit.catalogue.reading import asked, not_of_extension
from tafahom.audit.owned import open_functions, quoted, schema_of
from tafahom.scoping.wall import PREFIX

_READ: Final = frozenset({"SELECT"})
_ADD: Final = frozenset({"SELECT", "INSERT"})
_ALL: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
# What is not here, nor only added to, may be read, added to, changed and removed from.
LESS: Final[dict[str, frozenset[str]]] = {
    "django_migrations": _READ,
    "django_content_type": _READ,
    "auth_permission": _READ,
    "auth_group": _READ,
    "auth_group_permissions": _READ,
    # The history is written by triggers; an act only names the changes that it made.
    "audit_change": _READ,
    "audit_entry": _ADD,
    "audit_head": _ADD,
}
_ADDED_TO: Final[set[str]] = set()
COLUMNS: Final = {("audit_change", "entry_id"): frozenset({"UPDATE"})}


def only_added_to(*tables: type[Model]) -> None:
    """Let the service read tables and add rows, but neither change nor remove any."""
    _ADDED_TO.update(model._meta.db_table for model in tables)


def grant_to(role: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give a role what the service needs, and no more: it owns nothing and makes nothing."""
    name, schema = quoted(role, using), quoted(schema_of(using), using)
    database = quoted(str(connections[using].settings_dict["NAME"]), using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in (
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}, PUBLIC",
            f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name}, PUBLIC",
            # Who may make temporary tables could put them in the place of ours.
            f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}",
            f"GRANT CONNECT ON DATABASE {database} TO {name}",
            f"GRANT USAGE ON SCHEMA {schema} TO {name}",
            f"REVOKE CREATE ON SCHEMA {schema} FROM {name}, PUBLIC",
        ):
            cursor.execute(statement)
        for table, kind in _relations(using):
            given = ", ".join(sorted(rights_of(table, kind)))
            on = "TABLE" if kind == "r" else "SEQUENCE"
            cursor.execute(f"GRANT {given} ON {on} {quoted(table, using)} TO {name}")
        for (table, column), rights in COLUMNS.items():
            cursor.execute(f"GRANT {', '.join(rights)} ({column}) ON {table} TO {name}")
        open_functions(role, PREFIX, using)


def rights_of(table: str, kind: str) -> frozenset[str]:
    """Return what the service may do with a table, or with a sequence (``kind`` "S" or "s").

    Rows that go over in bulk take their ids from a sequence. Nobody lives to see the end of a
    long one; a short one ("s") can be used up in minutes, and nothing of ours asks for it.
    """
    if kind == "S":
        return frozenset({"SELECT", "USAGE"})
    if kind == "s":
        return _READ
    return _ADD if table in _ADDED_TO else LESS.get(table, _ALL)


def flaws(service: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[Flaw]:
    """Yield who may do what nobody let them do, what the service may not, and strange owners.

    ``service`` is its role; empty where it is the owner of the tables itself.
    """
    owner = owner_of(using)
    yield from _owners(owner, using)
    wanted = set(_wanted(service, using)) if service else set()
    there = {row for row in _granted(using) if row[0] != owner}
    if not service:  # the rights in the database are put in order with the service's
        there = {row for row in there if row[1] != "database"}
    yield from (_flaw("right.strange", row) for row in sorted(there - wanted))
    yield from (_flaw("right.missing", row) for row in sorted(wanted - there))


def owner_of(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return the role that owns the tables: who made the first one."""
    found = asked(
        using,
        "SELECT pg_get_userbyid(relowner) FROM pg_class"
        " WHERE oid = to_regclass('django_migrations')",
    )
    return str(found[0][0]) if found else ""


def _flaw(kind: str, row: tuple[str, str, str]) -> Flaw:
    role, thing, right = row
    return Flaw(kind, role, thing, right)


def _owners(owner: str, using: str) -> Iterator[Flaw]:
    for thing, found in asked(using, _OWNERS):
        if found != owner:
            yield Flaw("owner.changed", thing, detail=found)


def _wanted(service: str, using: str) -> Iterator[tuple[str, str, str]]:
    """Yield role, thing and right of all that the service was given."""
    for table, kind in _relations(using):
        yield from ((service, table, right) for right in rights_of(table, kind))
    for (table, column), rights in COLUMNS.items():
        yield from ((service, f"{table}.{column}", right) for right in rights)
    for (function,) in asked(using, _OUR_FUNCTIONS % PREFIX):
        yield service, function, "EXECUTE"
    yield service, "schema", "USAGE"


def _relations(using: str) -> list[tuple[str, str]]:
    """Return tables and sequences with their kinds; short sequences are of kind "s"."""
    found: list[Any] = asked(using, _RELATIONS)
    return found


def _granted(using: str) -> list[tuple[str, str, str]]:
    """Return role, thing and right of all that was granted; "PUBLIC" is everybody."""
    found: list[Any] = asked(using, _GRANTED)
    return found


_HERE = "current_schema()::regnamespace"
_RELATIONS = f"""
SELECT c.relname, CASE WHEN s.seqtypid <> 'bigint'::regtype THEN 's' ELSE c.relkind::text END
FROM pg_class c LEFT JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE c.relkind IN ('r', 'S') AND c.relnamespace = {_HERE}
AND {not_of_extension("pg_class", "c")}"""  # nosec B608: ours
_OUR_FUNCTIONS = (
    f"SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = {_HERE}"
    " AND starts_with(proname, '%s')"  # nosec B608: ours
)
_OWNERS = f"""
SELECT relname, pg_get_userbyid(relowner) FROM pg_class c
WHERE relkind IN ('r', 'S', 'v', 'm', 'p', 'f') AND relnamespace = {_HERE}
AND {not_of_extension("pg_class", "c")}
UNION ALL
SELECT oid::regprocedure::text, pg_get_userbyid(proowner) FROM pg_proc p
WHERE pronamespace = {_HERE}
AND {not_of_extension("pg_proc", "p")}"""  # nosec B608: ours
_ACL = """
SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, %s,
a.privilege_type FROM %s CROSS JOIN LATERAL aclexplode(%s) a WHERE %s"""
_TABLES = f"c.relnamespace = {_HERE} AND {not_of_extension('pg_class', 'c')}"
_GRANTED = " UNION ALL ".join(
    (
        _ACL % ("c.relname", "pg_class c", "c.relacl",
                _TABLES),
        _ACL % ("c.relname || '.' || t.attname",
                "pg_class c JOIN pg_attribute t ON t.attrelid = c.oid", "t.attacl",
                _TABLES),
        _ACL % ("p.oid::regprocedure::text", "pg_proc p",
                "coalesce(p.proacl, acldefault('f', p.proowner))",
                f"p.pronamespace = {_HERE} AND {not_of_extension('pg_proc', 'p')}"),
        # Who may look into the schema sees nothing yet; who may make things in it can.
        _ACL % ("'schema'", "pg_namespace n", "n.nspacl",
                f"n.oid = {_HERE} AND NOT (a.privilege_type = 'USAGE' AND a.grantee = 0)"
                " AND a.grantee <> n.nspowner"),
        # Others may be let in to make copies, but make nothing.
        _ACL % ("'database'", "pg_database b", "coalesce(b.datacl, acldefault('d', b.datdba))",
                "b.datname = current_database() AND a.privilege_type <> 'CONNECT'"
                " AND a.grantee <> b.datdba"),
    )
)  # fmt: skip
