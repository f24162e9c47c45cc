"""How entries are chained."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def entry_digest(
    *,
    previous: str,
    at: dt.datetime,
    by: int | None,
    action: str,
    target: str,
    details: Mapping[str, Any],
) -> str:
    """SHA-256 in hexadecimal over an entry and the digest before it."""
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    body = [previous, moment, by, action, target, details]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
