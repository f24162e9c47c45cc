"""A database that is migrated once and copied from then on: tables take longer than most tests.

Signals after migrations (guards, policies, permissions) are left to whoever takes a copy and
migrates it: nothing is to do then but that. A kept file belongs to the migrations that made it.
"""

import hashlib
import importlib.metadata
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "schema"
MAKE = """
import sys
from unittest.mock import patch
import django
django.setup()
from django.core.management import call_command
from django.db import connection
with patch("django.core.management.commands.migrate.emit_post_migrate_signal"):
    call_command("migrate", interactive=False, verbosity=0)
if connection.vendor == "sqlite":
    connection.cursor().execute("VACUUM INTO %s", [sys.argv[1]])
"""


@cache
def name() -> str:
    """Return what migrations there are, as a name."""
    digest = hashlib.sha256()
    for package in ("Django", "django-allauth", "django-axes", "django-tasks-db"):
        digest.update(importlib.metadata.version(package).encode())
    for file in sorted((ROOT / "src").glob("tafahom/*/migrations/*.py")):
        digest.update(file.name.encode() + file.read_bytes())
    return f"schema_{digest.hexdigest()[:16]}"


def file() -> Path:
    """Return the file of a migrated SQLite database, made now where there is none."""
    kept = KEPT / f"{name()}.sqlite3"
    KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(KEPT / "lock"):
        if not kept.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            half = kept.with_suffix(".half")
            half.unlink(missing_ok=True)
            _make("sqlite://:memory:", str(half))
            half.rename(kept)
    return kept


def copy_to(path: Path) -> None:
    """Make a SQLite database that has all tables and no rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file(), path)


def copy_into_memory(address: str) -> sqlite3.Connection:
    """Fill a database in memory, which lasts as long as what is returned."""
    memory = sqlite3.connect(address, uri=True, check_same_thread=False)
    with sqlite3.connect(file()) as kept:
        kept.backup(memory)
    return memory


def template(address: str) -> str:
    """Return the name of a migrated database on a PostgreSQL server, made now where there is none."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (
        FileLock(KEPT / "lock"),
        psycopg.connect(address, dbname="postgres", autocommit=True) as server,
    ):
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()]).fetchone():
            half = f"{name()}_half"
            server.execute(f"DROP DATABASE IF EXISTS {half}")
            server.execute(f"CREATE DATABASE {half}")
            _make(urlunsplit(urlsplit(address)._replace(path=f"/{half}")))
            server.execute(f"ALTER DATABASE {half} RENAME TO {name()}")
    return name()


def _make(address: str, *arguments: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATABASE_URL": address,
            "DATABASE_OWNER_URL": "",
            "TAFAHOM_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
        }
        command = [sys.executable, "-c", MAKE, *arguments]
        subprocess.run(command, env=environment, check=True)
