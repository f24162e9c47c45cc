"""The definition of a table on PostgreSQL, each part in one text.

How PostgreSQL prints a condition depends on its version. So the server prints each condition
twice, as the models say it and as it is there: as columns of one question that is explained and
never run.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connections, models

from tafahom.audit.catalogue.objects import Bound
from tafahom.audit.catalogue.pieces import inside, pieces
from tafahom.audit.catalogue.reading import OURS, asked
from tafahom.audit.catalogue.unique import named, unique_statements
from tafahom.audit.catalogue.wanted import wanted

_LONG_NAMES = {"varchar": "character varying", "bool": "boolean"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A check, or a unique index with its ``keys``. ``condition`` is empty where there is none."""

    kind: str
    name: str
    condition: str
    keys: tuple[str, ...] = ()


@dataclass(slots=True)
class PostgresqlTable:
    """``plain`` are parts that read the same in every version."""

    plain: set[str] = field(default_factory=set)
    conditions: list[Condition] = field(default_factory=list)


def tables(using: str) -> dict[str, PostgresqlTable]:
    """Return every table, by its name."""
    found: dict[str, PostgresqlTable] = {}
    for statement in (_COLUMNS, _REFERENCES):
        for table, part in asked(using, statement):
            found.setdefault(table, PostgresqlTable()).plain.add(part)
    bounds = {one.name for one in wanted("postgresql") if isinstance(one, Bound)}
    for table, kind, name, condition, keys in asked(using, _CONDITIONS):
        if name not in bounds:
            there = Condition(kind, name, condition, tuple(keys))
            found.setdefault(table, PostgresqlTable()).conditions.append(there)
    return found


def compared(
    model: type[models.Model], table: PostgresqlTable, using: str
) -> tuple[set[str], set[str]]:
    """Return the parts of the definition that the model says, and those that are there."""
    ours = [*_conditions(model, using)]
    said = _Printed(model, [*ours, *table.conditions], using)
    return (
        {*_columns(model, using), *_references(model), *map(said.part, ours)},
        {*table.plain, *map(said.part, table.conditions)},
    )


class _Printed:
    """Conditions of one table as its server prints them."""

    def __init__(self, model: type[models.Model], conditions: list[Condition], using: str) -> None:
        self._names = named(model)
        texts = {text for one in conditions for text in (*one.keys, one.condition) if text}
        self._printed = dict(
            zip(texts, _explained(model._meta.db_table, texts, using), strict=True)
        )

    def part(self, one: Condition) -> str:
        name = f"{one.name} " if one.name in self._names else ""
        keys = f"({', '.join(self._printed[key] for key in one.keys)}) " if one.keys else ""
        condition = self._printed[one.condition] if one.condition else ""
        return f"{one.kind} {name}{keys}{condition}".rstrip()


def _explained(table: str, texts: set[str], using: str) -> list[str]:
    if not texts:
        return []
    columns = ", ".join(f"({text})" for text in texts)
    question = f'EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT {columns} FROM "{table}"'  # nosec B608: ours
    [[answer]] = asked(using, question)
    plan = json.loads(answer) if isinstance(answer, str) else answer
    printed: list[str] = plan[0]["Plan"]["Output"]
    return printed


def _columns(model: type[models.Model], using: str) -> Iterator[str]:
    for one in model._meta.local_concrete_fields:
        kind, _bracket, rest = str(one.db_type(connections[using])).partition("(")
        length = f"({rest.replace(' ', '')}" if rest else ""
        null = "" if one.null else " NOT NULL"
        if isinstance(one, models.AutoField):
            yield f'"{one.column}" IDENTITY{null}'
        else:
            yield f'"{one.column}" {_LONG_NAMES.get(kind, kind)}{length}{null}'


def _references(model: type[models.Model]) -> Iterator[str]:
    for one in model._meta.local_concrete_fields:
        target: Any = getattr(one, "target_field", None)
        if target and getattr(one, "db_constraint", False):
            yield (
                f'FOREIGN KEY ("{one.column}") REFERENCES "{target.model._meta.db_table}"'
                f' ("{target.column}")'
            )


def _conditions(model: type[models.Model], using: str) -> Iterator[Condition]:
    """Yield what the models say of checks and unique keys; only some have a name that we chose."""
    editor: Any = connections[using].schema_editor(collect_sql=True)
    editor.deferred_sql = []
    statement, _values = editor.table_sql(model)
    for one in model._meta.local_concrete_fields:
        if one.unique:
            kind = "PRIMARY KEY" if one.primary_key else "UNIQUE"
            yield Condition(kind, "", "", (f'"{one.column}"',))
        if check := one.db_parameters(connections[using])["check"]:
            yield Condition("CHECK", "", str(check))
    for names in model._meta.unique_together:
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        yield Condition("UNIQUE", "", "", tuple(f'"{one.column}"' for one in fields))
    for part in pieces(inside(statement)[0]):
        if part.startswith("CONSTRAINT "):
            name, (said, _rest) = part.split('"')[1], inside(part)
            if " CHECK " in part[: part.index("(")]:
                yield Condition("CHECK", name, said)
            else:
                yield Condition("UNIQUE", name, "", tuple(pieces(said)))
    for made in unique_statements(editor):
        said, rest = inside(made)
        yield Condition(
            "UNIQUE", made.split('"')[1], rest.partition(" WHERE ")[2], tuple(pieces(said))
        )


# Of a column: what it may hold, and what else than the application could fill it. How long the ids
# of tables between two others are was decided by the Django that made them.
_COLUMNS = f"""
SELECT c.relname, '"' || a.attname || '" '
 || CASE WHEN a.attidentity <> '' THEN 'IDENTITY' ELSE format_type(a.atttypid, a.atttypmod) END
 || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
 || coalesce(CASE WHEN a.attgenerated <> '' THEN ' GENERATED ' ELSE ' DEFAULT ' END
 || pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND c.{OURS}"""  # nosec B608: names of ours

# Looked at when a transaction ends, and no row goes or changes because another does.
_REFERENCES = f"""
SELECT c.relname, 'FOREIGN KEY (' || (SELECT string_agg(format('"%s"', a.attname), ', ')
 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey))
 || format(') REFERENCES "%s" (', t.relname) || (SELECT string_agg(format('"%s"', a.attname), ', ')
 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.confkey)) || ')'
 || CASE WHEN k.confupdtype = 'a' AND k.confdeltype = 'a' AND k.confmatchtype = 's'
 AND k.condeferrable AND k.condeferred AND k.convalidated AND t.relnamespace = c.relnamespace
 THEN '' ELSE ' …' || pg_get_constraintdef(k.oid) END
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
WHERE k.contype = 'f' AND c.{OURS}"""  # nosec B608: names of ours

# A check or key that does not hold for every row at once is of a kind that no model asks for.
_CONDITIONS = f"""
SELECT c.relname, CASE WHEN k.contype = 'x' THEN 'EXCLUDE' WHEN k.convalidated THEN 'CHECK'
 ELSE 'CHECK NOT VALID' END, k.conname, coalesce(pg_get_expr(k.conbin, k.conrelid), ''), '{{}}'::text[]
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE k.contype IN ('c', 'x') AND c.{OURS} UNION ALL
SELECT c.relname, CASE WHEN i.indisprimary THEN 'PRIMARY KEY' ELSE 'UNIQUE' END
 || CASE WHEN i.indisvalid AND i.indisready AND i.indislive AND i.indimmediate
 AND i.indnkeyatts = i.indnatts AND to_jsonb(i) ->> 'indnullsnotdistinct' IS DISTINCT FROM 'true'
 AND (SELECT bool_and(o.opcdefault) FROM pg_opclass o WHERE o.oid = ANY (i.indclass::oid[]))
 THEN '' ELSE ' OF ANOTHER KIND' END, n.relname, coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
 (SELECT array_agg(pg_get_indexdef(n.oid, place, true) ORDER BY place)
 FROM generate_series(1, i.indnkeyatts) place)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
WHERE i.indisunique AND c.relkind = 'r' AND c.{OURS}"""  # nosec B608: names of ours
