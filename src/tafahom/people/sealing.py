"""Sealing identities: AES-256-GCM for what is shown, keyed HMAC for what is looked up.

What is sealed is a mark of its format, a nonce and the ciphertext, bound to its table, column,
row and key. Rows of the first format (no mark, and the column not bound) still open; sealing
again (``people.rotation``) brings them to the present one. A model with a sealed column has the
columns ``sealed`` and ``key_version``, and says as ``sealed_by`` which column names its row.
"""

import datetime as dt
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring

from cryptography.exceptions import InvalidTag

from tafahom.people.keyring import Keys, keys

NONCE_BYTES = 12
# Begins every row of the second format; the first began with a random nonce.
MARK = b"\0tfhm\0\0\2"
# One look-up digest is asked for up to three times while a roster is recorded.
DIGESTS_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class IdentityData:
    """What identifies a person. Empty text or None means not known."""

    first_name: str = ""
    last_name: str = ""
    father_name: str = ""
    national_id: str = ""
    fida_code: str = ""
    birth_date: dt.date | None = None
    mobile: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Sealer:
    """Seals and opens identities, and computes look-up digests, with one set of keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.key_version = keys.current
        self._index = lru_cache(maxsize=DIGESTS_KEPT)(self._digest)

    def seal(self, data: IdentityData, *, person_id: int) -> bytes:
        """Nonce and ciphertext. Bound to the person: a row copied to another does not open."""
        return self.seal_texts(_texts(data), place=identity_place(person_id))

    def seal_all(self, people: Iterable[tuple[int, IdentityData]]) -> list[bytes]:
        """Seal many people, by id, as ``seal`` does each; the system is asked for chance once."""
        listed = list(people)
        # Drawn here and used up here: a store of nonces would be shared after a fork.
        chance = os.urandom(NONCE_BYTES * len(listed))
        return [
            self._sealed(
                _as_json(_texts(data)), identity_place(person_id), chance[at : at + NONCE_BYTES]
            )
            for at, (person_id, data) in zip(
                range(0, len(chance), NONCE_BYTES), listed, strict=True
            )
        ]

    def open(
        self, sealed: "bytes | memoryview[int]", *, person_id: int, key_version: int
    ) -> IdentityData:
        """The identity in a row. Raises cryptography's InvalidTag when it was tampered with."""
        found = self.open_texts(sealed, place=identity_place(person_id), key_version=key_version)
        first, last, father, national, fida, born, mobile = found
        birth_date = dt.date.fromisoformat(born) if born else None
        return IdentityData(first, last, father, national, fida, birth_date, mobile)

    def seal_texts(self, texts: Iterable[str], *, place: str) -> bytes:
        """Seal some texts, bound to their place (``place_of``): elsewhere they do not open."""
        return self._sealed(_as_json(texts), place, os.urandom(NONCE_BYTES))

    def open_texts(
        self, sealed: "bytes | memoryview[int]", *, place: str, key_version: int
    ) -> list[str]:
        """Return what was sealed. Raises InvalidTag as ``open`` does, KeyError without the key."""
        found: list[str] = json.loads(self._opened(bytes(sealed), place, key_version))
        return found

    def reseal(self, sealed: bytes, *, place: str, key_version: int) -> bytes:
        """Return what is sealed as the newest key and format have it; otherwise as ``open``."""
        plain = self._opened(sealed, place, key_version)
        return self._sealed(plain, place, os.urandom(NONCE_BYTES))

    def national_id_index(self, national_id: str) -> str | None:
        """Look-up digest of a national ID; None for an empty one."""
        return self._index("n", national_id)

    def fida_index(self, fida_code: str) -> str | None:
        """Look-up digest of a FIDA code; None for an empty one."""
        return self._index("f", fida_code)

    def _sealed(self, plain: bytes, place: str, nonce: bytes) -> bytes:
        version = self.key_version
        text = self._keys.ciphers[version].encrypt(nonce, plain, _bound(place, version))
        return MARK + nonce + text

    def _opened(self, blob: bytes, place: str, version: int) -> bytes:
        cipher = self._keys.ciphers.get(version)
        if cipher is None:
            # Keys were rotated after this sealer was made: look again before giving up.
            cipher = keys().ciphers[version]
        if blob.startswith(MARK):
            body = blob[len(MARK) :]
            nonce, text = body[:NONCE_BYTES], body[NONCE_BYTES:]
            try:
                return cipher.decrypt(nonce, text, _bound(place, version))
            except InvalidTag:
                pass  # a nonce of the first format that happens to look like the mark
        nonce, text = blob[:NONCE_BYTES], blob[NONCE_BYTES:]
        return cipher.decrypt(nonce, text, _bound(_first_format(place), version))

    def _digest(self, kind: str, number: str) -> str | None:
        if not number:
            return None
        return hmac.digest(self._keys.index, f"{kind}:{number}".encode(), "sha256").hex()


def sealer() -> Sealer:
    """The sealer of this installation, with the keys as they are now."""
    return _sealer(keys())


@lru_cache(maxsize=4)
def _sealer(found: Keys) -> Sealer:
    return Sealer(found)


def place_of(table: str, row: int) -> str:
    """Return the name of a sealed column's place: its table, and the row that it tells of."""
    return f"{table}.sealed:{row}"


def identity_place(person_id: int) -> str:
    """Return the place of a person's identity."""
    return place_of("people_identity", person_id)


def _first_format(place: str) -> str:
    """Return how identities of the first format were bound; nothing else was sealed then."""
    return place.replace("people_identity.sealed:", "people.identity:")


def _texts(data: IdentityData) -> tuple[str, ...]:
    return (
        data.first_name,
        data.last_name,
        data.father_name,
        data.national_id,
        data.fida_code,
        data.birth_date.isoformat() if data.birth_date else "",
        data.mobile,
    )


def _as_json(texts: Iterable[str]) -> bytes:
    """An array of texts; put together here, since an encoder is slow to make for each person."""
    return f"[{','.join(map(encode_basestring, texts))}]".encode()


def _bound(place: str, version: int) -> bytes:
    return f"{place}:{version}".encode()
