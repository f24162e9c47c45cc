"""Changing the key that seals identities and contacts, while people read and import.

Rows are sealed anew in batches, each in a short transaction of its own. A row says which key
sealed it and both keys open until the old one is retired, so a reader never fails; a rotation
that was killed goes on where it stopped.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import OperationalError, connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from tafahom.audit.actions import record
from tafahom.people import keyring, vault
from tafahom.people.keyring import KeyringError
from tafahom.people.sealing import place_of, sealer

T = TypeVar("T")
BATCH = 500
# Leaves writers who wait a gap to begin in: SQLite does not let them queue.
PAUSE_SECONDS = 0.01
# A large import holds SQLite for its whole length.
PATIENCE_SECONDS = 600
# Called after each batch: rows there were to seal, sealed in earlier passes, sealed in this one.
RotationProgress = Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did; ``unreadable`` rows and files do not open with the key they name."""

    version: int
    rows: int
    unreadable: int
    files: int = 0


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """An identity key: its version and fingerprint, and how many rows and files it seals."""

    version: int
    fingerprint: str
    rows: int
    current: bool
    files: int = 0


def keys_in_use() -> list[KeyInUse]:
    """Return the identity keys, also those that rows name and nobody has (no fingerprint)."""
    counted = _rows_by_version()
    found, files = keyring.keys(), vault.versions()
    versions = sorted({*found.ciphers, *counted, *files})
    return [
        KeyInUse(
            version=version,
            fingerprint=found.fingerprints.get(str(version), ""),
            rows=counted.get(version, 0),
            current=version == found.current,
            files=files.get(version, 0),
        )
        for version in versions
    ]


def new_key(*, by: AbstractBaseUser | None) -> int:
    """Add an identity key, which seals from now on; return its version. Raises KeyringError."""
    version = keyring.add_identity_key()
    record(action="keys.new", target=f"identity:{version}", by=by)
    return version


def rotate(*, by: AbstractBaseUser | None, progress: RotationProgress) -> Rotation:
    """Seal every sealed row and stored file with the newest key; a new one if all are already.

    Raises KeyringError when a key is to be made and keys come from the environment.
    """
    if not _waiting():
        new_key(by=by)
    total, done = _waiting(), 0
    # Imports that began before the key was made may write with the old one: once more, then.
    while True:
        sealed, unreadable = _pass(partial(progress, total, done))
        done += sealed
        if not sealed:
            break
    files = vault.reseal()
    unreadable += files.unreadable
    version = sealer().key_version
    details = {"rows": done, "files": files.files, "unreadable": unreadable}
    _patiently(
        lambda: record(action="keys.rotated", target=f"identity:{version}", details=details, by=by)
    )
    return Rotation(version, done, unreadable, files.files)


def retire(version: int, *, by: AbstractBaseUser | None) -> bool:
    """Remove an old identity key that no row needs; False when it is in the environment.

    Raises KeyringError while rows need it. Backups made before still need it.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # see people.actions: waits for who seals now
                cursor.execute("LOCK TABLE people_identity IN SHARE ROW EXCLUSIVE MODE")
        if rows := _rows_by_version()[version]:
            raise KeyringError(
                _("%(rows)s identities need key %(version)s: rotate first.")
                % {"rows": rows, "version": version}
            )
        if files := vault.versions().get(version, 0):
            raise KeyringError(
                _("%(files)s stored files need key %(version)s: rotate first.")
                % {"files": files, "version": version}
            )
        if keyring.in_environment():
            return False
        keyring.remove_identity_key(version)
        record(action="keys.retired", target=f"identity:{version}", by=by)
    return True


def _waiting() -> int:
    """Count the rows that are not under the newest key, and the files."""
    current = sealer().key_version
    files = sum(count for version, count in vault.versions().items() if version != current)
    rows = _rows_by_version()
    return rows.total() - rows[current] + files


def sealed_models() -> list[Any]:
    """Return the models with a sealed column (see ``people.sealing``)."""
    return [model for model in apps.get_models() if hasattr(model, "sealed_by")]


def _rows_by_version() -> Counter[int]:
    """Count the sealed rows of all tables by the key that seals them."""
    found: Counter[int] = Counter()
    for model in sealed_models():
        rows = model.objects.order_by("key_version").values_list("key_version")
        found.update(dict(rows.annotate(Count("pk"))))
    return found


def _pass(progress: Callable[[int], None]) -> tuple[int, int]:
    """Go once through all rows; return how many were sealed anew and how many do not open."""
    done = unreadable = 0
    for model in sealed_models():
        last = 0
        while batch := _patiently(partial(_batch, model, last)):
            last, sealed, broken = batch
            done += sealed
            unreadable += broken
            progress(done)
            time.sleep(PAUSE_SECONDS)
    return done, unreadable


@transaction.atomic
def _batch(model: Any, after: int) -> tuple[int, int, int] | None:
    """Seal the next rows anew: the last id, how many, how many do not open; None at the end."""
    seal, table = sealer(), model._meta.db_table
    waiting = model.objects.select_for_update().exclude(key_version=seal.key_version)
    rows = waiting.filter(pk__gt=after).order_by("pk")[:BATCH]
    found = list(rows.values_list("pk", model.sealed_by, "sealed", "key_version"))
    changed = []
    for pk, row, sealed, version in found:
        try:
            anew = seal.reseal(bytes(sealed), place=place_of(table, row), key_version=version)
        except (InvalidTag, KeyError):
            continue
        changed.append((anew, seal.key_version, pk))
    if not found:
        return None
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET sealed = %s, key_version = %s WHERE id = %s",  # nosec B608 - ours
            changed,
        )
    return found[-1][0], len(changed), len(found) - len(changed)


def _patiently(work: Callable[[], T]) -> T:
    """Do it, again while others hold the database."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except OperationalError:
            if time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.2)
