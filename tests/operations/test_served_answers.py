"""What the server answers by itself, and what it writes of it."""

import socket
from urllib.parse import urlsplit

import pytest

from operations.conftest import Installation, Open
from operations.visitor import served
from tafahom.identifiers.tokens import new_token

TOKEN = new_token()
REQUESTS = {
    "long address": f"GET /{'a' * 9000} HTTP/1.1",
    "long header": f"GET /login/ HTTP/1.1\r\nCookie: a={'b' * 9000}",
    "link": f"GET /invitation/{TOKEN}/x?key={TOKEN} HTTP/1.1",
    "hostile line": f"GET /invitation/{TOKEN}\x1b[31m HTTP/9.9",
    "calendar": f"POST /calendar/{TOKEN}.ics HTTP/1.1\r\nContent-Length: 0",
}


@pytest.fixture(scope="module")
def place(open_place: Open) -> Installation:
    made = open_place("answers", migrated=True)
    made.run("init")
    return made


def ask(address: str, request: str) -> str:
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
        wire.sendall(f"{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: wire.recv(65536), b"")).decode()


def test_what_is_too_long_has_a_page_and_the_log_holds_nothing_that_opens(
    place: Installation,
) -> None:
    log: list[str] = []
    with served(place, log) as address:
        answers = {name: ask(address, request) for name, request in REQUESTS.items()}
    assert answers["long address"].startswith("HTTP/1.1 414 ")
    assert "نشانی بیش از حد بلند است" in answers["long address"]
    assert answers["long header"].startswith("HTTP/1.1 431 ")
    assert "کوکی‌های این سامانه را" in answers["long header"]
    written = "".join(log)
    assert "Not Found: /invitation/" in written
    assert TOKEN not in written
    assert "\x1b" not in written
    assert "?key" not in written
