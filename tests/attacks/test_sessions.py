"""Session fixation: a session that somebody planted or copied is worth nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from web.test_sign_in import code

PASSWORD = "correct horse battery"


@pytest.fixture
def victim(db: None) -> User:
    user = User.objects.create_user("victim", password=PASSWORD)
    Membership.objects.create(user=user, role=Role.DIRECTOR)
    return user


def planted() -> tuple[Client, Client]:
    """Return a victim's browser and an attacker's with the same session."""
    attacker, browser = Client(), Client()
    session = attacker.session
    session["planted"] = True
    session.save()
    for client in (attacker, browser):
        client.cookies["sessionid"] = session.session_key
    return attacker, browser


def log_in(client: Client) -> None:
    client.post(reverse("web:login"), {"username": "victim", "password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get(reverse("web:people")).status_code == 200


def test_a_planted_session_does_not_become_the_victims(victim: User) -> None:
    attacker, browser = planted()
    log_in(browser)
    assert is_in(browser)
    assert not is_in(attacker)


def enrol(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret: str = re.search(r"sign-in-key[^>]*>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    return secret


def test_between_the_steps_the_planted_session_is_left_too(victim: User) -> None:
    first = Client()
    log_in(first)
    secret = enrol(first)
    attacker, browser = planted()
    log_in(browser)
    second = reverse("mfa_authenticate")
    assert browser.get(second).status_code == 200
    assert attacker.get(second).headers["Location"] == reverse("web:login")
    between = browser.session.session_key
    browser.post(second, {"code": code(secret, 1)})
    assert is_in(browser)
    assert browser.session.session_key != between
    assert not is_in(attacker)


def test_a_copied_session_ends_when_the_second_step_is_set_up(victim: User) -> None:
    browser, thief = Client(), Client()
    log_in(browser)
    thief.cookies["sessionid"] = browser.session.session_key
    assert is_in(thief)
    enrol(browser)
    assert is_in(browser)
    assert not is_in(thief)


def test_a_session_is_void_after_going_out(victim: User) -> None:
    browser, thief = Client(), Client()
    log_in(browser)
    thief.cookies["sessionid"] = browser.session.session_key
    browser.post(reverse("web:logout"))
    assert not is_in(thief)
