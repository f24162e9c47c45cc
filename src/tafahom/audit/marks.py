"""The high-water mark: how far the chain had come, signed, in a file outside the database.

Whoever can change the database but not the data directory can cut the chain and its heads; the
mark says what was there. It is raised after the transaction of an entry has ended well, so that
it never tells of what was rolled back or lost; a process that dies in between leaves it a little
behind, which is no fault.

The file has two places that are written in turn, each within one block of the disk: a write that
a power cut tears leaves the other, which is behind. Nothing waits for the disk. Processes take
turns by a lock on the file.
"""

import contextlib
import dataclasses
import fcntl
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from tafahom.audit import signing
from tafahom.audit.models import Entry
from tafahom.audit.rules import GENESIS, mark_body

logger = logging.getLogger(__name__)

BLOCK = 4096
PLACES = 2
PublicKeys: TypeAlias = Mapping[str, Ed25519PublicKey]


class UnusableMarkError(Exception):
    """There is a file of the mark, and nothing in it that our key signed."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Entry ``last`` was in the chain, with this digest, and there were so many heads.

    ``first_way`` is the last entry that is digested as entries were at first, 0 for none.
    ``generation`` counts how often a shorter chain was accepted (``audit.accepting``).
    """

    generation: int
    last: int
    digest: str
    heads: int
    first_way: int
    key: str = ""
    signature: str = ""

    def body(self) -> bytes:
        """What is signed."""
        return mark_body(
            generation=self.generation,
            last=self.last,
            digest=self.digest,
            heads=self.heads,
            first_way=self.first_way,
            key=self.key,
        )

    def is_signed(self, keys: PublicKeys) -> bool:
        """Whether one of these keys signed exactly this."""
        return self.key in keys and signing.is_signed(keys[self.key], self.signature, self.body())


def mark_file() -> Path:
    """Return where the mark is or would be."""
    return Path(settings.DATA_DIR) / "audit-mark"


def read(keys: PublicKeys) -> Mark | None:
    """Return the mark; None when there is no file of it. Raises UnusableMarkError."""
    try:
        with mark_file().open("rb", buffering=0) as file:
            return _highest(file.fileno(), keys)
    except FileNotFoundError:
        return None


def begin() -> None:
    """Make the mark of a chain that is empty, if there is none; ``raise_to`` makes no other.

    Called in the transaction of the first entry: this mark is true of every chain.
    """
    if not mark_file().exists():
        try:
            write(Mark(0, 0, GENESIS, 0, 0))
        except (OSError, ImproperlyConfigured) as error:
            _complain(f"The mark of the audit cannot be made: {error}")


def raise_to(number: int, heads: int = 0) -> None:
    """Set the mark to the last entry and head, once the transaction of these has ended.

    A mark that is missing, unreadable or contradicted by the chain stays as it is, for the check
    to find: work goes on.
    """
    try:
        signer = signing.signer()
        now = read(signer.public_keys())
        if now is None:
            raise FileNotFoundError(mark_file())
        if now.last >= number and now.heads >= heads:
            return
        told, last, digest, head = _reached(now.last)
        if now.last and told != now.digest:
            _complain("The record of acts was shortened: see “tafahom audit verify”.")
            return
        with _held() as handle:
            now = _highest(handle, signer.public_keys(), known=now)
            if now.last <= last and now.heads <= head:
                higher = dataclasses.replace(now, last=last, digest=digest, heads=head)
                _put(handle, higher, signer, now)
    except (OSError, UnusableMarkError, ImproperlyConfigured, DatabaseError, IndexError) as error:
        _complain(f"The mark of the audit stays behind: {type(error).__name__}: {error}")


def is_in_chain(mark: Mark) -> bool:
    """Whether the chain still holds the entry that the mark tells of."""
    return not mark.last or Entry.objects.filter(pk=mark.last, digest=mark.digest).exists()


def _reached(marked: int) -> tuple[str | None, int, str, int]:
    """Return the digest of a marked entry, the last entry with its digest, and the last head.

    In one question: every act asks it. Raises IndexError for an empty chain.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT digest FROM audit_entry WHERE id = %s), id, digest,"
            " (SELECT coalesce(max(id), 0) FROM audit_head)"
            " FROM audit_entry ORDER BY id DESC LIMIT 1",
            [marked],
        )
        row: tuple[str | None, int, str, int] = cursor.fetchall()[0]
    return row


@cache
def _complain(text: str) -> None:
    """Say it once in each process: every act would say it again."""
    logger.error(text)


def write(mark: Mark) -> None:
    """Set the mark to this, whatever it was. Raises OSError, ImproperlyConfigured."""
    if not signing.present():
        signing.make()
    signer = signing.signer()
    with _held(os.O_CREAT) as handle:
        for place in range(PLACES):
            _put_at(handle, place, mark, signer)


@contextlib.contextmanager
def _held(besides: int = 0) -> Iterator[int]:
    """Yield the open file, ours alone. Raises FileNotFoundError."""
    handle = os.open(mark_file(), os.O_RDWR | besides, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _highest(handle: int, keys: PublicKeys, known: Mark | None = None) -> Mark:
    """Return the highest mark that is signed; ``known`` is one of which that was seen before."""
    there = [mark for mark in _marks(handle) if mark is not None]
    for mark in sorted(there, key=_order, reverse=True):
        if mark == known or mark.is_signed(keys):
            return mark
    raise UnusableMarkError


def _marks(handle: int) -> Iterator[Mark | None]:
    """Yield what stands in each place; None for nothing that can be read."""
    for place in range(PLACES):
        text = os.pread(handle, BLOCK, place * BLOCK)
        try:
            mark = Mark(**json.loads(text.rstrip(b"\0 \n")))
        except (ValueError, TypeError):
            yield None
        else:
            yield mark if _is_whole(mark) else None


def _is_whole(mark: Mark) -> bool:
    return all(type(getattr(mark, one.name)) is one.type for one in dataclasses.fields(mark))


def _order(mark: Mark) -> tuple[int, int, int]:
    return mark.generation, mark.last, mark.heads


def _put(handle: int, mark: Mark, signer: signing.Signer, before: Mark) -> None:
    """Write into the place that does not hold the mark of before."""
    first = next(_marks(handle))
    _put_at(handle, 1 if first == before else 0, mark, signer)


def _put_at(handle: int, place: int, mark: Mark, signer: signing.Signer) -> None:
    signed = dataclasses.replace(mark, key=signer.current)
    signed = dataclasses.replace(signed, signature=signer.sign(signed.body()))
    text = json.dumps(dataclasses.asdict(signed)).encode()
    os.pwrite(handle, text.ljust(BLOCK - 1) + b"\n", place * BLOCK)
