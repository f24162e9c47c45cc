"""The life and the pace of an agreement on its page."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from pages import compact
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.agreements.rules import LifeState
from tafahom.jalali import format_date, from_jalali, today


@pytest.fixture
def draft(year) -> Agreement:
    """The guild's agreement, in negotiation, its term around today, nothing promised beyond."""
    found: Agreement = year.trade
    found.commitments.all().delete()
    found.state = LifeState.NEGOTIATION
    found.starts_on, found.ends_on = today() - dt.timedelta(days=9), today() + dt.timedelta(days=9)
    found.save()
    return found


def page(client: Client, agreement: Agreement) -> str:
    address = reverse("web:agreement_detail", args=[agreement.uid])
    return client.get(address).content.decode()


def move(client: Client, agreement: Agreement, to: str, reason: str = "") -> str:
    address = reverse("web:agreement_move", args=[agreement.uid])
    return client.post(address, {"to": to, "reason": reason}, follow=True).content.decode()


def test_it_is_signed_on_the_page_and_put_in_force(officer: Client, draft: Agreement) -> None:
    said = move(officer, draft, "signed")
    assert "باید امضا کرده باشند" in said or "must have signed" in said
    for side, name in (("directorate", "ناصر امینی"), ("partner", "سارا نوری")):
        given = {"side": side, "name": name, "signed_on": format_date(today())}
        officer.post(reverse("web:agreement_sign", args=[draft.uid]), given)
    move(officer, draft, "signed")
    said = move(officer, draft, "in_force")
    draft.refresh_from_db()
    assert draft.state == LifeState.IN_FORCE
    assert "ناصر امینی" in said
    assert compact(said).count("<li><strong>") == 4  # both steps and both signatures


def test_a_wrong_day_is_told_and_nothing_is_recorded(officer: Client, draft: Agreement) -> None:
    tomorrow = format_date(today() + dt.timedelta(days=1))
    for day, said in (("1397/13/01", "روز را مانند"), (tomorrow, "هنوز نرسیده است")):
        given = {"side": "partner", "name": "نام", "signed_on": day}
        address = reverse("web:agreement_sign", args=[draft.uid])
        assert said in officer.post(address, given, follow=True).content.decode()
    assert not draft.signatories.exists()


def test_ending_it_needs_a_reason(officer: Client, draft: Agreement) -> None:
    assert "دلیل را بنویسید" in move(officer, draft, "terminated")
    said = move(officer, draft, "terminated", "<b>انصراف</b>")
    assert "&lt;b&gt;انصراف" in said
    assert "چنین گامی ممکن نیست" in move(officer, draft, "drafting")
    assert "چنین گامی ممکن نیست" in move(officer, draft, "nonsense")


def test_a_form_of_the_page_that_is_refused_keeps_what_was_typed(
    officer: Client, draft: Agreement
) -> None:
    add = reverse("web:obligation_add", args=[draft.uid])
    given = {"side": "partner", "text": "کارگاه را آماده کند", "due_on": "1397/13/01"}
    shown = officer.post(add, given)
    form = shown.context["panels"].obligation
    assert shown.status_code == 422
    assert form.errors == {"due_on": ["روز را مانند ۱۳۹۷/۱۰/۰۵ بنویسید."]}
    words = compact(shown.content.decode())
    assert 'value="کارگاه را آماده کند"' in words
    assert 'aria-describedby="oblige-due_on_error"' in words
    assert shown.context["panels"].signature.errors == {}
    officer.post(add, given | {"due_on": format_date(today())})
    [duty] = draft.obligations.all()
    fulfil = reverse("web:obligation_fulfil", args=[duty.uid])
    shown = officer.post(fulfil, {"evidence": "صورت‌جلسه", "done_on": ""})
    [(_duty, form)] = shown.context["panels"].obligations
    assert (form["evidence"].value(), list(form.errors)) == ("صورت‌جلسه", ["done_on"])
    duty.refresh_from_db()
    assert duty.done_on is None


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.HEADQUARTERS])
def test_others_see_and_do_not_move_it(sign_in, draft: Agreement, role: Role) -> None:
    client = sign_in(role)
    assert reverse("web:agreement_move", args=[draft.uid]) not in page(client, draft)
    address = reverse("web:agreement_move", args=[draft.uid])
    assert client.post(address, {"to": "drafting"}).status_code == 404
    draft.refresh_from_db()
    assert draft.state == LifeState.NEGOTIATION


def test_the_pace_of_the_year_is_told_with_a_forecast(officer: Client, year) -> None:
    said = page(officer, year.trade)
    # 50 hours are promised; 6.5 hours ended in Mordad and 100 in Bahman, the eleventh month.
    assert "burn-chart" in said
    assert "جلوتر از برنامه" in said
    assert said.count("<polyline") == 3


def test_the_forecast_ends_with_the_term(officer: Client, year) -> None:
    Agreement.objects.filter(pk=year.trade.pk).update(ends_on=from_jalali(1397, 12, 15))
    assert "مدت در ۱۳۹۷/۱۲/۱۵" in page(officer, year.trade)
    Agreement.objects.filter(pk=year.trade.pk).update(ends_on=from_jalali(1397, 11, 20))
    said = page(officer, year.trade)
    assert "burn-chart" in said
    assert "پیش برود" not in said  # all that could come is there


def test_a_term_that_has_not_begun_has_no_pace(officer: Client, year) -> None:
    dates = {"starts_on": from_jalali(1397, 12, 1), "ends_on": from_jalali(1398, 12, 1)}
    Agreement.objects.filter(pk=year.trade.pk).update(**dates)
    assert "burn-chart" not in page(officer, year.trade)
    Agreement.objects.filter(pk=year.trade.pk).update(starts_on=from_jalali(1397, 11, 11))
    said = page(officer, year.trade)
    assert "هنوز زود است" in said
    assert said.count("<polyline") == 2  # no forecast


def test_what_is_delivered_stands_above(officer: Client, year) -> None:
    said = page(officer, year.trade)
    above = said[: said.index("burn-chart")]
    for told in ("نفر در ۱۳۹۷", "نفر دوره در ۱۳۹۷", "از ۵۰ تعهد: ۲۱۳"):
        assert told in above
