"""Accounts come by invitation; who manages them sees what there is and ends what should end."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tafahom.access.accounts import asking, managing
from tafahom.access.accounts.queries import waiting_requests
from tafahom.access.models import Invitation, Membership, User
from tafahom.access.rules import Part, Role
from tafahom.agreements.models import Agreement
from tafahom.audit.models import Entry
from tafahom.refusals import Refusal
from web.test_sign_in import LOGIN, PASSWORD, browser, enrol, log_in

NEW = "بیدمجنون و پنجره و باران"
REASON = "گوشی گم شده و حضوری آمد"
NOON = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)


@pytest.fixture
def chief(db: None) -> User:
    user = User.objects.create_user("chief", password=PASSWORD)
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    return user


@pytest.fixture
def desk(chief: User) -> Client:
    client = browser()
    client.force_login(chief)
    return client


def invited(chief: User, name: str = "karimi", **more) -> str:
    """Return the token of an account whose role a second person has confirmed."""
    _invitation, token = asking.invite(
        username=name, role=Role.AUDITOR, first_name="سارا", by=chief, **more
    )
    confirm_all()
    return token


def second() -> User:
    """Another administrator, who confirms."""
    user, made = User.objects.get_or_create(username="second", last_login=NOON)
    if made:
        Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    return user


def confirm_all() -> list[str]:
    """Confirm all that waits; return the tokens of links that come of it."""
    links = [asking.confirm(request, by=second()) for request in waiting_requests()]
    return [link[1] for link in links if link]


def address(token: str) -> str:
    return reverse("web:invitation", args=[token])


def take_up(token: str, password: str = NEW, client: Client | None = None):
    sent = {"new_password1": password, "new_password2": password}
    return (client or browser()).post(address(token), sent)


def act(desk: Client, user: User, what: str, **sent: str):
    return desk.post(reverse("web:account_act", args=[user.pk, what]), sent)


def acts_on(user: User) -> list[str]:
    told = Entry.objects.filter(target=f"user:{user.pk}").order_by("id")
    return [action.removeprefix("access.") for action in told.values_list("action", flat=True)]


# Invitations


def test_from_invitation_to_the_first_page(desk: Client, known) -> None:
    form = {
        "first_name": "سارا", "last_name": "کریمی", "username": "karimi", "email": "",
        "role": "centre_clerk", "place": f"centre:{known.one.centre_id}", "written": "",
        "valid_to": "۱۴۰۵/۱۲/۲۹",
    }  # fmt: skip
    page = desk.post(reverse("web:account_invite"), form).content.decode()
    link = re.search(r"http://testserver(/invitation/[\w-]{43}/)", page)[1]
    assert not Membership.objects.filter(user__username="karimi").exists()
    confirm_all()
    held = Membership.objects.get(user__username="karimi")
    assert (held.role, held.part, held.centre_id) == (
        "centre_clerk",
        Part.CENTRE,
        known.one.centre_id,
    )
    assert held.valid_to == dt.date(2027, 3, 20)
    assert link.split("/")[2] not in str(list(Invitation.objects.values()))
    guest = browser()
    assert "سارا کریمی" in guest.get(link).content.decode()
    answer = take_up(link.split("/")[2], client=guest)
    assert answer.headers["Location"] == "/"
    assert guest.get(reverse("web:people")).status_code == 200
    assert acts_on(held.user) == [
        "user_created", "request_made", "invited", "request_confirmed", "role_given",
        "invitation_used", "signed_in",
    ]  # fmt: skip


def test_the_first_thing_that_opens_is_the_second_step(chief: User, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    guest, token = browser(), invited(chief)
    take_up(token, client=guest)
    assert guest.get("/").headers["Location"] == reverse("mfa_activate_totp")


def test_a_link_opens_once(chief: User) -> None:
    token = invited(chief)
    assert take_up(token).status_code == 302
    assert browser().get(address(token)).status_code == 404
    assert take_up(token, "another long password").status_code == 404
    assert log_in(browser(), NEW).status_code == 302


def test_a_link_is_over_after_72_hours_to_the_second(chief: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        token = invited(chief)
        clock.shift(72 * 3600 - 1)
        assert browser().get(address(token)).status_code == 200
        clock.shift(1)
        assert browser().get(address(token)).status_code == 404
        assert take_up(token).status_code == 404
    assert not User.objects.get(username="karimi").has_usable_password()


def test_a_newer_link_and_a_revoked_one_open_nothing(chief: User, desk: Client) -> None:
    first = invited(chief)
    user = User.objects.get(username="karimi")
    page = desk.post(reverse("web:account_link", args=[user.pk])).content.decode()
    second = re.search(r"/invitation/([\w-]{43})/", page)[1]
    assert take_up(first).status_code == 404
    act(desk, user, "revoke")
    assert take_up(second).status_code == 404
    assert acts_on(user).count("invitation_revoked") == 2


def test_two_who_come_with_one_link_at_once_do_not_both_get_in(chief: User) -> None:
    token = invited(chief)
    Invitation.objects.update(used_at=timezone.now())
    with pytest.raises(Refusal):
        managing.accept(token, password=NEW)


@pytest.mark.parametrize("token", ["wrong", "a" * 43, "%00", "é" * 50])
def test_a_link_that_was_never_given_says_what_an_old_one_says(chief: User, token: str) -> None:
    assert browser().get(f"/invitation/{token}/").status_code == 404


def test_a_weak_password_leaves_the_link_open(chief: User) -> None:
    token = invited(chief)
    assert take_up(token, "password1234").status_code == 422
    assert take_up(token).status_code == 302


def test_a_link_to_a_new_password_does_not_go_past_the_second_step(chief: User) -> None:
    token = invited(chief)
    guest = browser()
    take_up(token, client=guest)
    enrol(guest)
    user = User.objects.get(username="karimi")
    asking.renew_link(user, reason=REASON, by=chief)
    [again] = confirm_all()
    answer = take_up(again, "another long password of words")
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert guest.get(reverse("web:people")).headers["Location"].startswith(LOGIN)


def test_the_link_is_sent_where_mail_is_set_up(desk: Client, settings) -> None:
    settings.SENDS_MAIL = True
    form = {
        "first_name": "سارا", "last_name": "کریمی", "username": "karimi",
        "email": "sara@example.org", "role": "auditor", "place": "", "written": "", "valid_to": "",
    }  # fmt: skip
    page = desk.post(reverse("web:account_invite"), form).content.decode()
    assert re.search(r"/invitation/[\w-]{43}/", page)[0] in mail.outbox[0].body
    assert mail.outbox[0].to == ["sara@example.org"]
    again = desk.post(reverse("web:account_invite"), form | {"username": "other"})
    assert again.status_code == 422  # one address, one account


@pytest.mark.parametrize(
    ("role", "place", "written"),
    [
        ("centre_clerk", "", ""),
        ("administrator", "province:1", ""),
        ("partner_liaison", "agreement", "9/99"),
        ("instructor", "course", ""),
        ("auditor", "centre:999999", ""),
        ("emperor", "", ""),
    ],
)
def test_a_role_is_not_given_where_it_does_not_fit(
    desk: Client, known, role: str, place: str, written: str
) -> None:
    form = {"first_name": "a", "last_name": "b", "username": "karimi", "email": ""}
    form |= {"role": role, "place": place, "written": written, "valid_to": ""}
    assert desk.post(reverse("web:account_invite"), form).status_code == 422
    assert not User.objects.filter(username="karimi").exists()


def test_a_role_for_an_agreement_is_given_by_its_number(desk: Client, known, chief: User) -> None:
    invited(chief)
    user = User.objects.get(username="karimi")
    Agreement.objects.filter(pk=known.national.pk).update(key="1/97")  # as registries write it
    sent = {"role": "partner_liaison", "place": "agreement", "written": "۱-۹۷"}
    desk.post(reverse("web:account_role_give", args=[user.pk]), sent)
    held = user.memberships.get(role="partner_liaison")
    assert held.agreement_uid == known.national.uid
    page = desk.get(
        reverse("web:account_detail", args=[user.pk]), headers={"accept-language": "en"}
    )
    assert known.national.number in page.content.decode()


# What ends


def test_a_closed_account_is_out_at_once(desk: Client, chief: User) -> None:
    guest = browser()
    take_up(invited(chief), client=guest)
    user = User.objects.get(username="karimi")
    asking.renew_link(user, reason=REASON, by=chief)
    confirm_all()
    act(desk, user, "close", reason=REASON)
    assert guest.get(reverse("web:people")).status_code == 302
    assert log_in(browser(), NEW).status_code == 200
    act(desk, user, "open", reason=REASON)
    assert log_in(browser(), NEW).status_code == 200  # a second person has to agree
    confirm_all()
    assert guest.get(reverse("web:people")).status_code == 302
    assert log_in(browser(), NEW).status_code == 302
    entry = Entry.objects.get(action="access.closed")
    assert (entry.by, entry.details) == (chief, {"reason": REASON})


@pytest.mark.parametrize("reason", ["", "کوتاه", "به شماره ۰۰۱۲۳۴۵۶۷۹ زنگ زد"])
def test_nothing_is_closed_without_a_reason_that_can_be_kept(desk, chief, reason: str) -> None:
    invited(chief)
    user = User.objects.get(username="karimi")
    assert act(desk, user, "close", reason=reason).status_code == 422
    user.refresh_from_db()
    assert user.is_active


def test_visits_end_everywhere(desk: Client, chief: User) -> None:
    guests = [browser(), browser()]
    take_up(invited(chief), client=guests[0])
    log_in(guests[1], NEW)
    act(desk, User.objects.get(username="karimi"), "end-visits")
    assert {guest.get(reverse("web:people")).status_code for guest in guests} == {302}


def test_a_second_step_is_taken_away_for_a_reason(desk: Client, chief: User) -> None:
    guest = browser()
    take_up(invited(chief), client=guest)
    enrol(guest)
    user = User.objects.get(username="karimi")
    act(desk, user, "reset", reason=REASON)
    assert Authenticator.objects.exists()
    confirm_all()
    assert not Authenticator.objects.exists()
    assert guest.get(reverse("web:people")).status_code == 302
    assert acts_on(user)[-1] == "factor_reset"


def test_a_locked_account_may_try_again(desk: Client, chief: User) -> None:
    take_up(invited(chief))
    for _ in range(10):
        log_in(browser(), "wrong")
    assert log_in(browser(), NEW).status_code == 429
    act(desk, User.objects.get(username="karimi"), "unlock")
    assert log_in(browser(), NEW).status_code == 302


def test_a_role_that_is_taken_opens_nothing_more(desk: Client, chief: User) -> None:
    guest = browser()
    take_up(invited(chief), client=guest)
    held = Membership.objects.get(user__username="karimi")
    assert guest.get(reverse("web:people")).status_code == 200
    desk.post(reverse("web:account_role_take", args=[held.user_id, held.pk]))
    assert guest.get(reverse("web:people")).status_code == 404


def test_nobody_raises_or_frees_themselves(desk: Client, chief: User) -> None:
    give = reverse("web:account_role_give", args=[chief.pk])
    desk.post(give, {"role": "auditor", "place": "", "written": "", "valid_to": ""})
    for what in ("reset", "close", "open"):
        act(desk, chief, what, reason=REASON)
    desk.post(reverse("web:account_link", args=[chief.pk]))
    desk.post(reverse("web:account_role_take", args=[chief.pk, chief.memberships.get().pk]))
    chief.refresh_from_db()
    assert chief.is_active
    assert [one.role for one in chief.memberships.all()] == ["administrator"]
    assert chief.memberships.get().valid_to is None
    assert not Invitation.objects.exists()


def test_the_list_costs_the_same_for_one_account_and_for_many(
    desk: Client, chief: User, known, django_assert_num_queries
) -> None:
    def cost() -> int:
        with django_assert_num_queries(6):
            return desk.get(reverse("web:accounts")).status_code

    invited(chief)
    assert cost() == 200
    for number in range(30):
        invited(chief, f"user{number}", part=Part.CENTRE, of=known.one.centre)
    assert cost() == 200


def test_the_list_finds_by_name(desk: Client, chief: User) -> None:
    invited(chief)
    address, own = (
        reverse("web:accounts") + "?q=سارا",
        reverse("web:account_detail", args=[chief.pk]),
    )
    for headers in ({}, {"hx-request": "true"}):
        page = desk.get(address, headers=headers).content.decode()
        assert "karimi" in page
        assert own not in page


def test_the_first_administrator_is_invited_on_the_machine(db: None, capsys, settings) -> None:
    settings.ADDRESS = "https://tafahom.example.org/"
    call_command("invite", "first")
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://tafahom.example.org/invitation/")
    guest = browser()
    take_up(link.split("/")[-2], client=guest)
    assert guest.get(reverse("web:accounts")).status_code == 200
    with pytest.raises(CommandError):
        call_command("invite", "first")
    call_command("invite", "first", "--again")
    assert take_up(capsys.readouterr().out.split("/")[-2]).status_code == 302
