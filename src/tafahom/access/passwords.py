"""What a password may be: long, not a common one, and otherwise whatever its owner likes.

After OWASP ASVS: 12 to 128 characters of any kind, no rules of composition, no change by date.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tafahom.access.guessing import is_soon_guessed, own_characters, units
from tafahom.persian import to_ascii_digits

SHORTEST: Final = 12
LONGEST: Final = 128
# So many characters must be left when what everybody would guess is taken out of a password.
FEWEST_OWN: Final = 6
# Keyboards of phones and computers write these differently; a password is the same on both.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "\u00a0": " "})


def folded(password: str) -> str:
    """Return a password as it is hashed: the same for every keyboard. ASCII stays as it is."""
    return to_ascii_digits(unicodedata.normalize("NFKC", password).translate(_LETTERS))


class LengthValidator:
    """Long enough to be hard to guess, short enough to be hashed at once."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for one that is too short or too long."""
        length = len(folded(password))
        if length < SHORTEST:
            raise ValidationError(
                _("A password has at least %(least)d characters: three or four words are good.")
                % {"least": SHORTEST},
                code="password_too_short",
            )
        if length > LONGEST:
            raise ValidationError(
                _("A password has at most %(most)d characters.") % {"most": LONGEST},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("At least 12 characters. Three or four words that only you put together are good.")


class GuessableValidator:
    """None of the common ones, and none made of words of here, names, numbers or rows of keys."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for one that is among the first a guesser tries."""
        text, names = folded(password).casefold(), list(_names_of(user))
        if (
            self._is_common(text)
            or own_characters(text, names) < FEWEST_OWN
            or is_soon_guessed(text, names)
        ):
            raise ValidationError(
                _(
                    "This password is easy to guess: it is a common word, a name, a number or keys in"
                    " their order, or made of these. Choose three or four words that others do not put"
                    " together."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Not a common word, a name, a telephone number or keys in their order.")

    def _is_common(self, text: str) -> bool:
        without_end = re.sub(r"[\d\W_]+$", "", text)
        found = {*units(text), without_end, re.sub(r"\s", "", text)}
        return bool(found & self._common)


def _names_of(user: object) -> Iterator[str]:
    """Give the owner's names, and their parts."""
    for field in ("username", "first_name", "last_name"):
        name = folded(str(getattr(user, field, "")))
        yield from {name, *re.split(r"[\W_]+", name)}
    name = folded(str(getattr(user, "email", ""))).partition("@")[0]
    yield from {name, *re.split(r"[\W_]+", name)}
