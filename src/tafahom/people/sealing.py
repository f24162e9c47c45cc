"""Sealing identities: AES-256-GCM for what is shown, keyed HMAC for what is looked up.

Keys come from the environment (``TAFAHOM_IDENTITY_KEY``, ``TAFAHOM_INDEX_KEY``: 32 bytes in
URL-safe base64) or else from ``keys.json`` in the data directory, made at first use and readable
by its owner only. Several identity keys, newest last, are written ``1:key,2:key``.
"""

import base64
import contextlib
import datetime as dt
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_BYTES = 32
# One look-up digest is asked for up to three times while a roster is recorded.
DIGESTS_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class IdentityData:
    """What identifies a person. Empty text or None means not known."""

    first_name: str = ""
    last_name: str = ""
    father_name: str = ""
    national_id: str = ""
    fida_code: str = ""
    birth_date: dt.date | None = None
    mobile: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an installation; ``current`` is the version that seals new rows."""

    ciphers: dict[int, AESGCM]
    index: bytes
    current: int


class Sealer:
    """Seals and opens identities, and computes look-up digests, with one set of keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.key_version = keys.current
        self._index = lru_cache(maxsize=DIGESTS_KEPT)(self._digest)

    def seal(self, data: IdentityData, *, person_id: int) -> bytes:
        """Nonce and ciphertext. Bound to the person: a row copied to another does not open."""
        body = [
            data.first_name,
            data.last_name,
            data.father_name,
            data.national_id,
            data.fida_code,
            data.birth_date.isoformat() if data.birth_date else "",
            data.mobile,
        ]
        plain = _as_json(body).encode()
        nonce = os.urandom(NONCE_BYTES)
        version = self.key_version
        return nonce + self._keys.ciphers[version].encrypt(nonce, plain, _bound(person_id, version))

    def open(
        self, sealed: "bytes | memoryview[int]", *, person_id: int, key_version: int
    ) -> IdentityData:
        """The identity in a row. Raises cryptography's InvalidTag when it was tampered with."""
        blob = bytes(sealed)
        plain = self._keys.ciphers[key_version].decrypt(
            blob[:NONCE_BYTES], blob[NONCE_BYTES:], _bound(person_id, key_version)
        )
        first, last, father, national, fida, born, mobile = json.loads(plain)
        birth_date = dt.date.fromisoformat(born) if born else None
        return IdentityData(first, last, father, national, fida, birth_date, mobile)

    def national_id_index(self, national_id: str) -> str | None:
        """Look-up digest of a national ID; None for an empty one."""
        return self._index("n", national_id)

    def fida_index(self, fida_code: str) -> str | None:
        """Look-up digest of a FIDA code; None for an empty one."""
        return self._index("f", fida_code)

    def _digest(self, kind: str, number: str) -> str | None:
        if not number:
            return None
        return hmac.digest(self._keys.index, f"{kind}:{number}".encode(), "sha256").hex()


def sealer() -> Sealer:
    """The sealer of this installation."""
    identity = os.environ.get("TAFAHOM_IDENTITY_KEY", "")
    index = os.environ.get("TAFAHOM_INDEX_KEY", "")
    return _sealer(identity, index, Path(settings.DATA_DIR) / "keys.json")


@lru_cache(maxsize=4)
def _sealer(identity: str, index: str, path: Path) -> Sealer:
    if not (identity and index):
        stored = _stored_keys(path)
        identity = identity or stored["identity"]
        index = index or stored["index"]
    ciphers = {}
    for part in identity.split(","):
        version, _, key = part.strip().rpartition(":")
        ciphers[int(version or 1)] = AESGCM(_key(key))
    return Sealer(Keys(ciphers=ciphers, index=_key(index), current=max(ciphers)))


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _bound(person_id: int, version: int) -> bytes:
    return f"people.identity:{person_id}:{version}".encode()


def _key(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except ValueError as error:
        raise ImproperlyConfigured("A key is not in URL-safe base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"A key must be {KEY_BYTES} bytes in URL-safe base64.")
    return key


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _stored_keys(path: Path) -> dict[str, str]:
    """The keys in the file, which is made when there is none."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole, then linked: of two processes that start together one wins for both.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"identity": f"1:{_new_key()}", "index": _new_key()}, file)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return stored
