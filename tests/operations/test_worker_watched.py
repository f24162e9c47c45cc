"""The worker, and who keeps it running, are watched: what hangs or dies is replaced and told."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from operations.conftest import Installation, Open
from operations.visitor import served
from tafahom.jobs.watch import KEEPER, WORKER, Beat, last_beat
from tafahom.operations.worker_health import trouble

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="finds processes in /proc"
)


@pytest.fixture(scope="module")
def place(open_place: Open) -> Installation:
    made = open_place("watched", migrated=True)
    made.environment["TAFAHOM_WORKER_SILENCE"] = "7"
    made.run("init")
    return made


@pytest.fixture
def keeper(place: Installation) -> Iterator[subprocess.Popen[str]]:
    running = place.start("work")
    yield running
    running.terminate()
    running.communicate(timeout=60)


@pytest.fixture(autouse=True)
def _looks_there(place: Installation, settings: Settings) -> None:
    settings.DATA_DIR, settings.WORKER_SILENCE = place.data, 7


def until(what: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def pid_of(name: str) -> int:
    """The process that gave the last sign of life; 0 when it is gone."""
    beat = last_beat(name)
    try:
        is_there = beat is not None and b"\0" in Path(f"/proc/{beat.pid}/cmdline").read_bytes()
    except OSError:
        return 0
    return beat.pid if beat and is_there else 0


def test_a_worker_that_hangs_is_replaced(keeper: subprocess.Popen[str]) -> None:
    until(lambda: pid_of(KEEPER) == keeper.pid and pid_of(WORKER))
    hung = pid_of(WORKER)
    os.kill(hung, signal.SIGSTOP)
    until(lambda: pid_of(WORKER) not in (0, hung))
    assert keeper.poll() is None


def test_the_doctor_tells_of_a_death_and_of_a_stop(
    place: Installation, keeper: subprocess.Popen[str]
) -> None:
    until(lambda: pid_of(KEEPER) == keeper.pid and pid_of(WORKER))
    assert trouble() is None
    keeper.kill()
    # Nobody keeps it: it ends after the task in hand, and another may begin.
    until(lambda: not pid_of(WORKER) and trouble())  # its lock goes a moment after itself
    assert "از کار افتاده" in (trouble() or "")
    assert "what keeps it running" in place.run("doctor", status=1)
    second = place.start("work")
    until(lambda: pid_of(KEEPER) == second.pid and pid_of(WORKER))
    assert trouble() is None
    second.terminate()
    second.communicate(timeout=60)
    assert "متوقف شده" in (trouble() or "")


@pytest.mark.skipif("TAFAHOM_KILLS" not in os.environ, reason="takes half a minute")
def test_the_keeper_is_watched_by_what_serves_the_pages(place: Installation) -> None:
    with served(place):
        until(lambda: pid_of(KEEPER))
        for number in (signal.SIGKILL, signal.SIGSTOP):  # dies, then hangs
            keeper = pid_of(KEEPER)
            os.kill(keeper, number)
            until(lambda keeper=keeper: pid_of(KEEPER) not in (0, keeper))
        kept = pid_of(KEEPER)
    with contextlib.suppress(ProcessLookupError):
        until(lambda: pid_of(KEEPER) != kept)


def test_a_task_may_take_its_time_and_no_longer(settings: Settings) -> None:
    settings.TASK_MINUTES, settings.WORKER_SILENCE, now = 30, 120, time.time()
    assert not Beat(1, now - 600, busy_since=now - 600).is_overdue
    assert Beat(1, now, busy_since=now - 1801).is_overdue
    assert Beat(1, now - 121).is_overdue
    assert not Beat(1, now - 60).is_overdue


def test_where_nobody_ever_worked_only_production_is_told(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR, settings.PRODUCTION = tmp_path, False
    assert trouble() is None
    settings.PRODUCTION = True
    assert "tafahom work" in (trouble() or "")
