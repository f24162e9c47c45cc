"""One line of time on an agreement's page."""

import datetime as dt
from types import SimpleNamespace

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tafahom.agreements.actions import fulfil, oblige
from tafahom.agreements.models import CommittedMeasure, Side
from tafahom.agreements.promises.actions import amend, call_meeting
from tafahom.agreements.texts.beginning import write_text
from tafahom.agreements.texts.rules import Content
from tafahom.jalali import from_jalali, today


def happened(client: Client, address: str) -> list[str]:
    return [event.title for event in client.get(address).context["timeline"]]


def test_all_that_happened_stands_in_one_line(officer: Client, year: SimpleNamespace) -> None:
    trade, day = year.trade, dt.timedelta(days=1)
    address = reverse("web:agreement_detail", args=[trade.uid])
    call_meeting(trade, held_on=from_jalali(1397, 3, 1), place="", agenda="برنامه", by=None)
    call_meeting(trade, held_on=today() + day, place="", agenda="نشست بعدی", by=None)
    amend(
        trade,
        year=1397,
        quantities={CommittedMeasure.PERSON_HOURS: 200},
        signed_on=from_jalali(1397, 6, 20),
        effective_on=from_jalali(1397, 7, 1),
        reason="افزایش ظرفیت",
        by=None,
    )
    for text in ("تأمین کارگاه", "معرفی نفرات"):
        oblige(trade, side=Side.PARTNER, text=text, due_on=today(), by=None)
    fulfil(trade.obligations.first(), done_on=from_jalali(1397, 4, 1), evidence="نامه", by=None)
    titles = happened(officer, address)
    assert len(titles) == 3  # what is still to come has not happened
    days = [event.day for event in officer.get(address).context["timeline"]]
    assert days == sorted(days, reverse=True)
    assert "افزایش ظرفیت" in officer.get(address).content.decode()


def test_a_long_line_asks_no_more(officer: Client, year: SimpleNamespace) -> None:
    address = reverse("web:agreement_detail", args=[year.trade.uid])

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            officer.get(address)
        return len(caught)

    officer.get(address)
    made = [oblige(year.trade, side=Side.PARTNER, text="یک", due_on=today(), by=None)]
    fulfil(made[0], done_on=today(), evidence="نامه", by=None)
    few = asked()
    for number in range(20):
        one = oblige(year.trade, side=Side.PARTNER, text=f"کار {number}", due_on=today(), by=None)
        fulfil(one, done_on=today(), evidence="نامه", by=None)
    assert asked() == few
    assert len(happened(officer, address)) == 21
    year.national.state = "drafting"
    year.national.save()
    assert write_text(year.national, [Content("موضوع", "آموزش", ())], by=None)
    national = reverse("web:agreement_detail", args=[year.national.uid])
    assert "?text=" in officer.get(national).content.decode()
