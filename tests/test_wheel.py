"""An installed wheel works in an empty folder, with no checkout at hand.

`make wheel` sets TAFAHOM_WHEEL and loads the whole demonstration; otherwise the tables are taken
from the suite, since making them anew takes as long as all the rest.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[1]
PARTS = (
    "pyproject.toml",
    "setup.py",
    "README.md",
    "LICENSE",
    "package.json",
    "package-lock.json",
    "requirements/runtime.in",
    "tools/assets.py",
)
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
IS_WHOLE = "TAFAHOM_WHEEL" in os.environ

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="once is enough"),
    pytest.mark.skipif(not (ROOT / "var" / "assets").is_dir(), reason="needs the page assets"),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that nothing is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in PARTS:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    leave = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.mo")
    shutil.copytree(ROOT / "src", source / "src", ignore=leave)
    shutil.copytree(ROOT / "var" / "assets", source / "var" / "assets")  # fetched already
    build = ("wheel", "--no-deps", "--no-build-isolation", "-w", folder)
    subprocess.run([*PIP, *build, source], check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


class Installed:
    """The product out of a wheel, run in an empty folder by somebody with an empty home."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.code, self.empty, self.home = (folder / name for name in ("code", "empty", "home"))
        self.data = self.home / ".local" / "share" / "tafahom" / "var"
        self.empty.mkdir()
        self.home.mkdir()
        install = ("install", "--no-deps", "--no-compile", "--target", self.code)
        subprocess.run([*PIP, *install, wheel], check=True)
        apart = ("TAFAHOM_", "DATABASE_", "DJANGO_", "XDG_", "PYTHON")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(apart)}
        self.environment = kept | {
            "HOME": str(self.home),
            "PYTHONPATH": str(self.code),  # before the checkout, which is installed too
        }

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start a command of `tafahom`."""
        return subprocess.Popen(
            [sys.executable, str(self.code / "bin" / "tafahom"), *map(str, arguments)],
            cwd=self.empty,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: object) -> str:
        """Run a command to its end; its standard output."""
        out, problems = (command := self.start(*arguments)).communicate(timeout=300)
        assert command.returncode == 0, problems
        return out


@pytest.fixture
def installed(tmp_path: Path, wheel: Path) -> Installed:
    return Installed(tmp_path, wheel)


@pytest.fixture
def address(
    installed: Installed, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """Where the installed product serves; it is started when the test asks for pages."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if IS_WHOLE:
        assert "administrator" in installed.run("demo", "load")
    else:
        with django_db_blocker.unblock():  # no transaction: VACUUM minds one
            tables_of_the_suite(installed.data / "tafahom.sqlite3")
        installed.run("init")
    serving = installed.start("serve", "--port", port, "--without-worker")
    give_up = time.monotonic() + 60
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert serving.poll() is None, serving.communicate()
        assert time.monotonic() < give_up
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    serving.terminate()
    assert serving.wait(60) == 0


def tables_of_the_suite(place: Path) -> None:
    """Copy the empty tables that the tests have already."""
    place.parent.mkdir(parents=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(place)])


def test_it_serves_pages_in_an_empty_folder(installed: Installed, address: str) -> None:
    page = requests.get(address, timeout=60)
    assert page.status_code == 200
    assert "تفاهم" in page.text  # translations
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert any("tabler" in file for file in files)  # third-party
    assert any("shell/tafahom" in file for file in files)  # our own
    assert {requests.get(address + file, timeout=60).status_code for file in files} == {200}
    origin = subprocess.run(
        [sys.executable, "-c", "import tafahom; print(tafahom.__file__)"],
        cwd=installed.empty,
        env=installed.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert origin.stdout.startswith(str(installed.code))
    assert not list(installed.empty.iterdir())  # what it keeps is at home
    assert (installed.data / "secret.key").stat().st_mode & 0o077 == 0


def test_it_carries_all_data_and_nothing_of_the_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        (place,) = (name for name in names if name.endswith("/METADATA"))
        metadata = packed.read(place).decode()
    tracked = [path for path in (ROOT / "src").rglob("*") if path.suffix not in (".pyc", ".mo")]
    ours = {
        str(path.relative_to(ROOT / "src"))
        for path in tracked
        if path.is_file() and "egg-info" not in str(path)
    }
    assert ours - set(names) == set()
    assert "tafahom/locale/fa/LC_MESSAGES/django.mo" in names
    assert [name for name in names if "axe-core" in name or name.startswith("tests")] == []
    for line in ("License-Expression: Apache-2.0", "Requires-Python: >=3.11"):
        assert line in metadata
    needed = re.findall(r"^Requires-Dist: (.+)$", metadata, re.MULTILINE)
    assert [one for one in needed if not re.search("[<>=~]", one)] == []  # each has a range
