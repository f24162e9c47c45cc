"""A backup in one file: a head, then a sealed stream (``tafahom.sealing``) that is bound to it.

The head is ``MAGIC``, one byte for the kind of secret and a random salt. The key is made from the
secret and the salt, so it serves one file only.
"""

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext as _

from tafahom.sealing import SealedReader, SealedWriter, UnsealedError

MAGIC = b"tafahom backup 1\n"
SALT_BYTES = 32
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


class Writer(SealedWriter):
    """Encrypts what is written to it; closing writes the last chunk and leaves ``out`` open."""

    def __init__(self, out: BinaryIO, secret: Secret) -> None:
        salt = os.urandom(SALT_BYTES)
        head = MAGIC + secret.kind + salt
        super().__init__(out, secret.key(salt), head)
        out.write(head)


class Reader(SealedReader):
    """Decrypts a file as it is read. Raises BackupError at the first byte that is not as written."""

    def __init__(self, source: BinaryIO, secret: Secret) -> None:
        head = source.read(len(MAGIC) + 1 + SALT_BYTES)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + 1 + SALT_BYTES:
            raise BackupError(_("This file is not a backup of Tafahom."))
        kind = head[len(MAGIC) : len(MAGIC) + 1]
        if kind != secret.kind:
            raise BackupError(
                _("This backup opens with a passphrase, not with a key file.")
                if kind == b"p"
                else _("This backup opens with a key file, not with a passphrase.")
            )
        super().__init__(source, secret.key(head[-SALT_BYTES:]), head)

    def readinto(self, buffer: object) -> int:
        """Fill the buffer with as much as is there of the chunk at hand; 0 at the true end."""
        try:
            return super().readinto(buffer)
        except UnsealedError as error:
            raise BackupError(
                _("The backup is damaged or cut off.")
                if error.number
                else _("The passphrase or key is wrong, or the backup is damaged.")
            ) from error
