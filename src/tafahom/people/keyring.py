"""The keys that seal identities: where they are, which ones there are, adding and removing one.

Keys come from the environment (``TAFAHOM_IDENTITY_KEY``, ``TAFAHOM_INDEX_KEY``: 32 bytes in
URL-safe base64) or else from a file, made at first use and readable by its owner only:
``TAFAHOM_KEYS_FILE``, or ``keys.json`` in the data directory. Several identity keys, newest
last, are written ``1:key,2:key``.
"""

import base64
import contextlib
import fcntl
import hmac
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from tafahom.people.models import Identity

KEY_BYTES = 32


class KeyringError(ValueError):
    """A change of the keys that cannot be made; its text is a sentence for the operator."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """The keys of an installation; ``current`` is the version that seals new rows.

    ``fingerprints`` tell keys apart without telling what they are: by version, and ``index``.
    """

    ciphers: dict[int, AESGCM]
    index: bytes
    current: int
    fingerprints: dict[str, str]


def keys_file() -> Path:
    """Return where the file of keys is or would be."""
    elsewhere = os.environ.get("TAFAHOM_KEYS_FILE", "")
    return Path(elsewhere) if elsewhere else Path(settings.DATA_DIR) / "keys.json"


def in_environment() -> bool:
    """Return whether both keys come from the environment, so that no file is used."""
    return all(_from_environment())


def present() -> bool:
    """Return whether there are keys, without making any."""
    return in_environment() or keys_file().exists()


def keys() -> Keys:
    """Return the keys as they are now; the file is made when there are none at all.

    Asked for often, so read again only when the file is another. Raises ImproperlyConfigured
    for a key that cannot be one, and when the keys of identities that are there are gone: others
    in their place would seal new rows as if they were the old ones.
    """
    identity, index = _from_environment()
    if identity and index:
        return _parse(identity, index)
    path = keys_file()
    try:
        known = path.stat()
    except FileNotFoundError:
        if Identity.objects.exists():
            raise ImproperlyConfigured(
                _("There are no keys, but identities that need them: bring the keys back.")
            ) from None
        _make(path)
        known = path.stat()
    return _read(path, identity, index, (known.st_ino, known.st_mtime_ns, known.st_size))


def new_key() -> str:
    """Return a random key as it is written."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def add_identity_key() -> int:
    """Put a new identity key into the file, which seals from now on; return its version."""
    with _changing() as stored:
        version = max(_versions(stored["identity"])) + 1
        stored["identity"] += f",{version}:{new_key()}"
    return version


def remove_identity_key(version: int) -> None:
    """Take an identity key out of the file. The caller knows that no row needs it."""
    with _changing() as stored:
        versions = _versions(stored["identity"])
        if version not in versions or version == max(versions):
            raise KeyringError(_("Key %(version)s is not an old key.") % {"version": version})
        kept = [f"{number}:{key}" for number, key in versions.items() if number != version]
        stored["identity"] = ",".join(kept)


def readable_by_others(path: Path) -> bool:
    """Return whether a file that is there can be read by more than its owner."""
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _from_environment() -> tuple[str, str]:
    return os.environ.get("TAFAHOM_IDENTITY_KEY", ""), os.environ.get("TAFAHOM_INDEX_KEY", "")


@lru_cache(maxsize=4)
def _read(path: Path, identity: str, index: str, _state: tuple[int, int, int]) -> Keys:
    stored = _stored(path)
    return _parse(identity or stored["identity"], index or stored["index"])


@lru_cache(maxsize=4)
def _parse(identity: str, index: str) -> Keys:
    versions = {version: _key(key) for version, key in _versions(identity).items()}
    prints = {str(version): _fingerprint(key) for version, key in versions.items()}
    return Keys(
        ciphers={version: AESGCM(key) for version, key in versions.items()},
        index=_key(index),
        current=max(versions),
        fingerprints=prints | {"index": _fingerprint(_key(index))},
    )


def _versions(identity: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in identity.split(","):
        version, _colon, key = part.strip().rpartition(":")
        found[int(version or 1)] = key
    return found


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, b"tafahom key", "sha256").hex()[:16]


def _key(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except ValueError as error:
        raise ImproperlyConfigured("A key is not in URL-safe base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"A key must be {KEY_BYTES} bytes in URL-safe base64.")
    return key


def _stored(path: Path) -> dict[str, str]:
    try:
        stored: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ImproperlyConfigured(f"{path.name} is damaged.") from error
    return stored


def _make(path: Path) -> None:
    """Make a file of keys. Of two processes that start together one wins for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, {"identity": f"1:{new_key()}", "index": new_key()})
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _draft(path: Path, stored: dict[str, str]) -> Path:
    """Write keys whole and safely on disk beside their place (mode 0600)."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(stored, file)
        file.flush()
        os.fsync(file.fileno())
    return Path(draft)


@contextlib.contextmanager
def _changing() -> Iterator[dict[str, str]]:
    """Change the file of keys: one at a time, wholly or not at all."""
    if _from_environment()[0]:
        raise KeyringError(
            _("The keys come from the environment: change them there and restart the service.")
        )
    keys()
    path = keys_file()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        stored = _stored(path)
        yield stored
        os.replace(_draft(path, stored), path)
        os.fsync(folder)  # the name too, before any row is sealed with the new key
    finally:
        os.close(folder)
