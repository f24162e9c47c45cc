"""Who serves a body that signs beside the partner sees that agreement, and no other of the partner's."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from tafahom.access.models import Membership, User
from tafahom.access.queries import memberships_of, scope_of
from tafahom.access.rules import Act, Role
from tafahom.agreements.actions import remove_party
from tafahom.agreements.models import Agreement, AgreementParty
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.parties.models import Partner
from tafahom.people.models import Person
from tafahom.scoping import scoped_to
from tafahom.training.models import Course


@pytest.fixture
def liaison(year: SimpleNamespace) -> User:
    user = User.objects.create(username="liaison")
    Membership.objects.create(user=user, role=Role.PARTNER_LIAISON, partner=year.prisons)
    return user


@pytest.fixture
def party(year: SimpleNamespace) -> AgreementParty:
    return AgreementParty.objects.create(agreement=year.trade, partner=year.prisons, ordinal=1)


def seen_by(user: User) -> set[str]:
    with scoped_to(scope_of(user, Act.SEE_REGISTERS)):
        return set(Agreement.objects.values_list("number", flat=True))


def test_who_signs_beside_sees_the_agreement_and_what_hangs_on_it(
    year: SimpleNamespace, liaison: User, party: AgreementParty
) -> None:
    year.world.agreement("4/97", year.guild)
    assert seen_by(liaison) == {"1/97", "2/97", "3/97"}
    with scoped_to(scope_of(liaison, Act.SEE_REGISTERS)):
        assert {year.three.pk} < set(Course.objects.values_list("pk", flat=True))
        assert set(Partner.objects.all()) == {year.prisons, year.guild}
    with scoped_to(scope_of(liaison, Act.SEE_FIGURES)):
        assert figures(FigureQuery(year=1397, through_month=12)).total.values["persons"] == 4


def test_until_it_leaves(year: SimpleNamespace, liaison: User, party: AgreementParty) -> None:
    Agreement.objects.filter(pk=year.trade.pk).update(state="negotiation")
    assert "3/97" in seen_by(liaison)
    remove_party(party, by=None)
    assert seen_by(liaison) == {"1/97", "2/97"}


def test_it_opens_no_people(year: SimpleNamespace, liaison: User, party: AgreementParty) -> None:
    assert scope_of(liaison, Act.SEE_PEOPLE).is_nothing
    with scoped_to(scope_of(liaison, Act.SEE_PEOPLE)):
        assert not Person.objects.exists()


def test_only_who_serves_a_body_asks_what_it_signs(
    year: SimpleNamespace, liaison: User, party: AgreementParty, django_assert_num_queries
) -> None:
    clerk = User.objects.create(username="clerk")
    Membership.objects.create(user=clerk, role=Role.CENTRE_CLERK, centre=year.one.centre)
    with django_assert_num_queries(1):
        memberships_of(clerk)
    with django_assert_num_queries(2):
        memberships_of(liaison)


def test_its_pages(year: SimpleNamespace, liaison: User, party: AgreementParty) -> None:
    other = year.world.agreement("4/97", year.guild)
    client = Client()
    client.force_login(liaison)
    page = client.get(reverse("web:agreement_detail", args=[year.trade.uid]))
    assert page.status_code == 200
    assert client.get(reverse("web:agreement_detail", args=[other.uid])).status_code == 404
    listed = client.get(reverse("web:partner_detail", args=[year.prisons.uid])).content.decode()
    assert "۳/۹۷" in listed
    assert "با اتاق اصناف ایران" in listed
    theirs = client.get(reverse("web:partner_detail", args=[year.guild.uid])).content.decode()
    assert "۳/۹۷" in theirs
    assert "۴/۹۷" not in theirs
