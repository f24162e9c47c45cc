"""What a reader sees when there is no page, and how figures and names read in Persian."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override
from django.views.defaults import server_error
from pytest_django.fixtures import Settings

from tafahom.access.rules import Role
from tafahom.web.shell.templatetags.tafahom import percent


def test_what_is_not_there_is_said_in_the_language_of_the_page(
    sign_in: Callable[..., Client],
) -> None:
    for language, sentence in (("fa", "صفحه پیدا نشد"), ("en", "Page not found")):
        answer = sign_in(Role.DIRECTOR, language).get("/nothing/")
        assert answer.status_code == 404
        assert sentence in answer.content.decode()


def test_a_fault_has_a_page_that_needs_no_request() -> None:
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "مدیر سامانه" in answer.content.decode()


def test_a_page_for_what_an_address_does_not_take(sign_in: Callable[..., Client]) -> None:
    answer = sign_in(Role.DIRECTOR).get(reverse("web:logout"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "این نشانی به این شکل باز نمی‌شود" in answer.content.decode()


def test_a_page_for_what_is_too_much(db: None, settings: Settings) -> None:
    browser = Client(headers={"accept-language": "fa"})
    settings.LARGEST_REQUEST = 1000
    answer = browser.post(reverse("web:login"), {"username": "a" * 2000})
    assert answer.status_code == 413
    assert "حجم ارسال بیش از حد است" in answer.content.decode()
    settings.LARGEST_REQUEST, settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10**9, 1000
    answer = browser.post(
        reverse("web:login"), "username=" + "a" * 2000, "application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413


def test_a_database_that_is_away_has_a_page_that_asks_it_nothing(monkeypatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", away)
    browser = Client(headers={"accept-language": "fa"}, raise_request_exception=False)
    browser.cookies["sessionid"] = "k" * 32
    answer = browser.get(reverse("web:home"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Content-Security-Policy" in answer.headers
    assert "پایگاه داده اکنون پاسخ نمی‌دهد" in answer.content.decode()


@pytest.mark.parametrize(
    ("header", "proxies", "status"),
    [("", 0, 200), ("9.9.9.9", 1, 200), ("9.9.9.9", 0, 400), ("8.8.8.8, 9.9.9.9", 1, 400)],
)
def test_more_proxies_than_named_are_not_answered_in_production(
    db: None, settings: Settings, header: str, proxies: int, status: int
) -> None:
    settings.PRODUCTION, settings.PROXIES = True, proxies
    browser = Client(headers={"accept-language": "fa", "x-forwarded-for": header})
    answer = browser.get(reverse("web:login"))
    assert answer.status_code == status
    assert ("TAFAHOM_PROXIES" in answer.content.decode()) == (status == 400)
    settings.PRODUCTION = False
    assert browser.get(reverse("web:login")).status_code == 200


def test_a_stale_form_is_explained(db: None) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "fa"})
    answer = browser.post(reverse("web:login"), {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "مهلت این فرم گذشته است" in answer.content.decode()


def test_the_percent_sign_stays_at_the_end_after_persian_letters() -> None:
    with override("fa"):
        assert percent(106.4) == "۱۰۶٫۴\u200f٪"
    with override("en"):
        assert percent(106.4) == "106.4%"
