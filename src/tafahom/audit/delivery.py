"""Sending heads by themselves to somebody outside: into a folder, or to an address of e-mail.

``TAFAHOM_AUDIT_HEADS`` says where to. Nothing that lies there is ever written over: whoever
changes the past here leaves what contradicts it there.
"""

import contextlib
import datetime as dt
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from tafahom.audit import outside, signing
from tafahom.audit.sealing import local_day, seal
from tafahom.audit.verification import SealedHead, sealed_heads

MAILTO = "mailto:"
# A day is sealed by the first act of a later one; a weekend has none.
MAX_DAYS = 4


def is_set() -> bool:
    """Return whether heads are sent anywhere."""
    return bool(settings.AUDIT_HEADS)


def deliver() -> int:
    """Sign the chain as it is now and send the heads that were not sent yet; how many.

    Safe to repeat, and for two at once. Raises OSError (the folder, the server of e-mail, a key
    that is gone) and ImproperlyConfigured.
    """
    seal()
    waiting = _waiting()
    if not waiting:
        return 0
    if folder := _folder():
        for head in waiting:
            _put(folder / _name(head), outside.write([head], signing.signer().public_keys()))
    else:
        _mail(waiting)
    return len(waiting)


@task()
def deliver_later() -> None:
    """Send heads in the background. Safe to run twice."""
    deliver()


def delivered() -> list[SealedHead]:
    """Return the heads in the folder outside; none where none is set.

    Raises OSError when the folder is not there, UnusableHeadsError for a file that holds none.
    """
    folder = _folder()
    if folder is None:
        return []
    files = sorted(name for name in os.listdir(folder) if name.endswith(".jsonl"))
    texts = [(folder / name).read_text(encoding="utf-8", errors="replace") for name in files]
    return [head for text in texts for head in outside.read(text).heads]


def overdue() -> dt.date | None:
    """Return the day of the first head that should have been sent long since; None for none."""
    late = local_day(timezone.now()) - dt.timedelta(days=MAX_DAYS)
    days = [head.day for head in _waiting() if head.day < late] if is_set() else []
    return min(days, default=None)


def _waiting() -> list[SealedHead]:
    here = [head for head in sealed_heads() if isinstance(head, SealedHead)]
    if folder := _folder():
        there = set(os.listdir(folder))
        return [head for head in here if _name(head) not in there]
    try:
        last = json.loads(_mailed_file().read_text(encoding="ascii"))
    except (OSError, ValueError):
        last = ""
    sent = [head.number for head in here if head.signature == last]
    return [head for head in here if not sent or head.number > sent[0]]


def _folder() -> Path | None:
    told = str(settings.AUDIT_HEADS)
    return Path(told) if told and not told.startswith(MAILTO) else None


def _name(head: SealedHead) -> str:
    """Return a name of its own: after an older backup was restored numbers come again."""
    return f"head-{head.number:06}-{head.signature[:16]}.jsonl"


def _put(file: Path, text: str) -> None:
    """Write a file whole or not at all; one that is there stays."""
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=".head-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(draft, 0o644)  # whoever holds the folder reads it
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        os.unlink(draft)


def _mail(heads: Sequence[SealedHead]) -> None:
    if not settings.SENDS_MAIL:
        raise ImproperlyConfigured(_("No server of e-mail is set: see EMAIL_URL in the manual."))
    message = EmailMessage(
        _("Heads of the record of acts, number %(first)s to %(last)s")
        % {"first": heads[0].number, "last": heads[-1].number},
        _(
            "Keep the attached file where nobody who runs the installation can change it."
            " “tafahom audit verify --heads FILE” compares the record of acts with it."
        ),
        to=[str(settings.AUDIT_HEADS).removeprefix(MAILTO)],
    )
    text = outside.write(heads, signing.signer().public_keys())
    message.attach(f"heads-{heads[-1].number:06}.jsonl", text, "application/x-ndjson")
    message.send()
    _mailed_file().write_text(json.dumps(heads[-1].signature), encoding="ascii")


def _mailed_file() -> Path:
    return Path(settings.DATA_DIR) / "audit-heads-mailed"
