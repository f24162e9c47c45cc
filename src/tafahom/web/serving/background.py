"""The keeper of the worker, beside the pages: started with them, and again when it dies or hangs."""

import subprocess
import sys
import time
from typing import IO

from django.conf import settings

from tafahom.jobs.watch import KEEPER, last_beat

SHORTEST_PAUSE = 5  # seconds between two starts


def is_needed() -> bool:
    """Return whether long work is done by a worker at all."""
    backend: str = settings.TASKS["default"]["BACKEND"]
    return backend.startswith("django_tasks_db")


class Background:
    """`tafahom work`, which ends when its standard input does: however the server ends."""

    def __init__(self, said: IO[str]) -> None:
        self._said, self._started = said, 0.0
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        command = [sys.executable, "-m", "django", "work", "--while-open"]
        self._keeper = subprocess.Popen(command, stdin=subprocess.PIPE)
        self._started = time.time()

    def look_after(self) -> None:
        """Start it again where it has ended, or gave no sign of life for too long."""
        if self._keeper is None or time.time() - self._started < SHORTEST_PAUSE:
            return
        if self._keeper.poll() is None:
            beat = last_beat(KEEPER)
            if not beat or beat.pid != self._keeper.pid or not beat.is_overdue:
                return
            self._keeper.kill()
        self._said.write("What keeps the worker running had ended; it is started again.\n")
        self.start()

    def stop(self) -> None:
        """Tell it to end after the task in hand."""
        if self._keeper:
            self._keeper.terminate()
            self._keeper = None
