"""Asks a server for one page over and over, from many users at once who never pause."""

import asyncio
import statistics
import time
from dataclasses import dataclass

HOST = "127.0.0.1"
OK = "200"


@dataclass(frozen=True, slots=True)
class Load:
    """How long answers took: seconds of each, in no order, and requests a second of all users."""

    seconds: list[float]
    rate: float
    size: int

    def percentile(self, percent: int) -> float:
        """Return the time (seconds) in which that share of the answers came."""
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[percent - 1]

    @property
    def median(self) -> float:
        """The time (seconds) in which half of the answers came."""
        return statistics.median(self.seconds)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a server on this machine, seen by somebody who may have logged in."""

    port: int
    path: str
    session: str = ""

    def request(self) -> bytes:
        """Return the request as bytes; the connection is kept."""
        lines = [f"GET {self.path} HTTP/1.1", f"Host: {HOST}:{self.port}", "Accept-Language: fa"]
        if self.session:
            lines.append(f"Cookie: sessionid={self.session}")
        return "\r\n".join([*lines, "", ""]).encode()


def ask(page: Page, *, users: int, requests: int) -> Load:
    """Ask for a page ``requests`` times in all. Raises RuntimeError when an answer is not 200."""
    return asyncio.run(_ask(page, users, requests))


async def _ask(page: Page, users: int, requests: int) -> Load:
    turns, seconds, sizes = iter(range(requests)), [], set()

    async def user() -> None:
        reader, writer = await asyncio.open_connection(HOST, page.port)
        request = page.request()
        for _ in turns:
            started = time.perf_counter()
            writer.write(request)
            size, is_kept = await _answer(reader)
            seconds.append(time.perf_counter() - started)
            sizes.add(size)
            if not is_kept:
                writer.close()
                reader, writer = await asyncio.open_connection(HOST, page.port)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(user() for _ in range(users)))
    return Load(seconds, requests / (time.perf_counter() - started), max(sizes))


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Read one answer: bytes of its body, and whether the connection is kept."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, _, lines = head.partition("\r\n")
    if status.split()[1] != OK:
        raise RuntimeError(f"The page answered {status}.")
    pairs = (line.split(": ", 1) for line in lines.splitlines() if ": " in line)
    headers = {name.lower(): value for name, value in pairs}
    size = int(headers["content-length"])
    await reader.readexactly(size)
    return size, headers.get("connection", "").lower() != "close"
