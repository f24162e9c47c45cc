"""Parsing workbooks and inserting rows, and nothing else: what an import costs at least.

``python -m bench.floor FOLDER DATABASE`` prints seconds as JSON: ``parse`` of the workbooks in the
folder; ``indexed`` and ``bare`` with the writing of the rows that the database holds, into tables
of its schema and into tables without any index or check; ``cpu`` of processor, of ``indexed``. Triggers are left out: guards of closed
months and of the audit are work of the product, which the floor is to do without.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

# What an import writes; an empty table costs nothing.
TABLES = (
    "people_person",
    "people_identity",
    "training_occupationalstandard",
    "parties_centre",
    "training_course",
    "training_coursesession",
    "training_enrolment",
    "training_attendance",
    "credentials_certificate",
)


def main(folder: Path, database: Path) -> None:
    """Measure and print."""
    with sqlite3.connect(database) as source:
        schema = {
            name: [
                sql
                for (sql,) in source.execute(
                    "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
                    " AND type IN ('table', 'index') ORDER BY type DESC",
                    (name,),
                )
            ]
            for name in TABLES
        }
        rows = {name: source.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    started, before = time.perf_counter(), time.process_time()
    for file in sorted(folder.glob("*.xlsx")):
        workbook = CalamineWorkbook.from_path(file)
        for sheet in workbook.sheet_names:
            workbook.get_sheet_by_name(sheet).to_python()
    parse = time.perf_counter() - started
    bare = {name: [_without_rules(name, len(some[0]))] for name, some in rows.items() if some}
    indexed = _insert(database.with_name("floor-indexed.sqlite3"), schema, rows)
    cpu = time.process_time() - before
    plain = _insert(database.with_name("floor-bare.sqlite3"), bare, rows)
    times = {"parse": parse, "indexed": parse + indexed, "bare": parse + plain, "cpu": cpu}
    print(json.dumps(times))


def _without_rules(name: str, width: int) -> str:
    return f"CREATE TABLE {name} ({', '.join(f'c{place}' for place in range(width))})"


def _insert(
    file: Path, schema: dict[str, list[str]], rows: dict[str, list[tuple[Any, ...]]]
) -> float:
    """Return the seconds that writing the rows takes."""
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    connection.executescript("PRAGMA synchronous=FULL; PRAGMA cache_size=-64000;")
    for statements in schema.values():
        for sql in statements:
            connection.execute(sql)
    connection.commit()
    started = time.perf_counter()
    for name, some in rows.items():
        if some:
            marks = ", ".join("?" * len(some[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", some)
    connection.commit()
    taken = time.perf_counter() - started
    connection.close()
    return taken


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
