"""Files of agreements: known by their content, sealed, kept once."""

import hashlib
import struct
import zlib
from pathlib import Path

import pytest
from django.test import TestCase

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.agreements.models import Agreement, AgreementFile, FileKind
from tafahom.agreements.texts import files, storage
from tafahom.agreements.texts.storage import LARGEST_FILE, type_of
from tafahom.people import vault
from tafahom.refusals import Refusal

_BODY = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
PDF = (
    _BODY
    + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R>>\n"
    + b"startxref\n%d\n%%%%EOF\n" % len(_BODY)
)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x02\x01\x01\x11\x00"
    b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34\xff\xd9"
)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
TIFF = b"II*\0\x08\0\0\0" + struct.pack("<HHHIIHHIII", 2, 256, 3, 1, 1, 257, 3, 1, 1, 0)
GOOD = {"application/pdf": PDF, "image/jpeg": JPEG, "image/png": PNG, "image/tiff": TIFF}


@pytest.fixture
def agreement(db: None) -> Agreement:
    return prepare()


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_known_by_its_content(name: str) -> None:
    assert type_of(GOOD[name]) == name


@pytest.mark.parametrize("name", GOOD)
def test_half_a_file_is_not_taken(name: str) -> None:
    content = GOOD[name]
    with pytest.raises(Refusal) as refused:
        type_of(content[: len(content) // 2])
    assert refused.value.code == "attachment.damaged"


@pytest.mark.parametrize(
    "content",
    [b"<html><script>alert(1)</script>", b"MZ\x90\0", b"PK\x03\x04", b"GIF89a", b" %PDF-1.4", b"x"],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        type_of(content)
    assert refused.value.code == "attachment.type"


def test_a_picture_whose_sum_is_wrong_is_damaged() -> None:
    wrong = PNG.replace(b"IDAT", b"IDAX", 1)
    with pytest.raises(Refusal, match=r"attachment\.damaged"):
        type_of(wrong)


def test_a_tiff_that_leads_in_circles_ends() -> None:
    circle = TIFF[:-4] + struct.pack("<I", 8)
    with pytest.raises(Refusal, match=r"attachment\.damaged"):
        type_of(circle)


@pytest.mark.parametrize("size", [LARGEST_FILE + 1, 0])
def test_too_much_and_nothing_are_refused(size: int) -> None:
    with pytest.raises(Refusal):
        storage.read_whole([b"x" * (size // 2), b"x" * (size - size // 2)])
    assert len(storage.read_whole([b"x" * LARGEST_FILE])) == LARGEST_FILE


def test_a_file_lies_sealed_under_its_digest(agreement: Agreement, data_dir: Path) -> None:
    made = files.attach(agreement, chunks=[PDF], name="..\\..\\x.exe", kind=FileKind.SCAN, by=None)
    assert made.sha256 == hashlib.sha256(PDF).hexdigest()
    assert made.name == "x.pdf"
    place = data_dir / "scans" / made.sha256
    assert vault.is_sealed(place)
    assert b"%PDF" not in place.read_bytes()
    assert b"".join(storage.read(made.sha256)) == PDF
    assert place in set(vault.files())


def test_the_same_file_is_attached_once(agreement: Agreement) -> None:
    files.attach(agreement, chunks=[PNG], name="a.png", kind=FileKind.SCAN, by=None)
    with pytest.raises(Refusal, match=r"attachment\.present"):
        files.attach(agreement, chunks=[PNG], name="b.png", kind=FileKind.LETTER, by=None)


def test_what_another_agreement_has_stays(agreement: Agreement, data_dir: Path) -> None:
    other = make_agreement("77/1")
    one = files.attach(agreement, chunks=[PDF], name="a", kind=FileKind.SCAN, by=None)
    two = files.attach(other, chunks=[PDF], name="b", kind=FileKind.ANNEX, by=None)
    place = data_dir / "scans" / one.sha256
    with TestCase.captureOnCommitCallbacks(execute=True):
        files.detach(one, by=None)
    assert place.is_file()
    with TestCase.captureOnCommitCallbacks(execute=True):
        files.detach(two, by=None)
    assert not place.exists()
    assert not AgreementFile.objects.exists()
