"""What a reader sees when there is no page, and how figures and names read in Persian."""

from collections.abc import Callable

from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override
from django.views.defaults import server_error

from tafahom.access.rules import Role
from tafahom.web.templatetags.tafahom import percent


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
