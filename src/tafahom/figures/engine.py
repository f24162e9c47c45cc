"""Runs the measures over the Parquet facts: Ibis writes the SQL, DuckDB answers.

Importing Ibis and compiling a statement takes as long as a whole report may, so the few statements
there are (one for each number of keys and basis) are compiled once and kept in a file beside the
facts. What differs between questions, their months, filters and keys, is in the view ``facts``
that a statement reads. DuckDB is imported when the first question is asked.
"""

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from tafahom.figures.rules import BASES
from tafahom.figures.schema import ENROLMENT_COLUMNS, FACTS, MEASURE_COLUMNS

if TYPE_CHECKING:
    import duckdb

MeasuredRow: TypeAlias = tuple[int, ...]
Group: TypeAlias = tuple[Any, ...]

_PRECOMPILED_KEYS = 4  # statements for more keys are compiled when they are asked for


@dataclass(frozen=True, slots=True)
class Plan:
    """One question to the facts, in the facts' own keys.

    ``month_column`` is the attribution; ``first`` and ``last`` are Jalali months, inclusive.
    ``by`` are columns of the facts, with "month" for ``month_column``. ``where`` keeps rows whose
    column has one of the values. ``within`` are columns with values one of which at least a row
    must have: what the asker may see; None for everything. ``has_whole`` asks for the measures of
    the whole as well as those of the groups.
    """

    month_column: str
    first: int
    last: int
    by: tuple[str, ...]
    where: tuple[tuple[str, tuple[int | str, ...]], ...]
    basis: str
    within: tuple[tuple[str, tuple[int, ...]], ...] | None = None
    has_whole: bool = True


class _Connections(threading.local):
    """A DuckDB connection for each thread: its temporary view of the facts is its own."""

    process: int = 0
    connection: "duckdb.DuckDBPyConnection | None" = None


_local = _Connections()
_statements: dict[str, str] = {}


def run(
    plan: Plan, files: Sequence[Path], cache: Path
) -> tuple[MeasuredRow, dict[Group, MeasuredRow]]:
    """Return ``MEASURE_COLUMNS`` of the whole, and of each group by its key (``plan.by``).

    There must be at least one file. Without ``plan.by`` there are no groups. The whole is empty
    where the plan does not ask for it. ``cache`` is the folder where compiled statements are kept.
    """
    whole: Sequence[int | None] = ()
    with _facts(_slice(plan, files)) as connection:
        if plan.has_whole:
            whole = connection.execute(_statement(0, plan.basis, cache)).fetchall()[0]
        width = len(plan.by)
        rows = connection.execute(_statement(width, plan.basis, cache)).fetchall() if width else []
    return _numbers(whole), {row[:width]: _numbers(row[width:]) for row in rows}


def spellings(column: str, files: Sequence[Path]) -> dict[str, str]:
    """Return each key of a text column with the name to show for it (``<column>_name``)."""
    # The files' and the column's names are ours, here and below; values are quoted.
    with _facts(f"SELECT * FROM {_parquet(files)}") as connection:  # nosec B608
        sql = f'SELECT "{column}", min("{column}_name") FROM facts GROUP BY 1'  # nosec B608
        return dict(connection.execute(sql).fetchall())


def enrolments(files: Sequence[Path]) -> list[Group]:
    """Return how many enrolments and minutes each person has by ``ENROLMENT_COLUMNS``."""
    columns = ", ".join(f'"{column}"' for column in ENROLMENT_COLUMNS)
    with _facts(f"SELECT * FROM {_parquet(files)}") as connection:  # nosec B608
        sql = (
            f"SELECT {columns}, sum(weight)::BIGINT, sum(attended_minutes)::BIGINT"  # nosec B608
            f" FROM facts GROUP BY {columns} HAVING sum(weight) > 0 ORDER BY ALL"
        )
        return connection.execute(sql).fetchall()


def grouped(keys: str, sums: str, having: str, files: Sequence[Path]) -> list[Group]:
    """Return the groups of all facts by ``keys``, with ``sums`` of each, where ``having`` holds."""
    with _facts(f"SELECT * FROM {_parquet(files)}") as connection:  # nosec B608
        # What is asked for is ours, never a reader's.
        sql = f"SELECT {keys}, {sums} FROM facts GROUP BY {keys} HAVING {having}"  # nosec B608
        return connection.execute(sql).fetchall()


def compile_statements(cache: Path) -> None:
    """Compile the statements that reports use, unless the cache has them already."""
    _statements.update(_kept_statements(cache))


def load_ahead() -> None:
    """Import DuckDB now, for a server that should not make its first visitor wait for it."""
    import duckdb  # noqa: F401  # for what importing it does


def _numbers(row: Sequence[int | None]) -> MeasuredRow:
    """Return measures with a sum over no rows, which SQL calls null, as 0."""
    return tuple(value or 0 for value in row)


def _slice(plan: Plan, files: Sequence[Path]) -> str:
    """Return the SQL of the rows that a plan is about, with its keys as key_0, key_1 and so on."""
    columns = [plan.month_column if column == "month" else column for column in plan.by]
    keys = "".join(f', "{column}" AS key_{place}' for place, column in enumerate(columns))
    conditions = [f'"{plan.month_column}" BETWEEN {plan.first:d} AND {plan.last:d}']
    for column, values in plan.where:
        name = plan.month_column if column == "month" else column
        conditions.append(f'"{name}" IN ({", ".join(map(_literal, values))})')
    if plan.within is not None:
        parts = [f'"{name}" IN ({", ".join(map(str, ids))})' for name, ids in plan.within]
        conditions.append(f"({' OR '.join(parts) or 'FALSE'})")
    return f"SELECT *{keys} FROM {_parquet(files)} WHERE {' AND '.join(conditions)}"  # nosec B608


def _parquet(files: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(_literal(str(file)) for file in files)}])"


def _literal(value: int | str) -> str:
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def _facts(sql: str) -> Iterator["duckdb.DuckDBPyConnection"]:
    """Give this thread's connection with ``facts`` standing for the rows of a query."""
    connection = _connection()
    connection.execute(f"CREATE OR REPLACE TEMP VIEW facts AS {sql}")
    yield connection


def _connection() -> "duckdb.DuckDBPyConnection":
    """Return this thread's connection; a forked child never uses its parent's."""
    if _local.connection is None or _local.process != os.getpid():
        import duckdb  # costs a twentieth of a second; most commands never need it

        _local.connection = duckdb.connect(":memory:")
        _local.process = os.getpid()
    return _local.connection


def _statement(width: int, basis: str, cache: Path) -> str:
    """Return the SQL of all measures, grouped by ``width`` keys."""
    name = f"{width}/{basis}"
    if name not in _statements:
        _statements.update(_kept_statements(cache))
    if name not in _statements:
        _statements[name] = _compile(width, basis)
    return _statements[name]


def _kept_statements(cache: Path) -> dict[str, str]:
    """Return the statements of the cache, compiled anew when the measures have changed."""
    file, digest = cache / "statements.json", _definition()
    try:
        kept = json.loads(file.read_text())
    except (OSError, ValueError):
        kept = {}
    if kept.get("definition") != digest:
        widths = range(_PRECOMPILED_KEYS + 1)
        compiled = {f"{w}/{basis}": _compile(w, basis) for w in widths for basis in BASES}
        kept = {"definition": digest, "statements": compiled}
        aside = file.with_name(f"statements.{os.getpid()}.{threading.get_ident()}.tmp")
        aside.write_text(json.dumps(kept, indent=1))
        os.replace(aside, file)
    return dict(kept["statements"])


def _definition() -> str:
    """Return a digest of all that the statements follow from."""
    here = Path(__file__)
    parts = [here.with_name(name).read_bytes() for name in ("measures.py", "schema.py")]
    parts += [here.read_bytes(), metadata.version("ibis-framework").encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@cache
def _compile(width: int, basis: str) -> str:
    import ibis  # a fifth of a second, paid when the measures have changed

    from tafahom.figures.measures import EXPRESSIONS

    # The keys may be numbers or texts: grouping does not mind, so one type stands for both.
    keys = {f"key_{place}": "int64" for place in range(width)}
    facts = ibis.table(FACTS | keys, name="facts")
    measures = {name: EXPRESSIONS[name](facts, basis) for name in MEASURE_COLUMNS}
    return str(ibis.to_sql(facts.aggregate(by=list(keys), **measures), dialect="duckdb"))
