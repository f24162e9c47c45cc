"""Finding what was changed, removed, put in or cut off."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tafahom.audit import raw, signing
from tafahom.audit.models import Change
from tafahom.audit.raw import Spoilt
from tafahom.audit.rules import (
    GENESIS,
    changes_digest,
    entry_digest,
    first_entry_digest,
    head_body,
    signature_digest,
)
from tafahom.audit.sealing import local_day

# After so many findings the rest says nothing more.
MOST_FINDINGS = 200
Keys: TypeAlias = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written. ``number`` is of the entry, or of the head.

    Kinds: ``entry`` (not what was written), ``order`` (does not follow the one before: removed,
    put in or moved), ``changes`` (the history of an act), ``unexplained`` (records that changed
    without an act), ``head`` (not what was signed, or not following), ``unsealed`` (a day that
    ended without head), ``cut`` (the chain is not the one that was signed), ``outside`` (a head
    that is kept outside and is not here).
    """

    kind: str
    number: int


@dataclass(slots=True)
class Chain:
    """What reading the chain found. ``head`` is the last digest.

    ``broken_at`` is the number of the first entry with a finding; None when all is well.
    """

    entries: int = 0
    head: str = GENESIS
    findings: list[Finding] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.findings

    @property
    def broken_at(self) -> int | None:
        return self.findings[0].number if self.findings else None

    def found(self, kind: str, number: Any) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(kind, number if isinstance(number, int) else 0))


@dataclass(frozen=True, slots=True)
class SealedHead:
    """A head as it was read, from the database or from outside."""

    number: int
    day: dt.date
    sealed_at: dt.datetime
    last: int
    count: int
    digest: str
    previous: str
    key: str
    signature: str

    def is_signed(self, keys: Keys) -> bool:
        """Whether one of these keys signed exactly this."""
        return self.key in keys and signing.is_signed(keys[self.key], self.signature, self.body())

    def body(self) -> bytes:
        """What was signed."""
        return head_body(
            number=self.number,
            day=self.day,
            sealed_at=self.sealed_at,
            last=self.last,
            count=self.count,
            digest=self.digest,
            previous=self.previous,
            key=self.key,
        )


def verify_chain() -> Chain:
    """Recompute every digest from the first entry on; heads are not looked at."""
    return _walked(heads=None)


def verify(keys: Keys, outside: Sequence[SealedHead] = ()) -> Chain:
    """Check entries, changes, heads, and heads that somebody outside kept.

    ``keys`` are the public keys that count. Rows are streamed: memory does not grow.
    """
    heads = [*sealed_heads()]
    chain = _walked(heads=[head for head in heads if isinstance(head, SealedHead)])
    _check_heads(heads, keys, chain)
    here = {head for head in heads if isinstance(head, SealedHead)}
    for head in outside:
        if head not in here or not head.is_signed(keys):
            chain.found("outside", head.number)
    if Change.objects.filter(entry=None).exists():
        chain.found("unexplained", 0)
    return chain


def sealed_heads() -> Iterator[SealedHead | Spoilt]:
    """Yield the heads in the database; ``Spoilt`` for one that cannot be read."""
    for row in raw.heads():
        is_whole = not any(isinstance(value, Spoilt) for value in row) and all(
            isinstance(row[place], int) for place in (0, 3, 4)
        )
        yield SealedHead(*row) if is_whole else raw.SPOILT


def _check_heads(heads: Sequence[SealedHead | Spoilt], keys: Keys, chain: Chain) -> None:
    previous, last = "", 0
    for number, head in enumerate(heads, 1):
        if isinstance(head, Spoilt):
            chain.found("head", number)
            previous = "?"
            continue
        follows = head.number == number and head.previous == signature_digest(previous)
        if not follows or head.last <= last or not head.is_signed(keys):
            chain.found("head", head.number)
        previous, last = head.signature, head.last


class _Walk:
    """The way along the chain: what the next entry must be."""

    def __init__(self, heads: Sequence[SealedHead] | None) -> None:
        self.chain = Chain()
        self.number, self.previous, self.is_numbered = 0, GENESIS, False
        self.day: dt.date | None = None
        self.checks_heads = heads is not None
        self.heads: dict[int, list[SealedHead]] = defaultdict(list)
        for head in heads or ():
            self.heads[head.last].append(head)
        self.sealed = set(self.heads)
        self.changes = _ByEntry()

    def take(self, row: raw.Row) -> None:
        number, at, _by, _action, _target, _details, changes, previous, digest = row
        chain = self.chain
        chain.entries += 1
        is_as_written = self._is_as_written(row)
        if not isinstance(at, Spoilt) and self.checks_heads:
            self._pass_day(local_day(at))
        if not is_as_written:
            chain.found("entry", number)
        elif previous != self.previous or (self.is_numbered and number != self.number + 1):
            chain.found("order", number)
        if self.changes.digest(number) != changes:
            chain.found("changes", number)
        self.number, self.previous = number, digest if isinstance(digest, str) else "?"
        for head in self.heads.pop(number, ()):
            if head.digest != digest or head.count != chain.entries or head.day != self.day:
                chain.found("cut", number)

    def _is_as_written(self, row: raw.Row) -> bool:
        if any(isinstance(value, Spoilt) for value in row):
            return False
        number, at, by, action, target, details, changes, previous, digest = row
        known: dict[str, Any] = {
            "previous": previous,
            "at": at,
            "by": by,
            "action": action,
            "target": target,
            "details": details,
        }
        if digest == entry_digest(number=number, changes=changes, **known):
            self.is_numbered = True
            return True
        return not self.is_numbered and not changes and digest == first_entry_digest(**known)

    def _pass_day(self, day: dt.date) -> None:
        """Entries of an earlier day must have been sealed before the first of the next.

        Not those of the time before there were heads.
        """
        is_other = self.day is not None and day != self.day
        if is_other and self.is_numbered and self.number not in self.sealed:
            self.chain.found("unsealed", self.number)
        self.day = day

    def end(self) -> Chain:
        for last in self.heads:
            self.chain.found("cut", last)
        self.chain.head = self.previous
        return self.chain


class _ByEntry:
    """The stream of changes, taken entry by entry."""

    def __init__(self) -> None:
        self._rows = raw.changes()
        self._next = next(self._rows, None)

    def digest(self, number: int) -> str:
        """Return the digest of what belongs to this entry, and to none before it."""
        found = []
        while self._next is not None and self._next[0] <= number:
            found.append(self._next if self._next[0] < number else self._next[1:])
            self._next = next(self._rows, None)
        if any(isinstance(value, Spoilt) for row in found for value in row):
            return "?"
        return changes_digest(found)


def _walked(heads: Sequence[SealedHead] | None) -> Chain:
    walk = _Walk(heads)
    for row in raw.entries():
        walk.take(row)
    return walk.end()
