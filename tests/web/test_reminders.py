"""The page on which each person chooses e-mail and calendar."""

import re
from types import SimpleNamespace

from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.agreements.actions import oblige
from tafahom.agreements.models import Side
from tafahom.desk.models import CalendarFeed, Digest
from tafahom.jalali import today


def test_a_digest_is_chosen_and_tried(
    year: SimpleNamespace, officer: Client, settings: Settings
) -> None:
    page, attempt = reverse("web:reminders"), reverse("web:digest_try")
    assert "هنوز ایمیل نمی‌فرستد" in officer.get(page).content.decode()
    settings.SENDS_MAIL = True
    assert officer.post(attempt).status_code == 404
    wrong = officer.post(page, {"frequency": "daily", "email": "", "language": "fa"})
    assert (wrong.status_code, Digest.objects.count()) == (422, 0)
    assert "به کجا فرستاده شود" in wrong.content.decode()
    for given in ({"frequency": "hourly"}, {"email": "a@b\r\nBcc: c@d.e"}, {"language": "xx"}):
        good = {"frequency": "weekly", "email": "a@example.org", "language": "en"}
        assert officer.post(page, good | given).status_code == 422
    kept = officer.post(page, good, follow=True).content.decode()
    assert "a@example.org" in kept
    assert Digest.objects.get().frequency == "weekly"
    oblige(year.trade, side=Side.PARTNER, text="کارگاه", due_on=today(), by=None)
    officer.post(attempt)
    assert mail.outbox[0].to == ["a@example.org"]
    assert Digest.objects.get().last_on is None  # a trial is not the digest of the day


def test_a_calendar_address_is_shown_once(year: SimpleNamespace, officer: Client) -> None:
    page = reverse("web:reminders")
    made = officer.post(reverse("web:calendar_make"))
    assert "no-store" in made["Cache-Control"]
    [path] = re.findall(r"http://testserver(/calendar/[\w-]{43}\.ics)", made.content.decode())
    assert Client().get(path).status_code == 200
    assert path not in officer.get(page).content.decode()
    officer.post(reverse("web:calendar_close"))
    assert Client().get(path).status_code == 404


def test_nobody_arranges_anything_for_others(
    year: SimpleNamespace, officer: Client, sign_in
) -> None:
    officer.post(reverse("web:calendar_make"))
    sign_in(Role.DIRECTOR).post(reverse("web:calendar_close"))
    owner = User.objects.get(username=Role.AGREEMENTS_OFFICER)
    assert CalendarFeed.objects.get().user == owner
    assert sign_in(Role.PUBLIC_RELATIONS).get(reverse("web:reminders")).status_code == 404
    assert officer.get(reverse("web:calendar_make")).status_code == 405


def test_the_account_leads_there_if_there_is_work(year: SimpleNamespace, officer, sign_in) -> None:
    where = f'href="{reverse("web:reminders")}"'
    assert where in officer.get(reverse("mfa_index")).content.decode()
    press = sign_in(Role.PUBLIC_RELATIONS).get(reverse("mfa_index"))
    assert (press.status_code, where in press.content.decode()) == (200, False)
