"""Promises, money and committees on the pages, and realisation when a promise changes."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.agreements.actions import oblige
from tafahom.agreements.models import Agreement, CommittedMeasure, Side
from tafahom.agreements.promises.actions import amend, call_meeting, decide, promise, share_cost
from tafahom.desk.needs import needs
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import format_date, from_jalali, today


def test_realisation_follows_an_amendment_in_mid_year(year: SimpleNamespace) -> None:
    """6.5 hours end by Mordad and 106.5 by Bahman; 50 are promised, 200 from 1 Mehr on."""
    amend(
        year.trade,
        year=1397,
        quantities={CommittedMeasure.PERSON_HOURS: 200},
        signed_on=from_jalali(1397, 6, 20),
        effective_on=from_jalali(1397, 7, 1),
        reason="افزایش ظرفیت",
        by=None,
    )
    seen = []
    for through in (6, 7, 12):
        query = FigureQuery(
            year=1397, through_month=through, by=("agreement",), where=(("agreement", "3/97"),)
        )
        [row] = figures(query).rows
        seen.append((row.values["committed_person_hours"], row.values["realisation_person_hours"]))
    assert seen == [(50, 13.0), (200, 3.3), (200, 53.3)]


def record(client: Client, agreement: Agreement, what: str, given: dict[str, str], of: str = ""):
    name = "web:promise_record_of" if of else "web:promise_record"
    address = reverse(name, args=[agreement.uid, what, *([of] if of else [])])
    assert client.get(address).status_code == 200
    return client.post(address, given, follow=True).content.decode()


def test_it_is_all_recorded_on_the_pages(officer: Client, year: SimpleNamespace) -> None:
    trade, day = year.trade, format_date(today())
    said = record(officer, trade, "amendment", {
        "year": "۱۳۹۷", "person_hours": "۲٬۰۰۰", "signed_on": "1397/06/20",
        "effective_on": "1397/07/01", "reason": "افزایش ظرفیت"})  # fmt: skip
    assert "افزایش ظرفیت" in said
    assert "۲٬۰۰۰" in said
    record(officer, trade, "share", {
        "side": "partner", "title": "قسط یکم", "amount": "900", "due_on": "1397/08/01"})  # fmt: skip
    [share] = trade.cost_shares.all()
    paid = {"amount": "901", "paid_on": day, "reference": "فیش ۱"}
    record(officer, trade, "payment", paid, share.uid)
    assert not trade.cost_shares.filter(paid__gt=0).exists()
    assert "فیش ۱" in record(officer, trade, "payment", paid | {"amount": "900"}, share.uid)
    record(officer, trade, "member", {"side": "partner", "name": "سارا نوری", "role": "دبیر"})
    record(officer, trade, "meeting", {"held_on": day, "agenda": "بررسی <b>"})
    [meeting], [member] = trade.meetings.all(), trade.members.all()
    said = record(
        officer, trade, "minutes", {"minutes": "تصویب شد", "attended": member.pk}, meeting.uid
    )
    assert "تصویب شد" in said
    assert "بررسی &lt;b&gt;" in said
    record(officer, trade, "decision",
           {"text": "معرفی", "responsible": "دبیر", "due_on": day}, meeting.uid)  # fmt: skip
    [task] = meeting.decisions.all()
    assert "نامه ۴" in record(
        officer, trade, "done", {"evidence": "نامه ۴", "done_on": day}, task.uid
    )
    said = record(officer, trade, "renewal", {
        "number": "3/98", "starts_on": "1400/01/01", "ends_on": "1401/01/01",
        "from-1400": "1397", "from-1401": "none"})  # fmt: skip
    successor = trade.successors.get()
    assert reverse("web:agreement_detail", args=[trade.uid]) in said
    record(officer, successor, "promise", {"year": "1400", "persons": "7"})
    assert successor.commitments.get(measure="persons").quantity == 7


def test_of_two_who_promise_at_once_the_second_is_told(
    officer: Client, year: SimpleNamespace
) -> None:
    Agreement.objects.filter(pk=year.trade.pk).update(state="drafting")
    page = reverse("web:promise_record", args=[year.trade.uid, "promise"])
    seen = officer.get(page).context["form"]["seen"].value()
    given = {"year": "1397", "person_hours": "70", "seen": seen}
    officer.post(page, given | {"person_hours": "60", "persons": "9"})
    answer = officer.post(page, given)
    assert "۶۰" in answer.content.decode()
    assert year.trade.commitments.get(measure="person_hours").quantity == 60
    officer.post(page, given | {"seen": answer.context["form"]["seen"].value()})
    assert year.trade.commitments.get(measure="person_hours").quantity == 70
    assert year.trade.commitments.get(measure="persons").quantity == 9
    # What says the same, or is of another year, takes nothing back.
    officer.post(page, {"year": "1397", "person_hours": "70"})
    officer.post(page, {"year": "1396", "person_hours": "5"})
    assert {one.quantity for one in year.trade.commitments.all()} == {5, 9, 70}


def test_a_renewal_is_decided_on_its_page(officer: Client, year: SimpleNamespace, sign_in) -> None:
    oblige(
        year.trade,
        side=Side.PARTNER,
        text="تأمین <کارگاه>",
        due_on=from_jalali(1397, 4, 1),
        by=None,
    )
    share_cost(
        year.trade,
        side=Side.PARTNER,
        title="قسط",
        amount=5,
        due_on=from_jalali(1397, 4, 1),
        by=None,
    )
    asked = officer.post(
        reverse("web:promise_record", args=[year.trade.uid, "renewal"]),
        {"number": "3/98", "starts_on": "1398/01/01", "ends_on": "1398/12/01"},
    )
    new = year.trade.successors.get()
    page = reverse("web:renewal", args=[new.uid])
    assert asked.url == page
    said = officer.get(page).content.decode()
    assert "تأمین &lt;کارگاه&gt;" in said
    assert "منتقل‌شده" in said
    [carried], duty, share = (
        new.commitments.all(),
        year.trade.obligations.get(),
        year.trade.cost_shares.get(),
    )
    given = {
        f"promise-{carried.pk}": "۷۰", f"seen-{carried.pk}": "50",
        f"duty-{duty.pk}": "on", f"duty-{duty.pk}-day": "1398/05/01",
        f"share-{share.pk}-day": "nonsense", f"share-{share.pk}-amount": "5",
    }  # fmt: skip
    # A day that nobody needs may be wrong only where nothing is taken over.
    assert officer.post(page, given).status_code == 200
    given[f"share-{share.pk}-day"] = ""
    assert officer.post(page, given | {f"share-{share.pk}": "on"}).status_code == 200
    assert not new.obligations.exists()
    # Of two who decide at once the second sees what the first made of it.
    promise(new, year=carried.year, measure=CommittedMeasure.PERSON_HOURS, quantity=60, by=None)
    assert "۶۰" in officer.post(page, given).content.decode()
    assert new.commitments.get().quantity == 60
    officer.post(page, given | {f"seen-{carried.pk}": "60"})
    assert new.commitments.get().quantity == 70
    assert new.obligations.get().due_on == from_jalali(1398, 5, 1)
    assert not new.cost_shares.exists()
    assert sign_in(Role.DIRECTOR).get(page).status_code == 404
    assert officer.get(reverse("web:renewal", args=[year.trade.uid])).status_code == 404


def test_others_do_not_record(sign_in, year: SimpleNamespace) -> None:
    address = reverse("web:promise_record", args=[year.trade.uid, "share"])
    assert sign_in(Role.DIRECTOR).get(address).status_code == 404


@pytest.mark.parametrize("what", ["payment", "nonsense"])
def test_what_is_not_there_is_not_found(officer: Client, year: SimpleNamespace, what: str) -> None:
    assert (
        officer.get(reverse("web:promise_record", args=[year.trade.uid, what])).status_code == 404
    )


def test_what_is_late_needs_somebody(officer: Client, year: SimpleNamespace) -> None:
    Agreement.objects.update(ends_on=today() + dt.timedelta(days=400))
    before = today() - dt.timedelta(days=1)
    share_cost(year.trade, side=Side.PARTNER, title="قسط", amount=5, due_on=before, by=None)
    meeting = call_meeting(year.trade, held_on=before, place="", agenda="برنامه", by=None)
    decide(meeting, text="معرفی", responsible="دبیر", due_on=before, by=None)
    call_meeting(year.trade, held_on=today(), place="", agenda="برنامه", by=None)
    assert sorted(need.kind for need in needs(None)) == ["decision", "meeting", "unpaid"]
    assert officer.get(reverse("web:attention")).status_code == 200


def test_the_page_asks_no_more_for_many(officer: Client, year: SimpleNamespace) -> None:
    address = reverse("web:agreement_detail", args=[year.trade.uid])

    def fill(number: int) -> None:
        for place in range(number):
            meeting = call_meeting(
                year.trade, held_on=today(), place=str(place), agenda="برنامه", by=None
            )
            decide(meeting, text="معرفی", responsible="دبیر", due_on=today(), by=None)
            share_cost(
                year.trade, side=Side.PARTNER, title="قسط", amount=5, due_on=today(), by=None
            )

    def asked() -> int:
        """Count questions to the tables of agreements; the figures look at theirs by the clock."""
        with CaptureQueriesContext(connection) as all_of_them:
            officer.get(address)
        return sum('FROM "agreements_' in query["sql"] for query in all_of_them)

    fill(1)
    officer.get(address)
    few = asked()
    fill(20)
    officer.get(address)
    assert asked() <= few
