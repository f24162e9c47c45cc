"""Heads in a file, for somebody outside to hold: one JSON object a line."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured

from tafahom.audit import signing
from tafahom.audit.marks import PublicKeys
from tafahom.audit.verification import SealedHead

FORMAT = "tafahom audit heads 1"


class UnusableHeadsError(Exception):
    """A file from which no heads can be read."""


@dataclass(frozen=True, slots=True)
class HeadsFile:
    """What a file of heads holds: the public keys in its first line, and heads."""

    keys: dict[str, Ed25519PublicKey]
    heads: list[SealedHead]


def write(heads: Sequence[SealedHead], keys: PublicKeys) -> str:
    """Return the text of a file of heads."""
    first = {"format": FORMAT, "keys": {name: signing.written(key) for name, key in keys.items()}}
    return "".join(json.dumps(line) + "\n" for line in [first, *map(_line, heads)])


def read(text: str) -> HeadsFile:
    """Read a file of heads. Raises UnusableHeadsError when it is none."""
    try:
        first, *rest = [json.loads(line) for line in text.splitlines() if line.strip()]
        if first["format"] != FORMAT:
            raise UnusableHeadsError
        keys = {name: signing.read_public(key) for name, key in first["keys"].items()}
        heads = [_head(line) for line in rest]
    except (ValueError, KeyError, TypeError, AttributeError, ImproperlyConfigured) as error:
        raise UnusableHeadsError from error
    return HeadsFile(keys, heads)


def _line(head: SealedHead) -> dict[str, str | int]:
    return {
        "number": head.number,
        "day": head.day.isoformat(),
        "sealed_at": head.sealed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "last": head.last,
        "count": head.count,
        "digest": head.digest,
        "previous": head.previous,
        "key": head.key,
        "signature": head.signature,
    }


def _head(line: dict[str, str | int]) -> SealedHead:
    return SealedHead(
        number=int(line["number"]),
        day=dt.date.fromisoformat(str(line["day"])),
        sealed_at=dt.datetime.fromisoformat(str(line["sealed_at"])),
        last=int(line["last"]),
        count=int(line["count"]),
        digest=str(line["digest"]),
        previous=str(line["previous"]),
        key=str(line["key"]),
        signature=str(line["signature"]),
    )
