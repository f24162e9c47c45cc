"""The calendar of somebody's agreements: of what they may see, with an address that can be closed."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.actions import fulfil
from tafahom.agreements.models import Agreement, CostShare, Decision, Meeting, Side
from tafahom.agreements.rules import LifeState
from tafahom.desk.actions import make_feed, revoke_feed
from tafahom.desk.models import CalendarFeed
from tafahom.desk.rules import MAX_EVENTS
from tafahom.jalali import format_date, today


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


def address(token: str) -> str:
    return reverse("web:calendar_feed", args=[token])


def events(token: str) -> dict[str, str]:
    """Summaries by UID of what a programme that is a stranger reads."""
    response = Client().get(address(token))
    assert response.status_code == 200
    calendar = Calendar.from_ical(response.content)
    return {str(one["uid"]): str(one["summary"]) for one in calendar.walk("VEVENT")}


def test_all_kinds_of_days(desk: SimpleNamespace, officer: User) -> None:
    trade: Agreement = desk.trade
    Agreement.objects.filter(pk=trade.pk).update(ends_on=days(20))
    meeting = Meeting.objects.create(agreement=trade, held_on=days(5), agenda="کارگاه")
    decision = Decision.objects.create(
        meeting=meeting, text="تأمین مربی", responsible="کریمی", due_on=days(9)
    )
    share = CostShare.objects.create(
        agreement=trade, side=Side.PARTNER, title="قسط اول", due_on=days(7), amount=5_000_000
    )
    found = events(make_feed(user=officer, by=officer))
    kinds = [
        ("end", trade, "پایان تفاهم‌نامه ۳/۹۷", 20),
        ("meeting", meeting, "جلسه کارگروه مشترک", 5),
        ("decision", decision, "مصوبه برای اجرا: تأمین مربی", 9),
        ("instalment", share, "قسط: قسط اول، ۵٬۰۰۰٬۰۰۰ ریال", 7),
        ("obligation", desk.workshop, "سررسید: تأمین کارگاه", -3),
    ]
    for kind, of, title, day in kinds:
        summary = found[f"{kind}-{of.uid}@alborz.tafahom"]
        assert summary == f"{title} · اتاق اصناف ایران ({format_date(days(day))})"
    assert len(found) == 6  # and the obligation of the prisons
    assert "کریمی" not in "".join(found.values())


def test_dates_are_whole_gregorian_days(desk: SimpleNamespace, officer: User) -> None:
    token = make_feed(user=officer, by=officer)
    text = Client().get(address(token)).content.decode()
    assert f"DTSTART;VALUE=DATE:{days(-3):%Y%m%d}" in text
    assert f"DTEND;VALUE=DATE:{days(-2):%Y%m%d}" in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_what_is_done_or_far_away_is_not_in_it(desk: SimpleNamespace, officer: User) -> None:
    token = make_feed(user=officer, by=officer)
    assert len(events(token)) == 2
    fulfil(desk.workshop, done_on=today(), evidence="نامه", by=None)
    Agreement.objects.filter(pk=desk.trade.pk).update(ends_on=days(30), state=LifeState.TERMINATED)
    Meeting.objects.create(agreement=desk.trade, held_on=days(-61), agenda="-")
    Meeting.objects.create(agreement=desk.trade, held_on=days(367), agenda="-")
    assert list(events(token)) == [f"obligation-{desk.hall.uid}@alborz.tafahom"]


def test_it_holds_what_its_owner_may_see(
    desk: SimpleNamespace, officer: User, liaison: User
) -> None:
    token = make_feed(user=liaison, by=liaison)
    assert list(events(token)) == [f"obligation-{desk.workshop.uid}@alborz.tafahom"]
    Membership.objects.filter(user=liaison).update(valid_to=days(-1))
    assert events(token) == {}
    press = User.objects.create(username="press")
    Membership.objects.create(user=press, role=Role.PUBLIC_RELATIONS)
    assert events(make_feed(user=press, by=press)) == {}


def test_an_address_is_renewed_and_closed(desk: SimpleNamespace, officer: User) -> None:
    first = make_feed(user=officer, by=officer)
    second = make_feed(user=officer, by=officer)
    assert len(first) >= 43
    assert not CalendarFeed.objects.filter(token_hash__contains=second).exists()
    client = Client()
    assert client.get(address(first)).status_code == 404
    assert client.get(address("wrong")).status_code == 404
    assert client.get(address(second)).status_code == 200
    assert client.post(address(second)).status_code == 405
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert client.get(address(second)).status_code == 404
    User.objects.filter(pk=officer.pk).update(is_active=True)
    assert revoke_feed(user=officer, by=officer)
    assert client.get(address(second)).status_code == 404
    assert not revoke_feed(user=officer, by=officer)


def test_a_programme_that_knows_it_all_is_told_so(desk: SimpleNamespace, officer: User) -> None:
    where = address(make_feed(user=officer, by=officer))
    client = Client()
    with time_machine.travel(dt.datetime(2026, 5, 2, 8, tzinfo=dt.UTC), tick=False):
        first = client.get(where)
    with time_machine.travel(dt.datetime(2026, 5, 2, 9, tzinfo=dt.UTC), tick=False):
        again = client.get(where)
        assert again.content == first.content
        for known in ({"if-none-match": first["ETag"]},
                      {"if-modified-since": first["Last-Modified"]}):  # fmt: skip
            answer = client.get(where, headers=known)
            assert (answer.status_code, answer.content) == (304, b"")
        CostShare.objects.create(
            agreement=desk.trade, side=Side.PARTNER, title="قسط", due_on=today(), amount=1
        )
        changed = client.get(where, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed["Last-Modified"] == "Sat, 02 May 2026 09:00:00 GMT"


def test_it_is_asked_for_only_so_often(
    desk: SimpleNamespace, officer: User, settings, django_assert_max_num_queries
) -> None:
    settings.CACHES = settings.CACHES | {
        "limits": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "ics"}
    }
    where = address(make_feed(user=officer, by=officer))
    client = Client()
    client.get(where)
    with django_assert_max_num_queries(10):
        assert client.head(where).status_code == 200
    for _again in range(58):
        Client().head(where, headers={"if-none-match": "x"})
    assert client.get(where).status_code == 429


@pytest.fixture(autouse=True)
def _no_limits_left() -> None:
    from django.core.cache import caches

    caches["limits"].clear()


def test_of_very_many_days_the_nearest_are_kept(desk: SimpleNamespace, officer: User) -> None:
    Meeting.objects.bulk_create(
        Meeting(agreement=desk.trade, held_on=days(number % 300 + 1), agenda="-")
        for number in range(MAX_EVENTS)
    )
    found = events(make_feed(user=officer, by=officer))
    assert len(found) == MAX_EVENTS
    assert not [key for key in found if key.startswith("obligation")]  # these are over
