"""What sees people is given by one person and confirmed by another; nobody does both."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tafahom.access.accounts import asking
from tafahom.access.actions import give_role
from tafahom.access.models import AccountRequest, Membership, User
from tafahom.access.queries import memberships_of, roles_of, scope_of
from tafahom.access.rules import Act, Role
from tafahom.audit.models import Entry
from tafahom.desk.needs import work_list
from tafahom.refusals import Refusal
from web.test_accounts import NOON, REASON
from web.test_sign_in import PASSWORD, browser, enrol, log_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LINK = re.compile(r"/invitation/([\w-]{43})/")


def account(name: str, *roles: Role) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    for role in roles:
        Membership.objects.create(user=user, role=role)
    return user


@pytest.fixture
def alice() -> User:
    """An administrator, who asks."""
    return account("alice", Role.ADMINISTRATOR)


@pytest.fixture
def bob() -> User:
    """Another one, who confirms."""
    return account("bob", Role.ADMINISTRATOR)


@pytest.fixture
def carol() -> User:
    """Somebody who is to get a role."""
    return account("carol")


def sitting(user: User, language: str = "fa") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def ask_auditor(by: User, user: User) -> AccountRequest:
    request = asking.add_role(user, role=Role.AUDITOR, reason=REASON, by=by)
    assert request is not None
    return request


def decide(by: User, request: AccountRequest, what: str, **sent: str):
    return sitting(by).post(reverse(f"web:access_{what}", args=[request.uid]), sent, follow=True)


def kinds(user: User) -> list[str]:
    return [need.kind for need in work_list(user)]


def actions() -> list[str]:
    told = Entry.objects.filter(action__startswith="access.r").order_by("id")
    return [action.removeprefix("access.") for action in told.values_list("action", flat=True)]


# One alone


def test_one_administrator_alone_makes_no_auditor(alice: User, carol: User) -> None:
    desk = sitting(alice)
    form = {"role": "auditor", "place": "", "written": "", "valid_to": "", "reason": REASON}
    desk.post(reverse("web:account_role_give", args=[carol.pk]), form)
    request = AccountRequest.objects.get()
    desk.post(reverse("web:access_confirm", args=[request.uid]))
    assert roles_of(carol) == set()
    assert memberships_of(carol) == []
    assert sitting(carol).get(reverse("web:people")).status_code == 404
    with pytest.raises(Refusal, match="right"):
        give_role(user=carol, role=Role.AUDITOR, by=alice)


def test_nor_by_accounts_of_their_own_making(alice: User) -> None:
    """Somebody who may confirm is what nobody makes alone."""
    for name, role in (("one", Role.ADMINISTRATOR), ("two", Role.AUDITOR)):
        asking.invite(username=name, role=role, by=alice)
    one, two = AccountRequest.objects.order_by("pk")
    with pytest.raises(Refusal, match="right"):
        asking.confirm(one, by=two.user)
    with pytest.raises(Refusal, match="about_you"):
        asking.confirm(one, by=one.user)
    assert not Membership.objects.exclude(user=alice).exists()


def test_roles_that_see_nobody_are_given_at_once(alice: User, carol: User) -> None:
    assert asking.add_role(carol, role=Role.PLANNER, by=alice) is None
    held = carol.memberships.get()
    assert (held.given_by, held.confirmed_by, held.at_machine) == (alice, None, False)
    assert scope_of(carol, Act.SEE_FIGURES).is_everything


# Two


def test_another_person_confirms_and_then_it_holds(alice: User, bob: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    page = sitting(bob).get(reverse("web:access_request", args=[request.uid])).content.decode()
    assert REASON in page
    assert "carol" in page
    decide(bob, request, "confirm")
    held = carol.memberships.get()
    assert (held.given_by, held.confirmed_by, held.at_machine) == (alice, bob, False)
    assert scope_of(carol, Act.SEE_PEOPLE).is_everything
    assert actions() == ["request_made", "request_confirmed", "role_given"]
    told = Entry.objects.get(action="access.role_given")
    assert (told.by, told.details["request"]) == (bob, request.uid)


def test_who_gets_it_confirms_nothing(alice: User) -> None:
    auditor = account("dara", Role.AUDITOR)
    request = asking.add_role(auditor, role=Role.DIRECTOR, by=alice)
    assert request
    page = decide(auditor, request, "confirm").content.decode()
    assert "تأیید نمی‌کند" in page
    assert roles_of(auditor) == {Role.AUDITOR}


def test_who_may_not_confirm_finds_no_page(alice: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    officer = account("officer", Role.AGREEMENTS_OFFICER)
    for name, args in (("requests", []), ("request", [request.uid])):
        assert sitting(officer).get(reverse(f"web:access_{name}", args=args)).status_code == 404
    assert decide(officer, request, "confirm").status_code == 404


def test_an_asker_who_lost_the_right_gives_nothing(alice: User, bob: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    alice.memberships.all().delete()
    with pytest.raises(Refusal, match="asker"):
        asking.confirm(request, by=bob)
    assert not carol.memberships.exists()


def test_the_same_is_asked_once_and_decided_once(alice: User, bob: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    with pytest.raises(Refusal, match="open"):
        ask_auditor(alice, carol)
    asking.confirm(request, by=bob)
    stale = AccountRequest.objects.get()
    stale.state = "waiting"
    for again in (asking.confirm, lambda one, by: asking.refuse(one, note=REASON, by=by)):
        with pytest.raises(Refusal, match="state"):
            again(stale, by=bob)
    assert actions().count("role_given") == 1


def test_a_refusal_is_told_with_its_reason(alice: User, bob: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    assert decide(bob, request, "refuse", note="").status_code == 422
    decide(bob, request, "refuse", note="او دیگر در این اداره نیست")
    assert not carol.memberships.exists()
    [need] = [one for one in work_list(alice) if one.kind == "refused"]
    assert "او دیگر در این اداره نیست" in need.text
    page = sitting(alice).get(reverse("web:account_detail", args=[carol.pk])).content.decode()
    assert "او دیگر در این اداره نیست" in page


def test_after_a_week_it_lapses_and_the_asker_is_told(alice: User, bob: User, carol: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        request = ask_auditor(alice, carol)
        clock.shift(7 * DAY - dt.timedelta(seconds=1))
        assert kinds(bob) == ["access"]
        clock.shift(1)
        assert kinds(bob) == []
        assert kinds(alice) == ["refused"]
        with pytest.raises(Refusal, match="state"):
            asking.confirm(request, by=bob)
        assert sitting(bob).get(reverse("web:access_requests")).status_code == 200
        request.refresh_from_db()
        assert request.state == "lapsed"
        assert actions()[-1] == "request_lapsed"
        ask_auditor(alice, carol)  # it may be asked for again
        clock.shift(8 * DAY)
        assert kinds(alice) == ["refused"]
    assert not carol.memberships.exists()


def test_one_takes_back_what_is_ones_own(alice: User, bob: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    decide(bob, request, "withdraw")
    request.refresh_from_db()
    assert request.state == "waiting"
    decide(alice, request, "withdraw")
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_it_stands_in_the_work_list_of_who_may_confirm(alice: User, bob: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    auditor = account("dara", Role.AUDITOR)
    assert "access" in kinds(bob)
    assert "access" in kinds(auditor)
    assert "access" not in kinds(alice)
    assert "access" not in kinds(account("officer", Role.AGREEMENTS_OFFICER))
    page = sitting(bob).get(reverse("web:attention")).content.decode()
    assert reverse("web:access_request", args=[request.uid]) in page


def test_who_waits_is_told_so(alice: User, carol: User) -> None:
    ask_auditor(alice, carol)
    assert "waits until a second person" in sitting(carol, "en").get("/").content.decode()


# The database insists


def test_the_database_wants_three_persons(alice: User, bob: User, carol: User) -> None:
    def refused(**more: object) -> bool:
        fields = {"user": carol, "role": Role.AUDITOR, "given_by": alice, "confirmed_by": bob}
        try:
            with transaction.atomic():
                Membership.objects.create(**(fields | more))
                transaction.set_rollback(True)
        except IntegrityError:
            return True
        return False

    assert not refused()
    assert refused(confirmed_by=alice)
    assert refused(confirmed_by=carol)
    assert refused(given_by=carol)
    assert refused(confirmed_by=None)
    assert refused(reviewed_by=carol)
    assert not refused(confirmed_by=None, at_machine=True)
    assert not refused(confirmed_by=None, role=Role.PLANNER)


@pytest.mark.parametrize("decider", ["alice", "carol"])
def test_the_database_refuses_a_decision_by_one_of_the_two(
    alice: User, carol: User, decider: str
) -> None:
    request = ask_auditor(alice, carol)
    rows = AccountRequest.objects.filter(pk=request.pk)
    by = User.objects.get(username=decider)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="confirmed", decided_by=by, decided_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="confirmed")


# Second step, password, opening


def test_one_administrator_alone_comes_in_as_nobody(alice: User, bob: User) -> None:
    victim = account("victim", Role.DIRECTOR)
    at_home = browser()
    at_home.post(reverse("web:login"), {"username": "victim", "password": PASSWORD})
    enrol(at_home)
    desk = sitting(alice)
    page = reverse("web:account_detail", args=[victim.pk])
    assert desk.post(reverse("web:account_link", args=[victim.pk])).status_code == 422
    answer = desk.post(reverse("web:account_link", args=[victim.pk]), {"reason": REASON})
    assert answer.headers["Location"] == page
    desk.post(reverse("web:account_act", args=[victim.pk, "reset"]), {"reason": REASON})
    assert Authenticator.objects.filter(user=victim).exists()
    assert not victim.invitations.exists()
    for request in AccountRequest.objects.all():
        assert LINK.search(decide(alice, request, "confirm").content.decode()) is None
    assert Authenticator.objects.filter(user=victim).exists()
    seen = [decide(bob, one, "confirm").content.decode() for one in AccountRequest.objects.all()]
    assert len([text for text in seen if LINK.search(text)]) == 1  # to who confirms, once
    assert not Authenticator.objects.filter(user=victim).exists()


def test_an_account_that_sees_nobody_gets_its_link_at_once(alice: User) -> None:
    planner = account("planner", Role.PLANNER)
    page = sitting(alice).post(reverse("web:account_link", args=[planner.pk])).content.decode()
    assert LINK.search(page)


def test_a_role_taken_for_a_moment_opens_no_way(alice: User) -> None:
    """Who takes the role away to be alone with the account has to ask for the role again."""
    victim = account("victim", Role.DIRECTOR)
    held = victim.memberships.get()
    sitting(alice).post(reverse("web:account_role_take", args=[victim.pk, held.pk]))
    assert isinstance(asking.renew_link(victim, by=alice), tuple)
    assert asking.add_role(victim, role=Role.DIRECTOR, by=alice) is not None
    assert roles_of(victim) == set()


def test_nobody_asks_for_their_own_account(alice: User) -> None:
    for ask in (asking.renew_link, asking.take_second_step, asking.open_again):
        with pytest.raises(Refusal):
            ask(alice, reason=REASON, by=alice)


# On the machine


def test_on_a_fresh_machine_the_operator_is_enough(capsys) -> None:
    call_command("invite", "first", "--operator", "root of the house")
    assert LINK.search(capsys.readouterr().out)
    held = Membership.objects.get()
    assert (held.role, held.at_machine, held.given_by) == ("administrator", True, None)
    request = AccountRequest.objects.get()
    assert (request.state, request.asker, request.decider) == (
        "confirmed", "root of the house", "root of the house",
    )  # fmt: skip
    told = Entry.objects.get(action="access.request_confirmed")
    assert told.details["operator"] == "root of the house"


def test_where_somebody_may_confirm_the_operator_is_one_of_two(alice: User, capsys) -> None:
    call_command("invite", "second", "--operator", "root")
    assert LINK.search(capsys.readouterr().out)
    request = AccountRequest.objects.get()
    assert request.waits
    with pytest.raises(CommandError):
        call_command("account", "confirm", request.uid, "--operator", "another root")
    assert not Membership.objects.filter(user__username="second").exists()
    decide(alice, request, "confirm")
    assert Membership.objects.get(user__username="second").at_machine


def test_while_there_is_one_administrator_the_operator_confirms(
    alice: User, carol: User, capsys
) -> None:
    request = ask_auditor(alice, carol)
    page = sitting(alice, "en").get(reverse("web:access_request", args=[request.uid]))
    assert "on the server" in page.content.decode()
    call_command("account", "list")
    assert f"{request.uid}  carol" in capsys.readouterr().out
    call_command("account", "confirm", request.uid, "--operator", "root")
    held = carol.memberships.get()
    assert (held.given_by, held.confirmed_by, held.at_machine) == (alice, None, True)


def test_the_operator_refuses_with_a_reason(alice: User, carol: User) -> None:
    request = ask_auditor(alice, carol)
    with pytest.raises(CommandError):
        call_command("account", "refuse", request.uid, "--note", "no")
    call_command("account", "refuse", request.uid, "--note", "nobody knows this person")
    request.refresh_from_db()
    assert request.state == "refused"
    with pytest.raises(CommandError):
        call_command("account", "confirm", "unknown")


def test_a_second_step_is_reset_from_the_machine_by_two(alice: User, capsys) -> None:
    account("victim", Role.DIRECTOR)
    client = browser()
    client.post(reverse("web:login"), {"username": "victim", "password": PASSWORD})
    enrol(client)
    reset = ["account", "reset-second-step", "victim", "--reason", REASON, "--operator", "root"]
    call_command(*reset)
    request = AccountRequest.objects.get()
    assert request.uid in capsys.readouterr().out
    assert Authenticator.objects.exists()
    decide(alice, request, "confirm")
    assert not Authenticator.objects.exists()
    assert Entry.objects.get(action="access.request_made").details["operator"] == "root"
    with pytest.raises(CommandError):
        call_command("account", "reset-second-step", "nobody", "--reason", REASON)


def test_an_office_that_nobody_can_enter_is_opened_after_a_day(alice: User, bob: User) -> None:
    """Both lost their second step: for a day they could come in and refuse, then the operator may."""
    with time_machine.travel(NOON, tick=False) as clock:
        User.objects.update(last_login=NOON - DAY)
        asking.take_second_step(alice, reason=REASON, by=None, operator="root")
        request = AccountRequest.objects.get()
        clock.shift(DAY - dt.timedelta(seconds=1))
        with pytest.raises(Refusal, match="others"):
            asking.confirm(request, by=None, operator="root")
        clock.shift(1)
        User.objects.filter(pk=bob.pk).update(last_login=NOON + dt.timedelta(hours=1))
        with pytest.raises(Refusal, match="others"):
            asking.confirm(request, by=None, operator="root")
        User.objects.filter(pk=bob.pk).update(last_login=NOON - DAY)
        asking.confirm(request, by=None, operator="root")
    assert actions()[-1] == "request_confirmed"


# Each half year


def test_a_role_is_confirmed_again_each_half_year(alice: User, bob: User, carol: User) -> None:
    asking.confirm(ask_auditor(alice, carol), by=bob)
    held = carol.memberships.get()
    now = dt.datetime.now(dt.UTC)
    Membership.objects.update(confirmed_at=now)
    Membership.objects.filter(pk=held.pk).update(confirmed_at=now - 184 * DAY)
    assert "review" in kinds(alice)
    assert "review" not in kinds(carol)  # of one's own somebody else says it
    page = reverse("web:role_reviews")
    assert "carol" in sitting(bob).get(page).content.decode()
    sitting(carol).post(page, {"role": [held.pk]})
    assert "review" in kinds(alice)
    assert scope_of(carol, Act.SEE_PEOPLE).is_everything  # it stays in force
    sitting(alice).post(page, {"role": [held.pk]})
    held.refresh_from_db()
    assert held.reviewed_by == alice
    assert "review" not in kinds(alice)
    assert actions()[-1] == "role_reviewed"


def test_a_role_that_ended_is_not_confirmed_again(alice: User, carol: User) -> None:
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Membership.objects.create(
        user=carol, role=Role.PLANNER, valid_to=dt.date(2021, 1, 1), confirmed_at=long_ago
    )
    assert "review" not in kinds(alice)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_pages_open_in_both_languages(
    alice: User, bob: User, carol: User, language: str
) -> None:
    request = ask_auditor(alice, carol)
    client = sitting(bob, language)
    for name, args in (
        ("access_requests", []),
        ("role_reviews", []),
        ("access_request", [request.uid]),
    ):
        page = client.get(reverse(f"web:{name}", args=args)).content.decode()
        assert f'lang="{language}"' in page


def test_the_list_costs_the_same_for_one_request_and_for_many(
    alice: User, bob: User, django_assert_num_queries
) -> None:
    client = sitting(bob)

    def cost() -> int:
        with django_assert_num_queries(9):
            return client.get(reverse("web:access_requests")).status_code

    ask_auditor(alice, account("one"))
    assert cost() == 200
    for number in range(20):
        ask_auditor(alice, account(f"user{number}"))
    assert cost() == 200


def test_the_first_sign_in_after_a_reset_sets_the_second_step_up_anew(
    alice: User, bob: User, settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    karimi = account("karimi", Role.DIRECTOR)
    client = browser()
    log_in(client)
    enrol(client)
    asking.take_second_step(karimi, reason=REASON, by=alice)
    asking.confirm(AccountRequest.objects.get(), by=bob)
    anew = browser()
    assert log_in(anew).headers["Location"] == "/"
    assert anew.get(reverse("web:people")).headers["Location"] == reverse("mfa_activate_totp")
