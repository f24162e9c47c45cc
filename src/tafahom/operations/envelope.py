"""An encrypted stream in one file: AES-256-GCM in chunks that cannot be moved, cut or dropped.

A file is ``MAGIC``, one byte for the kind of secret, a random salt, then chunks. The key is made
from the secret and the salt, so it serves one file only and a chunk's nonce is its number and
whether it is the last: a chunk in another place, or an end before the end, does not open.
"""

import base64
import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

MAGIC = b"tafahom backup 1\n"
SALT_BYTES = 32
CHUNK = 1024 * 1024
TAG_BYTES = 16
SHORTEST_PASSPHRASE = 12
# 64 MiB and about a quarter of a second for each guess.
SCRYPT = {"n": 2**16, "r": 8, "p": 1, "maxmem": 128 * 1024 * 1024}


class BackupError(Exception):
    """A backup that cannot be made, read or restored; its text is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a backup: a passphrase (kind ``p``) or the 32 bytes of a key file (``k``)."""

    kind: bytes
    value: bytes

    def key(self, salt: bytes) -> bytes:
        """Return the AES key for one file."""
        if self.kind == b"p":
            return hashlib.scrypt(self.value, salt=salt, dklen=32, **SCRYPT)
        return HKDF(hashes.SHA256(), 32, salt, b"tafahom backup").derive(self.value)


def secret_from(passphrase: str, key_file: Path | None) -> Secret:
    """Return the secret of a passphrase or, when a file is given, of the key in it."""
    if key_file:
        try:
            key = base64.urlsafe_b64decode(key_file.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise BackupError(_("The key file cannot be read.")) from error
        if len(key) != 32:
            raise BackupError(_("A key file holds 32 bytes in URL-safe base64."))
        return Secret(b"k", key)
    if not passphrase:
        raise BackupError(_("Set TAFAHOM_BACKUP_PASSPHRASE, or give a key file."))
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupError(
            _("A passphrase has at least %(count)s characters.") % {"count": SHORTEST_PASSPHRASE}
        )
    return Secret(b"p", passphrase.encode())


class Writer(io.RawIOBase):
    """Encrypts what is written to it; closing writes the last chunk and leaves ``out`` open."""

    def __init__(self, out: BinaryIO, secret: Secret) -> None:
        self._out, self._waiting, self._count = out, bytearray(), 0
        salt = os.urandom(SALT_BYTES)
        self._head = MAGIC + secret.kind + salt
        self._cipher = AESGCM(secret.key(salt))
        out.write(self._head)

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

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, last), plain, self._head))
        self._count += 1


class Reader(io.RawIOBase):
    """Decrypts a file as it is read. Raises BackupError at the first byte that is not as written."""

    def __init__(self, source: BinaryIO, secret: Secret) -> None:
        self._source, self._count, self._plain = source, 0, memoryview(b"")
        self._head = source.read(len(MAGIC) + 1 + SALT_BYTES)
        if not self._head.startswith(MAGIC) or len(self._head) < len(MAGIC) + 1 + SALT_BYTES:
            raise BackupError(_("This file is not a backup of Tafahom."))
        kind = self._head[len(MAGIC) : len(MAGIC) + 1]
        if kind != secret.kind:
            raise BackupError(
                _("This backup opens with a passphrase, not with a key file.")
                if kind == b"p"
                else _("This backup opens with a key file, not with a passphrase.")
            )
        self._cipher = AESGCM(secret.key(self._head[-SALT_BYTES:]))
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
            plain = self._cipher.decrypt(_nonce(self._count, not self._next), sealed, self._head)
        except (InvalidTag, ValueError) as error:
            raise BackupError(
                _("The backup is damaged or cut off.")
                if self._count
                else _("The passphrase or key is wrong, or the backup is damaged.")
            ) from error
        self._count += 1
        self._plain = memoryview(plain)
        return bool(plain)


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])
