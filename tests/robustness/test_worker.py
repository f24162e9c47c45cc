"""The background worker is killed while it records rosters: its work is taken up and finished."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from robustness.installation import Installation
from robustness.test_kills import FILES, ROWS, found_an_office, write_rosters


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    found_an_office(made)
    write_rosters(made.folder / "rosters")
    yield made
    made.close()


@pytest.fixture
def keeper(office: Installation) -> Iterator[subprocess.Popen[bytes]]:
    """`tafahom work`, as `serve` starts it."""
    running = subprocess.Popen(
        [sys.executable, "-m", "django", "work", "--while-open"],
        env=office.environment,
        stdin=subprocess.PIPE,
    )
    yield running
    assert running.stdin
    running.stdin.close()
    assert running.wait(60) == 0


def workers_of(keeper: subprocess.Popen[bytes]) -> list[int]:
    children = Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the worker in /proc")
def test_what_a_killed_worker_left_is_finished(
    office: Installation, keeper: subprocess.Popen[bytes]
) -> None:
    chance = random.Random(97)
    uid = office.work("upload", folder=str(office.folder / "rosters"))
    kills = 0
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        state, job = office.work("state", uid=uid)
        if state in ("committed", "failed"):
            break
        if job == "running" and kills < 2:
            time.sleep(chance.uniform(0, 0.4))
            for pid in workers_of(keeper):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    kills += 1
    assert (state, job, kills > 0) == ("committed", "done", True)
    seen = office.work("look")
    assert seen["faults"] == []
    assert seen["imports"] == [[f"{number}.csv", ROWS, ROWS] for number in range(FILES)]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the worker in /proc")
def test_one_worker_at_a_time_and_another_when_it_is_gone(
    office: Installation, keeper: subprocess.Popen[bytes]
) -> None:
    def first_of(work: subprocess.Popen[bytes]) -> int:
        deadline = time.monotonic() + 60
        while not (found := workers_of(work)):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        return found[0]

    worker = first_of(keeper)
    second = subprocess.Popen(
        [sys.executable, "-m", "django", "work"], env=office.environment, stdin=subprocess.DEVNULL
    )
    try:
        time.sleep(3)
        assert workers_of(second) == []
        os.kill(worker, signal.SIGKILL)
        keeper.terminate()
        keeper.wait(60)
        assert first_of(second)
    finally:
        second.terminate()
        assert second.wait(60) == 0
