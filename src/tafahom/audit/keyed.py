"""The code of an entry that only who has the audit key can make.

Whoever can write rows can digest an entry as we do and put it at the end of the chain. They
cannot make its code (HMAC-SHA-256, with a key drawn from the one that signs heads).
"""

import hashlib
import hmac
from collections.abc import Sequence

from django.core.exceptions import ImproperlyConfigured

from tafahom.audit import signing

_PURPOSE = b"tafahom audit entry"


def keys() -> list[bytes]:
    """Return the keys of codes, the current one last; none without an audit key.

    Raises ImproperlyConfigured for a bad one.
    """
    if not signing.present():
        return []
    known = signing.signer()
    others = [key for name, key in known.private.items() if name != known.current]
    return [_drawn(key.private_bytes_raw()) for key in (*others, known.private[known.current])]


def current() -> bytes | None:
    """Return the key of new codes; None where there is none that can be used: work goes on."""
    try:
        return keys()[-1]
    except (IndexError, OSError, ImproperlyConfigured):
        return None


def code(digest: str, key: bytes) -> str:
    """Return the code of an entry with this digest, in hexadecimal."""
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()


def is_ours(said: str, digest: str, known: Sequence[bytes]) -> bool:
    """Whether one of these keys made the code."""
    return any(hmac.compare_digest(code(digest, key), said) for key in known)


def mark(text: str, key: bytes) -> str:
    """Return a mark that tells whether a text is still this one; it is the code of no entry."""
    return code(f"mark of {text}", key)


def is_mark_of(said: str, text: str, known: Sequence[bytes]) -> bool:
    """Whether one of these keys made the mark of a text."""
    return is_ours(said, f"mark of {text}", known)


def _drawn(secret: bytes) -> bytes:
    return hmac.new(secret, _PURPOSE, hashlib.sha256).digest()
