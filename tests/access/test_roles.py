import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tafahom.access.actions import create_user, give_role
from tafahom.access.models import Membership, User
from tafahom.access.queries import roles_of, scope_of
from tafahom.access.rules import Act, Role
from tafahom.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "a long word for tests"


def make(*roles):
    return create_user(username="alice", password=PASSWORD, roles=roles, by=None)


def test_an_account_may_what_its_roles_may():
    alice = make(Role.PUBLIC_RELATIONS)
    assert roles_of(alice) == {Role.PUBLIC_RELATIONS}
    assert scope_of(alice, Act.SEE_FIGURES).is_everything
    assert scope_of(alice, Act.SEE_PEOPLE).is_nothing
    assert alice.check_password(PASSWORD)
    assert set(Entry.objects.values_list("action", flat=True)) == {
        "access.user_created",
        "access.role_given",
    }


def test_strangers_and_closed_accounts_may_nothing():
    alice = make(Role.DIRECTOR)
    alice.is_active = False
    assert roles_of(alice) == roles_of(AnonymousUser()) == roles_of(None) == set()


def test_being_a_superuser_gives_no_right():
    assert scope_of(User.objects.create_superuser("root"), Act.SEE_PEOPLE).is_nothing


def test_a_role_holds_from_its_first_through_its_last_day():
    alice = make()
    first, last = dt.date(2018, 5, 1), dt.date(2018, 5, 9)
    give_role(user=alice, role=Role.AUDITOR, valid_from=first, valid_to=last, by=None)
    day = dt.timedelta(days=1)
    held = [bool(roles_of(alice, on=on)) for on in (first - day, first, last, last + day)]
    assert held == [False, True, True, False]


def test_a_weak_password_or_taken_name_opens_no_account():
    with pytest.raises(ValidationError):
        create_user(username="alice", password="short", roles=[], by=None)
    make()
    with pytest.raises(ValidationError):
        make()
    assert User.objects.count() == 1


def test_the_database_knows_the_roles():
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=make(), role="emperor")
