"""An import that is killed at any moment leaves whole files or nothing; running it again finishes it.

``TAFAHOM_KILLS`` says how often (a few by default; 300 before a release).
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from roster_files import line, write_roster

KILLS = int(os.environ.get("TAFAHOM_KILLS", "6"))
FILES, ROWS = 5, 120
TAFAHOM = str(Path(sys.executable).with_name("tafahom"))
REGISTRIES = {
    "partners": "name,kind,main_audience\nاتاق اصناف ایران,غیردولتی,صنف\n",
    "agreements": "number,partner,level,signed_on,starts_on,ends_on,parent,target_persons,"
    "target_person_hours,year\n553/96/2508,اتاق اصناف ایران,استانی,1396/10/01,1396/11/01,1398/12/29,,,,\n",
}
LOOK = """
import django, json; django.setup()
from django.db.models import Count
from tafahom.audit.queries import verify_chain
from tafahom.credentials.models import Certificate
from tafahom.training.models import Enrolment, RosterImport
counted = RosterImport.objects.annotate(found=Count("enrolments"))
print(json.dumps({
    "imports": sorted((row.file_name, row.accepted, row.found) for row in counted),
    "enrolments": Enrolment.objects.count(),
    "certificates": Certificate.objects.count(),
    "intact": verify_chain().intact,
}))
"""


class Office:
    """An installation that is killed and looked into from outside."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.rosters = folder / "rosters"
        self.environment = os.environ | {
            "DATABASE_URL": database,
            "TAFAHOM_DATA_DIR": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
        }
        self.run("init")
        for name, text in REGISTRIES.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            self.run("load", name, str(folder / f"{name}.csv"))
        self.rosters.mkdir()
        for number in range(FILES):
            rows = [
                line(number * ROWS + at, **{"کد دوره": f"1397{number:02}{at // 20:03}"})
                for at in range(ROWS)
            ]
            write_roster(self.rosters / f"{number}.csv", *rows)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [TAFAHOM, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> str:
        done = self.start(*arguments)
        out, error = done.communicate()
        assert done.returncode == 0, error
        return out

    def look(self) -> dict[str, object]:
        command = [sys.executable, "-c", LOOK]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=True
        )
        found: dict[str, object] = json.loads(done.stdout)
        return found


@pytest.fixture
def office(tmp_path: Path, new_database: str) -> Office:
    return Office(tmp_path, new_database)


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own beside the suite's."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'killed.sqlite3'}"
        return
    name = f"killed_{os.getpid()}"
    with psycopg.connect(address, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(address)
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(address, dbname="postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_nothing_is_lost_doubled_or_half_written(office: Office) -> None:
    chance = random.Random(97)
    for _ in range(KILLS):
        work = office.start("roster", "import", str(office.rosters), "--json")
        time.sleep(chance.uniform(0.1, 2.2))
        os.killpg(work.pid, signal.SIGKILL)
        work.communicate()
        seen = office.look()
        assert seen["intact"]
        for name, accepted, found in seen["imports"]:  # type: ignore[attr-defined]
            assert accepted == found == ROWS, name
        assert seen["enrolments"] == seen["certificates"] == ROWS * len(seen["imports"])  # type: ignore[arg-type]
    office.run("roster", "import", str(office.rosters), "--json")
    seen = office.look()
    assert [name for name, *_counts in seen["imports"]] == [f"{n}.csv" for n in range(FILES)]  # type: ignore[attr-defined]
    assert seen["enrolments"] == seen["certificates"] == FILES * ROWS
    report = json.loads(
        office.run("report", "--year", "1397", "--through", "12", "--format", "json")
    )
    assert report["total"]["persons"] == FILES * ROWS
    assert report["total"]["person_hours"] == FILES * ROWS * 100
