"""Row-level security on PostgreSQL: the database repeats what ``ScopedManager`` does.

The policies are made from the models' own ``scope_paths``. Each asks the columns of its row only:
what lies behind a foreign key is found by functions that run with the rights of the tables'
owner, so that policies do not ask each other in circles, and new rows can be judged before they
are there. The owner of the tables is not held by them; the service should not be the owner.

The scope of now reaches the database as the setting ``tafahom.scope`` (``postgresql.base``).
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from tafahom.audit.owned import (
    as_owner,
    close_functions,
    open_functions,
    quoted,
    schema_of,
)
from tafahom.scoping import EVERYTHING_TEXT, PARTS, ScopedManager

SETTING = "tafahom.scope"
PREFIX = "wall_"
POLICY = "wall"
# Who works for the service adds to these tables and changes nothing in them.
APPEND_ONLY = ("audit_entry", "audit_head")
_OF_TEXTS = ("agreements", "courses")


def walled_models() -> list[type[models.Model]]:
    """Return the models whose tables stand behind the wall."""
    return [one for one in apps.get_models() if isinstance(one._default_manager, ScopedManager)]


def before_migrations(*, using: str = DEFAULT_DB_ALIAS, plan: Any = (), **_others: Any) -> None:
    """Make room for migrations; tables stay behind the wall, where nobody sees anything then."""
    if plan and connections[using].vendor == "postgresql":
        _take_down(using)


def after_migrations(using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Put the wall up that the models of now need, unless tables are still missing."""
    if connections[using].vendor != "postgresql":
        return
    tables = set(connections[using].introspection.table_names())
    if {model._meta.db_table for model in walled_models()} <= tables:
        put_up(using)


def put_up(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make policies and functions anew, in one transaction; safe to repeat."""
    secure = as_owner(using)
    statements = [*_FUNCTIONS, _analyze(secure), *_statements(secure)]
    with transaction.atomic(using=using):
        _take_down(using)
        with connections[using].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        close_functions(using)


def grant_to(role: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Give a role what the service needs, and no more: it owns nothing and makes nothing."""
    name, schema = quoted(role, using), quoted(schema_of(using), using)
    database = quoted(str(connections[using].settings_dict["NAME"]), using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}")
        for statement in (
            # Who may make temporary tables could put them in the place of ours.
            f"REVOKE CONNECT, TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}",
            f"GRANT CONNECT ON DATABASE {database} TO {name}",
            f"GRANT USAGE ON SCHEMA {schema} TO {name}",
            f"REVOKE CREATE ON SCHEMA {schema} FROM {name}, PUBLIC",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {name}",
            # An act names the changes that it made: a trigger sees that nothing else is changed.
            f"REVOKE UPDATE, DELETE ON audit_change FROM {name}",
            f"GRANT UPDATE (entry_id) ON audit_change TO {name}",
            *(f"REVOKE UPDATE, DELETE ON {table} FROM {name}" for table in APPEND_ONLY),
        ):
            cursor.execute(statement)
        open_functions(role, PREFIX, using)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the walled tables that have no wall, or none that stands."""
    tables = {model._meta.db_table for model in walled_models()}
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND p.polname = %s"
            " AND c.relnamespace = current_schema()::regnamespace",
            [POLICY],
        )
        return sorted(tables - {row[0] for row in cursor.fetchall()})


def condition_of(model: type[models.Model]) -> str:
    """Return the condition, in SQL, of the rows of a model that the setting lets one see."""
    paths: Any = model.scope_paths  # type: ignore[attr-defined]  # a scoped model says them
    found = [f"(SELECT current_setting('{SETTING}', true) = '{EVERYTHING_TEXT}')"]
    found += [
        _condition(model, path.split("__"), part)
        for part in PARTS
        if (path := getattr(paths, part))
    ]
    return " OR ".join(found)


def _statements(secure: str) -> Iterator[str]:
    functions: dict[str, str] = {}
    policies = []
    for model in walled_models():
        for part in PARTS:
            if path := getattr(model.scope_paths, part):  # type: ignore[attr-defined]  # as above
                _functions(model, path.split("__"), part, functions, secure)
        table = f'"{model._meta.db_table}"'
        policies.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        policies.append(f"CREATE POLICY {POLICY} ON {table} USING ({condition_of(model)})")
    yield from functions.values()
    yield from policies


def _functions(
    model: type[models.Model], path: list[str], part: str, found: dict[str, str], secure: str
) -> None:
    """Collect the functions that the condition of a path needs, the innermost first."""
    first, *rest = path
    if not rest:
        return
    field = model._meta.get_field(first)
    further: Any = field.related_model
    _functions(further, rest, part, found, secure)
    # What is looked for: the related row itself, or the rows that refer to this one.
    column = "id" if field.concrete else field.remote_field.column  # type: ignore[union-attr]
    condition = _condition(further, rest, part)
    # Tables and columns are ours, here and above.
    found[_function(model, path, part)] = (
        f"CREATE FUNCTION {_function(model, path, part)}() RETURNS SETOF bigint LANGUAGE sql"  # nosec B608
        f" STABLE {secure} AS $$"
        f' SELECT "{column}" FROM "{further._meta.db_table}" WHERE {condition} $$'
    )


def _condition(model: type[models.Model], path: list[str], part: str) -> str:
    """Return the condition of rows of a model that a path leads from to the part."""
    first, *rest = path
    field = model._meta.get_field("id" if first == "pk" else first)
    if rest:
        column = field.column if field.concrete else "id"
        return f'"{column}" IN (SELECT {_function(model, path, part)}())'
    kind = "text" if part in _OF_TEXTS else "bigint"
    return f"\"{field.column}\" = ANY((SELECT {PREFIX}{kind}s('{part}'))::{kind}[])"  # type: ignore[union-attr]


def _function(model: type[models.Model], path: list[str], part: str) -> str:
    """Return a name that is the same for the same question."""
    text = f"{model._meta.label_lower} {'__'.join(path)} {part}"
    return f"{PREFIX}{model._meta.model_name}_{sha256(text.encode()).hexdigest()[:8]}"


def _take_down(using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
            " WHERE p.polname = %s AND c.relnamespace = current_schema()::regnamespace",
            [POLICY],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'DROP POLICY {POLICY} ON "{table}"')
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE %s"
            " AND pronamespace = current_schema()::regnamespace",
            [PREFIX.replace("_", r"\_") + "%"],
        )
        names = ", ".join(row[0] for row in cursor.fetchall())
        if names:
            cursor.execute(f"DROP FUNCTION {names}")


def _ids(name: str, kind: str) -> str:
    """Return the function that reads the ids of a part out of the setting."""
    said = f"nullif(nullif(current_setting('{SETTING}', true), ''), '{EVERYTHING_TEXT}')"
    return (
        f"CREATE FUNCTION {PREFIX}{kind}s(part text) RETURNS {kind}[] LANGUAGE sql STABLE AS $$"
        f" SELECT ARRAY(SELECT jsonb_array_elements_text({said}::jsonb -> part)::{kind}) $$"
    )


def _analyze(secure: str) -> str:
    """Return the function that looks a table through for the planner, as only its owner may."""
    return (
        f"CREATE FUNCTION {PREFIX}analyze(filled regclass) RETURNS void LANGUAGE plpgsql {secure}"
        " AS $$ BEGIN EXECUTE format('ANALYZE %s', filled); END $$"
    )


_FUNCTIONS = (_ids("bigints", "bigint"), _ids("texts", "text"))
