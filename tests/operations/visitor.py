"""Somebody who comes in from outside, with a browser's requests and a phone's codes."""

import base64
import hashlib
import hmac
import re
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from operations.conftest import Installation

PASSWORD = "شب‌های بلند آذر در کرج"
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SECRET = re.compile(r"sign-in-key[^>]*>([A-Z2-7 ]+)<")


def code(secret: str, shift: int = 0) -> str:
    """Return what the phone shows, after RFC 6238; ``shift`` of 1 is the next."""
    counter = struct.pack(">Q", int(time.time()) // 30 + shift)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    value = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**6:06d}"


@contextmanager
def served(place: Installation, log: list[str] | None = None) -> Iterator[str]:
    """Serve an installation as `tafahom serve` does; yield its address. The log gets its words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = place.start("serve", "--port", str(port), TAFAHOM_MFA_REQUIRED="on")
    try:
        assert running.stdout
        assert str(port) in running.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        try:
            said = running.communicate(timeout=60)
            (log if log is not None else []).extend(said)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate(timeout=60)


class Visitor:
    """One browser."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.address + path, timeout=60)

    def send(self, path: str, **fields: str) -> requests.Response:
        return self.send_form(path, self.get(path).text, **fields)

    def send_form(self, path: str, page: str, **fields: str) -> requests.Response:
        token = CSRF.search(page)
        assert token, path
        return self.session.post(
            self.address + path, data=fields | {"csrfmiddlewaretoken": token[1]}, timeout=60
        )

    def log_in(self, name: str) -> requests.Response:
        return self.send("/login/", username=name, password=PASSWORD)

    def set_up_second_step(self) -> str:
        """Return the secret that the phone keeps."""
        page = self.get("/account/second-factor/").text  # each look makes another secret
        found = SECRET.search(page)
        assert found
        secret = found[1].replace(" ", "")
        answer = self.send_form("/account/second-factor/", page, code=code(secret, -1))
        assert answer.url.endswith("/account/recovery-codes/"), answer.text
        return secret
