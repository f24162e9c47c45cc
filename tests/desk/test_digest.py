"""The work list by e-mail: for who chose it, of what they may see, once a day."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.actions import fulfil, oblige
from tafahom.agreements.models import Side
from tafahom.audit.models import Entry
from tafahom.desk import tasks
from tafahom.desk.actions import DigestCounts, choose_digest, send_digests
from tafahom.desk.models import Digest
from tafahom.desk.rules import LONGEST_GROUP, Frequency, is_due, week_of
from tafahom.jalali import today
from tafahom.scoping import no_scope

SATURDAY = dt.date(2026, 11, 21)
days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def chosen(user: User, frequency: Frequency = Frequency.DAILY, language: str = "fa") -> Digest:
    email = f"{user.username}@example.org"
    return choose_digest(user=user, frequency=frequency, email=email, language=language, by=user)


def send(day: dt.date | None = None) -> DigestCounts:
    """As the worker does: with no scope entered."""
    with no_scope():
        return send_digests(today=day or today())


def test_the_week_begins_on_saturday() -> None:
    assert [week_of(SATURDAY + dt.timedelta(days=n)) for n in range(7)] == [SATURDAY] * 7
    assert week_of(SATURDAY - dt.timedelta(days=1)) == SATURDAY - dt.timedelta(days=7)


@given(last=days, day=days)
def test_no_day_and_no_week_is_seen_to_twice(last: dt.date, day: dt.date) -> None:
    assert not is_due(Frequency.NONE, last=last, today=day)
    assert is_due(Frequency.DAILY, last=last, today=day) == (day > last)
    weekly = is_due(Frequency.WEEKLY, last=last, today=day)
    assert not (weekly and week_of(last) == week_of(day))
    assert weekly <= is_due(Frequency.DAILY, last=last, today=day)
    assert is_due(Frequency.WEEKLY, last=None, today=day)


def test_it_is_off_until_somebody_chooses_it(desk: SimpleNamespace, officer: User) -> None:
    assert send() == DigestCounts()
    chosen(officer, Frequency.NONE)
    assert send() == DigestCounts()
    chosen(officer)
    assert send() == DigestCounts(sent=1)
    [message] = mail.outbox
    assert message.to == ["officer@example.org"]
    assert message.subject.startswith("تفاهم: ۲ ")
    assert "تأمین کارگاه" in message.body
    [(html, kind)] = message.alternatives
    assert (kind, 'dir="rtl"' in html, "تحویل سالن" in html) == ("text/html", True, True)


def test_it_is_sent_once_a_day_and_once_a_week(desk: SimpleNamespace, officer: User) -> None:
    chosen(officer)
    assert [send(SATURDAY + dt.timedelta(days=n)).sent for n in (0, 0, 1, 1, 0)] == [1, 0, 1, 0, 0]
    chosen(officer, Frequency.WEEKLY)
    assert [send(SATURDAY + dt.timedelta(days=n)).sent for n in (2, 6, 7, 8, 14)] == [0, 0, 1, 0, 1]
    # A choice made anew is no way to have a day twice.
    chosen(officer, Frequency.DAILY)
    assert send(SATURDAY + dt.timedelta(days=14)).sent == 0


def test_nothing_is_sent_when_nothing_needs_anybody(desk: SimpleNamespace, officer: User) -> None:
    chosen(officer)
    for one in (desk.workshop, desk.hall):
        fulfil(one, done_on=today(), evidence="نامه", by=None)
    assert send() == DigestCounts(empty=1)
    assert mail.outbox == []
    assert Digest.objects.get().last_on == today()


def test_everybody_reads_what_they_may_see(
    desk: SimpleNamespace, officer: User, liaison: User
) -> None:
    nobody = User.objects.create(username="nobody", is_active=True)
    gone = User.objects.create(username="gone", is_active=False)
    Membership.objects.create(user=gone, role=Role.DIRECTOR)
    for user in (officer, liaison, nobody, gone):
        chosen(user, language="en")
    assert send() == DigestCounts(sent=2, empty=1)
    told = {message.to[0]: message for message in mail.outbox}
    assert "تحویل سالن" in told["officer@example.org"].body
    own = told["liaison@example.org"]
    assert own.subject.startswith("Tafahom: 1 matter of agreements needs you, ")
    assert "تأمین کارگاه" in own.body
    assert "تحویل سالن" not in own.body + own.alternatives[0][0]
    assert 'dir="ltr"' in own.alternatives[0][0]


def test_texts_are_no_markup(desk: SimpleNamespace, officer: User) -> None:
    chosen(officer)
    text = "<script>alert(1)</script>\r\nBcc: x@example.org"
    oblige(desk.trade, side=Side.PARTNER, text=text, due_on=today(), by=None)
    send()
    [message] = mail.outbox
    assert "<script>" not in message.alternatives[0][0]
    assert "Bcc" not in message.message()


def test_a_long_list_is_cut(desk: SimpleNamespace, officer: User) -> None:
    chosen(officer)
    for number in range(LONGEST_GROUP):
        oblige(desk.trade, side=Side.PARTNER, text=f"کار {number}", due_on=today(), by=None)
    send()
    assert mail.outbox[0].body.count("\n- ") == LONGEST_GROUP + 2
    oblige(desk.trade, side=Side.PARTNER, text="کار بیشتر", due_on=today(), by=None)
    send(today() + dt.timedelta(days=1))
    assert "و ۱ مورد دیگر" in mail.outbox[1].body
    assert "و ۱ مورد دیگر" in mail.outbox[1].alternatives[0][0]


def test_links_lead_home(desk: SimpleNamespace, officer: User, settings: Settings) -> None:
    settings.ADDRESS = "https://tafahom.example.org/"
    chosen(officer)
    send()
    [message] = mail.outbox
    assert f"https://tafahom.example.org/agreements/{desk.trade.uid}/" in message.body
    unsubscribe = message.extra_headers["List-Unsubscribe"]
    assert unsubscribe == "<https://tafahom.example.org/attention/reminders/>"


@pytest.mark.parametrize(("server", "again"), [("Refusing", 1), ("Vanishing", 0)])
def test_one_that_fails_stops_no_other(
    desk: SimpleNamespace, officer: User, liaison: User, settings: Settings, server: str, again: int
) -> None:
    chosen(officer)
    chosen(liaison)
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"desk.servers.{server}"
    assert send() == DigestCounts(sent=1, failed=1)
    settings.EMAIL_BACKEND = good
    # Refused, it is tried again; when nobody knows whether it has left, it is not.
    assert send() == DigestCounts(sent=again)
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"desk.digest_sent", "desk.digest_failed", "desk.digest_chosen"} <= actions


def test_two_runs_at_once_send_nothing_twice(
    desk: SimpleNamespace, officer: User, liaison: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "desk.servers.Slow"
    chosen(officer)
    chosen(liaison)
    assert send() == DigestCounts(sent=1)
    to = sorted(message.to[0] for message in mail.outbox)
    assert to == ["liaison@example.org", "officer@example.org"]


def test_the_command(
    desk: SimpleNamespace, officer: User, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen(officer)
    settings.SENDS_MAIL = False
    with pytest.raises(CommandError, match="EMAIL_URL") as refused:
        call_command("digest")
    assert refused.value.returncode == 2
    settings.SENDS_MAIL = True
    good, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "desk.servers.Closed"
    with pytest.raises(CommandError, match="refused"):
        call_command("digest")
    settings.EMAIL_BACKEND = good
    assert Digest.objects.get().last_on is None
    call_command("digest", "--json")
    assert capsys.readouterr().out == '{"sent": 1, "empty": 0, "failed": 0}\n'
    call_command("digest", "--queue")
    assert len(mail.outbox) == 1


def test_the_worker_sends_too(desk: SimpleNamespace, officer: User) -> None:
    digest = chosen(officer)
    with no_scope():
        tasks.digests.enqueue()
        tasks.trial.enqueue(officer.pk)
    assert len(mail.outbox) == 2
    digest.refresh_from_db()
    assert digest.last_on == today()


def test_a_digest_needs_an_address(officer: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        choose_digest(user=officer, frequency=Frequency.DAILY, email="", language="fa", by=None)
