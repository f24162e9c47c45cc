"""Bringing an installation back from a backup and its keys, into an empty place only."""

import base64
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from tafahom.audit import signing
from tafahom.operations import archive, databases
from tafahom.operations.backup import FOLDERS
from tafahom.operations.envelope import BackupError, Secret
from tafahom.people import keyring
from tafahom.people.sealing import sealer


def restore(file: Path, secret: Secret) -> archive.Manifest:
    """Restore a backup into an installation that has nothing yet; return its manifest.

    Everything is unpacked aside and checked before the first change that lasts; the database
    comes last and whole. A restore that was interrupted can be begun again. Raises BackupError.
    """
    if not databases.is_empty():
        raise BackupError(_("The database is not empty; nothing was restored."))
    data = Path(settings.DATA_DIR)
    with tempfile.TemporaryDirectory(dir=data, prefix="restore-") as name:
        folder = Path(name)
        try:
            with file.open("rb") as source:
                manifest = archive.read(source, secret, folder.joinpath)
        except OSError as error:
            raise BackupError(_("%(file)s cannot be read.") % {"file": file}) from error
        copy = folder / databases.file_name()
        if not copy.exists():
            raise BackupError(_("The backup is of another kind of database than DATABASE_URL."))
        databases.check_copy(copy)
        _check_version(manifest)
        _check_keys(manifest)
        _check_audit_key(manifest)
        _move_files(folder, manifest)
        databases.put_in_place(copy)
    return manifest


def is_older(manifest: archive.Manifest) -> bool:
    """Return whether the backup is of an older version, so that tables must change."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    return bool(known - {tuple(pair) for pair in manifest["migrations"]})


def _check_version(manifest: archive.Manifest) -> None:
    ours = MigrationLoader(None, ignore_no_migrations=True)
    apps = {app for app, _name in ours.disk_migrations}
    known = set(ours.disk_migrations) | {
        pair for migration in ours.disk_migrations.values() for pair in migration.replaces
    }
    newer = {
        (app, name)
        for app, name in manifest["migrations"]
        if app in apps and (app, name) not in known
    }
    if newer:
        raise BackupError(_("The backup was made by a newer version: install that one first."))


def _check_keys(manifest: archive.Manifest) -> None:
    """Raise BackupError, naming the key, unless the keys here open the identities."""
    if not manifest["identities"]:
        return
    if not keyring.present():
        raise BackupError(
            _("There are no keys here: put keys.json, or the keys in the environment, first.")
        )
    found, wanted = keyring.keys().fingerprints, manifest["keys"]
    needed = [*(str(row["key_version"]) for row in manifest["identities"]), "index"]
    for key in needed:
        if key not in found or (key in wanted and found[key] != wanted[key]):
            raise BackupError(
                _("Key %(key)s (%(print)s) is missing here, or is another one.")
                % {"key": key, "print": wanted.get(key, "?")}
            )
    seal = sealer()
    for row in manifest["identities"]:
        try:
            seal.open(
                base64.b64decode(row["sealed"]),
                person_id=row["person_id"],
                key_version=row["key_version"],
            )
        except InvalidTag:
            raise BackupError(
                _("Key %(key)s does not open the identities of this backup.")
                % {"key": row["key_version"]}
            ) from None


def _check_audit_key(manifest: archive.Manifest) -> None:
    """Raise BackupError unless what signed the audit is here: days could not be signed on."""
    wanted = manifest["keys"].get("audit")
    if wanted and not (signing.present() and wanted in signing.signer().private):
        raise BackupError(_("The audit key %s is missing here: put audit-key first.") % wanted)


def _move_files(folder: Path, manifest: archive.Manifest) -> None:
    """Move unpacked files to their places; those of an interrupted restore are written over.

    A file that is not of this backup stops it before anything is moved.
    """
    data = Path(settings.DATA_DIR)
    names = {file["name"] for file in manifest["files"]}
    places = {name.partition("/")[0] for name in names if "/" in name} | set(FOLDERS)
    for place in places:
        for path in (data / place).glob("*"):
            if f"{place}/{path.name}" not in names:
                raise BackupError(
                    _("The folder %(name)s is not empty; nothing was restored.") % {"name": place}
                )
    for name in sorted(names):
        if "/" in name:
            (data / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(folder / name, data / name)
