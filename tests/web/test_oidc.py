"""Coming in by the organisation's log-in, against a real server of it."""

from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from tafahom.access.accounts import asking
from tafahom.access.models import Invitation, Membership, User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.config.sign_in import oidc_providers
from web.identity_server import CLIENT, SECRET, IdentityServer, running
from web.test_sign_in import LOGIN, browser, enrol

BEGIN = reverse("openid_connect_login", args=["oidc"])
SARA = {"sub": "s-1", "email": "Sara@Example.org", "email_verified": True, "name": "سارا کریمی"}


@pytest.fixture(scope="module")
def running_server() -> Iterator[IdentityServer]:
    with running() as server:
        yield server


@pytest.fixture
def server(running_server: IdentityServer, settings) -> IdentityServer:
    one = running_server
    one.person, one.bend, one.userinfo = dict(SARA), {}, {}
    one.signing, one.algorithm = one.key, "RS256"
    settings.OIDC_ISSUER = one.issuer
    settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(
        issuer=one.issuer, client=CLIENT, secret=SECRET
    )
    return one


@pytest.fixture
def sara(db: None) -> User:
    asking.invite(
        username="sara", email="sara@example.org", role=Role.DIRECTOR, by=None, operator="root"
    )
    return User.objects.get(username="sara")


def to_the_server(client: Client, wanted: str = "") -> str:
    """Go there as a browser does; return the address that leads back."""
    asked = client.post(f"{BEGIN}?next={wanted}" if wanted else BEGIN).headers["Location"]
    parts = urlsplit(asked)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = urlsplit(str(connection.getresponse().getheader("Location")))
    connection.close()
    return f"{back.path}?{back.query}"


def come(client: Client, wanted: str = ""):
    return client.get(to_the_server(client, wanted))


def is_in(client: Client) -> bool:
    return client.get(reverse("web:people")).status_code == 200


def test_who_was_invited_comes_in_and_is_known_by_the_subject_afterwards(server, sara) -> None:
    client = browser()
    answer = come(client, reverse("web:partners"))
    assert answer.headers["Location"] == reverse("web:partners")
    assert is_in(client)
    linked = SocialAccount.objects.get()
    assert (linked.user, linked.uid, linked.extra_data) == (sara, "s-1", {})
    assert not Invitation.objects.filter(revoked_at=None).exists()
    assert Entry.objects.latest("id").details == {"proofs": ["oidc"]}
    server.person |= {"email": "married@example.org"}
    again = browser()
    come(again)
    assert is_in(again)
    assert SocialAccount.objects.get().extra_data == {}


def test_the_second_step_is_asked_for_here_too(server, sara, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    come(client)
    assert client.get("/").headers["Location"] == reverse("mfa_activate_totp")
    enrol(client)
    assert come(browser()).headers["Location"] == reverse("mfa_authenticate")


@pytest.mark.parametrize(
    "person",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "stranger@example.org"},
        {"email": ""},
    ],
)
def test_nobody_else_gets_an_account(server, sara, person: dict) -> None:
    server.person |= person
    client = browser()
    before = User.objects.count()
    assert come(client).headers["Location"] == LOGIN
    assert not is_in(client)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()
    entry = Entry.objects.latest("id")
    assert entry.action == "access.sign_in_failed"
    assert "example.org" not in str(entry.details)


def test_an_address_that_somebody_gets_later_opens_nothing(server, sara) -> None:
    come(browser())
    server.person["sub"] = "s-2"
    client = browser()
    come(client)
    assert not is_in(client)


def test_a_closed_account_stays_closed(server, sara) -> None:
    come(browser())
    User.objects.filter(pk=sara.pk).update(is_active=False)
    client = browser()
    assert come(client).headers["Location"] == LOGIN
    assert not is_in(client)


@pytest.mark.parametrize(
    "bend",
    [
        {"aud": "another client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": "s-of-another"},
        {"config_issuer": "https://evil.example.org"},
    ],
)
def test_a_token_that_is_not_for_us_now_is_refused(server, sara, bend: dict) -> None:
    server.bend = bend
    client = browser()
    if "config_issuer" in bend:
        assert client.post(BEGIN).headers["Location"] == LOGIN
        return
    assert come(client).headers["Location"] == LOGIN
    assert not is_in(client)


@pytest.mark.parametrize("kind", ["another key", "shared secret", "none"])
def test_a_token_that_the_issuer_did_not_sign_is_refused(server, sara, kind: str) -> None:
    if kind == "another key":
        server.signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    else:
        server.signing = SECRET * 3 if kind == "shared secret" else None
        server.algorithm = "HS256" if kind == "shared secret" else "none"
    client = browser()
    assert come(client).headers["Location"] == LOGIN
    assert not is_in(client)


def test_the_way_back_works_once_and_for_the_browser_that_went(server, sara) -> None:
    client, thief = browser(), browser()
    back = to_the_server(client)
    assert thief.get(back).headers["Location"] == LOGIN
    assert not is_in(thief)
    assert client.get(back).headers["Location"] == "/"
    assert browser().get(back).headers["Location"] == LOGIN


def test_it_links_to_no_visit_that_is_open(server, sara) -> None:
    other = User.objects.create(username="other")
    Membership.objects.create(user=other, role=Role.PLANNER)
    client = browser()
    back = to_the_server(client)
    client.force_login(other)
    client.get(back)
    client.post(f"{BEGIN}?process=connect")
    assert not SocialAccount.objects.exists()
    stranger = browser()
    asked = stranger.post(f"{BEGIN}?process=connect").headers["Location"]
    assert asked.startswith(server.issuer)


def test_a_server_that_is_down_is_not_an_error_page(server, sara, settings) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    settings.SOCIALACCOUNT_PROVIDERS = oidc_providers(
        issuer=settings.OIDC_ISSUER, client=CLIENT, secret=SECRET
    )
    assert browser().post(BEGIN).headers["Location"] == LOGIN


def test_without_the_setting_there_is_no_such_way(db: None) -> None:
    client = browser()
    assert BEGIN not in client.get(LOGIN).content.decode()
    assert client.post(BEGIN).status_code == 404
    assert client.get(reverse("openid_connect_callback", args=["oidc"])).status_code == 404


def test_the_log_in_page_offers_it_where_it_is(server, db: None) -> None:
    page = browser().get(f"{LOGIN}?next=/partners/").content.decode()
    assert f'action="{BEGIN}?next=/partners/"' in page
