"""What a password may be, and that keyboards agree about it."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from tafahom.access.models import User
from tafahom.config import sign_in

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


@pytest.mark.parametrize(
    "password",
    [
        "karaj@1404karaj",  # zxcvbn calls its like good
        "K@r@j1404!!!!",
        "alborz-karaj-1404",
        "شهرکرد۱۴۰۴۱۴۰۴",
        "اداره کل فنی و حرفه‌ای ۱۴۰۴",
        "mohammad.reza1370",
        "محمدرضا۱۳۷۰۰۱۰۱",
        "zahra_ahmadi_1365",
        "perspolis1404!",
        "salamkhoda1404",
        "09121234567890",
        "+98 912 123 4567",
        "۰۹۱۲-۱۲۳-۴۵۶۷-۱",
        "amirhossein09121234567",
        "0012345679001",
        "13700101-1370",
        "abcdefghijkl",
        "987654321098",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "ضصثقفغعهخحجچ",
        "شسیبلاتنمکگ۱۲",
        "ابپتثجچحخدذر",
        "iloveyou1404!",
    ],
)
def test_words_of_here_numbers_and_rows_of_keys_are_refused(password: str) -> None:
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password",
    [
        "derakht-sib-gonjeshk",
        "چراغ نارنجی گنجشک کوچه",
        "7f3a9c2e8b1d",
        "X9#kd02lq!pwz",
        "karaj ghatar banafsh moorche",  # a word of here among others
        ("نخ ماهی قایق دریا " * 8)[:128],  # zxcvbn raises above 72
    ],
)
def test_what_only_its_owner_puts_together_is_taken(password: str) -> None:
    assert is_taken(password)


def test_a_name_with_a_number_is_refused_in_parts_too() -> None:
    user = User(username="b.tavangar", first_name="بهاره", last_name="توانگر")
    assert not is_taken("tavangar48291377", user)
    assert not is_taken("توانگر بهاره ۴۸۲۹", user)
    assert is_taken("tavangar48291377")


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
def test_phones_and_computers_write_the_same_password(set_as: str, typed: str) -> None:
    user = User(username="karimi")
    user.set_password(set_as)
    assert user.check_password(typed)
    assert not user.check_password(typed.upper() + " ")


def test_passwords_are_kept_by_argon2(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = sign_in.PASSWORD_HASHERS
    user = User(username="karimi")
    user.set_password("correct horse battery")
    assert user.password.startswith("argon2$argon2id$")
