"""Rows that no act explains are found: what SQL as the service put in, changed or took away."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from periods.conftest import approver, asker, reopen, shut, world, year
from privacy.conftest import give_name, known
from tafahom.access.accounts import managing
from tafahom.access.accounts.actions import (
    factor_changed,
    note_credentials,
    password_changed,
    record_sign_in,
)
from tafahom.access.actions import create_user, give_role
from tafahom.access.models import Invitation, Membership, User
from tafahom.access.passwords import folded
from tafahom.access.rules import Part, Role
from tafahom.audit.models import Entry
from tafahom.exchange import closing
from tafahom.identifiers.tokens import token_digest
from tafahom.operations.reconciling import ACTS
from tafahom.parties.models import Province
from tafahom.people.models import Person
from tafahom.periods import guards
from tafahom.periods.models import MonthTable, Period, PeriodState, Reopening
from tafahom.privacy.actions.retention import erase
from tafahom.privacy.models import Cause, Erasure
from tafahom.privacy.reconciling import lost_identities, unexplained_erasures
from tafahom.training.models import Enrolment

__all__ = ["approver", "asker", "give_name", "known", "reopen", "world", "year"]
pytestmark = pytest.mark.django_db
PASSWORD = "گربهٔ پشت پنجره ۷۳ بار"
MONTH = 139702


def faults(check: str) -> list[str]:
    """What the check says that is not well."""
    return [text for level, text in ACTS[check]() if level != "ok"]


@contextmanager
def unguarded() -> Iterator[None]:
    guards.remove()
    yield
    guards.install()


@pytest.fixture
def clerk(db: None) -> User:
    province = Province.objects.get_or_create(code="alborz", defaults={"name": "البرز"})[0]
    user = create_user(username="clerk", password=PASSWORD, by=None)
    give_role(user=user, role=Role.DIRECTOR, part=Part.PROVINCE, of=province, by=None)
    assert faults("roles") == []
    return user


def test_a_role_given_by_sql(clerk: User) -> None:
    Membership.objects.create(user=clerk, role=Role.AUDITOR.value)
    [said] = faults("roles")
    assert "clerk" in said


def test_a_role_moved_by_sql(clerk: User) -> None:
    Membership.objects.update(province=None)
    assert len(faults("roles")) == 1


def test_a_role_of_another_account(clerk: User) -> None:
    other = create_user(username="other", password=PASSWORD, by=None)
    Membership.objects.update(user=other)
    [said] = faults("roles")
    assert "other" in said


def test_a_role_that_was_taken_and_comes_back_by_sql(clerk: User) -> None:
    membership = Membership.objects.get()
    administrator = create_user(username="administrator", password=PASSWORD, by=None)
    managing.take_role(membership, by=administrator)
    assert faults("roles") == []
    Membership.objects.filter(pk=membership.pk).update(valid_to=None)
    assert len(faults("roles")) == 1
    give_role(user=clerk, role=Role.DIRECTOR, part=Part.PROVINCE, of=membership.province, by=None)
    assert faults("roles") == []


def test_an_account_made_by_sql(clerk: User) -> None:
    User.objects.create(username="nobody")
    [said] = faults("roles")
    assert "nobody" in said


def test_a_closed_account_opened_by_sql(clerk: User) -> None:
    administrator = create_user(username="administrator", password=PASSWORD, by=None)
    give_role(user=administrator, role=Role.ADMINISTRATOR, by=None)
    second = create_user(username="second", password=PASSWORD, by=None)
    give_role(user=second, role=Role.ADMINISTRATOR, by=None)
    managing.close_account(clerk, reason="رفت", by=administrator)
    assert faults("roles") == []
    User.objects.filter(pk=clerk.pk).update(is_active=True)
    assert len(faults("roles")) == 1


def enrol(user: User) -> Authenticator:
    """A second step as its page sets it up."""
    factor = Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": "sealed"}
    )
    factor_changed(user=user, what="added", by=user)
    assert faults("credentials") == []
    return factor


def test_a_password_set_by_sql(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(password=make_password("another"))
    [said] = faults("credentials")
    assert "clerk" in said
    password_changed(user=clerk, by=clerk)  # whoever sets one anew sets what is held now
    assert len(faults("credentials")) == 1
    clerk.refresh_from_db()
    password_changed(user=clerk, by=clerk)
    assert faults("credentials") == []


def test_a_password_of_another_account(clerk: User) -> None:
    other = create_user(username="other", password=PASSWORD, by=None)
    User.objects.filter(pk=clerk.pk).update(password=other.password)
    [said] = faults("credentials")
    assert "clerk" in said


def test_a_password_is_not_hashed_anew_without_an_act(clerk: User, settings: Any) -> None:
    kind = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, kind]
    User.objects.filter(pk=clerk.pk).update(password=make_password(folded(PASSWORD), hasher="md5"))
    clerk.refresh_from_db()
    password_changed(user=clerk, by=clerk)
    assert clerk.check_password(PASSWORD)
    assert faults("credentials") == []


def test_who_came_in_so_is_found_after_setting_another(clerk: User) -> None:
    record_sign_in(user=clerk, proofs=["password"])
    assert faults("credentials") == []
    User.objects.filter(pk=clerk.pk).update(password=make_password("another"))
    clerk.refresh_from_db()
    record_sign_in(user=clerk, proofs=["password"])
    password_changed(user=clerk, by=clerk)
    [said] = faults("credentials")
    assert "clerk" in said
    _invitation, token = managing.make_link(clerk, by=None)
    managing.accept(token, password=PASSWORD)
    assert faults("credentials") == []


def test_a_password_set_by_a_link_that_sql_put_in(clerk: User) -> None:
    Invitation.objects.create(
        user=clerk,
        digest=token_digest("own"),
        made_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    managing.accept("own", password=PASSWORD)
    [said] = faults("credentials")
    assert "clerk" in said


def test_a_second_step_taken_away_by_sql(clerk: User) -> None:
    enrol(clerk).delete()
    [said] = faults("credentials")
    assert "clerk" in said
    managing.reset_second_factor(clerk, reason="گوشی گم شد", by=None)
    assert faults("credentials") == []


def test_a_second_step_put_in_by_sql(clerk: User) -> None:
    Authenticator.objects.create(user=clerk, type=Authenticator.Type.TOTP, data={"secret": "own"})
    assert len(faults("credentials")) == 1


def test_a_second_step_that_is_used_is_the_same(clerk: User) -> None:
    factor = enrol(clerk)
    factor.data["used"] = {"mark": 1}
    factor.save()
    assert faults("credentials") == []
    factor.data["secret"] = "another"
    factor.save()
    assert len(faults("credentials")) == 1


def test_accounts_of_before_are_noted_once(clerk: User) -> None:
    User.objects.create(username="before", password=make_password(PASSWORD))
    [said] = faults("credentials")
    assert "tafahom init" in said
    note_credentials()
    note_credentials()
    assert faults("credentials") == []
    assert Entry.objects.filter(action="access.credentials_noted").count() == 1
    User.objects.filter(username="before").update(password=make_password("another"))
    note_credentials()
    assert len(faults("credentials")) == 1


def test_marks_tell_nothing_of_what_is_held(clerk: User) -> None:
    said = Entry.objects.get(action="access.user_created").details
    assert said.keys() == {"password_mark", "second_step_mark"}
    assert not {clerk.password, PASSWORD} & set(said.values())
    assert all(len(one) == 64 for one in said.values())


@pytest.fixture
def period(year: SimpleNamespace) -> Period:
    found = shut(year.world.province, MONTH)
    assert faults("closed_months") == []
    return found


def test_a_correction_by_two_persons_is_nothing_to_say(
    period: Period, reopen: Callable[[Period], Reopening]
) -> None:
    reopening = reopen(period)
    assert faults("closed_months") == []
    enrolment = Enrolment.objects.filter(course__end_month=MONTH).earliest("pk")
    Enrolment.objects.filter(pk=enrolment.pk).update(credited_minutes=60)
    closing.close_again(reopening, by=None)
    assert faults("closed_months") == []


def invent(period: Period, asker: User, approver: User, **more: dt.datetime) -> None:
    now = timezone.now()
    Reopening.objects.create(
        period=period,
        reason="x",
        asked_by=asker,
        asked_at=now,
        until=now + dt.timedelta(days=1),
        approved_by=approver,
        approved_at=now,
        before={"figures": []},
        **more,
    )


def test_a_reopening_invented_by_sql(period: Period, asker: User, approver: User) -> None:
    invent(period, asker, approver)
    [said] = faults("closed_months")
    assert "1397-02" in said


def test_a_second_reopening_behind_the_acts_of_the_first(
    period: Period, reopen: Callable[[Period], Reopening], asker: User, approver: User
) -> None:
    closing.close_again(reopen(period), by=None)
    invent(period, asker, approver, closed_at=timezone.now())
    assert len(faults("closed_months")) == 1


def test_a_month_closed_by_sql(year: SimpleNamespace) -> None:
    Period.objects.create(province=year.world.province, month=139703, state=PeriodState.CLOSED)
    assert len(faults("closed_months")) == 1


def test_a_month_opened_by_sql(period: Period) -> None:
    with unguarded():
        Period.objects.update(state=PeriodState.OPEN)
    assert len(faults("closed_months")) == 1


def test_figures_of_a_closed_month_that_were_changed(period: Period) -> None:
    with unguarded():
        first = Enrolment.objects.filter(course__end_month=MONTH).earliest("pk")
        Enrolment.objects.filter(pk=first.pk).update(credited_minutes=7)
    [said] = faults("closed_months")
    assert "tafahom periods check" in said


def test_another_table_of_figures(period: Period) -> None:
    table = MonthTable.objects.get()
    MonthTable.objects.create(
        period=period, version=2, made_at=timezone.now(), measures=table.measures, digest="0" * 64
    )
    assert len(faults("closed_months")) == 1


def test_identities_that_nobody_erased(db: None) -> None:
    person = Person.objects.create()
    assert lost_identities() == 1
    Erasure.objects.create(person=person, cause=Cause.REQUEST, files=0, erased_at=timezone.now())
    assert (lost_identities(), unexplained_erasures()) == (0, 1)
    assert len(faults("erasures")) == 1


def test_who_was_erased_is_nothing_to_say(known: SimpleNamespace) -> None:
    erase(person=known.sara, cause=Cause.REQUEST, by=None)
    assert unexplained_erasures() == 0
