"""Uploaded files on disk, each under the SHA-256 of its content: a name is never a path.

They are full of names and numbers, hence sealed (``people.vault``); what a command writes for who
runs it (``rejects``) is plain, as the file was that the command read.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tafahom.people import vault
from tafahom.persian import clean

# A year of a large province in one workbook is a tenth of this.
LARGEST_FILE = 25 * 1024 * 1024
CHUNK = 1024 * 1024
UPLOADS, REJECTS, RETURNED, PARSED = "uploads", "rejects", "returned", "parsed"
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
    """Seal a file in its place and return where it is.

    Readable by the service's account only. Raises TooLargeError, leaving nothing behind.
    """
    digest, size = hashlib.sha256(), 0
    with vault.Sealing(UPLOADS) as out:
        for chunk in chunks:
            size += len(chunk)
            if size > largest:
                raise TooLargeError(name)
            digest.update(chunk)
            out.write(chunk)
        out.keep(digest.hexdigest())
    return StoredFile(digest.hexdigest(), safe_name(name), size)


def path_of(sha256: str) -> Path:
    """Return where the file with this digest is or would be. Raises ValueError for no digest."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return vault.folder(UPLOADS) / sha256


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError when it can not be read."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def rejects_path(name: str, sha256: str) -> Path:
    """Return where a command puts the workbook with the rejected rows of a file.

    The folder holds names and numbers of people: the service's account alone may enter it.
    """
    return vault.folder(REJECTS) / _rejects_name(name, sha256)


def returned_path(name: str, sha256: str) -> Path:
    """Return where the sealed workbook of an upload is or would be, or a plain one of before."""
    place = vault.folder(RETURNED) / _rejects_name(name, sha256)
    plain = vault.folder(REJECTS) / place.name
    return plain if plain.is_file() and not place.is_file() else place


def destroy(sha256: str) -> int:
    """Remove what is kept of a roster: the file, what was read of it, the workbooks from it."""
    places = [path_of(sha256), *_parsed(sha256)]
    for name in (REJECTS, RETURNED):
        places += vault.folder(name).glob(f"*-{sha256[:12]}-rejects.xlsx")
    found = [place for place in places if place.is_file()]
    for place in found:
        place.unlink(missing_ok=True)
    return len(found)


def parsed_path(sha256: str, key: str) -> Path:
    """Return where what was read of a file is or would be; ``key`` says how it was read."""
    return vault.folder(PARSED) / f"{path_of(sha256).name}-{key}"


def forget_parsed(sha256: str) -> None:
    """Remove what was read of a file; the file itself stays."""
    for place in _parsed(sha256):
        place.unlink(missing_ok=True)


def _parsed(sha256: str) -> list[Path]:
    return [*vault.folder(PARSED).glob(f"{path_of(sha256).name}-*")]


def safe_name(name: str) -> str:
    """Return a file's name for showing: no folders, no control characters, 200 at most."""
    return clean(name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "?"


def _rejects_name(name: str, sha256: str) -> str:
    stem = re.sub(r"[^\w()-]+", "_", Path(safe_name(name)).stem)[:60].strip("_") or "roster"
    return f"{stem}-{sha256[:12]}-rejects.xlsx"
