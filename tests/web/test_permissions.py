"""Deny by default: every page says who may see it, and means it."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tafahom.access.rules import PERMISSIONS, Act, Part, Role, parts_of

OPEN_TO_STRANGERS = {"login", "logout", "set_language", "set_theme", "calendar_feed"} | {
    "account_login",  # the same page, under the name that allauth looks for
    "mfa_authenticate",
    "openid_connect_login",
    "openid_connect_callback",
    "invitation",  # to who has its link
    "propose",
    "proposal_track",  # to who has its code
    "proposal_answer",
}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_address_says_who_may_come() -> None:
    pages = list(patterns(get_resolver()))
    assert len(pages) > 15
    assert [page.name for page in pages if not hasattr(page.callback, "act")] == []


def test_only_the_way_in_is_open_to_strangers() -> None:
    acts = {page.name: page.callback.act for page in patterns(get_resolver())}
    assert {name for name, act in acts.items() if act == "everyone"} == OPEN_TO_STRANGERS


@pytest.fixture
def addresses(known: SimpleNamespace) -> dict[str, Act]:
    """Pages that open with GET, and the act each needs."""
    return {
        reverse("web:report"): Act.SEE_FIGURES,
        reverse("web:report_file", args=["csv"]): Act.SEE_FIGURES,
        reverse("web:partners"): Act.SEE_REGISTERS,
        reverse("web:partner_detail", args=[known.guild.uid]): Act.SEE_REGISTERS,
        reverse("web:agreements"): Act.SEE_REGISTERS,
        reverse("web:agreement_detail", args=[known.national.uid]): Act.SEE_REGISTERS,
        reverse("web:courses"): Act.SEE_REGISTERS,
        reverse("web:course_detail", args=[known.one.uid]): Act.SEE_REGISTERS,
        reverse("web:people"): Act.SEE_PEOPLE,
        reverse("web:person_detail", args=[known.sara.uid]): Act.SEE_PEOPLE,
    }


@pytest.mark.parametrize("role", [role for role in Role if Part.PROVINCE in parts_of(role)])
def test_a_role_opens_its_pages_and_no_others(sign_in, addresses, role: Role) -> None:
    client = sign_in(role)
    for address, act in addresses.items():
        expected = 200 if role in PERMISSIONS[act] else 404
        assert client.get(address).status_code == expected, (role, address)


def test_strangers_are_asked_to_log_in_and_come_back(stranger: Client, addresses) -> None:
    for address in addresses:
        response = stranger.get(address)
        assert response.status_code == 302
        assert response.headers["Location"] == f"{reverse('web:login')}?next={address}"


def test_when_the_visit_has_ended_htmx_leads_the_whole_page_to_the_log_in(stranger: Client) -> None:
    response = stranger.get(reverse("web:report"), headers={"hx-request": "true"})
    assert response.headers["HX-Redirect"].startswith(reverse("web:login"))


def test_an_account_without_a_role_is_told_whom_to_ask(sign_in) -> None:
    response = sign_in(None).get(reverse("web:home"))
    assert response.status_code == 200
    assert "home/no_place.html" in [template.name for template in response.templates]


def test_a_clerk_starts_at_the_first_open_page(sign_in, year) -> None:
    response = sign_in(Role.CENTRE_CLERK).get(reverse("web:home"))
    assert response.status_code == 302
    assert response.headers["Location"] != reverse("web:home")


@pytest.mark.parametrize("kind", ["partner", "agreement", "course", "person"])
def test_what_does_not_exist_is_not_found(officer: Client, kind: str) -> None:
    assert officer.get(reverse(f"web:{kind}_detail", args=["nothing"])).status_code == 404


def test_pages_are_not_kept_on_shared_computers(officer: Client, year) -> None:
    kept = officer.get(reverse("web:people")).headers["Cache-Control"]
    assert "no-store" in kept
    assert "private" in kept
