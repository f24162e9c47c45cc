"""Secrets that open something to whoever has them: links, calendars, tracking codes."""

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """Return 256 random bits as text that fits an address."""
    return secrets.token_urlsafe(BYTES)


def token_digest(token: str) -> str:
    """Return what is kept of a token. With so many random bits a plain digest is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
