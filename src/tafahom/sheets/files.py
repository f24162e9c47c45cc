"""What a file is by its content, and why it can not be read as a table. No framework here."""

import re
import struct
import zipfile
from enum import Enum
from pathlib import Path

import olefile

LARGEST_FILE = 25 * 1024 * 1024
LARGEST_UNPACKED = 400 * 1024 * 1024
# Sheets of real offices shrink 5 to 30 times; a part that shrinks more is made to harm.
SUSPICIOUS_PART = 10 * 1024 * 1024
SUSPICIOUS_RATIO = 150
MAX_PARTS = 5_000
MAX_COLUMNS = 256
MAX_ROWS = 200_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_LONGEST_NAME = 200  # of a kind of file
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# Pages and XML that Excel opens as workbooks, and that programs give out as such.
_MARKUP = re.compile(
    r"\s*(?:<\?xml\b|<!--|<!doctype\s+html|<(?:html|head|meta|body|table|style|div)\b)"
    r"|\s*MIME-Version:.{0,4000}\bmultipart/related\b",
    re.IGNORECASE | re.DOTALL,
)
# Bytes that no office's text has: control characters but tab, line feed, carriage return.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 26})
_SAMPLE = 1 << 20


class FileRefusedError(ValueError):
    """A file that is not read at all; ``code`` is one of docs/user/roster-errors."""

    def __init__(self, code: str, *, sheet: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.sheet = sheet


class SpreadsheetKind(Enum):
    """What is inside a file, whatever its name says."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    TEXT = "text"


def kind_of(path: Path) -> SpreadsheetKind:
    """Look into the file and say what it is.

    Raises FileRefusedError for what is neither a workbook nor text, or harms who unpacks it;
    OSError when it can not be read.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError("file.empty")
    if size > LARGEST_FILE:
        raise FileRefusedError("file.too_large")
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if head.startswith(_ZIP):
        return _kind_of_archive(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if not _is_text(head):
        raise FileRefusedError("file.not_a_spreadsheet")
    if _MARKUP.match(_beginning(head)):
        raise FileRefusedError("file.html")
    return SpreadsheetKind.TEXT


def part_name(name: str) -> str:
    """Return the name that a part is found by: some writers use backslashes, others capitals."""
    return name.replace("\\", "/").lstrip("/").lower()


def _kind_of_archive(path: Path) -> SpreadsheetKind:
    """Refuse an archive that is no workbook, is cut off, locked or unpacks to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part_name(part.filename): part for part in parts}
            is_ods = "mimetype" in names and _is_ods(archive, names)
            is_locked = is_ods and _is_locked_ods(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefusedError("file.damaged") from error
    if is_locked or any(part.flag_bits & 1 for part in parts):
        raise FileRefusedError("file.encrypted")
    kinds = {"xl/workbook.xml": SpreadsheetKind.XLSX, "xl/workbook.bin": SpreadsheetKind.XLSB}
    found = [kind for name, kind in kinds.items() if name in names]
    if is_ods:
        found.append(SpreadsheetKind.ODS)
    if not found:
        raise FileRefusedError("file.not_a_spreadsheet")
    is_bomb = any(
        part.file_size > SUSPICIOUS_PART
        and part.file_size > SUSPICIOUS_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    unpacked = sum(part.file_size for part in parts)
    if is_bomb or unpacked > LARGEST_UNPACKED or len(parts) > MAX_PARTS:
        raise FileRefusedError("file.too_large")
    return found[0]


def _is_ods(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> bool:
    """Say whether an archive is a workbook of OpenDocument."""
    is_named = names["mimetype"].file_size < _LONGEST_NAME
    return (
        is_named
        and archive.read(names["mimetype"]).startswith(_ODS)
        and ("content.xml" in names or "encrypted-package" in names)
    )


def _is_locked_ods(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> bool:
    manifest = names.get("meta-inf/manifest.xml")
    is_short = manifest is not None and manifest.file_size < SUSPICIOUS_PART
    return bool(manifest and is_short and b"encryption-data" in archive.read(manifest))


def _kind_of_ole(path: Path) -> SpreadsheetKind:
    """Tell old workbooks from locked new ones and from all else that is kept in this way."""
    data = path.read_bytes()
    try:
        with olefile.OleFileIO(data) as container:
            is_locked = container.exists("EncryptedPackage")
            is_workbook = any(container.exists(name) for name in ("Workbook", "Book"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error):
        is_locked = is_workbook = False
    if is_locked or (not is_workbook and _ENCRYPTED_STREAM in data):
        raise FileRefusedError("file.encrypted")
    if not is_workbook:
        raise FileRefusedError("file.not_a_spreadsheet")
    return SpreadsheetKind.XLS


def _beginning(head: bytes) -> str:
    """The beginning of a text, read well enough to see what language it is written in."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = (unmarked_utf_16(head) if b"\0" in head else None) or "utf-8-sig"
    return head[:8192].decode(encoding, errors="replace")


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return False
    if b"\0" in head:
        return unmarked_utf_16(head) is not None
    return len(head.translate(None, _CONTROL)) == len(head)


def unmarked_utf_16(head: bytes) -> str | None:
    """The byte order of text in UTF-16 that does not begin with its mark; None if it is not."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = head[: 4096 & ~1].decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(c.isprintable() or c in "\r\n\t\u200c" for c in text):
            return encoding
    return None
