"""The definition of a table on SQLite, in the words of the statements that made it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, models

from tafahom.audit.catalogue.pieces import inside, pieces
from tafahom.audit.catalogue.reading import asked
from tafahom.audit.catalogue.unique import named, unique_statements


@dataclass(slots=True)
class SqliteTable:
    """The statements that made a table and its unique indexes, these by their names."""

    statement: str = ""
    indexes: dict[str, str] = field(default_factory=dict)


def tables(using: str) -> dict[str, SqliteTable]:
    """Return every table, by its name."""
    found: dict[str, SqliteTable] = {}
    statements = "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    for kind, table, name, statement in asked(using, statements):
        known = found.setdefault(table, SqliteTable())
        if kind == "table":
            known.statement = statement
        elif statement.upper().startswith("CREATE UNIQUE"):
            known.indexes[name] = statement
    return {name: table for name, table in found.items() if table.statement}


def compared(
    model: type[models.Model], table: SqliteTable, using: str
) -> tuple[set[str], set[str]]:
    """Return the parts of the definition that the model says, and those that are there."""
    editor: Any = connections[using].schema_editor(collect_sql=True)
    editor.deferred_sql = []
    statement, _values = editor.table_sql(model)
    names = named(model)
    ours = {one.split('"')[1]: one for one in unique_statements(editor)}
    return (
        {*_parts(statement), *_indexes(ours, names)},
        {*_parts(table.statement), *_indexes(table.indexes, names)},
    )


def _parts(statement: str) -> list[str]:
    return pieces(inside(statement)[0])


def _indexes(statements: dict[str, str], names: set[str]) -> Iterator[str]:
    """Yield what unique indexes say, with their names where somebody chose these."""
    for name, statement in statements.items():
        keys, rest = inside(statement)
        yield f"UNIQUE {name if name in names else ''}({', '.join(pieces(keys))}){rest}"
