"""Files of personal data lie sealed: bound to their place, re-keyed, and never given in part."""

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tafahom import sealing
from tafahom.people import keyring, rotation, vault

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024


def seal(content: bytes, name: str = "a" * 64) -> Path:
    with vault.Sealing("uploads") as out:
        for start in range(0, len(content), 70_001):
            out.write(content[start : start + 70_001])
        return out.keep(name)


def whole(place: Path) -> bytes:
    return b"".join(vault.read(place))


@pytest.mark.parametrize("size", [0, 1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE])
def test_what_was_sealed_is_read_again(size: int) -> None:
    content = os.urandom(size)
    place = seal(content)
    assert whole(place) == content
    assert size < 100 or content[:64] not in place.read_bytes()


def test_any_change_of_a_sealed_file_is_refused() -> None:
    place = seal(os.urandom(2 * MEGABYTE + 5))
    good = place.read_bytes()
    chunk = sealing.CHUNK + sealing.TAG_BYTES
    head = len(good) - 2 * chunk - 5 - sealing.TAG_BYTES
    bad = {
        "cut at a chunk": good[: head + chunk],
        "cut in a chunk": good[:-1],
        "only a head": good[:head],
        "half a head": good[: head // 2],
        "longer": good + b"x",
        "chunks changed places": good[:head] + good[head + chunk : head + 2 * chunk]
        + good[head : head + chunk] + good[head + 2 * chunk :],
    }  # fmt: skip
    for number in (len(vault.MARK), head - 1, head, len(good) - 1):
        changed = bytearray(good)
        changed[number] ^= 1
        bad[f"byte {number}"] = bytes(changed)
    for what, content in bad.items():
        place.write_bytes(content)
        assert not vault.opens(place), what


def test_a_file_opens_under_its_own_name_and_folder_only() -> None:
    place = seal(b"of this name")
    content = place.read_bytes()
    for other in (place.with_name("b" * 64), vault.folder("exports") / place.name):
        other.write_bytes(content)
        assert not vault.opens(other)


def test_a_file_without_a_name_is_lost(data_dir: Path) -> None:
    with vault.Sealing("uploads") as out:
        out.write(b"x" * 10)
    assert list((data_dir / "uploads").iterdir()) == []


def test_a_plain_copy_lives_as_long_as_it_is_read() -> None:
    place, plain = seal(b"names and numbers"), vault.folder("rejects") / "x.csv"
    plain.write_bytes(b"from before")
    gone = place.with_name("c" * 64)
    with vault.readable([place, plain, gone]) as copies:
        assert copies[place].read_bytes() == b"names and numbers"
        assert copies[place].parent.stat().st_mode & 0o077 == 0
        assert (copies[plain], copies[gone]) == (plain, gone)
    assert not copies[place].exists()


@pytest.mark.parametrize("size", [0, None], ids=["in memory", "on the disk of the data"])
def test_what_a_killed_process_left_is_swept_away(
    tmp_path: Path, settings: Settings, size: int | None
) -> None:
    work = (
        "import django, os, signal; django.setup()\n"
        "from tafahom.people import vault\n"
        f"with vault.workplace({size}) as room:\n"
        "    print(room, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
        "TAFAHOM_DATA_DIR": str(tmp_path),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", work], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    left = Path(done.stdout.strip())
    assert left.is_dir()
    settings.DATA_DIR = tmp_path
    with vault.workplace():
        assert not left.exists()


def test_rotation_takes_files_along_and_seals_those_from_before() -> None:
    place, old = seal(b"sealed"), vault.folder("uploads") / ("d" * 64)
    old.write_bytes(b"from before the seal")
    first = keyring.keys().current
    assert vault.versions() == {first: 1}
    told = rotation.rotate(by=None, progress=lambda *_counts: None)
    assert (told.version, told.files, told.unreadable) == (first + 1, 2, 0)
    assert vault.versions() == {first + 1: 2}
    assert whole(place) == b"sealed"
    assert vault.is_sealed(old)
    assert whole(old) == b"from before the seal"
    assert rotation.retire(first, by=None)
    assert whole(place) == b"sealed"


def test_a_key_that_a_file_needs_is_not_retired() -> None:
    place = seal(b"sealed")
    first = keyring.keys().current
    rotation.new_key(by=None)
    with pytest.raises(keyring.KeyringError, match=str(first)):
        rotation.retire(first, by=None)
    assert whole(place) == b"sealed"


def test_a_file_that_does_not_open_is_told_and_left() -> None:
    place = seal(b"sealed")
    content = bytearray(place.read_bytes())
    content[len(vault.MARK) + 3] ^= 1
    place.write_bytes(bytes(content))
    told = rotation.rotate(by=None, progress=lambda *_counts: None)
    assert (told.files, told.unreadable) == (0, 1)
    assert place.read_bytes() == bytes(content)


def test_no_read_fails_while_keys_are_rotated_and_retired() -> None:
    contents = {seal(os.urandom(size), f"{size:064}"): size for size in (10, 300_000, 2_500_000)}
    stop, wrong, reads = threading.Event(), [], Counter[Path]()

    def read_on() -> None:
        while not stop.is_set():
            for place, size in contents.items():
                try:
                    assert sum(map(len, vault.read(place))) == size
                    reads[place] += 1
                except Exception as error:
                    wrong.append(repr(error))

    readers = [threading.Thread(target=read_on) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(8):
            told = rotation.rotate(by=None, progress=lambda *_counts: None)
            assert told.files == 3
            for old in [version for version in keyring.keys().ciphers if version != told.version]:
                rotation.retire(old, by=None)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert min(reads.values()) > 5
    assert vault.versions() == {keyring.keys().current: 3}
