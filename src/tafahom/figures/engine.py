"""Runs the measures over the Parquet facts: Ibis writes the SQL, DuckDB answers.

Both libraries are slow to import, so they are imported when the first figure is asked for, and a
compiled plan is kept: a page asks the same few questions again and again.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tafahom.figures.schema import FACTS, MEASURE_COLUMNS

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Plan:
    """One question to the facts, in the facts' own keys.

    ``month_column`` is the attribution; ``first`` and ``last`` are Jalali months, inclusive.
    ``by`` are columns of the facts, with "month" for ``month_column``. ``where`` keeps rows whose
    column has one of the values.
    """

    month_column: str
    first: int
    last: int
    by: tuple[str, ...]
    where: tuple[tuple[str, tuple[int | str, ...]], ...]
    basis: str


class _Connections(threading.local):
    """A DuckDB connection for each thread: its temporary view of the facts is its own."""

    process: int = 0
    connection: "duckdb.DuckDBPyConnection | None" = None


_local = _Connections()


def run(
    plan: Plan, files: Sequence[Path]
) -> tuple[tuple[int, ...], dict[tuple[Any, ...], tuple[int, ...]]]:
    """Return ``MEASURE_COLUMNS`` of the whole, and of each group by its key (``plan.by``).

    There must be at least one file. Without ``plan.by`` there are no groups.
    """
    whole = _execute(_measures_sql(replace(plan, by=())), files)[0]
    if not plan.by:
        return _numbers(whole), {}
    width = len(plan.by)
    rows = _execute(_measures_sql(plan), files)
    return _numbers(whole), {row[:width]: _numbers(row[width:]) for row in rows}


def _numbers(row: Sequence[int | None]) -> tuple[int, ...]:
    """Return measures with a sum over no rows, which SQL calls null, as 0."""
    return tuple(value or 0 for value in row)


def spellings(column: str, files: Sequence[Path]) -> dict[str, str]:
    """Return each key of a text column with the name to show for it (``<column>_name``)."""
    return dict(_execute(_spellings_sql(column), files))


def _execute(sql: str, files: Sequence[Path]) -> list[tuple[Any, ...]]:
    connection = _connection()
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW facts AS SELECT * FROM read_parquet([{names}])"
    )
    return connection.execute(sql).fetchall()


def _connection() -> "duckdb.DuckDBPyConnection":
    """Return this thread's connection; a forked child never uses its parent's."""
    if _local.connection is None or _local.process != os.getpid():
        import duckdb  # costs a fifth of a second; most commands never need it

        _local.connection = duckdb.connect(":memory:")
        _local.process = os.getpid()
    return _local.connection


@lru_cache(maxsize=512)
def _measures_sql(plan: Plan) -> str:
    import ibis  # as above

    from tafahom.figures.measures import EXPRESSIONS

    facts = ibis.table(FACTS, name="facts")
    facts = facts.mutate(month=facts[plan.month_column])
    facts = facts.filter(facts.month.between(plan.first, plan.last))
    for column, values in plan.where:
        facts = facts.filter(facts[column].isin(values))
    measures = {name: EXPRESSIONS[name](facts, plan.basis) for name in MEASURE_COLUMNS}
    return str(ibis.to_sql(facts.aggregate(by=list(plan.by), **measures), dialect="duckdb"))


@lru_cache(maxsize=8)
def _spellings_sql(column: str) -> str:
    import ibis  # as above

    facts = ibis.table(FACTS, name="facts")
    names = facts.group_by(column).agg(name=facts[f"{column}_name"].min())
    return str(ibis.to_sql(names, dialect="duckdb"))
