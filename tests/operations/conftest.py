"""Installations of their own, worked on from outside as an operator does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

import schema
from roster_files import line, write_roster

TAFAHOM = str(Path(sys.executable).with_name("tafahom"))
PASSPHRASE = "correct horse battery staple"
REGISTRIES = {
    "partners": "name,kind,main_audience\nاتاق اصناف ایران,غیردولتی,صنف\n",
    "agreements": "number,partner,level,signed_on,starts_on,ends_on,parent,target_persons,"
    "target_person_hours,year\n"
    "553/96/2508,اتاق اصناف ایران,استانی,1396/10/01,1396/11/01,1398/12/29,,500,20000,1397\n",
}


class Installation:
    """A database, a data directory, and the command."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.data.mkdir(parents=True, exist_ok=True)
        self.environment = os.environ | {
            "DATABASE_URL": database,
            "TAFAHOM_DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
            "TAFAHOM_LANGUAGE": "en",
            "TAFAHOM_BACKUP_PASSPHRASE": PASSPHRASE,
        }

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [TAFAHOM, *arguments],
            env=self.environment | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, status: int = 0, **more: str) -> str:
        """What a command said, on both streams; it must end with this status."""
        done = self.start(*arguments, **more)
        out, error = done.communicate(timeout=300)
        assert done.returncode == status, (done.returncode, out, error)
        return out + error

    def python(self, code: str) -> Any:
        """The JSON that Python code prints in this installation."""
        command = [sys.executable, "-c", "import django; django.setup()\n" + SEES_ALL + code]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def state(self) -> Any:
        return json.loads(self.run("backup", "--state"))

    def roster(self, name: str, first: int, rows: int) -> Path:
        """A roster of people whose numbers begin at ``first``."""
        file = self.folder / f"{name}.csv"
        lines = [
            line(first + at, **{"کد دوره": f"1397{first + at // 20:06}"}) for at in range(rows)
        ]
        write_roster(file, *lines)
        return file


class Open(Protocol):
    """Opens a place of its own."""

    def __call__(self, name: str, *, migrated: bool = False) -> Installation: ...


SEES_ALL = """
from tafahom.scoping import everything
all_of_it = everything("a test")
all_of_it.__enter__()
"""


@pytest.fixture(scope="module")
def open_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Return a function: an empty place, on the kind of database the suite runs on.

    With ``migrated`` its tables are there already, so that `init` has less to do.
    """
    address = os.environ.get("DATABASE_URL", "")
    made: list[str] = []

    def place(name: str, *, migrated: bool = False) -> Installation:
        folder = tmp_path_factory.mktemp(name)
        if not address.startswith("postgres"):
            file = folder / "data" / "tafahom.sqlite3"
            if migrated:
                schema.copy_to(file)
            return Installation(folder, f"sqlite:///{file}")
        database = f"{name}_{os.getpid()}_{len(made)}"
        model = schema.template(address) if migrated else "template1"
        with psycopg.connect(address, dbname="postgres", autocommit=True) as server:
            server.execute(f"CREATE DATABASE {database} TEMPLATE {model}")
        made.append(database)
        return Installation(folder, urlunsplit(urlsplit(address)._replace(path=f"/{database}")))

    yield place
    if made:
        with psycopg.connect(address, dbname="postgres", autocommit=True) as server:
            for database in made:
                server.execute(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="module")
def office(open_place: Open) -> Installation:
    """An installation with registries and 300 people."""
    made = open_place("office", migrated=True)
    made.run("init")
    for name, text in REGISTRIES.items():
        (made.folder / f"{name}.csv").write_text(text, encoding="utf-8")
        made.run("load", name, str(made.folder / f"{name}.csv"))
    made.run("roster", "import", str(made.roster("first", 0, 300)))
    # A page keeps what was sent; the command leaves files where they are.
    made.python(
        "from tafahom.exchange.rosters.storage import rejects_path, store\n"
        "sent = store([b'what a centre sent'], name='centre.csv')\n"
        "rejects_path('centre.csv', sent.sha256).write_bytes(b'what went back')\n"
        "from allauth.mfa.totp.internal.auth import TOTP\n"
        "from tafahom.access.accounts.actions import factor_changed\n"
        "from tafahom.access.actions import create_user\n"
        "officer = create_user(username='rezaei', password='گربهٔ پشت پنجره ۷۳ بار', by=None)\n"
        "TOTP.activate(officer, 'JBSWY3DPEHPK3PXP')\n"
        "factor_changed(user=officer, what='added', by=officer)\n"
        "print('true')"
    )
    return made
