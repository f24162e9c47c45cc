"""What a check of the audit finds."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from tafahom.audit.rules import GENESIS

# After so many findings the rest says nothing more.
MAX_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something that is not as it was written. ``number`` is of the entry, or of the head.

    Kinds: ``entry`` (not what was written), ``order`` (does not follow the one before: removed,
    put in or moved), ``changes`` (the history of an act), ``unexplained`` (records that changed
    without an act), ``head`` (not what was signed, or not following), ``unsealed`` (a day that
    ended without head), ``cut`` (the chain is not the one that was signed), ``outside`` (a head
    that is kept outside and is not here), ``away`` (heads outside that cannot be read),
    ``shortened`` (the chain does not hold what the mark tells of), ``unmarked`` (no mark), ``mark``
    (one that we did not sign), ``downgrade`` (digested as entries were at first, after that had
    ended), ``forged`` (not written with our key), ``acceptance`` (a loss accepted by somebody without our key).
    """

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An entry by which a loss was accepted: that the chain went on after the entry ``kept``.

    ``lost`` is the last entry that had been there, as far as it was known. ``heads`` are last
    entry and digest of heads outside that went with it. ``keyless`` entries before it were
    accepted though they were not written with our key.
    """

    number: int
    at: dt.datetime
    reason: str
    kept: int
    lost: int
    heads: frozenset[tuple[int, str]]
    keyless: int = 0


@dataclass(slots=True)
class Chain:
    """What reading the chain found. ``head`` is the last digest.

    ``broken_at`` is the number of the first entry with a finding; None when all is well.
    ``first_way`` is the last entry that is digested as entries were at first, ``keyless`` the number
    of entries that are not written with our key, and that nobody accepted.
    """

    entries: int = 0
    head: str = GENESIS
    findings: list[AuditFinding] = field(default_factory=list)
    acceptances: list[Acceptance] = field(default_factory=list)
    first_way: int = 0
    keyless: int = 0

    @property
    def intact(self) -> bool:
        return not self.findings

    @property
    def broken_at(self) -> int | None:
        return self.findings[0].number if self.findings else None

    def found(self, kind: str, number: Any) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(AuditFinding(kind, number if isinstance(number, int) else 0))
