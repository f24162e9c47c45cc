"""Bringing an installation back from a backup and its keys, into an empty place only."""

import base64
import os
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from tafahom.access.accounts import second_steps
from tafahom.audit import signing
from tafahom.operations import archive, databases, service, unfinished
from tafahom.operations.backup import FOLDERS, verify
from tafahom.operations.envelope import BackupError, Secret
from tafahom.people import keyring
from tafahom.people.sealing import sealer


def restore(file: Path, secret: Secret, *, is_secret_lost: bool = False) -> archive.Manifest:
    """Restore a backup into an installation that has nothing yet; return its manifest.

    Everything is unpacked aside and checked before the first change that lasts; the database
    comes last and whole. What is refused leaves the place empty, and one that was interrupted is
    run again. With ``is_secret_lost`` second steps may come back that no code fits any more.
    Raises BackupError.
    """
    service.check_roles()
    databases.check_program()
    if not databases.is_empty():
        return _go_on(file, secret)
    unfinished.take_back()
    data = Path(settings.DATA_DIR)
    with tempfile.TemporaryDirectory(dir=data, prefix=unfinished.PREFIX) as name:
        folder = Path(name)
        try:
            with file.open("rb") as source:
                manifest = archive.read(source, secret, folder.joinpath)
        except OSError as error:
            raise BackupError(_("%(file)s cannot be read.") % {"file": file}) from error
        _check(folder, manifest, is_secret_lost)
        _put_in_place(folder, manifest)
    service.let_in()
    unfinished.finish()
    return manifest


def _go_on(file: Path, secret: Secret) -> archive.Manifest:
    """Finish a restore that was interrupted when its database was in place; else refuse."""
    noted = unfinished.noted()
    if noted and databases.holds(noted["audit"]):
        manifest = verify(file, secret)
        if unfinished.about(manifest).items() <= noted.items():
            service.let_in()
            unfinished.finish()
            return manifest
    raise BackupError(_("The database is not empty; nothing was restored."))


def _check(folder: Path, manifest: archive.Manifest, is_secret_lost: bool) -> None:
    """Raise BackupError, with all that is missing, unless the backup can come back here whole."""
    copy = folder / databases.file_name()
    if not copy.exists():
        raise BackupError(_("The backup is of another kind of database than DATABASE_URL."))
    databases.check_copy(copy)
    _check_version(manifest)
    checks = [_check_keys, _check_audit_key]
    if not is_secret_lost:
        checks.append(_check_secret)
    missing = []
    for check in checks:
        try:
            check(manifest)
        except BackupError as error:
            missing.append(str(error))
    if missing:
        raise BackupError("\n".join(missing))


def _put_in_place(folder: Path, manifest: archive.Manifest) -> None:
    """Move the files, then the database; a refusal of either takes the files away again."""
    _check_folders(manifest)
    unfinished.note(manifest)
    try:
        _move_files(folder, manifest)
        databases.put_in_place(folder / databases.file_name())
    except (BackupError, OSError):
        if databases.is_empty():
            unfinished.take_back()
        raise


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


def _check_secret(manifest: archive.Manifest) -> None:
    """Raise BackupError unless second steps open here. Old backups do not tell of any."""
    told = manifest.get("second_steps")
    if told and told["sealed"] and not second_steps.opens(told["sealed"]):
        raise BackupError(
            _(
                "The secret %(print)s is missing here, which %(count)s accounts need for their"
                " second step: put secret.key in the data directory, or set TAFAHOM_SECRET_KEY,"
                " first. Should it be lost: --secret-is-lost."
            )
            % told
        )


def _check_folders(manifest: archive.Manifest) -> None:
    """Raise BackupError where a file lies that is not of this backup."""
    data = Path(settings.DATA_DIR)
    names = {file["name"] for file in manifest["files"]}
    for place in {name.partition("/")[0] for name in names if "/" in name} | set(FOLDERS):
        for path in (data / place).glob("*"):
            if f"{place}/{path.name}" not in names:
                raise BackupError(
                    _("The folder %(name)s is not empty; nothing was restored.") % {"name": place}
                )


def _move_files(folder: Path, manifest: archive.Manifest) -> None:
    """Move unpacked files to their places."""
    data = Path(settings.DATA_DIR)
    for name in sorted(file["name"] for file in manifest["files"]):
        if "/" in name:
            (data / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(folder / name, data / name)
