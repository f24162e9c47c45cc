"""Each thing that production refuses, with the sentence that says how to mend it."""

import base64
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tafahom.access.actions import create_user
from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.demonstration.loading import STARTED
from tafahom.operations.production import unfit
from tafahom.operations.startup import refusals

FIT: dict[str, Any] = {
    "PRODUCTION": True,
    "DEBUG": False,
    "HTTPS": True,
    "SECOND_FACTOR_REQUIRED": True,
    "ALLOWED_HOSTS": ["tafahom.karaj.ir"],
    "ADDRESS": "https://tafahom.karaj.ir/",
    "SENDS_MAIL": True,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "تفاهم <tafahom@karaj.ir>",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fit(settings: Settings) -> None:
    for name, value in FIT.items():
        setattr(settings, name, value)


def test_what_is_fit_is_not_refused() -> None:
    assert unfit() == []


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("HTTPS", False, "TAFAHOM_HTTPS"),
        ("SECOND_FACTOR_REQUIRED", False, "TAFAHOM_MFA_REQUIRED"),
        ("SESSION_COOKIE_AGE", 25 * 3600, "TAFAHOM_SESSION_HOURS"),
        ("SESSION_COOKIE_AGE", 0, "TAFAHOM_SESSION_HOURS"),
        ("ALLOWED_HOSTS", ["tafahom.example.ir"], "tafahom.example.ir"),
        ("ALLOWED_HOSTS", ["tafahom.karaj.ir", "example.com"], "example.com"),
        ("ALLOWED_HOSTS", ["testserver"], "testserver"),
        ("ALLOWED_HOSTS", ["office.test"], "office.test"),
        ("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"], "TAFAHOM_ENV=development"),
        ("ADDRESS", "http://tafahom.karaj.ir/", "TAFAHOM_ADDRESS"),
        ("ADDRESS", "https://other.karaj.ir/", "TAFAHOM_ADDRESS"),
        ("DEFAULT_FROM_EMAIL", "tafahom@localhost", "TAFAHOM_EMAIL_FROM"),
        ("DEFAULT_FROM_EMAIL", "nobody", "TAFAHOM_EMAIL_FROM"),
        ("DEFAULT_FROM_EMAIL", "a@example.com", "TAFAHOM_EMAIL_FROM"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "EMAIL_URL"),
        ("UNREADABLE", ["DATABASE_URL"], "DATABASE_URL"),
    ],
)
def test_each_fault_is_named(settings: Settings, name: str, value: object, variable: str) -> None:
    if name == "ALLOWED_HOSTS":
        settings.ADDRESS = ""
    setattr(settings, name, value)
    [said] = refusals()
    assert variable in said


@pytest.mark.parametrize("key", [b"k" * 16, b"\0" * 32, b"ab" * 16])
def test_a_short_or_guessable_audit_key_is_refused(
    monkeypatch: pytest.MonkeyPatch, key: bytes
) -> None:
    monkeypatch.setenv("TAFAHOM_AUDIT_KEY", base64.urlsafe_b64encode(key).decode())
    [said] = unfit()
    assert "TAFAHOM_AUDIT_KEY" in said
    assert "tafahom keys new --print" in said


def test_open_accounts_of_the_demonstration_are_refused() -> None:
    record(action=STARTED, by=None)
    create_user(username="officer", password="شب‌های بلند آذر در کرج", by=None)
    [said] = unfit()
    assert "officer" in said
    User.objects.update(is_active=False)
    assert unfit() == []
