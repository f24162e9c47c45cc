"""Ids that no sequence comes to are refused: after the last number there is no next one.

Whoever may insert a row may say its id. SQLite counts on from the greatest id there is, so that
one row with the last number would let no other in. Half-way is further than any office counts.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.installing import put_up, take_down
from tafahom.audit.catalogue.objects import Bound, Text
from tafahom.audit.catalogue.wanted import WantedObject

PREFIX = "id_bound_"
REFUSAL = "the id is out of bounds"
MAX_ID = 2**53
MAX_OF_SMALL = 2**30


def before_migrations(*, plan: Any = (), using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Make room for migrations that make tables anew."""
    if plan and connections[using].vendor == "sqlite":
        take_down(PREFIX, using)


def after_migrations(*, using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Put up the bounds of the tables that are there and have none as it should be."""
    tables = set(connections[using].introspection.table_names())
    flawed = {one.name for one in flaws(using) if one.table in tables}
    missing = [one for one in wanted(connections[using].vendor) if one.name in flawed]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for one in missing:
            if isinstance(one, Bound):
                cursor.execute(f'ALTER TABLE "{one.table}" DROP CONSTRAINT IF EXISTS {one.name}')
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {one.name}")
        put_up(missing, using)


def wanted(vendor: str) -> Iterator[WantedObject]:
    """Return what refuses ids out of bounds, of every table that counts its rows."""
    for model in apps.get_models(include_auto_created=True):
        key, table = model._meta.pk, model._meta.db_table
        if not isinstance(key, models.AutoField) or not model._meta.managed:
            continue
        most = MAX_ID if isinstance(key, models.BigAutoField) else MAX_OF_SMALL
        if vendor == "postgresql":
            yield Bound(f"{PREFIX}{table}", table, str(key.column), most)
        else:
            yield from _sqlite(table, str(key.column), most)


def _sqlite(table: str, column: str, most: int) -> Iterator[Text]:
    for event in ("INSERT", f"UPDATE OF {column}"):
        name = f"{PREFIX}{table}_{event.split()[0].lower()}"
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        when = f'WHEN NEW."{column}" > {most}'
        yield Text(
            name, table, f'CREATE TRIGGER {name} BEFORE {event} ON "{table}" {when} {refuse}'
        )
