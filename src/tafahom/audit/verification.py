"""Finding what was changed, removed, put in or cut off."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tafahom.audit import keyed, raw, signing
from tafahom.audit.findings import Acceptance, Chain
from tafahom.audit.marks import Mark, PublicKeys
from tafahom.audit.models import Change
from tafahom.audit.raw import Spoilt
from tafahom.audit.rules import (
    ACCEPTED,
    GENESIS,
    acceptance_body,
    changes_digest,
    entry_digest,
    first_entry_digest,
    head_body,
    signature_digest,
)
from tafahom.audit.sealing import local_day

ACTION = raw.ENTRY.index("'action")


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

    def is_signed(self, keys: PublicKeys) -> bool:
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
    return _walked(_Walk())


def verify(keys: PublicKeys, outside: Sequence[SealedHead] = (), mark: Mark | None = None) -> Chain:
    """Check entries, changes, heads, heads that somebody outside kept, and how far a mark tells.

    ``keys`` are the public keys that count. Rows are streamed: memory does not grow.
    """
    heads = [*sealed_heads()]
    whole = [head for head in heads if isinstance(head, SealedHead)]
    chain = _walked(_Walk(whole, mark, keys))
    _check_heads(heads, keys, chain)
    if mark and len(heads) < mark.heads:
        chain.found("head", mark.heads)
    here = set(whole)
    accepted = {lost for one in chain.acceptances for lost in one.heads}
    for head in outside:
        is_here = head in here or (head.last, head.digest) in accepted
        if not is_here or not head.is_signed(keys):
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


def _check_heads(heads: Sequence[SealedHead | Spoilt], keys: PublicKeys, chain: Chain) -> None:
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

    def __init__(
        self,
        heads: Sequence[SealedHead] | None = None,
        mark: Mark | None = None,
        keys: PublicKeys | None = None,
    ) -> None:
        self.chain = Chain()
        self.mark, self.is_at_mark = mark, not mark or not mark.last
        self.keys, self.is_keyed = keys, False
        self.codes = keyed.keys() if keys is not None else []
        self.foreign: list[int] = []
        self.number, self.previous, self.is_numbered = 0, GENESIS, False
        self.day: dt.date | None = None
        self.checks_heads = heads is not None
        self.heads: dict[int, list[SealedHead]] = defaultdict(list)
        for head in heads or ():
            self.heads[head.last].append(head)
        self.sealed = set(self.heads)
        self.changes = _ByEntry()

    def take(self, row: raw.RawRow) -> None:
        number, at, _by, _action, _target, _details, changes, previous, digest, _code = row
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
        if is_as_written and row[ACTION] == ACCEPTED and self.keys is not None:
            self._take_acceptance(row, self.keys)
        if self.mark and number == self.mark.last:
            self.is_at_mark = digest == self.mark.digest
        self.number, self.previous = number, digest if isinstance(digest, str) else "?"
        for head in self.heads.pop(number, ()):
            if head.digest != digest or head.count != chain.entries or head.day != self.day:
                chain.found("cut", number)

    def _is_as_written(self, row: raw.RawRow) -> bool:
        if any(isinstance(value, Spoilt) for value in row):
            return False
        number, at, by, action, target, details, changes, previous, digest, code = row
        known: dict[str, Any] = {
            "previous": previous,
            "at": at,
            "by": by,
            "action": action,
            "target": target,
            "details": details,
        }
        if digest == entry_digest(number=number, changes=changes, is_keyed=bool(code), **known):
            self.is_numbered = True
            self._check_code(number, digest, code)
            return True
        if self.is_numbered or changes or digest != first_entry_digest(**known):
            return False
        self.chain.first_way = number
        if self.mark and number > self.mark.first_way:
            self.chain.found("downgrade", number)
        return True

    def _check_code(self, number: int, digest: str, code: str) -> None:
        """Once entries have codes, each has one, and it is ours."""
        if code:
            self.is_keyed = True
        is_ours = not self.codes or keyed.is_ours(code, digest, self.codes)
        if self.is_keyed and not (code and is_ours):
            self.foreign.append(number)

    def _take_acceptance(self, row: raw.RawRow, keys: PublicKeys) -> None:
        number, at, _by, _action, _target, details, _changes, previous, _digest, _code = row
        try:
            is_ours = details["key"] in keys and signing.is_signed(
                keys[details["key"]],
                details["signature"],
                acceptance_body(details, previous=previous),
            )
            acceptance = Acceptance(
                number=number,
                at=at,
                reason=str(details["reason"]),
                kept=details["kept"],
                lost=details["lost"],
                heads=frozenset((last, digest) for last, digest in details["heads"]),
                keyless=int(details.get("keyless", 0)),
            )
        except (KeyError, TypeError, ValueError):
            is_ours = False
        if is_ours:
            self.chain.acceptances.append(acceptance)
            # What is signed covers the chain up to here.
            if acceptance.keyless == len(self.foreign):
                self.foreign.clear()
        else:
            self.chain.found("acceptance", number)

    def _pass_day(self, day: dt.date) -> None:
        """Entries of an earlier day must have been sealed before the first of the next.

        Not those of the time before there were heads.
        """
        is_other = self.day is not None and day != self.day
        if is_other and self.is_numbered and self.number not in self.sealed:
            self.chain.found("unsealed", self.number)
        self.day = day

    def end(self) -> Chain:
        self.chain.keyless = len(self.foreign)
        for number in self.foreign:
            self.chain.found("forged", number)
        for last in self.heads:
            self.chain.found("cut", last)
        if self.mark and not self.is_at_mark:
            self.chain.found("shortened", self.mark.last)
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


def _walked(walk: "_Walk") -> Chain:
    for row in raw.entries():
        walk.take(row)
    return walk.end()
