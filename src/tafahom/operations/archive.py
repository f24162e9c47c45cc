"""What is inside a backup: the copy of the database, files by digest, and a manifest of both."""

import gzip
import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from django.utils.translation import gettext as _

from tafahom.operations.envelope import BackupError, Reader, Secret, Writer
from tafahom.sealing import CHUNK

FORMAT = 1
MANIFEST = "manifest.json"
_DATABASE = re.compile(r"database\.(sqlite3|dump)")
_UPLOAD = re.compile(r"(?:uploads|scans)/([0-9a-f]{64})")
_REJECT = re.compile(r"(?:rejects|returned)/[\w()-]+\.xlsx")
Manifest = dict[str, Any]
# Called with a member's name; the file to write its content to, or None to read it only.
PlaceOf = Callable[[str], Path | None]


def write(
    out: BinaryIO, secret: Secret, files: Iterable[tuple[str, Path]], manifest: Manifest
) -> None:
    """Write files under their names and, last, the manifest with their digests.

    A file that has gone in the meantime is left out.
    """
    listed: list[dict[str, Any]] = []
    with (
        Writer(out, secret) as sealed,
        gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in files:
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue
            with source:
                size = path.stat().st_size
                hashed = _Hashed(source)
                tar.addfile(_member(name, size), cast(IO[bytes], hashed))
            listed.append({"name": name, "size": size, "sha256": hashed.digest.hexdigest()})
        text = json.dumps(manifest | {"format": FORMAT, "files": listed}).encode()
        tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))


def damaged(manifest: Manifest) -> list[str]:
    """Return the uploads whose content was not what their name says when the backup was made.

    Sealed files say by themselves whether they are whole; those that were are in the manifest.
    """
    whole = set(manifest.get("sealed", ()))
    return [
        file["name"]
        for file in manifest["files"]
        if (upload := _UPLOAD.fullmatch(file["name"]))
        and upload[1] != file["sha256"]
        and file["name"] not in whole
    ]


def read(source: BinaryIO, secret: Secret, place: PlaceOf) -> Manifest:
    """Read a backup to its end, every byte checked; return its manifest.

    Raises BackupError for anything that is not exactly as it was written.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: Manifest | None = None
    unsealed = io.BufferedReader(Reader(source, secret), CHUNK)
    try:
        with gzip.GzipFile(fileobj=unsealed) as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                for member in tar:
                    content = tar.extractfile(member)
                    if manifest or content is None or not _is_known(member):
                        raise BackupError(_("The backup holds what no backup should."))
                    if member.name == MANIFEST:
                        manifest = json.load(content)
                    else:
                        found[member.name] = _take(member, content, place(member.name))
            while packed.read(CHUNK):
                pass
        while unsealed.read(CHUNK):
            pass
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, ValueError) as error:
        raise BackupError(_("The backup is damaged or cut off.")) from error
    if manifest is None or manifest.get("format") != FORMAT:
        raise BackupError(_("This backup is of a format that this version does not know."))
    if found != {file["name"]: file for file in manifest["files"]}:
        raise BackupError(_("The backup is damaged or cut off."))
    return manifest


def may_hold(name: str) -> bool:
    """Return whether a backup has members of this name: nothing else is read or written."""
    return any(kind.fullmatch(name) for kind in (_DATABASE, _UPLOAD, _REJECT))


class _Hashed(io.RawIOBase):
    """A file that is digested as it is read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on, and remember."""
        data = self._source.read(size)
        self.digest.update(data)
        return data


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _is_known(member: tarfile.TarInfo) -> bool:
    return member.isreg() and (member.name == MANIFEST or may_hold(member.name))


def _take(member: tarfile.TarInfo, content: IO[bytes], path: Path | None) -> dict[str, Any]:
    """Read one member, writing it when it has a place; return its line of the manifest."""
    digest = hashlib.sha256()
    if path:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") if path else io.BytesIO() as out:
        while data := content.read(CHUNK):
            digest.update(data)
            if path:
                out.write(data)
    return {"name": member.name, "size": member.size, "sha256": digest.hexdigest()}
