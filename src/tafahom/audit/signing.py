"""The key that signs heads: outside the database and outside its backups.

It comes from the environment (``TAFAHOM_AUDIT_KEY``: 32 bytes in URL-safe base64) or else from
the file ``audit-key`` in the data directory, made at first use, readable by its owner only. After
a change of keys the old ones stay in front, to check what they signed: ``old,new``.
"""

import base64
import contextlib
import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signer:
    """The keys of an installation by fingerprint; ``current`` signs."""

    private: dict[str, Ed25519PrivateKey]
    current: str

    def sign(self, body: bytes) -> str:
        """Return a signature with the current key, in hexadecimal."""
        return self.private[self.current].sign(body).hex()

    def public_keys(self) -> dict[str, Ed25519PublicKey]:
        """Return what checks signatures, by fingerprint."""
        return {name: key.public_key() for name, key in self.private.items()}


def key_file() -> Path:
    """Return where the file of the key is or would be."""
    return Path(settings.DATA_DIR) / "audit-key"


def in_environment() -> bool:
    """Return whether the key comes from the environment, so that no file is used."""
    return bool(os.environ.get("TAFAHOM_AUDIT_KEY", ""))


def present() -> bool:
    """Return whether there is a key, without making one."""
    return in_environment() or key_file().exists()


def signer() -> Signer:
    """Return the keys. Raises FileNotFoundError without any, ImproperlyConfigured for bad ones."""
    written = os.environ.get("TAFAHOM_AUDIT_KEY", "") or key_file().read_text(encoding="ascii")
    found = {}
    for text in written.strip().split(","):
        key = Ed25519PrivateKey.from_private_bytes(_bytes(text.strip()))
        found[fingerprint(key.public_key())] = key
    return Signer(found, list(found)[-1])


def make() -> None:
    """Make the file of the key. Of two processes that start together one wins for both."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return what tells a key from others."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def written(key: Ed25519PublicKey) -> str:
    """Return a public key as text."""
    return base64.urlsafe_b64encode(key.public_bytes_raw()).decode()


def read_public(text: str) -> Ed25519PublicKey:
    """Return a public key from its text. Raises ImproperlyConfigured."""
    return Ed25519PublicKey.from_public_bytes(_bytes(text))


def is_signed(key: Ed25519PublicKey, signature: str, body: bytes) -> bool:
    """Return whether the key's owner signed exactly this."""
    try:
        key.verify(bytes.fromhex(signature), body)
    except (InvalidSignature, ValueError):
        return False
    return signature == signature.lower()


def _bytes(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except ValueError as error:
        raise ImproperlyConfigured("The audit key is not in URL-safe base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"An audit key must be {KEY_BYTES} bytes in URL-safe base64.")
    return key
