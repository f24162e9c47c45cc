"""Roles of PostgreSQL: what the service is, who belongs to whom, and settings kept for them."""

from collections.abc import Iterator
from typing import Final

from django.db import DEFAULT_DB_ALIAS

from tafahom.audit.catalogue.comparing import Flaw
from tafahom.audit.catalogue.reading import asked

# Settings that an operator may keep for a role or a database: they change how long something
# takes and what is logged, not what is found or who looks.
HARMLESS: Final = frozenset(
    [
        "statement_timeout",
        "lock_timeout",
        "idle_in_transaction_session_timeout",
        "idle_session_timeout",
        "transaction_timeout",
        "work_mem",
        "maintenance_work_mem",
        "temp_buffers",
        "effective_cache_size",
        "random_page_cost",
        "jit",
        "timezone",
        "client_encoding",
        "lc_messages",
        "application_name",
        "log_statement",
        "log_min_duration_statement",
        "log_min_error_statement",
        "tcp_keepalives_idle",
        "tcp_keepalives_interval",
        "tcp_keepalives_count",
        "max_parallel_workers_per_gather",
    ]
)
# Attributes that lead past the wall, as pg_roles has them.
POWERS: Final = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")


def flaws(service: str, owner: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[Flaw]:
    """Yield settings that are kept for our roles or database, and powers of the service.

    ``service`` is empty where the owner of the tables serves: then only settings are looked at.
    """
    yield from _settings((service, owner), using)
    if service:
        yield from _powers(service, using)
        yield from _members(service, owner, using)


def _settings(roles: tuple[str, ...], using: str) -> Iterator[Flaw]:
    """Every new session begins with them; a role may keep some for itself."""
    rows = asked(
        using,
        "SELECT CASE s.setrole WHEN 0 THEN '' ELSE pg_get_userbyid(s.setrole) END, one"
        " FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) one"
        " WHERE s.setdatabase = 0 OR s.setdatabase ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    for role, said in rows:
        name = said.partition("=")[0]
        if role in ("", *roles) and name.lower() not in HARMLESS:
            yield Flaw("setting.strange" if role else "setting.database", role, detail=name)


def _powers(service: str, using: str) -> Iterator[Flaw]:
    columns = ", ".join(POWERS)
    [held] = asked(using, f"SELECT {columns} FROM pg_roles WHERE rolname = %s", [service])  # nosec B608: ours
    for power, is_held in zip(POWERS, held, strict=True):
        if is_held:
            yield Flaw("power.strange", service, detail=power[3:].upper())


def _members(service: str, owner: str, using: str) -> Iterator[Flaw]:
    """The service belongs to no other role, and nobody who is no superuser becomes the owner.

    A role that may only hand another on (as PostgreSQL 16 gives it to who made that) is not meant.
    """
    for member, role in asked(using, _MEMBERS, [service, owner]):
        yield Flaw("member.strange", member, detail=role)


_MEMBERS = """
SELECT m.rolname, r.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
JOIN pg_roles r ON r.oid = a.roleid
WHERE (m.rolname = %s OR r.rolname = %s) AND NOT m.rolsuper
AND coalesce((to_jsonb(a) ->> 'set_option')::boolean OR (to_jsonb(a) ->> 'inherit_option')::boolean,
true)"""
