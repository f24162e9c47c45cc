"""Files of agreements on disk: what they are is read from their content, and they lie sealed."""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tafahom.people import vault
from tafahom.refusals import Refusal

SCANS = "scans"
LARGEST_FILE = 20 * 1024 * 1024
TYPES = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = {b"II*\0": "<", b"MM\0*": ">"}
# JPEG markers without a length behind them: TEM, the restarts and the beginning.
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read_whole(chunks: Iterable[bytes]) -> bytes:
    """Put a file together. Raises FileRefusedError for one that is too large or empty."""
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > LARGEST_FILE:
            raise Refusal("attachment.too_large", field="file")
    if not content:
        raise Refusal("attachment.empty", field="file")
    return bytes(content)


def type_of(content: bytes) -> str:
    """Return the type of a file by its content, read to its end. Raises FileRefusedError."""
    checks = (
        (content.startswith(b"%PDF-"), "application/pdf", _is_pdf),
        (content.startswith(b"\xff\xd8\xff"), "image/jpeg", _is_jpeg),
        (content.startswith(_PNG), "image/png", _is_png),
        (content[:4] in _TIFF, "image/tiff", _is_tiff),
    )
    for begins, name, is_whole in checks:
        if begins:
            try:
                whole = is_whole(content)
            except (struct.error, ValueError, IndexError):
                whole = False
            if not whole:
                raise Refusal("attachment.damaged", field="file")
            return name
    raise Refusal("attachment.type", field="file")


def keep(content: bytes) -> str:
    """Seal a file under its SHA-256 and return that; one that is there stays."""
    digest = hashlib.sha256(content).hexdigest()
    if not _place(digest).is_file():
        with vault.Sealing(SCANS) as out:
            out.write(content)
            out.keep(digest)
    return digest


def read(sha256: str) -> Iterator[bytes]:
    """Give what a file holds. Raises OSError and ``vault.UnreadableError``."""
    return vault.read(_place(sha256))


def remove(sha256: str) -> None:
    """Remove a file; nothing happens when there is none."""
    _place(sha256).unlink(missing_ok=True)


def _place(sha256: str) -> Path:
    if not _DIGEST.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return vault.folder(SCANS) / sha256


def _is_pdf(content: bytes) -> bool:
    """Return whether the end says where the table of objects is, and one is there."""
    found = re.findall(rb"startxref\s+(\d+)\s+%%EOF", content[-2048:])
    if not found:
        return False
    place = content[int(found[-1]) :][:64].lstrip()
    return place.startswith(b"xref") or re.match(rb"\d+\s+\d+\s+obj", place) is not None


def _is_jpeg(content: bytes) -> bool:
    """Return whether the segments lead from the beginning over a frame to a scan and the end."""
    at, has_frame = 2, False
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a filler
            at += 1
            continue
        at += 2
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", content, at)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 3)
            has_frame = width > 0 and (height > 0 or marker != 0xC0)
        if marker == 0xDA:  # from here on the picture itself
            return has_frame and content.rfind(b"\xff\xd9") > at + length
        if length < 2:
            return False
        at += length
    return False


def _is_png(content: bytes) -> bool:
    """Return whether chunks with right sums lead to the end, with picture data among them."""
    at, kinds = len(_PNG), []
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 4 : at + 8 + length]
        (told,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(body) != told:
            return False
        kinds.append(kind)
        at += length + 12
        if kind == b"IEND":
            break
    return kinds[:1] == [b"IHDR"] and b"IDAT" in kinds and kinds[-1] == b"IEND"


def _is_tiff(content: bytes) -> bool:
    """Return whether each directory lies in the file and says how large its picture is."""
    order = _TIFF[content[:4]]
    (at,) = struct.unpack_from(f"{order}I", content, 4)
    pages, seen = 0, set()
    while at:
        if at in seen or at < 8:
            return False
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", content, at)
        tags = {
            struct.unpack_from(f"{order}H", content, at + 2 + 12 * place)[0]
            for place in range(count)
        }
        if not {256, 257} <= tags:  # width and height
            return False
        pages += 1
        (at,) = struct.unpack_from(f"{order}I", content, at + 2 + 12 * count)
    return pages > 0
