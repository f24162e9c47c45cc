"""Signs of life of the worker and of its keeper, and what is done when they cease.

Both write them into the data directory. The worker tells what it has in hand, so that long work
is told from a hang; the keeper tells when it was stopped on purpose.
"""

import contextlib
import json
import os
import signal
import socket
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings

WORKER, KEEPER = "worker.beat", "worker.keeper.beat"
LOCK = "worker.lock"
KEEPER_PID = "TAFAHOM_KEEPER_PID"  # in the environment of a worker
WRITTEN_EVERY = 5  # seconds


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life: seconds since the epoch; ``busy_since`` is 0 without a task in hand."""

    pid: int
    at: float
    busy_since: float = 0
    is_stopped: bool = False

    @property
    def is_overdue(self) -> bool:
        """Whether it lasts longer than it should: without a sign, or with one task."""
        if self.busy_since:
            return bool(time.time() - self.busy_since > settings.TASK_MINUTES * 60)
        return bool(time.time() - self.at > settings.WORKER_SILENCE)


class Heart:
    """Writes the signs of life of this process, not more often than anybody looks."""

    def __init__(self, name: str) -> None:
        self._name, self._last = name, Beat(os.getpid(), 0)

    def beat(self, *, busy: bool = False) -> None:
        """Note that we are alive; whether with a task is written at once."""
        now = time.time()
        is_new = busy != bool(self._last.busy_since)
        if is_new or now - self._last.at >= WRITTEN_EVERY:
            since = (self._last.busy_since or now) if busy else 0
            self._write(replace(self._last, at=now, busy_since=since))

    def stop(self) -> None:
        """Note that we end because we were told to."""
        self._write(replace(self._last, at=time.time(), is_stopped=True))

    def _write(self, beat: Beat) -> None:
        place = Path(settings.DATA_DIR) / self._name
        draft = place.with_suffix(f".{beat.pid}")
        draft.write_text(json.dumps(asdict(beat)), encoding="ascii")
        os.replace(draft, place)
        self._last = beat


def last_beat(name: str) -> Beat | None:
    """Return the last sign of life; None when there was none yet."""
    try:
        return Beat(**json.loads((Path(settings.DATA_DIR) / name).read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def end_overdue_worker() -> bool:
    """Kill the worker of this installation when it hangs; return whether that was needed.

    Its number may be another process's by now, so it must be called what a worker is called.
    """
    beat = last_beat(WORKER)
    if not beat or not beat.is_overdue or not _is_worker(beat.pid):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(beat.pid, signal.SIGKILL)
    return True


def tell_manager(state: str) -> None:
    """Tell systemd, where it started us and wants to know: ``READY=1``, ``WATCHDOG=1``."""
    if address := os.environ.get("NOTIFY_SOCKET", ""):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            place = f"\0{address[1:]}" if address.startswith("@") else address
            with contextlib.suppress(OSError):
                manager.sendto(state.encode(), place)


def _is_worker(pid: int) -> bool:
    try:
        return b"db_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
