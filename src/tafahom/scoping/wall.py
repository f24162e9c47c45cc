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

from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.installing import put_up as make
from tafahom.audit.catalogue.installing import take_down
from tafahom.audit.catalogue.objects import Function, Policy
from tafahom.audit.catalogue.wanted import WantedObject
from tafahom.scoping import EVERYTHING_TEXT, PARTS, ScopedManager

SETTING = "tafahom.scope"
PREFIX = "wall_"
POLICY = "wall"
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
    with transaction.atomic(using=using):
        _take_down(using)
        with connections[using].cursor() as cursor:
            for model in walled_models():
                table = model._meta.db_table
                cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
                cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        make(wanted("postgresql"), using)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the walled tables whose wall does not stand as it was put up."""
    tables = {model._meta.db_table for model in walled_models()}
    found = {one.table for one in flaws(using) if one.kind.startswith(("policy", "security"))}
    return sorted(tables & found)


def wanted(vendor: str) -> Iterator[WantedObject]:
    """Return policies and the functions that they call; each function before who calls it."""
    if vendor != "postgresql":
        return
    yield from _FUNCTIONS
    functions: dict[str, Function] = {}
    for model in walled_models():
        for part in PARTS:
            if path := model.scope_paths.path_to(part):  # type: ignore[attr-defined]  # a scoped model says them
                _functions(model, path.split("__"), part, functions)
    yield from functions.values()
    for model in walled_models():
        yield Policy(POLICY, model._meta.db_table, condition_of(model))


def condition_of(model: type[models.Model]) -> str:
    """Return the condition, in SQL, of the rows of a model that the setting lets one see."""
    paths: Any = model.scope_paths  # type: ignore[attr-defined]  # a scoped model says them
    found = [f"(SELECT current_setting('{SETTING}', true) = '{EVERYTHING_TEXT}')"]
    found += [
        _condition(model, path.split("__"), part) for part in PARTS if (path := paths.path_to(part))
    ]
    return " OR ".join(found)


def _functions(
    model: type[models.Model], path: list[str], part: str, found: dict[str, Function]
) -> None:
    """Collect the functions that the condition of a path needs, the innermost first."""
    first, *rest = path
    if not rest:
        return
    field = model._meta.get_field(first)
    further: Any = field.related_model
    _functions(further, rest, part, found)
    # What is looked for: the related row itself, or the rows that refer to this one.
    column = "id" if field.concrete else field.remote_field.column  # type: ignore[union-attr]
    condition = _condition(further, rest, part)
    name = _function(model, path, part)
    found[name] = Function(
        name,
        # Tables and columns are ours, here and above.
        f' SELECT "{column}" FROM "{further._meta.db_table}" WHERE {condition} ',  # nosec B608
        returns="SETOF bigint",
        language="sql",
        stable=True,
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
    """Take away every policy of our tables, ours or not, and the functions of ours."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(polname), polrelid::regclass::text FROM pg_policy"
            " JOIN pg_class c ON c.oid = polrelid"
            " WHERE c.relnamespace = current_schema()::regnamespace"
        )
        for name, table in cursor.fetchall():
            cursor.execute(f"DROP POLICY {name} ON {table}")
    take_down(PREFIX, using)


def _ids(name: str, kind: str) -> Function:
    """Return the function that reads the ids of a part out of the setting."""
    said = f"nullif(nullif(current_setting('{SETTING}', true), ''), '{EVERYTHING_TEXT}')"
    return Function(
        f"{PREFIX}{name}",
        f" SELECT ARRAY(SELECT jsonb_array_elements_text({said}::jsonb -> part)::{kind}) ",
        returns=f"{kind}[]",
        arguments="part text",
        language="sql",
        stable=True,
        as_owner=False,
    )


# Looks a table through for the planner, as only its owner may.
_ANALYZE = Function(
    f"{PREFIX}analyze",
    " BEGIN EXECUTE format('ANALYZE %s', filled); END ",
    returns="void",
    arguments="filled regclass",
)
_FUNCTIONS = (_ids("bigints", "bigint"), _ids("texts", "text"), _ANALYZE)
