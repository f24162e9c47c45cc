"""`tafahom work`: the background worker, and what takes its work up again when it dies."""

import argparse
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from tafahom.jobs import watch
from tafahom.jobs.actions import take_up_lost

SHORTEST_PAUSE, LONGEST_PAUSE = 1, 60  # seconds before a worker that died is started again


class Command(BaseCommand):
    """Keeps one worker of the installation running.

    A lock says that it runs: the worker holds it too, so that work is never taken up from a
    worker that is only slow, even when this process was killed. A second `work` waits. A worker
    that hangs (``jobs.watch``) is ended, also one whose keeper is gone.
    """

    help = "Do the long work that pages ask for, until interrupted (`serve` starts this itself)"
    requires_system_checks = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._worker: subprocess.Popen[bytes] | None = None
        self._is_over = threading.Event()
        self._heart = watch.Heart(watch.KEEPER)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--while-open", action="store_true", help="stop when the standard input is closed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work; returns when told to stop, after the task in hand."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        if options["while_open"]:
            threading.Thread(target=self._stop_at_end_of_input, daemon=True).start()
        watch.tell_manager("READY=1")
        with (Path(settings.DATA_DIR) / watch.LOCK).open("w") as lock:
            if self._hold(lock):
                self._keep_working(lock)
                self._heart.stop()

    def _hold(self, lock: IO[str]) -> bool:
        """Wait until no other worker of this installation runs; False when told to stop."""
        while not self._is_over.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                watch.tell_manager("WATCHDOG=1")
                if watch.end_overdue_worker():
                    self.stderr.write("A worker that nobody kept did not answer; it was ended.")
                self._is_over.wait(SHORTEST_PAUSE)
            else:
                return True
        return False

    def _keep_working(self, lock: IO[str]) -> None:
        pause = SHORTEST_PAUSE
        while not self._is_over.is_set():
            begun = time.monotonic()
            if self._take_up():
                self._work(lock)
            if time.monotonic() - begun > LONGEST_PAUSE:
                pause = SHORTEST_PAUSE
            self._rest(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _take_up(self) -> bool:
        """Put lost work back; False where the database is not there or not prepared yet."""
        try:
            if lost := take_up_lost():
                self.stderr.write(f"A worker died; {lost} jobs are taken up again.")
        except DatabaseError:
            return False
        finally:
            connections.close_all()
        return True

    def _work(self, lock: IO[str]) -> None:
        """Have a worker work until it dies or is told to stop."""
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "django", "db_worker", "-v", "0"],
            env=os.environ | {watch.KEEPER_PID: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            pass_fds=[lock.fileno()],
            start_new_session=True,  # Ctrl+C in the terminal is for us; we tell the worker
        )
        if self._is_over.is_set():  # told before there was a worker to tell
            self._worker.terminate()
        while not self._has_ended(self._worker):
            self._show_life()
            if watch.end_overdue_worker():
                self.stderr.write("The worker did not answer; it is started again.")

    def _has_ended(self, worker: subprocess.Popen[bytes]) -> bool:
        try:
            worker.wait(SHORTEST_PAUSE)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._is_over.is_set() and time.monotonic() < until:
            self._show_life()
            self._is_over.wait(min(SHORTEST_PAUSE, seconds))

    def _show_life(self) -> None:
        self._heart.beat()
        watch.tell_manager("WATCHDOG=1")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_over.set()
        if self._worker:
            self._worker.terminate()

    def _stop_at_end_of_input(self) -> None:
        sys.stdin.read()
        self._is_over.set()
        if self._worker:
            self._worker.terminate()
