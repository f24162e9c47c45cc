"""Personas: one account for each role, and a browser without JavaScript for each."""

from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from figures.conftest import world, year
from tafahom.access.models import Membership, User
from tafahom.access.rules import CONFINED, Part, Role
from tafahom.agreements.models import Agreement
from tafahom.parties.models import Province
from tafahom.parties.queries import home_province
from tafahom.people.models import Identity, Person
from tafahom.people.sealing import IdentityData, sealer
from tafahom.training.models import Course

__all__ = ["world", "year"]

PASSWORD = "correct horse battery"
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a function: the browser of someone who holds a role (or none), in a language."""

    def where(role: Role) -> dict[str, Any]:
        """Who must be confined serves all that the test's world has of the kind."""
        if Part.PROVINCE in CONFINED.get(role, ()):
            return {"province": Province.objects.filter(code="test").first() or home_province()}
        if role == Role.INSTRUCTOR:
            return {"course_uid": Course.objects.values_list("uid", flat=True).first() or "none"}
        if role == Role.PARTNER_LIAISON:
            return {
                "agreement_uid": Agreement.objects.values_list("uid", flat=True).first() or "no"
            }
        return {}

    def enter(role: Role | None, language: str = "fa") -> Client:
        user, made = User.objects.get_or_create(username=role.value if role else "nobody")
        if made and role:
            Membership.objects.create(user=user, role=role, **where(role))
        client = Client(headers={"accept-language": language})
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    """The agreements officer, who sees and does nearly everything."""
    return sign_in(Role.AGREEMENTS_OFFICER)


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody who has not logged in."""
    return Client(headers={"accept-language": "fa"})


def give_names(rows: Iterable[tuple[Person, str, str, str]]) -> None:
    """Give each person a first and last name and a national ID."""
    seal = sealer()
    Identity.objects.bulk_create(
        Identity(
            person=person,
            sealed=seal.seal(
                IdentityData(first_name=first, last_name=last, national_id=national_id),
                person_id=person.pk,
            ),
            national_id_index=seal.national_id_index(national_id),
            key_version=seal.key_version,
        )
        for person, first, last, national_id in rows
    )


@pytest.fixture
def give_name(db: None) -> Callable[[Person, str, str, str], None]:
    """Return a function that gives a person a first and last name and a national ID."""
    return lambda *row: give_names([row])


@pytest.fixture
def known(year: SimpleNamespace, give_name: Callable[..., None]) -> SimpleNamespace:
    """The year of the figures, where two of the trainees have names."""
    give_name(year.sara, "سارا", "کریمی", "0012345679")
    give_name(year.ali, "علی", "پاکزاد", "0499370899")
    return year
