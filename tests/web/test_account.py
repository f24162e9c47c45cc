"""Coming in, going out, language and appearance."""

import pytest
from django.test import Client
from django.urls import reverse

from pages import compact
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role

PASSWORD = "correct horse battery"


@pytest.fixture
def director(db: None) -> User:
    user = User.objects.create_user("director", password=PASSWORD)
    Membership.objects.create(user=user, role=Role.DIRECTOR)
    return user


def test_the_right_password_leads_to_the_page_that_was_wanted(stranger: Client, director) -> None:
    wanted = reverse("web:partners")
    sent = {"username": "director", "password": PASSWORD, "next": wanted}
    response = stranger.post(reverse("web:login"), sent)
    assert response.status_code == 302
    assert response.headers["Location"] == wanted


def test_a_wrong_password_is_refused_and_the_name_is_kept(stranger: Client, director) -> None:
    sent = {"username": "director", "password": "wrong"}
    page = stranger.post(reverse("web:login"), sent).content.decode()
    assert 'role="alert"' in page
    assert 'value="director"' in page


def test_it_never_leads_to_another_site(stranger: Client, director) -> None:
    sent = {"username": "director", "password": PASSWORD, "next": "https://example.org/"}
    response = stranger.post(reverse("web:login"), sent)
    assert response.headers["Location"] == reverse("web:home")
    response = stranger.post(reverse("web:set_theme"), {"theme": "dark", "next": "//example.org"})
    assert response.headers["Location"] == reverse("web:home")


def test_logging_out_needs_a_post_and_ends_the_visit(officer: Client) -> None:
    assert officer.get(reverse("web:logout")).status_code == 405
    officer.post(reverse("web:logout"))
    assert officer.get(reverse("web:partners")).status_code == 302


def test_pages_are_persian_unless_another_language_was_chosen(db: None) -> None:
    client = Client()
    page = compact(client.get(reverse("web:login")).content.decode())
    assert '<html lang="fa" dir="rtl"' in page
    assert "tabler.rtl.min.css" in page
    client.post(reverse("web:set_language"), {"language": "en", "next": "/login/"})
    page = compact(client.get(reverse("web:login")).content.decode())
    assert '<html lang="en" dir="ltr"' in page
    assert "tabler.rtl" not in page


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_chosen_appearance_is_in_the_page_itself(stranger: Client, theme: str) -> None:
    stranger.post(reverse("web:set_theme"), {"theme": theme})
    assert f'data-bs-theme="{theme}"' in stranger.get(reverse("web:login")).content.decode()


def test_as_the_device_leaves_the_choice_to_the_browser(stranger: Client) -> None:
    stranger.post(reverse("web:set_theme"), {"theme": "dark"})
    stranger.post(reverse("web:set_theme"), {"theme": "auto"})
    assert "data-bs-theme" not in stranger.get(reverse("web:login")).content.decode()


def test_nonsense_as_appearance_is_not_repeated(stranger: Client) -> None:
    stranger.cookies["theme"] = '"><script>'
    assert "<script>" not in stranger.get(reverse("web:login")).content.decode()
