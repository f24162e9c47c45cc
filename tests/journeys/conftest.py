"""A real browser before a real server, in an installation of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

import schema

TAFAHOM = str(Path(sys.executable).with_name("tafahom"))
# A machine that does other work besides is slow, not wrong.
expect.set_options(timeout=30_000)
PASSWORD = "correct horse battery"
ROLES = (
    "agreements_officer",
    "public_relations",
    "director",
    "centre_clerk",
    "auditor",
    "administrator",
)
PARTNERS = "name,kind,main_audience\nسازمان زندان‌ها,دولتی,زندانی\n"
AGREEMENTS = (
    "number,partner,level,signed_on,starts_on,ends_on,parent,target_persons,target_person_hours,year\n"
    "553/96/2508,سازمان زندان‌ها,استانی,1396/10/01,1396/11/01,1398/12/29,,20,2000,1397\n"
)
OPEN_ACCOUNTS = """
import django; django.setup()
from tafahom.access.actions import create_user, give_role
from tafahom.access.rules import Part, Role, is_fitting
from tafahom.parties.queries import home_province
for role in {roles!r}:
    user = create_user(username=role, password={password!r}, roles=[], by=None)
    part = None if is_fitting(Role(role), None) else Part.PROVINCE
    of = home_province() if part else None
    give_role(user=user, role=Role(role), part=part, of=of, by=None)
"""


@dataclass(frozen=True)
class Installation:
    """A running installation: its address and where its data is."""

    address: str
    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a `tafahom` command in it."""
        command = [TAFAHOM, *map(str, arguments)]
        return subprocess.run(
            command, env=self.environment, check=True, capture_output=True, text=True
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file: its event loop must not be running when other files begin."""
    path = os.environ.get("TAFAHOM_BROWSER") or _installed()
    if not path:
        pytest.skip("no browser is here")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


def _installed() -> str:
    return which("chromium") or which("chromium-browser") or which("google-chrome") or ""


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with one partner, one agreement and an account for each role."""
    with opened(tmp_path_factory.mktemp("installation")) as made:
        yield made


@contextmanager
def opened(folder: Path) -> Iterator[Installation]:
    """Set an installation up in an empty folder and serve it."""
    port = _free_port()
    environment: dict[str, str] = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'tafahom.sqlite3'}",
        "TAFAHOM_DATA_DIR": str(folder / "data"),
        "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
        "TAFAHOM_NAMES_DAYS": "7,100000",  # courses of 1397 are still worked with
    }
    made = Installation(f"http://127.0.0.1:{port}", folder, environment)
    schema.copy_to(folder / "tafahom.sqlite3")
    made.run("init")
    for registry, text in (("partners", PARTNERS), ("agreements", AGREEMENTS)):
        (folder / f"{registry}.csv").write_text(text, encoding="utf-8")
        made.run("load", registry, folder / f"{registry}.csv")
    accounts = OPEN_ACCOUNTS.format(roles=ROLES, password=PASSWORD)
    subprocess.run([sys.executable, "-c", accounts], env=environment, check=True)
    command = [TAFAHOM, "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(made.address, server)
        yield made
    finally:
        server.terminate()
        server.wait(20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(address: str, server: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")
