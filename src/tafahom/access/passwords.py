"""What a password may be: long, not a common one, and otherwise whatever its owner likes.

After OWASP ASVS: 12 to 128 characters of any kind, no rules of composition, no change by date.
"""

import re
import unicodedata
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tafahom.persian import to_ascii_digits

SHORTEST: Final = 12
LONGEST: Final = 128
# So much must be left of a password when what everybody would guess is taken out of it.
FEWEST_OWN: Final = 6
# Keyboards of phones and computers write these differently; a password is the same on both.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "\u00a0": " "})
# Words that anybody would try here.
OUR_WORDS: Final = (
    "tafahom",
    "tafahomnameh",
    "password",
    "passwort",
    "qwerty",
    "fanniherfei",
    "fanni",
    "herfei",
    "تفاهمنامه",
    "تفاهم",
    "گذرواژه",
    "رمزعبور",
    "رمز",
    "فنیوحرفهای",
)


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
    """None of the common ones, also when written twice or with a year behind it."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for one that is among the first a guesser tries."""
        text = folded(password).casefold()
        candidates = {text, _unit(text), re.sub(r"[\d\W_]+$", "", text), re.sub(r"\s", "", text)}
        if candidates & self._common or self._own_characters(text, user) < FEWEST_OWN:
            raise ValidationError(
                _("This password is easy to guess. Choose words that others do not put together."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("Not a common password, and not your name.")

    def _own_characters(self, text: str, user: object) -> int:
        """Count the different characters that stay when known words are taken out."""
        names = (getattr(user, field, "") for field in ("username", "first_name", "last_name"))
        email = str(getattr(user, "email", "")).partition("@")[0]
        rest = re.sub(r"[\s\u200c]", "", text)
        for word in sorted((*OUR_WORDS, *map(str, names), email), key=len, reverse=True):
            known = re.sub(r"[\s\u200c]", "", folded(word).casefold())
            if len(known) > 2:
                rest = rest.replace(known, "")
        return len(set(rest))


def _unit(text: str) -> str:
    """Return what a text repeats: "abc" of "abcabc"; the text when it repeats nothing."""
    return text[: (text + text).find(text, 1)] if text else text
