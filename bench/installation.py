"""An installation of its own in a temporary folder, driven from outside as a person would."""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from bench import year

ROOT = Path(__file__).resolve().parents[1]
TAFAHOM = str(Path(sys.executable).with_name("tafahom"))
START_SECONDS = 60
PAUSE = 0.02
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: wall clock, and the most memory that it and its children held.

    ``cpu`` are seconds of processor of it and, when it was watched, of all that it started.
    ``peak`` is in bytes of resident memory at one moment, summed over the processes. Both are
    seen at intervals of ``PAUSE`` then; ``peak`` is zero when it was not watched.
    """

    seconds: float
    cpu: float
    peak: int
    output: str


class Installation:
    """A database and a data folder that are gone afterwards.

    ``BENCH_DATABASE_URL`` names another database, empty and of its own, that stays as it is left;
    ``BENCH_TABLES`` a SQLite file that has all tables and no rows, to begin with a copy of it.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tafahom-bench-")
        self.folder = Path(self._folder.name)
        self.data = self.folder / "data"
        self.data.mkdir()
        self.database = self.data / "tafahom.sqlite3"
        if tables := os.environ.get("BENCH_TABLES"):
            shutil.copy(tables, self.database)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("TAFAHOM_", "DATABASE_URL", "DJANGO_", "PYTHONDONTWRITE"))
        } | {
            "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{self.database}"),
            "TAFAHOM_DATA_DIR": str(self.data),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        }

    def __enter__(self) -> "Installation":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._folder.cleanup()

    def prepare(self) -> None:
        """Make the database, with reference data, the partners and their agreements."""
        self.tafahom("init")
        partners, agreements = year.write_registries(self.folder)
        self.tafahom("load", "partners", str(partners))
        self.tafahom("load", "agreements", str(agreements))

    def tafahom(self, *arguments: str, watched: bool = False) -> Spent:
        """Run a command of the product as a process of its own."""
        return self.command(TAFAHOM, *arguments, watched=watched)

    def inside(self, module: str, *arguments: str) -> str:
        """Run ``bench.MODULE.main`` in this installation; what it prints."""
        return self.python("-m", "bench.inside", module, *arguments).output.strip()

    def python(self, *arguments: str, watched: bool = False) -> Spent:
        """Run Python as a process of its own."""
        return self.command(sys.executable, *arguments, watched=watched)

    def command(self, *arguments: str, watched: bool = False) -> Spent:
        """Run a command as a process of its own. Raises RuntimeError when it fails."""
        started, before = time.perf_counter(), _cpu()
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                arguments,
                cwd=self.folder,
                env=self.environment,
                stdout=output,
                stderr=errors,
            )
            peak, seen = _watch(process) if watched else (0, 0.0)
            status = process.wait()
            seconds = time.perf_counter() - started
            output.seek(0)
            if status:
                errors.seek(0)
                said = errors.read().decode()[-2_000:] + output.read().decode()[-2_000:]
                raise RuntimeError(f"{' '.join(arguments)}: exit status {status}\n{said}")
            return Spent(seconds, max(seen, _cpu() - before), peak, output.read().decode())

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[int]:
        """Run a server until the end of the block; its port, once it answers."""
        port = _free_port()
        process = subprocess.Popen(
            [*arguments, "--port", str(port)],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        try:
            _await(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _cpu() -> float:
    """Return seconds of processor of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(PAUSE)
    raise RuntimeError("The server did not start.")


def _watch(process: "subprocess.Popen[bytes]") -> tuple[int, float]:
    """Return the most memory (bytes) of a process and its descendants together, and their seconds.

    The seconds of processor are those last seen of each: some are forked and waited for by
    nobody, so that no parent is told what they took.
    """
    peak, used = 0, dict[int, float]()
    while process.poll() is None:
        family = _family(process.pid)
        peak = max(peak, sum(_resident(pid) for pid in family))
        for pid in family:
            used[pid] = max(used.get(pid, 0.0), _seconds(pid))
        time.sleep(PAUSE)
    return peak, sum(used.values())


def _family(pid: int) -> Sequence[int]:
    """Return a process and all that it started, as far as they run."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue  # it has just ended
    return found


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0  # it has just ended
    return pages * os.sysconf("SC_PAGE_SIZE")


def _seconds(pid: int) -> float:
    """Return seconds of processor of a process, without its children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it has just ended
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
