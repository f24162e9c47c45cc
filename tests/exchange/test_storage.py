"""Files are kept under the digest of their content; names are never paths."""

import hashlib
import stat
from pathlib import Path

import pytest

from tafahom.exchange.rosters import storage
from tafahom.people import vault

pytestmark = pytest.mark.django_db


def test_a_file_is_kept_under_its_digest_for_the_service_alone(data_dir: Path) -> None:
    kept = storage.store([b"abc", b"def"], name="../../etc/passwd")
    assert kept.sha256 == hashlib.sha256(b"abcdef").hexdigest()
    assert (kept.name, kept.size) == ("passwd", 6)
    place = storage.path_of(kept.sha256)
    assert place.parent == data_dir / "uploads"
    assert b"abc" not in place.read_bytes()
    assert b"".join(vault.read(place)) == b"abcdef"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_too_large_a_file_leaves_nothing_behind(data_dir: Path) -> None:
    with pytest.raises(storage.TooLargeError):
        storage.store([b"x" * 10, b"x"], name="a.csv", largest=10)
    assert list((data_dir / "uploads").iterdir()) == []


@pytest.mark.parametrize("digest", ["", "../keys.json", "A" * 64, "0" * 63, "0" * 64 + "/x"])
def test_only_digests_lead_to_files(digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        storage.path_of(digest)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\x\\فهرست ۱.xlsx", "فهرست ۱.xlsx"),
        ("a\x00b\n.csv", "ab .csv"),
        ("", "?"),
        ("/", "?"),
    ],
)
def test_names_are_cleaned_for_showing(name: str, shown: str) -> None:
    assert storage.safe_name(name) == shown


def test_a_rejects_workbook_has_a_name_that_fits_any_disk(data_dir: Path) -> None:
    place = storage.rejects_path("../" + "ز" * 300 + ".xlsx", "0" * 64)
    assert place.parent == data_dir / "rejects"
    assert len(place.name.encode()) < 255


def test_all_that_is_kept_of_a_roster_is_destroyed_together(data_dir: Path) -> None:
    kept = storage.store([b"abc"], name="فهرست.csv")
    plain = storage.rejects_path("فهرست.csv", kept.sha256)
    plain.write_bytes(b"rows of people")
    vault.seal_file(plain, plain.name, into=storage.RETURNED)
    other = storage.rejects_path("فهرست.csv", "0" * 64)
    other.write_bytes(b"of another file")
    assert storage.destroy(kept.sha256) == 3
    assert [path for path in data_dir.rglob("*") if path.is_file() and path.parent != data_dir] == [
        other
    ]
