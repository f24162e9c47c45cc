"""Coming in: two proofs, limits of failures and of visits."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from tafahom.access.accounts.managing import reset_second_factor
from tafahom.access.accounts.rules import ACCOUNT_FAILURES, ADDRESS_FAILURES, why_over
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.config import settings as product

PASSWORD = "correct horse battery"
NOON = 1_763_899_200
LOGIN = reverse("web:login")


@pytest.fixture
def karimi(db: None) -> User:
    user = User.objects.create_user("karimi", password=PASSWORD)
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER)
    return user


@pytest.fixture
def clock() -> Callable[..., time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def browser(**more: str) -> Client:
    return Client(headers={"accept-language": "fa"}, **more)


def log_in(client: Client, password: str = PASSWORD, name: str = "karimi"):
    return client.post(LOGIN, {"username": name, "password": password})


def code(secret: str, shift: int = 0) -> str:
    """Compute the code of an app, after RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30 + shift)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    value = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**6:06d}"


def enrol(client: Client) -> tuple[str, list[str]]:
    """Set the second factor up; return its secret and the recovery codes."""
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"sign-in-key[^>]*>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes"), answer.content.decode()
    shown = client.get(answer.headers["Location"]).content.decode()
    codes = re.findall(r"<code>(\d{4} \d{4})</code>", shown)
    assert len(codes) == 10
    client.post(answer.headers["Location"])
    return secret, codes


def acts() -> list[str]:
    told = Entry.objects.filter(action__startswith="access.").order_by("id")
    return [action.removeprefix("access.") for action in told.values_list("action", flat=True)]


# Failures


def test_an_account_waits_after_ten_failures_from_wherever_they_come(karimi, clock) -> None:
    for number in range(ACCOUNT_FAILURES - 1):
        assert log_in(browser(REMOTE_ADDR=f"10.0.0.{number}"), "wrong").status_code == 200
    last = log_in(browser(REMOTE_ADDR="10.0.0.99"), "wrong")
    assert last.status_code == 429
    assert last["Retry-After"] == "900"
    assert "script-src 'self'" in last["Content-Security-Policy"]
    assert "دقیقه" in last.content.decode()
    assert log_in(browser(REMOTE_ADDR="10.7.7.7")).status_code == 429
    clock.shift(14 * 60)
    assert log_in(browser()).status_code == 429  # and trying does not make it longer
    clock.shift(60 + 1)
    assert log_in(browser()).status_code == 302
    assert acts() == ["sign_in_failed"] * 10 + ["locked_out", "signed_in"]


def test_a_name_that_does_not_exist_is_locked_in_the_same_way(karimi, clock) -> None:
    pages = []
    for name in ("karimi", "nobody-of-that-name"):
        tries = [log_in(browser(), "wrong", name) for _ in range(ACCOUNT_FAILURES + 1)]
        assert [one.status_code for one in tries] == [200] * 9 + [429] * 2
        pages.append([re.sub(r'value="[^"]*"', "", one.content.decode()) for one in tries])
    assert pages[0] == pages[1]


def test_an_address_waits_after_failures_for_many_names(karimi, clock, settings) -> None:
    statuses = [
        log_in(browser(REMOTE_ADDR="10.0.0.1"), "wrong", f"name{number}").status_code
        for number in range(ADDRESS_FAILURES)
    ]
    assert statuses == [200] * (ADDRESS_FAILURES - 1) + [429]
    assert log_in(browser(REMOTE_ADDR="10.0.0.1")).status_code == 429
    assert log_in(browser(REMOTE_ADDR="10.0.0.2")).status_code == 302


def test_behind_a_proxy_it_is_the_address_of_who_asks_that_counts(
    karimi, clock, settings, monkeypatch
) -> None:
    settings.PROXIES = 1
    monkeypatch.setattr("tafahom.gate.lockout.ADDRESS_FAILURES", 20)
    for number in range(20):
        sender = browser(HTTP_X_FORWARDED_FOR=f"6.6.6.6, 10.0.0.{number}", REMOTE_ADDR="127.0.0.1")
        log_in(sender, "wrong", f"name{number}")
    assert log_in(browser(HTTP_X_FORWARDED_FOR="10.1.1.1")).status_code == 302
    assert log_in(browser(HTTP_X_FORWARDED_FOR="nonsense'"), "wrong").status_code == 200


def test_coming_in_clears_the_failures_of_the_account(karimi, clock) -> None:
    for _ in range(2):
        for _ in range(ACCOUNT_FAILURES - 1):
            assert log_in(browser(), "wrong").status_code == 200
        assert log_in(browser()).status_code == 302


def test_nothing_typed_is_kept_of_a_failure(karimi) -> None:
    typed = "my-password-in-the-wrong-field"
    log_in(browser(), "wrong-password-typed", typed)
    entry = Entry.objects.get(action="access.sign_in_failed")
    assert entry.target == ""
    assert set(entry.details) == {"step", "name"}
    from axes.models import AccessAttempt

    kept = str(list(AccessAttempt.objects.values())) + str(list(Entry.objects.values()))
    assert "wrong-password-typed" not in kept
    assert typed not in kept


def test_a_closed_account_gets_the_answer_of_a_wrong_password(karimi) -> None:
    User.objects.update(is_active=False)
    closed, wrong = log_in(browser()), log_in(browser(), "wrong")
    texts = [re.sub(r'"[^"]*"', "", one.content.decode()) for one in (closed, wrong)]
    assert texts[0] == texts[1]


def test_a_name_that_does_not_exist_costs_the_same_hashing(karimi, monkeypatch) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    done = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: done.append(1) or encode(*args))
    counts = []
    for name in ("karimi", "nobody-of-that-name"):
        done.clear()
        log_in(browser(), "wrong", name)
        counts.append(len(done))
    assert counts[0] == counts[1] > 0


# Visits


def test_a_visit_is_over_at_its_limits_and_not_before() -> None:
    limits = {"idle_seconds": 1800, "longest_seconds": 43_200}
    assert why_over(begun=0, seen=100, now=1899.9, **limits) == ""
    assert why_over(begun=0, seen=100, now=1900, **limits) == "idle"
    assert why_over(begun=0, seen=43_190, now=43_199.9, **limits) == ""
    assert why_over(begun=0, seen=43_190, now=43_200, **limits) == "long"


def test_who_is_away_for_half_an_hour_logs_in_again_and_comes_back(karimi, clock) -> None:
    client, wanted = browser(), reverse("web:partners")
    log_in(client)
    clock.shift(29 * 60 + 59)
    assert client.get(wanted).status_code == 200
    clock.shift(30 * 60)
    answer = client.get(wanted)
    assert answer.headers["Location"] == f"{LOGIN}?next={wanted}"
    assert "notice-warning" in client.get(answer.headers["Location"]).content.decode()
    assert acts()[-1] == "signed_out"
    assert Entry.objects.latest("id").details == {"why": "idle"}


def test_a_visit_ends_after_twelve_hours_however_busy(karimi, clock) -> None:
    client = browser()
    log_in(client)
    for _ in range(12 * 60 // 20 - 1):
        clock.shift(20 * 60)
        assert client.get(reverse("web:partners")).status_code == 200
    clock.shift(20 * 60)
    assert client.get(reverse("web:partners")).status_code == 302
    assert Entry.objects.latest("id").details == {"why": "long"}


def test_a_session_that_says_nothing_of_its_begin_is_worth_nothing(karimi) -> None:
    client = browser()
    client.force_login(karimi)
    session = client.session
    del session["visit_begun"]
    session.save()
    assert client.get(reverse("web:partners")).status_code == 302


def test_reading_pages_does_not_write_the_session_each_time(
    karimi, clock, django_assert_num_queries
) -> None:
    client = browser()
    log_in(client)
    clock.shift(5)
    with django_assert_num_queries(2):  # session, account
        client.get(reverse("web:set_theme"))


# The second step


def test_a_role_that_sees_people_is_led_to_the_second_step_first(karimi, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client = browser()
    log_in(client)
    for page in ("web:home", "web:people", "web:partners", "mfa_view_recovery_codes"):
        assert client.get(reverse(page)).headers["Location"] == reverse("mfa_activate_totp")
    half = client.get(reverse("web:people"), headers={"hx-request": "true"})
    assert half.headers["HX-Redirect"] == reverse("mfa_activate_totp")
    enrol(client)
    assert client.get(reverse("web:people")).status_code == 200


def test_a_role_that_sees_figures_only_needs_no_second_step(db, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    user = User.objects.create_user("press", password=PASSWORD)
    Membership.objects.create(user=user, role=Role.PUBLIC_RELATIONS)
    client = browser()
    log_in(client, name="press")
    assert client.get(reverse("web:report")).status_code == 200


def test_the_password_alone_opens_nothing_when_there_is_a_second_step(karimi, clock) -> None:
    secret, _codes = enrol_elsewhere()
    clock.shift(60)
    client = browser()
    answer = log_in(client)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("web:people")).headers["Location"].startswith(LOGIN)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()
    assert client.get(reverse("web:people")).status_code == 302
    persian = code(secret).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    right = client.post(reverse("mfa_authenticate"), {"code": f"{persian[:3]} {persian[3:]}"})
    assert right.status_code == 302
    assert client.get(reverse("web:people")).status_code == 200
    assert Entry.objects.latest("id").details == {"proofs": ["password", "second"]}


def enrol_elsewhere() -> tuple[str, list[str]]:
    client = browser()
    log_in(client)
    return enrol(client)


def test_a_code_counts_once_and_only_in_its_time(karimi, clock) -> None:
    secret, _codes = enrol_elsewhere()
    clock.shift(600)
    early, now, late = code(secret, 2), code(secret), code(secret, -2)
    for wrong in (early, late):
        assert step_two(wrong).status_code == 200
    assert step_two(now).status_code == 302
    assert step_two(now).status_code == 200
    clock.shift(31)
    assert step_two(now).status_code == 200  # still within the tolerance for clocks
    assert step_two(code(secret)).status_code == 302


def test_a_code_counts_once_for_all_processes_of_a_server(
    karimi, clock, settings, tmp_path, monkeypatch
) -> None:
    secret, _codes = enrol_elsewhere()
    clock.shift(600)
    settings.CACHES = settings.CACHES | {
        "default": product.CACHES["default"] | {"LOCATION": tmp_path}
    }
    assert step_two(code(secret)).status_code == 302
    # What another process has in its memory is nothing yet.
    monkeypatch.setattr(auth, "cache", caches.create_connection("default"))
    assert step_two(code(secret)).status_code == 200


def step_two(given: str):
    client = browser()
    log_in(client)
    return client.post(reverse("mfa_authenticate"), {"code": given})


def test_a_recovery_code_opens_once(karimi, clock) -> None:
    _secret, codes = enrol_elsewhere()
    clock.shift(60)
    assert step_two(codes[0]).status_code == 302
    assert step_two(codes[0]).status_code == 200
    assert step_two(codes[1]).status_code == 302
    used = Entry.objects.filter(action="access.recovery_code_used").order_by("id")
    assert [one.details for one in used] == [{"left": 9}, {"left": 8}]


def test_recovery_codes_are_shown_until_kept_and_never_again(karimi) -> None:
    client = browser()
    log_in(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"sign-in-key[^>]*>([A-Z2-7 ]+)<", page)[1].replace(" ", "")
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert "attachment" in file["Content-Disposition"]
    assert len(re.findall(r"^\d{4} \d{4}$", file.content.decode(), re.MULTILINE)) == 10
    client.post(reverse("mfa_view_recovery_codes"))
    for page in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
        assert client.get(reverse(page)).status_code == 404


def test_guessing_codes_locks_the_account(karimi, clock) -> None:
    secret, _codes = enrol_elsewhere()
    client = browser()
    log_in(client)
    address = reverse("mfa_authenticate")
    statuses = [client.post(address, {"code": f"{n:06}"}).status_code for n in range(10)]
    # allauth itself tells a guesser to wait before we lock the account.
    assert set(statuses[:9]) == {200}
    assert statuses[9] == 429
    assert client.post(address, {"code": code(secret, 1)}).status_code == 429
    assert log_in(browser()).status_code == 429


def test_who_lost_the_phone_gets_in_anew_after_a_reset(karimi, settings, django_user_model) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    inside = browser()
    log_in(inside)
    enrol(inside)
    chief = User.objects.create_user("chief")
    reset_second_factor(karimi, reason="phone lost, seen in person", by=chief)
    assert inside.get(reverse("web:people")).headers["Location"].startswith(LOGIN)
    client = browser()
    assert log_in(client).headers["Location"] == "/"
    assert client.get(reverse("web:people")).headers["Location"] == reverse("mfa_activate_totp")


def test_secrets_lie_sealed(karimi, settings, clock) -> None:
    secret, _codes = enrol_elsewhere()
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    clock.shift(60)
    settings.SECRET_KEY = "another installation's secret, which opens nothing of this one's"
    assert step_two(code(secret)).status_code == 200


def test_changing_a_factor_asks_for_the_password_once_more(karimi, clock) -> None:
    client = browser()
    log_in(client)
    enrol(client)
    asked = client.get(reverse("mfa_deactivate_totp"))
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(asked.headers["Location"], {"password": "wrong"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()
    right = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert right.headers["Location"] == reverse("mfa_deactivate_totp")
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert acts()[-1] == "factor_removed"


def test_new_recovery_codes_void_those_of_before(karimi, clock) -> None:
    client = browser()
    log_in(client)
    _secret, old = enrol(client)
    address = reverse("mfa_generate_recovery_codes")
    asked = client.post(address).headers["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    client.post(asked, {"password": PASSWORD})
    client.post(address)
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    new = re.findall(r"<code>(\d{4} \d{4})</code>", shown)
    assert not set(old) & set(new)
    assert step_two(old[0]).status_code == 200
    assert step_two(new[0]).status_code == 302


def test_sessions_that_are_over_are_cleared_when_somebody_comes_in(karimi, clock) -> None:
    log_in(browser())
    clock.shift(12 * 3600 + 1)
    log_in(browser())
    assert Session.objects.count() == 1


# The password


def test_a_new_password_ends_the_other_visits(karimi) -> None:
    here, elsewhere = browser(), browser()
    log_in(here)
    log_in(elsewhere)
    sent = {"old_password": PASSWORD, "new_password1": "بیدمجنون و پنجره و باران"}
    sent["new_password2"] = sent["new_password1"]
    before = here.session.session_key
    assert here.post(reverse("account_change_password"), sent).status_code == 302
    assert here.get(reverse("web:partners")).status_code == 200
    assert here.session.session_key != before
    assert elsewhere.get(reverse("web:partners")).status_code == 302
    assert log_in(browser(), sent["new_password1"]).status_code == 302
    assert log_in(browser()).status_code == 200


@pytest.mark.parametrize(
    ("old", "new"), [("wrong", "بیدمجنون و پنجره و باران"), (PASSWORD, "password1234")]
)
def test_a_password_is_not_changed_for_a_guess_or_to_a_weak_one(karimi, old, new) -> None:
    client = browser()
    log_in(client)
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    answer = client.post(reverse("account_change_password"), sent)
    assert 'role="alert"' in answer.content.decode()
    assert log_in(browser()).status_code == 302


@pytest.mark.parametrize(
    "address", ["/signup/", "/accounts/signup/", "/email/", "/password/reset/", "/accounts/login/"]
)
def test_what_we_do_not_use_of_the_library_is_not_there(karimi, address: str) -> None:
    assert browser().get(address).status_code == 404
