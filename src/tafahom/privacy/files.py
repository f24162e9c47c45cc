"""Files of bulk exports: sealed, under the uid of their request, gone once they are taken."""

from pathlib import Path

from tafahom.people import vault

EXPORTS = "exports"


def keep(uid: str, content: bytes) -> None:
    """Seal the file of an export."""
    with vault.Sealing(EXPORTS) as out:
        out.write(content)
        out.keep(uid)


def read(uid: str) -> bytes:
    """Return the file of an export. Raises OSError and ``vault.UnreadableError``."""
    return b"".join(vault.read(_place(uid)))


def remove(uid: str) -> None:
    """Remove the file of an export; nothing happens when there is none."""
    _place(uid).unlink(missing_ok=True)


def kept() -> set[str]:
    """Return the uids of all files that are there."""
    return {place.name for place in vault.folder(EXPORTS).iterdir() if place.name[0] != "."}


def _place(uid: str) -> Path:
    if not uid.isalnum():
        raise ValueError("not a uid")
    return vault.folder(EXPORTS) / uid
