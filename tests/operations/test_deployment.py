"""The files of deploy/ fit each other, the program and the page that tells how to use them.

`tools/try_deployment.py` runs them all; these are the parts of it that take no time.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tafahom.config import addresses
from tafahom.web.serving import server
from tafahom.web.serving.plain_pages import SENTENCES, plain_page

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx" / "tafahom.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize("status", SENTENCES, ids=lambda status: str(status.value))
def test_pages_of_the_proxy_are_those_of_the_program(status) -> None:
    page = DEPLOY / "nginx" / "pages" / f"{status.value}.html"
    assert page.read_text(encoding="utf-8") == plain_page(status)
    assert f"/{status.value}.html;" in NGINX


def test_the_proxy_lets_through_what_the_program_takes() -> None:
    assert f"client_max_body_size {settings.LARGEST_REQUEST // 2**20}m;" in NGINX
    assert server.LIMITS["limit_request_line"] == server.LIMITS["limit_request_field_size"] == 8190
    assert "large_client_header_buffers 4 8k;" in NGINX
    assert "X-Forwarded-For $remote_addr;" in NGINX


def test_settings_are_read_and_are_not_taken_as_they_are() -> None:
    for name in ("tafahom.env", "owner.env"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        told = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
        for variable in {"DATABASE_URL", "DATABASE_OWNER_URL"} & set(told):
            found = addresses.database(told[variable])
            assert found["OPTIONS"] == {"sslmode": "require"}
            assert found["PASSWORD"].endswith("-PASSWORD")
        assert "example.ir" in told.get("TAFAHOM_ALLOWED_HOSTS", "example.ir")  # is refused


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_units_are_what_systemd_reads(tmp_path: Path) -> None:
    units = []
    for unit in sorted((DEPLOY / "systemd").iterdir()):
        text = unit.read_text(encoding="utf-8")
        place = tmp_path / unit.name
        place.write_text(text.replace("/srv/tafahom/.venv/bin/tafahom", sys.executable))
        units.append(str(place))
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, [said for said in done.stderr.splitlines() if "tafahom" in said]) == (
        0,
        [],
    )


def test_the_page_names_every_file() -> None:
    for file in DEPLOY.rglob("*"):
        if file.is_file() and file.parent.name not in ("pages", "systemd"):
            assert str(file.relative_to(ROOT)) in PAGE, file


@pytest.mark.skipif("TAFAHOM_DEPLOYMENT" not in os.environ, reason="installs a whole server")
def test_the_commands_of_the_page_set_a_server_up(tmp_path: Path) -> None:
    """Needs root, Debian's PostgreSQL 15 and nginx; takes minutes."""
    tool = ROOT / "tools" / "try_deployment.py"
    subprocess.run([sys.executable, tool, os.environ["TAFAHOM_DEPLOYMENT"]], check=True)
