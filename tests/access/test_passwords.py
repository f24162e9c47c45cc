"""What a password may be, and that keyboards agree about it."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tafahom.access.models import User

LONG = "یک جمله که تنها خودم می‌دانم "


def is_taken(password: str, user: User | None = None) -> bool:
    try:
        validate_password(password, user)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("k7v-mzq4wdx", False),  # 11
        ("k7v-mzq4wdxt", True),  # 12
        ((LONG * 6)[:128], True),
        ((LONG * 6)[:129], False),
        ("correct horse battery", True),
        ("only small letters of no rule", True),
        ("بیدمجنون و پنجره و باران", True),
        ("password1234", False),
        ("Password 2026!", False),
        ("passwordpassword", False),
        ("monkeymonkey", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("123456123456", False),
        ("۱۲۳۴۵۶۱۲۳۴۵۶", False),
        ("tafahom-tafahom-1404", False),
        ("گذرواژه تفاهم‌نامه ۱۴۰۴", False),
    ],
)
def test_long_ones_are_taken_and_guessable_ones_are_not(password: str, taken: bool) -> None:
    assert is_taken(password) is taken


def test_nobody_is_called_like_their_password() -> None:
    user = User(username="karimi.sara", first_name="سارا", email="sara.k1370@example.org")
    assert not is_taken("karimi.sara1404", user)
    assert not is_taken("ساراساراسارا۱۲", user)
    assert not is_taken("sara.k1370.sara.k1370", user)
    assert is_taken("بیدمجنون و پنجره و سارا", user)


@pytest.mark.parametrize(
    ("set_as", "typed"),
    [
        ("كتابخانه علي ۱۲۳", "کتابخانه علی 123"),
        ("پنجرهٔ رو به باغ ٤٥٦", "پنجرهٔ رو به باغ 456"),
        ("ﬁne words are here", "fine words are here"),
    ],
)
def test_phones_and_computers_write_the_same_password(set_as: str, typed: str, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    user = User(username="karimi")
    user.set_password(set_as)
    assert user.check_password(typed)
    assert not user.check_password(typed.upper() + " ")


def test_passwords_are_kept_by_argon2() -> None:
    user = User(username="karimi")
    user.set_password("correct horse battery")
    assert user.password.startswith("argon2$argon2id$")
