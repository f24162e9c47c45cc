"""Files of personal data on disk, sealed: what centres sent, what goes back to them, exports.

A sealed file is a head and a sealed stream (``tafahom.sealing``) under a key of this file alone.
The head holds that key, sealed with an identity key (``people.keyring``) and bound to the file's
folder and name. So a file that is renamed, cut or changed does not open, and changing the identity
key rewrites heads only.
"""

import contextlib
import os
import shutil
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from tafahom.people.keyring import keys
from tafahom.sealing import CHUNK, TAG_BYTES, SealedReader, SealedWriter, UnsealedError

MARK = b"\0tfhmF\0\1"
NONCE_BYTES, KEY_BYTES = 12, 32
_VERSION = struct.Struct(">H")
_HEAD_BYTES = len(MARK) + _VERSION.size + NONCE_BYTES + KEY_BYTES + TAG_BYTES
# Where sealed files lie, and which of the names there are ours to seal.
FOLDERS = {"uploads": "*", "returned": "*.xlsx", "exports": "*", "scans": "*"}
_READING = "tafahom-reading-"
_MEMORY = Path("/dev/shm")  # nosec B108 - a folder of ours alone is made in it


class UnreadableError(Exception):
    """A sealed file that does not open: changed, cut, renamed, or its key is gone."""


class _KeyGoneError(UnreadableError):
    """The key that a head names is not there."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many files have another key now, and how many do not open."""

    files: int
    unreadable: int


def folder(name: str) -> Path:
    """Return one of the folders, made for the service's account alone."""
    place = Path(settings.DATA_DIR) / name
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


class Sealing:
    """A file being sealed aside; it has no name until ``keep`` is called, and is lost without."""

    def __init__(self, name: str) -> None:
        self._folder = name
        handle, aside = tempfile.mkstemp(dir=folder(name), prefix=".")  # of mode 0600
        self._aside, self._out = Path(aside), os.fdopen(handle, "wb")
        self._key = AESGCM.generate_key(256)
        self._out.write(bytes(_HEAD_BYTES))
        self._sealed = SealedWriter(self._out, self._key)

    def __enter__(self) -> "Sealing":
        return self

    def __exit__(self, *_error: object) -> None:
        self._sealed.abandon()
        self._out.close()
        self._aside.unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Take bytes; whole chunks go to the disk."""
        self._sealed.write(data)

    def keep(self, name: str) -> Path:
        """Finish the file and give it its name, in the place of one that has it."""
        self._sealed.close()
        self._out.seek(0)
        self._out.write(_head(self._key, f"{self._folder}/{name}"))
        self._out.flush()
        os.fsync(self._out.fileno())
        place = folder(self._folder) / name
        os.replace(self._aside, place)
        return place


def seal_file(plain: Path, name: str, *, into: str) -> Path:
    """Seal a copy of a file under a name in a folder; return its place."""
    with Sealing(into) as out, plain.open("rb") as source:
        while data := source.read(CHUNK):
            out.write(data)
        return out.keep(name)


def read(place: Path) -> Iterator[bytes]:
    """Give what a file holds, piece by piece; a file from before the seal as it is.

    Raises UnreadableError, and OSError when it is not there. What was given before an error
    is not to be trusted until the end has come.
    """
    with place.open("rb") as source:
        if source.read(len(MARK)) != MARK:
            source.seek(0)
            while data := source.read(CHUNK):
                yield data
            return
        try:
            yield from _opened(source, _key_in(source, place))
            return
        except _KeyGoneError:
            pass
    # Between our opening and looking up its key the file was sealed anew and the key retired.
    with place.open("rb") as source:
        source.seek(len(MARK))
        yield from _opened(source, _key_in(source, place))


def is_sealed(place: Path) -> bool:
    """Return whether a file has our mark; False when it is not there."""
    try:
        with place.open("rb") as source:
            return source.read(len(MARK)) == MARK
    except FileNotFoundError:
        return False


def opens(place: Path) -> bool:
    """Return whether a sealed file opens to its last byte."""
    try:
        for _piece in read(place):
            pass
    except UnreadableError:
        return False
    return True


@contextlib.contextmanager
def readable(places: Iterable[Path]) -> Iterator[dict[Path, Path]]:
    """Yield, for programs that read files only, plain copies for as long as the block lasts.

    Sealed files are copied into memory where the system has such a folder and room in it. A file
    that is not there, or does not open, is its own copy: the reader will refuse it.
    """
    listed = list(places)
    with workplace(sum(_size(place) for place in listed)) as room:
        copies = {}
        for number, place in enumerate(listed):
            copies[place] = place
            if is_sealed(place):
                with contextlib.suppress(UnreadableError):
                    copies[place] = _copy(place, room / f"{number}{place.suffix}")
        yield copies


def reseal() -> Resealed:
    """Put every sealed file under the newest key, and seal those from before the seal."""
    done = broken = 0
    for place in files():
        try:
            if not is_sealed(place):
                seal_file(place, place.name, into=place.parent.name)
            elif version_of(place) != keys().current:
                _rewrap(place)
            else:
                continue
            done += 1
        except UnreadableError:
            broken += 1
        except FileNotFoundError:
            continue
    return Resealed(done, broken)


def files() -> Iterator[Path]:
    """Give the files that are or should be sealed; drafts are not among them."""
    for name, pattern in FOLDERS.items():
        place = Path(settings.DATA_DIR) / name
        for path in sorted(place.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                yield path


def versions() -> dict[int, int]:
    """Return how many files each version of the key seals."""
    counted: dict[int, int] = {}
    for place in files():
        with contextlib.suppress(FileNotFoundError):
            if is_sealed(place):
                version = version_of(place)
                counted[version] = counted.get(version, 0) + 1
    return counted


def version_of(place: Path) -> int:
    """Return the version of the key that sealed a file."""
    with place.open("rb") as source:
        source.seek(len(MARK))
        return int(_VERSION.unpack(source.read(_VERSION.size))[0])


def _head(key: bytes, label: str) -> bytes:
    known = keys()
    nonce = os.urandom(NONCE_BYTES)
    sealed = known.ciphers[known.current].encrypt(nonce, key, _bound(label, known.current))
    return MARK + _VERSION.pack(known.current) + nonce + sealed


def _file_key(head: bytes, label: str) -> bytes:
    """Return the key in a head, after its mark. Raises UnreadableError."""
    if len(head) < _HEAD_BYTES - len(MARK):
        raise UnreadableError(label)
    version = int(_VERSION.unpack_from(head)[0])
    nonce = head[_VERSION.size : _VERSION.size + NONCE_BYTES]
    cipher = keys().ciphers.get(version)
    if cipher is None:
        raise _KeyGoneError(label)
    try:
        sealed = head[_VERSION.size + NONCE_BYTES :]
        return cipher.decrypt(nonce, sealed, _bound(label, version))
    except InvalidTag as error:
        raise UnreadableError(label) from error


def _key_in(source: BinaryIO, place: Path) -> bytes:
    """Return the key of a file, whose mark was read. Raises UnreadableError."""
    label = f"{place.parent.name}/{place.name}"
    return _file_key(source.read(_HEAD_BYTES - len(MARK)), label)


def _opened(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    stream = SealedReader(source, key)
    try:
        while piece := stream.read(CHUNK):
            yield piece
    except UnsealedError as error:
        raise UnreadableError("changed or cut") from error


def _rewrap(place: Path) -> None:
    """Seal the key of a file anew, in a copy that takes its place whole."""
    label = f"{place.parent.name}/{place.name}"
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as out, place.open("rb") as source:
            source.seek(len(MARK))
            key = _file_key(source.read(_HEAD_BYTES - len(MARK)), label)
            out.write(_head(key, label))
            shutil.copyfileobj(source, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())
        os.replace(aside, place)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def workplace(size: int | None = 0) -> Iterator[Path]:
    """Yield a folder for plain copies of so many bytes, in memory where there is room for them.

    None is for more than anybody knows: on the disk of the data. What a killed process leaves
    there is removed by the next.
    """
    _sweep()
    in_memory = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    enough = size is not None and in_memory and shutil.disk_usage(_MEMORY).free > 2 * size
    base = _MEMORY if enough else folder("reading")
    with tempfile.TemporaryDirectory(dir=base, prefix=f"{_READING}{os.getpid()}-") as name:
        yield Path(name)


def _sweep() -> None:
    """Remove what a process of ours that was killed left behind."""
    for base in (_MEMORY, Path(settings.DATA_DIR) / "reading"):
        for place in base.glob(f"{_READING}*"):
            pid = place.name.removeprefix(_READING).partition("-")[0]
            try:
                if place.stat().st_uid == os.getuid() and not _lives(int(pid)):
                    shutil.rmtree(place, ignore_errors=True)
            except (OSError, ValueError):
                continue


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _copy(place: Path, target: Path) -> Path:
    with target.open("xb") as out:
        for piece in read(place):
            out.write(piece)
    return target


def _size(place: Path) -> int:
    try:
        return place.stat().st_size
    except OSError:
        return 0


def _bound(label: str, version: int) -> bytes:
    return f"file:{label}:{version}".encode()
