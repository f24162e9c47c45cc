"""Triggers that refuse every write into a closed month, whoever writes and by whatever way.

Each kind of record says, in SQL, to which months rows belong (``records.closed_months``). SQLite asks
it of every row, PostgreSQL of all rows of a statement at once. The first question is always
whether any month is closed at all: an installation that closes none pays nearly nothing.

They are no migration: SQLite makes a table anew for most changes of it, and loses or trips over
its triggers then. They are taken away and put back inside the transaction of each migration;
`tafahom doctor` sees that they are there.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.installing import put_up, take_down
from tafahom.audit.catalogue.objects import Function, Text, Trigger
from tafahom.audit.catalogue.wanted import WantedObject
from tafahom.periods.guarded import KEPT, tables
from tafahom.records import guarded_tables, moves
from tafahom.records.closed_months import Belongs, GuardedTable, Move

# The database's errors carry it: SQLite knows no codes of one's own.
MARK = "period.closed"
# PostgreSQL's code, of the class of broken constraints, as SQLite's is.
SQLSTATE = "23T01"
# Any number that no other part locks by. Writers share it, who closes a month has it alone.
WRITE_LOCK = 0x7AF6
PREFIX = "closed_month_"
_SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
_ANY = "EXISTS (SELECT 1 FROM periods_period WHERE state = 'closed')"


@contextmanager
def lifted(using: str) -> Iterator[None]:
    """Take the guards away where a migration could trip over them, and put them back.

    Enter it inside the transaction of the migration: no moment is without guards for others,
    and a migration that is killed leaves them where they were.
    """
    if connections[using].vendor != "sqlite":
        yield
        return
    remove(using)
    yield
    after_migrations(using)


def after_migrations(using: str, **_rest: Any) -> None:
    """Put the guards up, unless migrations stopped before all tables are there."""
    if set(connections[using].introspection.table_names()) >= tables():
        install(using)


def install(using: str = "default") -> None:
    """Put up the guards, in one transaction; safe to repeat."""
    with transaction.atomic(using=using):
        remove(using)
        put_up(wanted(connections[using].vendor), using)


def remove(using: str = "default") -> None:
    """Take the guards away."""
    take_down(PREFIX, using)


def missing(using: str = "default") -> list[str]:
    """Return the names of guards that are not up, or not as they were put up."""
    return [one.name for one in flaws(using) if one.name.startswith(PREFIX)]


def wanted(vendor: str) -> Iterator[WantedObject]:
    """Return the guards of closed months; each function before what runs it."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def wait_for_writers(using: str = "default") -> None:
    """Wait until nobody is writing records of any month, and keep them out to the end.

    Call first thing in the transaction that closes a month. SQLite has one writer anyway.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITE_LOCK])


def hold_months(using: str = "default") -> None:
    """Keep months from being closed until the transaction ends, so that what was judged holds."""
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WRITE_LOCK])


def months_held(table: str, pk: int, using: str = "default") -> set[int]:
    """Return the closed months whose figures a row is grouped or counted in."""
    months = {one for move in moves() if move.table == table for one in move.months}
    found: set[int] = set()
    with connections[using].cursor() as cursor:
        now = "now()" if connections[using].vendor == "postgresql" else _SQLITE_NOW
        for one in months:
            # Tables and columns are ours.
            cursor.execute(
                f"SELECT DISTINCT p.month FROM {table} r, {_rows_closed(one, 'r', now)}"  # nosec B608
                " AND r.id = %s",
                [pk],
            )
            found |= {month for (month,) in cursor.fetchall()}
    return found


def _closed(months: Iterable[Belongs], row: str, now: str) -> str:
    """Return the condition that a row is of a month that takes no write."""
    return " OR ".join(_is_closed(one, row, now) for one in months) or "FALSE"


def _differs(move: Move, operator: str) -> str:
    """Return the condition that an update changes something that figures look at."""
    return " OR ".join(
        f"{value.replace('{r}', 'OLD')} {operator} {value.replace('{r}', 'NEW')}"
        for value in move.compared
    )


def _any_closed(months: Iterable[Belongs], now: str) -> str:
    """Return the condition that one of the rows ``changed`` is of such a month.

    PostgreSQL must go from what changed to its course and month, by keys. Left to itself it
    begins with all courses where it takes tables that were just filled for empty ones, and the
    time of an import grows with its square: OFFSET 0 keeps the inner question apart.
    """
    return " OR ".join(_is_any_closed(one, now) for one in months) or "FALSE"


def _is_any_closed(belongs: Belongs, now: str) -> str:
    inner = _is_closed(belongs, "r", now, last=" OFFSET 0")
    columns = ", ".join(sorted(set(re.findall(r"\br\.(\w+)", inner))))
    # Tables and columns are ours, here and below.
    rows = f"(SELECT DISTINCT {columns} FROM changed) r"  # nosec B608
    return f"EXISTS (SELECT 1 FROM {rows} WHERE {inner})"  # nosec B608


def _is_closed(belongs: Belongs, row: str, now: str, *, last: str = "") -> str:
    return f"EXISTS (SELECT 1 FROM {_rows_closed(belongs, row, now)}{last})"  # nosec B608


def _rows_closed(belongs: Belongs, row: str, now: str) -> str:
    """Return tables and condition of the closed months ``p`` of a row."""
    text = (
        f"{belongs.tables}, periods_period p"  # nosec B608
        f" WHERE {belongs.where} AND p.province_id = {belongs.province}"
        f" AND p.month = {belongs.month} AND p.state = 'closed'"
        " AND NOT EXISTS (SELECT 1 FROM periods_reopening o WHERE o.period_id = p.id"
        f" AND o.approved_at IS NOT NULL AND o.closed_at IS NULL AND o.until > {now})"
    )
    return text.replace("{r}", row)


def _sqlite() -> Iterator[Text]:
    now = _SQLITE_NOW

    def trigger(name: str, event: str, table: str, condition: str) -> Text:
        text = (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{MARK}'); END"
        )
        return Text(name, table, text)

    for guard in guarded_tables():
        name, table = PREFIX + guard.table, guard.table
        old, new = _closed(guard.months, "OLD", now), _closed(guard.months, "NEW", now)
        if guard.months:
            yield trigger(f"{name}_insert", "INSERT", table, f"{_ANY} AND ({new})")
            yield trigger(f"{name}_update", "UPDATE", table, f"{_ANY} AND ({old} OR {new})")
        gone = _closed(guard.months + guard.when_gone, "OLD", now)
        yield trigger(f"{name}_delete", "DELETE", table, f"{_ANY} AND ({gone})")
    for move in moves():
        old, new = _closed(move.months, "OLD", now), _closed(move.months, "NEW", now)
        moved = f"({_differs(move, 'IS NOT')}) AND {_ANY} AND ({old} OR {new})"
        event = f"UPDATE OF {', '.join(move.columns)}"
        yield trigger(f"{PREFIX}{move.table}_{move.name}", event, move.table, moved)
    for table, event, condition in KEPT:
        yield trigger(f"{PREFIX}{table}_{event.lower()}", event, table, condition)


# The functions run with the rights of their owner: who may write a table need not see what is closed.
def _postgresql() -> Iterator[WantedObject]:
    yield Function(f"{PREFIX}any", f"BEGIN IF {_ANY} THEN {_REFUSE}; END IF; RETURN NULL; END")
    for guard in guarded_tables():
        yield from _guarding(guard)
    for move in moves():
        yield from _holding(move)
    for table, event, condition in KEPT:
        name, row = f"{PREFIX}{table}_{event.lower()}", "OLD" if event == "DELETE" else "NEW"
        yield Function(name, f"BEGIN IF {condition} THEN {_REFUSE}; END IF; RETURN {row}; END")
        yield Trigger(name, table, "BEFORE", (event,), name)
    for table in sorted(tables()):
        name = f"{PREFIX}{table}_truncate"
        yield Trigger(name, table, "BEFORE", ("TRUNCATE",), f"{PREFIX}any", each_row=False)


_REFUSE = f"RAISE EXCEPTION '{MARK}' USING ERRCODE = '{SQLSTATE}', TABLE = TG_TABLE_NAME"
_SHARED = f"PERFORM pg_advisory_xact_lock_shared({WRITE_LOCK});"


def _guarding(guard: GuardedTable) -> Iterator[WantedObject]:
    """Yield what looks at all rows of a statement, before and after it."""
    name = PREFIX + guard.table
    closed, gone = _any_closed(guard.months, "now()"), _any_closed(guard.when_gone, "now()")
    yield Function(
        name,
        f"BEGIN {_SHARED} IF NOT {_ANY} THEN RETURN NULL; END IF;"
        f" IF {closed} THEN {_REFUSE}; END IF;"
        f" IF TG_OP = 'DELETE' THEN IF {gone} THEN {_REFUSE}; END IF; END IF; RETURN NULL; END",
    )
    events = [("delete", "DELETE", "OLD")]
    if guard.months:
        events += [("insert", "INSERT", "NEW"), ("update", "UPDATE", "NEW")]
        events += [("update_old", "UPDATE", "OLD")]
    for suffix, event, rows in events:
        yield Trigger(
            f"{name}_{suffix}", guard.table, "AFTER", (event,), name, rows=rows, each_row=False
        )


def _holding(move: Move) -> Iterator[WantedObject]:
    """Yield what looks at a row whose columns figures group or count by."""
    name = f"{PREFIX}{move.table}_{move.name}"
    old, new = _closed(move.months, "OLD", "now()"), _closed(move.months, "NEW", "now()")
    yield Function(
        name,
        f"BEGIN IF NOT ({_differs(move, 'IS DISTINCT FROM')}) THEN RETURN NEW; END IF; {_SHARED}"
        f" IF {_ANY} AND ({old} OR {new}) THEN {_REFUSE}; END IF; RETURN NEW; END",
    )
    yield Trigger(name, move.table, "BEFORE", ("UPDATE",), name, columns=move.columns)
