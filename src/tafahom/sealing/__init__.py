"""Sealed streams: AES-256-GCM in chunks that cannot be moved, cut or dropped.

One form for every file that we seal, whatever stands in its head: stored files (``people.vault``)
and backups (``operations.envelope``). A chunk has ``CHUNK`` bytes, the last one what is left,
which may be nothing. Its nonce is its number, in eleven bytes, and a byte that says whether it is
the last: a chunk in another place, or an end before the end, does not open. A key therefore seals
one stream only. ``bound`` is not in the stream, but it opens with the same only.
"""

import io
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK: Final = 1024 * 1024
TAG_BYTES: Final = 16


class UnsealedError(Exception):
    """A chunk that does not open; ``number`` of them did before it."""

    def __init__(self, number: int) -> None:
        super().__init__(f"chunk {number} does not open")
        self.number = number


class SealedWriter(io.RawIOBase):
    """Seals what is written to it; closing writes the last chunk and leaves ``out`` open."""

    def __init__(self, out: BinaryIO, key: bytes, bound: bytes | None = None) -> None:
        self._out, self._cipher, self._bound = out, AESGCM(key), bound
        self._waiting, self._count = bytearray(), 0

    def writable(self) -> bool:
        """Return that this is for writing."""
        return True

    def write(self, data: object) -> int:
        """Take bytes; whole chunks go out."""
        view = memoryview(data).cast("B")  # type: ignore[arg-type]  # any buffer, as io has it
        self._waiting += view
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(view)

    def close(self) -> None:
        """Write what is left as the last chunk."""
        if not self.closed:
            self._seal(bytes(self._waiting), last=True)
        super().close()

    def abandon(self) -> None:
        """Close without a last chunk: what was written never opens."""
        super().close()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, last), plain, self._bound))
        self._count += 1


class SealedReader(io.RawIOBase):
    """Opens a stream as it is read, from where ``source`` stands.

    Raises UnsealedError at the first chunk that is not as written; what was read before is not to
    be trusted until the end has come.
    """

    def __init__(self, source: BinaryIO, key: bytes, bound: bytes | None = None) -> None:
        self._source, self._cipher, self._bound = source, AESGCM(key), bound
        self._count, self._plain = 0, memoryview(b"")
        self._next = source.read(CHUNK + TAG_BYTES)

    def readable(self) -> bool:
        """Return that this is for reading."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer with as much as is there of the chunk at hand; 0 at the true end."""
        if not self._plain and not self._open_next():
            return 0
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # any buffer, as io has it
        count = min(len(view), len(self._plain))
        view[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open_next(self) -> bool:
        sealed = self._next
        if not sealed and self._count:
            return False
        self._next = self._source.read(CHUNK + TAG_BYTES)
        try:
            nonce = _nonce(self._count, not self._next)
            plain = self._cipher.decrypt(nonce, sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            raise UnsealedError(self._count) from error
        self._count += 1
        self._plain = memoryview(plain)
        return bool(plain)


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])
