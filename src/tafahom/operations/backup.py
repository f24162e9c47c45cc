"""Making a backup: one encrypted file, read again before it gets its name."""

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from tafahom.access.accounts.second_steps import fingerprint, opens
from tafahom.audit import signing
from tafahom.operations import archive, databases
from tafahom.operations.envelope import BackupError, Secret
from tafahom.people import keyring, vault

# What is not in the database and cannot be made again from it. Keys are not among it: a thief of
# backups learns no name.
FOLDERS = ("uploads", "rejects", "returned", "scans")
LAST = "last-backup"


def make(file: Path, secret: Secret) -> archive.Manifest:
    """Write a backup to a new file, consistent while imports run; return its manifest.

    It is written beside its place, read again to the last byte, and only then named. Raises
    BackupError, leaving nothing, when anything is not as it should be.
    """
    if file.exists():
        raise BackupError(_("%(file)s exists already; nothing was written.") % {"file": file})
    if not file.parent.is_dir():
        raise BackupError(_("There is no folder %(folder)s.") % {"folder": file.parent})
    with _aside(file) as draft, vault.workplace(None) as folder:
        copy = folder / databases.file_name()
        files = list(_files())
        facts = databases.copy_to(copy)
        manifest = facts | _about(files) | {"second_steps": _about_second_steps(**facts)}
        databases.check_copy(copy)
        with draft.open("wb") as out:
            archive.write(out, secret, [(copy.name, copy), *files], manifest)
            out.flush()
            os.fsync(out.fileno())
        written = verify(draft, secret)
        try:
            os.link(draft, file)  # unlike a renaming, refuses to replace
        except FileExistsError:
            raise BackupError(_("%(file)s exists already.") % {"file": file}) from None
    return written


def remember() -> None:
    """Note that a backup was made now; ``last_backup`` tells."""
    (Path(settings.DATA_DIR) / LAST).touch(mode=0o600)


def last_backup() -> dt.datetime | None:
    """Return when the last backup was made from here; None when none was."""
    try:
        moment = (Path(settings.DATA_DIR) / LAST).stat().st_mtime
    except FileNotFoundError:
        return None
    return dt.datetime.fromtimestamp(moment, dt.UTC)


def verify(file: Path, secret: Secret) -> archive.Manifest:
    """Read a backup to its last byte and return its manifest. Raises BackupError."""
    try:
        with file.open("rb") as source:
            return archive.read(source, secret, lambda _name: None)
    except OSError as error:
        raise BackupError(_("%(file)s cannot be read.") % {"file": file}) from error


def _about_second_steps(*, second_steps: list[str], **_others: Any) -> dict[str, Any]:
    """Return how many second steps there are, with one that opens, to try the secret with."""
    sample = next(filter(opens, second_steps), "")
    return {"count": len(second_steps), "sealed": sample, "print": fingerprint()}


def _about(files: list[tuple[str, Path]]) -> archive.Manifest:
    keys = dict(keyring.keys().fingerprints) if keyring.present() else {}
    if signing.present():
        keys["audit"] = signing.signer().current
    return {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "product": version("tafahom"),
        "keys": keys,
        "sealed": [name for name, path in files if vault.is_sealed(path) and vault.opens(path)],
    }


def _files() -> Iterator[tuple[str, Path]]:
    for name in FOLDERS:
        folder = Path(settings.DATA_DIR) / name
        for path in sorted(folder.glob("*")):
            if path.is_file() and archive.may_hold(f"{name}/{path.name}"):
                yield f"{name}/{path.name}", path


@contextlib.contextmanager
def _aside(file: Path) -> Iterator[Path]:
    """Yield a draft beside a file's place (mode 0600), removed at the end."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        os.unlink(name)
