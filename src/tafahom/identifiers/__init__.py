"""National, legal-entity and foreigners' identifiers of Iran. No framework here."""

import re
from functools import lru_cache
from operator import mul

from tafahom.persian import to_ascii_digits

_SEPARATORS = re.compile(r"[\s\-_.\u200c\u200e\u200f']+")
_WEIGHTS = range(10, 1, -1)
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def _digits(text: str) -> str:
    """Only the digits, in ASCII; ValueError where anything else but separators is there."""
    if text.isascii() and text.isdigit():  # as nearly all are
        return text
    plain = _SEPARATORS.sub("", to_ascii_digits(text))
    if not (plain.isascii() and plain.isdigit()):
        raise ValueError("not a number")
    return plain


@lru_cache(maxsize=65536)
def national_id(text: str) -> str:
    """The ten digits of a national ID (کد ملی), with leading zeros that a spreadsheet dropped.

    Check digit d10: r = Σ dᵢ·(11−i) mod 11 over the first nine; d10 is r if r < 2, else 11 − r.
    Ten equal digits are not valid. At least eight digits must be there. ValueError otherwise.
    """
    plain = _digits(text)
    if not 8 <= len(plain) <= 10:
        raise ValueError("a national ID has ten digits")
    plain = plain.zfill(10)
    if len(set(plain)) == 1:
        raise ValueError("ten equal digits are no national ID")
    remainder = sum(map(mul, map(int, plain[:9]), _WEIGHTS)) % 11
    if int(plain[9]) != (remainder if remainder < 2 else 11 - remainder):
        raise ValueError("the check digit does not fit")
    return plain


def is_national_id(text: str) -> bool:
    """Whether the text is a national ID; its check digit fits, which proves no identity."""
    try:
        national_id(text)
    except ValueError:
        return False
    return True


def legal_id(text: str) -> str:
    """The eleven digits of a legal entity's ID (شناسه ملی); ValueError if the check fails.

    k = d10 + 2; Σ (dᵢ + k) × (29, 27, 23, 19, 17 repeating) over the first ten, mod 11, with
    10 counting as 0, equals d11. Sources differ on variants: callers warn and do not block.
    """
    plain = _digits(text)
    if len(plain) != 11:
        raise ValueError("a legal entity's ID has eleven digits")
    shift = int(plain[9]) + 2
    weighted = zip(map(int, plain[:10]), _LEGAL_WEIGHTS, strict=True)
    if sum((d + shift) * w for d, w in weighted) % 11 % 10 != int(plain[10]):
        raise ValueError("the check digit does not fit")
    return plain


@lru_cache(maxsize=65536)
def is_legal_id(text: str) -> bool:
    """Whether the text is a legal entity's ID: its check digit fits."""
    try:
        legal_id(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65536)
def fida_code(text: str) -> str:
    """The twelve digits of a foreigner's code (کد فراگیر اتباع); it has no published check digit.

    Eleven digits are one whose leading zero a spreadsheet dropped, if another does not lead them:
    no zero is lost before a zero. ValueError for anything else, and for equal digits.
    """
    plain = _digits(text)
    if len(plain) == 11 and plain[0] != "0":
        plain = plain.zfill(12)
    if len(plain) != 12 or len(set(plain)) == 1:
        raise ValueError("a FIDA code has twelve digits")
    return plain


def is_fida(text: str) -> bool:
    """Whether the text is a foreigner's code: as many digits, whatever stands above it."""
    if len(text) < 11:  # asked of every row: nearly all have a national ID
        return False
    try:
        fida_code(text)
    except ValueError:
        return False
    return True


def person_number(text: str) -> tuple[str, str]:
    """National ID and FIDA code, of which one is empty: how many digits there are says which it is.

    So a cell is read whatever its heading. ValueError where the text is neither.
    """
    if is_fida(text):
        return "", fida_code(text)
    return national_id(text), ""
