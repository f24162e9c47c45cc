"""Whether tables are defined as the models say: columns, checks, unique keys and references.

Each part of a table's definition is a text here, of what the models say and of what the database
has: what is in one of the two only is missing, or strange. SQLite keeps the statements that made a
table. PostgreSQL prints conditions in its own way, which differs between versions: it is asked to
print ours too (``postgresql``).
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models

from tafahom.audit.catalogue import postgresql, sqlite
from tafahom.audit.catalogue.comparing import Flaw


def definition_flaws(using: str = DEFAULT_DB_ALIAS) -> Iterator[Flaw]:
    """Yield what tables lack of their definition, and what they have besides."""
    vendor = sqlite if connections[using].vendor == "sqlite" else postgresql
    tables = vendor.tables(using)
    for model in _models():
        table = model._meta.db_table
        if table not in tables:
            yield Flaw("relation.missing", table)
            continue
        wanted, there = vendor.compared(model, tables[table], using)
        for part in sorted(wanted - there):
            yield Flaw("definition.missing", table, table, part)
        for part in sorted(there - wanted):
            yield Flaw("definition.strange", table, table, part)


def _models() -> list[type[models.Model]]:
    found: list[Any] = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and not one._meta.proxy]
