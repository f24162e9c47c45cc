"""What seals the secrets of second steps: a key made from the secret that signs sessions.

They are no use without it: it is kept beside the backups' keys, and a restore asks for it.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

NONCE_BYTES = 12


def seal(text: str) -> str:
    """Return a secret as it lies in the database."""
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), b"")).decode()


def unseal(sealed: str) -> str:
    """Return the secret. Raises InvalidTag when it was sealed with another key."""
    blob = base64.b64decode(sealed)
    return _cipher().decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], b"").decode()


def opens(sealed: str) -> bool:
    """Return whether the key of now opens a secret."""
    try:
        unseal(sealed)
    except (InvalidTag, ValueError):
        return False
    return True


def fingerprint() -> str:
    """Return what tells this key from others without telling what it is."""
    return salted_hmac("tafahom.second-factor.print", b"", algorithm="sha256").hexdigest()[:16]


def _cipher() -> AESGCM:
    key = salted_hmac("tafahom.second-factor", b"", algorithm="sha256").digest()
    return AESGCM(key)
