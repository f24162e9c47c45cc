"""Uploaded files on disk, each under the SHA-256 of its content: a name is never a path."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tafahom.persian import clean

# A year of a large province in one workbook is a tenth of this.
LARGEST_FILE = 25 * 1024 * 1024
CHUNK = 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}")


class TooLargeError(ValueError):
    """A file of more than ``LARGEST_FILE`` bytes."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was stored: its digest, its cleaned name and its size in bytes."""

    sha256: str
    name: str
    size: int


def store(chunks: Iterable[bytes], *, name: str, largest: int = LARGEST_FILE) -> StoredFile:
    """Write a file to its place, unless it is there, and return where it is.

    Readable by the service's account only. Raises TooLargeError, leaving nothing behind.
    """
    digest, size = hashlib.sha256(), 0
    handle, aside = tempfile.mkstemp(dir=_folder("uploads"))  # of mode 0600
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > largest:
                    raise TooLargeError(name)
                digest.update(chunk)
                out.write(chunk)
        os.replace(aside, path_of(digest.hexdigest()))
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
    return StoredFile(digest.hexdigest(), safe_name(name), size)


def path_of(sha256: str) -> Path:
    """Return where the file with this digest is or would be. Raises ValueError for no digest."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return _folder("uploads") / sha256


def discard(sha256: str) -> None:
    """Remove a stored file; nothing happens when there is none."""
    path_of(sha256).unlink(missing_ok=True)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError when it can not be read."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def rejects_path(name: str, sha256: str) -> Path:
    """Return where the workbook with the rejected rows of a file goes.

    The folder holds names and numbers of people: the service's account alone may enter it.
    """
    stem = re.sub(r"[^\w()-]+", "_", Path(safe_name(name)).stem)[:60].strip("_") or "roster"
    return _folder("rejects") / f"{stem}-{sha256[:12]}-rejects.xlsx"


def safe_name(name: str) -> str:
    """Return a file's name for showing: no folders, no control characters, 200 at most."""
    return clean(name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "?"


def _folder(name: str) -> Path:
    folder = Path(settings.DATA_DIR) / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
