"""Rules of proposals that need no database: their states, what is spam, what they become."""

import base64
import datetime as dt
import hmac
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from tafahom.jalali import from_jalali, to_jalali, year_end
from tafahom.persian import normal_key, to_ascii_digits

LONGEST_NAME, LONGEST_SUBJECT, LONGEST_DETAILS = 200, 200, 2000
MAX_PERSONS, MAX_HOURS = 1_000_000, 1_000_000_000
LONGEST_TERM_YEARS = 10


class ProposalState(StrEnum):
    """Where a proposal is."""

    RECEIVED = "received"
    REVIEW = "review"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


P = ProposalState
# From where to where; what has no row is decided.
STEPS: Mapping[ProposalState, frozenset[ProposalState]] = {
    P.RECEIVED: frozenset({P.REVIEW, P.ASKED, P.ACCEPTED, P.DECLINED}),
    P.REVIEW: frozenset({P.ASKED, P.ACCEPTED, P.DECLINED}),
    P.ASKED: frozenset({P.REVIEW, P.ACCEPTED, P.DECLINED}),
    P.ACCEPTED: frozenset(),
    P.DECLINED: frozenset(),
}
# These wait for the directorate; one that was asked something waits for its sender.
WAITING = frozenset({P.RECEIVED, P.REVIEW})
OPEN = WAITING | {P.ASKED}

# An address of a page or mailbox, or the marks with which forums make one.
_LINK = re.compile(
    r"[a-z]{2,10}://|\bwww\.|<\s*/?\s*a\b|\[\s*/?\s*(?:url|link)|mailto:"
    r"|[a-z0-9_-]\s*@\s*[a-z0-9-]"
    r"|[a-z0-9-]\.(?:com|net|org|ir|info|biz|xyz|top|site|online|shop|store|io|ru|cn|co|me|link"
    r"|click|live|club|app|dev|pro|vip|win|gov|edu|ac)(?![a-z])",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?[0-9]{8,15}")


def has_link(text: str) -> bool:
    """Whether a text leads somewhere: plain words never need to."""
    return _LINK.search(text) is not None


def phone_number(text: str) -> str:
    """Return a telephone number as digits, with a leading plus if it has one. Raises ValueError."""
    plain = re.sub(r"[\s\-().\u200c\u200e\u200f/]", "", to_ascii_digits(text))
    if not _PHONE.fullmatch(plain):
        raise ValueError("a telephone number has eight to fifteen digits")
    return plain


def tracking_code(token: str, secret: str) -> str:
    """Return the tracking code that belongs to a form: the same each time, guessed by nobody.

    100 bits in groups of five letters and digits, without such as look alike (base 32).
    """
    digest = hmac.digest(secret.encode(), f"intake.code:{token}".encode(), "sha256")
    letters = base64.b32encode(digest).decode()[:20].replace("O", "8").replace("I", "9")
    return "-".join(letters[at : at + 5] for at in range(0, 20, 5))


def read_code(text: str) -> str:
    """Return a tracking code as it was given out, however it was typed."""
    plain = re.sub(r"[^0-9A-Z]", "", to_ascii_digits(text).upper())[:40]
    plain = plain.replace("O", "8").replace("I", "9")
    return "-".join(plain[at : at + 5] for at in range(0, len(plain), 5))


def spread(quantity: int, first: dt.date, last: dt.date) -> dict[int, int]:
    """Share a quantity among the Solar Hijri years of a term by their days; the sum stays exact.

    Years that get nothing are left out. The years that were cut most get what is left.
    """
    years = range(to_jalali(first)[0], to_jalali(last)[0] + 1)
    days = {
        year: (min(last, year_end(year)) - max(first, from_jalali(year, 1, 1))).days + 1
        for year in years
    }
    whole = sum(days.values())
    shares = {year: quantity * count // whole for year, count in days.items()}
    left = quantity - sum(shares.values())
    cut = sorted(years, key=lambda year: (-(quantity * days[year] % whole), year))
    for year in cut[:left]:
        shares[year] += 1
    return {year: share for year, share in shares.items() if share}


def alike(name: str, key: str, *, least: float = 0.45) -> float:
    """How alike a name and a normal key are, 0 to 1, by the groups of three letters they share.

    0 for less than ``least``. One that holds the other whole counts as alike.
    """
    mine = normal_key(name)
    if mine == key:
        return 1.0
    if min(len(mine), len(key)) >= 6 and (mine in key or key in mine):
        return 0.9
    one, other = _threes(mine), _threes(key)
    share = len(one & other) / len(one | other) if one | other else 0.0
    return share if share >= least else 0.0


def most_alike(name: str, keys: Iterable[tuple[int, str]], *, most: int = 5) -> list[int]:
    """Return the ids of the keys that are like a name, the likest first."""
    found = [(alike(name, key), pk) for pk, key in keys]
    return [pk for share, pk in sorted(found, key=lambda one: (-one[0], one[1])) if share][:most]


def _threes(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
