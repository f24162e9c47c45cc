"""Twenty officers send rosters through the pages at the same moment: each is checked and recorded."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import requests

from robustness.installation import Installation
from robustness.test_kills import found_an_office
from roster_files import line, roster

OFFICERS, ROWS = 20, 5
TOKEN = "a" * 64
SECONDS = 240


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    found_an_office(made)
    yield made
    made.close()


@pytest.fixture
def address(office: Installation) -> Iterator[str]:
    """Where `tafahom serve` serves the office."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve = [sys.executable, "-m", "django", "serve", "--port", str(port)]
    running = subprocess.Popen(serve, env=office.environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.terminate()
    assert running.wait(60) == 0


class Officer:
    """Somebody at a browser."""

    def __init__(self, address: str, key: str, number: int) -> None:
        self._address, self._number = address, number
        self._session = requests.Session()
        self._session.cookies.update({"sessionid": key, "csrftoken": TOKEN})

    def send(self, together: Barrier) -> str:
        """Send a roster when all are ready, look until it is checked, have it recorded; its page."""
        rows = [
            line(
                self._number * ROWS + at,
                **{
                    "کد دوره": f"1397{self._number:02}{at}",
                    "کد استاندارد": f"72122023003{at:04}",
                    "عنوان دوره": f"استاندارد تازه {at}",
                    "نام مرکز": f"مرکز تازه {self._number % 4}",
                },
            )
            for at in range(ROWS)
        ]
        file = (f"{self._number}.csv", roster(*rows))
        together.wait()
        page = self._post("/imports/", files={"files": file})
        self._look(page, until="commit/")
        self._post(f"{page}commit/")
        return page

    def _look(self, page: str, *, until: str) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self._session.get(self._address + page, timeout=60)
            assert answer.status_code == 200, (page, answer.status_code)
            if until in answer.text:
                return
            assert time.monotonic() < deadline, answer.text
            time.sleep(0.5)

    def _post(self, path: str, **sent: dict[str, tuple[str, bytes]]) -> str:
        answer = self._session.post(
            self._address + path,
            data={"csrfmiddlewaretoken": TOKEN},
            allow_redirects=False,
            timeout=60,
            **sent,
        )
        assert answer.status_code == 302, (path, answer.status_code, answer.text)
        return answer.headers["Location"]


def test_all_are_recorded(office: Installation, address: str) -> None:
    keys = office.work("come_in", count=OFFICERS)
    officers = [Officer(address, key, number) for number, key in enumerate(keys)]
    together = Barrier(OFFICERS)
    with ThreadPoolExecutor(OFFICERS) as pool:
        pages = list(pool.map(lambda officer: officer.send(together), officers))
    deadline = time.monotonic() + SECONDS
    uids = [page.strip("/").rpartition("/")[2] for page in pages]
    while any(office.work("state", uid=uid)[1] in ("waiting", "running") for uid in uids):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    assert {tuple(office.work("state", uid=uid)) for uid in uids} == {("committed", "done")}
    seen = office.work("look")
    assert seen["faults"] == []
    assert seen["imports"] == sorted([f"{number}.csv", ROWS, ROWS] for number in range(OFFICERS))
    assert office.work("standards") == ROWS
    assert office.work("persons", year=1397) == OFFICERS * ROWS
