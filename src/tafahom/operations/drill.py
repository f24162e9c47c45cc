"""The drill: backup, restore into an empty place with the keys only, and compare."""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import ProgrammingError, connection
from django.utils.translation import gettext as _

from tafahom.audit import signing
from tafahom.operations import backup
from tafahom.operations.envelope import BackupError, secret_from
from tafahom.operations.state import state
from tafahom.people import keyring, vault

T = TypeVar("T")


def drill() -> dict[str, Any]:
    """Do it and return seconds by step, the size in bytes, and whether all is the same.

    A passphrase is made for the occasion; the temporary place is removed. Raises BackupError.
    """
    seconds: dict[str, float] = {}
    passphrase = secrets.token_urlsafe(24)
    with vault.workplace(None) as folder:
        file = folder / "drill.backup"
        secret = secret_from(passphrase, None)
        manifest = _timed(seconds, "backup", lambda: backup.make(file, secret))
        _timed(seconds, "verify", lambda: backup.verify(file, secret))
        with _second_place(folder) as place:
            place["TAFAHOM_BACKUP_PASSPHRASE"] = passphrase
            _timed(seconds, "restore", lambda: _tafahom(place, "restore", str(file)))
            there = _timed(seconds, "figures", lambda: _tafahom(place, "backup", "--state"))
        size = file.stat().st_size
    restored = json.loads(there)
    here = json.loads(json.dumps(state()))
    audit = {name: restored["audit"][name] for name in ("entries", "head")}
    same_audit = audit == manifest["audit"] and restored["audit"]["intact"]
    # When somebody wrote since the copy was made, the figures of now are not those of the copy.
    quiet = here["audit"]["head"] == manifest["audit"]["head"]
    return {
        "audit_same": same_audit,
        "figures_same": restored["figures"] == here["figures"] if quiet else None,
        "identities_open": restored["identities"]["opened"] > 0
        or not restored["identities"]["count"],
        "second_steps_open": restored["second_steps"] == here["second_steps"] or not quiet,
        "second_steps_count": restored["second_steps"]["opened"],
        "reports_compared": len(restored["figures"]) if quiet else 0,
        "bytes": size,
        "seconds": {step: round(took, 2) for step, took in seconds.items()},
    }


def _timed(seconds: dict[str, float], step: str, work: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = work()
    seconds[step] = time.perf_counter() - start
    return result


@contextlib.contextmanager
def _second_place(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of an empty installation that has our keys and nothing else.

    It has one address and one log-in, ours: another address, in the environment or in ``.env``, would be that of
    the database in use.
    """
    data = folder / "data"
    data.mkdir(mode=0o700)
    environment = os.environ | {
        "TAFAHOM_DATA_DIR": str(data),
        "TAFAHOM_LANGUAGE": "en",
        "DATABASE_OWNER_URL": "",
        "TAFAHOM_AS_OWNER": "",
    }
    if not keyring.in_environment() and keyring.present():
        shutil.copy(keyring.keys_file(), data / "keys.json")
        environment["TAFAHOM_KEYS_FILE"] = str(data / "keys.json")
    if signing.key_file().exists():
        shutil.copy(signing.key_file(), data / "audit-key")
    if Path(settings.SECRET_FILE).exists():
        shutil.copy(settings.SECRET_FILE, data / "secret.key")
    if connection.vendor == "sqlite":
        yield environment | {"DATABASE_URL": f"sqlite:///{data / 'drill.sqlite3'}"}
        return
    name = f"tafahom_drill_{secrets.token_hex(6)}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
    except ProgrammingError as error:
        said = _("“%(role)s” may not make a database for the drill: ALTER ROLE %(role)s CREATEDB.")
        raise BackupError(said % {"role": connection.connection.info.user}) from error
    try:
        yield environment | {"DATABASE_URL": _address(name)}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _address(database: str) -> str:
    """Return the URL of another database on our PostgreSQL server."""
    connection.ensure_connection()
    info = connection.connection.info
    told = {
        name: value
        for name, value in info.get_parameters().items()
        if name in ("host", "port", "sslmode", "sslrootcert")
    }
    who = quote(info.user, safe="")
    if info.password:
        who += ":" + quote(info.password, safe="")
    return f"postgresql://{who}@/{database}?{urlencode(told)}"


def _tafahom(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "tafahom.config.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(
            _("The drill failed at “%(step)s”: %(said)s")
            % {"step": arguments[0], "said": done.stderr.strip()}
        )
    return done.stdout
