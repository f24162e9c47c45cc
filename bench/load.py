"""Asks a server for pages from many users at once: one page without pauses, or as people walk."""

import asyncio
import random
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
OK, SENT = "200", "302"
BOUNDARY = "---------------------------97140001398"
TOKEN = "a" * 64  # against forgery: what a form says is what the cookie says


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
    """A page of a server on this machine, seen by somebody who may have logged in.

    With a ``file`` it is not looked at: the file is sent to it, as its form would.
    """

    port: int
    path: str
    session: str = ""
    file: Path | None = None

    def request(self) -> bytes:
        """Return the request as bytes; the connection is kept."""
        body = self._form() if self.file else b""
        cookies = [f"csrftoken={TOKEN}"] if self.file else []
        cookies += [f"sessionid={self.session}"] if self.session else []
        lines = [
            f"{'POST' if self.file else 'GET'} {self.path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            "Accept-Language: fa",
        ]
        if cookies:
            lines.append(f"Cookie: {'; '.join(cookies)}")
        if body:
            lines.append(f"Content-Type: multipart/form-data; boundary={BOUNDARY}")
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    @property
    def answer(self) -> str:
        """The status that says that all went well."""
        return SENT if self.file else OK

    def _form(self) -> bytes:
        assert self.file
        fields = {
            'name="csrfmiddlewaretoken"': TOKEN.encode(),
            f'name="files"; filename="{self.file.name}"': self.file.read_bytes(),
        }
        parts = [
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\n\r\n".encode() + value
            for name, value in fields.items()
        ]
        return b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def ask(page: Page, *, users: int, requests: int) -> Load:
    """Ask for a page ``requests`` times in all. Raises RuntimeError when an answer is not 200."""
    turns = iter(range(requests))

    def pages() -> Iterator[Page]:
        for _ in turns:
            yield page

    return asyncio.run(_walk([pages() for _ in range(users)]))


def walk(
    ways: Sequence[Iterable[Page]], *, pause: float, seconds: float = 0, seed: int = 0
) -> Load:
    """Let each user go a way, with pauses (seconds, on average), for some time.

    Without ``seconds`` each looks at one page. Raises RuntimeError when an answer is an error.
    """
    end = time.monotonic() + seconds

    def until_then(way: Iterable[Page]) -> Iterator[Page]:
        pages = iter(way)
        yield next(pages)
        while time.monotonic() < end:
            yield next(pages)

    return asyncio.run(_walk([until_then(way) for way in ways], pause, random.Random(seed)))


async def _walk(
    ways: Sequence[Iterator[Page]], pause: float = 0, chance: random.Random | None = None
) -> Load:
    seconds: list[float] = []
    sizes: set[int] = set()

    async def user(pages: Iterator[Page]) -> None:
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        for page in pages:
            if chance:
                await asyncio.sleep(chance.uniform(0, 2 * pause))
            started = time.perf_counter()
            reader, writer = streams or await asyncio.open_connection(HOST, page.port)
            writer.write(page.request())
            size, is_kept = await _answer(reader, page)
            seconds.append(time.perf_counter() - started)
            sizes.add(size)
            # A server does not keep connections of people who read for long.
            streams = (reader, writer) if is_kept and not chance else None
            if not streams:
                writer.close()
        if streams:
            streams[1].close()

    started = time.perf_counter()
    await asyncio.gather(*(user(pages) for pages in ways))
    return Load(seconds, len(seconds) / (time.perf_counter() - started), max(sizes))


async def _answer(reader: asyncio.StreamReader, page: Page) -> tuple[int, bool]:
    """Read one answer: bytes of its body, and whether the connection is kept."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status, _, lines = head.partition("\r\n")
    if status.split()[1] != page.answer:
        raise RuntimeError(f"The page {page.path} answered {status}.")
    pairs = (line.split(": ", 1) for line in lines.splitlines() if ": " in line)
    headers = {name.lower(): value for name, value in pairs}
    size = int(headers["content-length"])
    await reader.readexactly(size)
    return size, headers.get("connection", "").lower() != "close"
