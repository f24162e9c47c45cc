"""The server as a person starts it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def server(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
        "TAFAHOM_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "django", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield running
    running.kill()
    running.wait()


def test_it_says_where_it_is_serves_and_stops_when_told(
    server: subprocess.Popen[str], port: int
) -> None:
    assert server.stdout is not None
    assert f"http://127.0.0.1:{port}/" in server.stdout.readline()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=30) as page:
        assert page.status == 200
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    style = f"http://127.0.0.1:{port}/static/shell/tafahom.css"
    with urllib.request.urlopen(style, timeout=30) as sheet:
        assert b"--accent" in sheet.read()
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0


def test_a_port_that_cannot_be_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("serve", port=70000)
