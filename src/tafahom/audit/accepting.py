"""Accepting that the chain is shorter than it was, after an older backup was restored.

Or that entries were written without the key, while it was away. A check goes on saying that
entries are missing, or are not ours, until somebody says so. That is an act: an entry
of the chain, signed with the audit key, that says what is given up and why, for everybody to see
in every later check.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from tafahom.audit import marks, signing
from tafahom.audit.actions import record
from tafahom.audit.locking import lock_chain
from tafahom.audit.marks import Mark, UnusableMarkError
from tafahom.audit.models import Entry, Head
from tafahom.audit.rules import ACCEPTED, GENESIS, acceptance_body
from tafahom.audit.verification import SealedHead, sealed_heads, verify, verify_chain


class NothingToAcceptError(Exception):
    """The chain holds all that its mark and the heads outside tell of, and our key wrote it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """The backup that the database was last restored from, when newer entries had been here."""

    made_at: str
    entries: int


@transaction.atomic
def accept(*, reason: str, outside: Sequence[SealedHead] = ()) -> Entry:
    """Take the chain as it is for whole, and set the mark anew.

    ``outside`` are the heads that are kept outside: those that are not here are given up too.
    Raises NothingToAcceptError, FileNotFoundError when the key of heads or mark is away.
    """
    if not (signing.present() or marks.mark_file().exists() or Head.objects.exists()):
        signing.make()  # an installation of a version that made it with the first head only
    signer = signing.signer()
    lock_chain()
    mark = _mark(signer)
    heads = sorted({(head.last, head.digest) for head in set(outside) - set(sealed_heads())})
    is_short = not mark or not marks.is_in_chain(mark) or Head.objects.count() < mark.heads
    keyless = verify(signer.public_keys()).keyless
    if not heads and not is_short and not keyless:
        raise NothingToAcceptError
    here = Entry.objects.order_by("-id").values_list("id", "digest").first() or (0, GENESIS)
    details: dict[str, Any] = {
        "reason": reason,
        "kept": here[0],
        "lost": max([mark.last if mark else 0, *(last for last, _digest in heads)]),
        "heads": [list(head) for head in heads],
        "keyless": keyless,
        "key": signer.current,
    }
    if restored := restored_from():
        details["backup"] = restored.made_at
    details["signature"] = signer.sign(acceptance_body(details, previous=here[1]))
    first_way = verify_chain().first_way
    entry = record(action=ACCEPTED, details=details, by=None)
    generation = mark.generation + 1 if mark else 1
    anew = Mark(generation, entry.pk, entry.digest, Head.objects.count(), first_way)
    transaction.on_commit(lambda: _settle(anew))
    return entry


def note_restored(*, made_at: str, entries: int) -> None:
    """Note that the database is that of a backup and lacks what had been here since."""
    text = json.dumps({"made_at": made_at, "entries": entries})
    _note_file().write_text(text, encoding="ascii")


def restored_from() -> Restored | None:
    """Return the backup that explains why entries are missing; None when none was noted."""
    try:
        noted = json.loads(_note_file().read_text(encoding="ascii"))
        return Restored(str(noted["made_at"]), int(noted["entries"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _settle(mark: Mark) -> None:
    marks.write(mark)
    _note_file().unlink(missing_ok=True)


def _mark(signer: signing.Signer) -> Mark | None:
    try:
        return marks.read(signer.public_keys())
    except UnusableMarkError:
        return None


def _note_file() -> Path:
    return Path(settings.DATA_DIR) / "audit-restored"
