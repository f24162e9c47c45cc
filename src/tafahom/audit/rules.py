"""How entries, changes and heads are digested."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

GENESIS = "0" * 64
# The act by which a loss is accepted.
ACCEPTED = "audit.accepted"


def entry_digest(
    *,
    number: int,
    previous: str,
    at: dt.datetime,
    by: int | None,
    action: str,
    target: str,
    details: Mapping[str, Any],
    changes: str,
    is_keyed: bool = False,
) -> str:
    """SHA-256 in hexadecimal over an entry, its number and the digest before it.

    ``is_keyed`` says that the entry has a code (``audit.keyed``), which then cannot be taken away.
    """
    return _digest(
        [3 if is_keyed else 2, number, previous, _moment(at), by, action, target, details, changes]
    )


def first_entry_digest(
    *,
    previous: str,
    at: dt.datetime,
    by: int | None,
    action: str,
    target: str,
    details: Mapping[str, Any],
) -> str:
    """The digest of entries written before they were numbered and before changes were kept."""
    return _digest([previous, _moment(at), by, action, target, details])


def changes_digest(changes: Iterable[Sequence[Any]]) -> str:
    """SHA-256 over the changes that one entry explains, in order; empty for none."""
    rows = [
        [*values[:-1], _moment(values[-1])] for values in changes
    ]  # the moment stands last in a change
    return _digest(rows) if rows else ""


def head_body(
    *,
    number: int,
    day: dt.date,
    sealed_at: dt.datetime,
    last: int,
    count: int,
    digest: str,
    previous: str,
    key: str,
) -> bytes:
    """What is signed of a head: which entry was the last, and how many there were."""
    body = ["tafahom audit head", 1, number, day.isoformat(), _moment(sealed_at)]
    return _canonical([*body, last, count, digest, previous, key])


def mark_body(
    *, generation: int, last: int, digest: str, heads: int, first_way: int, key: str
) -> bytes:
    """What is signed of the high-water mark: which entry the chain has reached, and which head."""
    body = ["tafahom audit mark", 1, generation, last, digest, heads, first_way, key]
    return _canonical(body)


def acceptance_body(details: Mapping[str, Any], *, previous: str) -> bytes:
    """What is signed of an acceptance: all it says but the signature, and its place in the chain."""
    said = {name: value for name, value in details.items() if name != "signature"}
    return _canonical(["tafahom audit acceptance", 1, said, previous])


def signature_digest(signature: str) -> str:
    """What the next head repeats of this one."""
    return hashlib.sha256(signature.encode()).hexdigest() if signature else GENESIS


def _digest(body: list[Any]) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


def _canonical(body: list[Any]) -> bytes:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogateescape")


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
