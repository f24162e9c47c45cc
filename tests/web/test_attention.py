"""The work list: what needs somebody, told once, in a number of questions that does not grow."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.agreements.actions import fulfil, oblige
from tafahom.agreements.models import Agreement, Obligation, Side
from tafahom.agreements.rules import LifeState
from tafahom.desk.needs import needs, needs_of
from tafahom.figures.queries import latest_period
from tafahom.jalali import MonthSpan, format_date, from_jalali, today


def days(number: int) -> dt.date:
    return today() + dt.timedelta(days=number)


@pytest.fixture
def quiet(year: SimpleNamespace) -> SimpleNamespace:
    """The three agreements of the year, far from their end and with nothing promised."""
    Agreement.objects.update(ends_on=days(400))
    for agreement in Agreement.objects.all():
        agreement.commitments.all().delete()
    return year


def kinds(latest: MonthSpan | None = None) -> list[tuple[str, int, str]]:
    numbers = dict(Agreement.objects.values_list("uid", "number"))
    return [(need.kind, need.urgency, numbers[need.of.key]) for need in needs(latest)]


def test_when_all_is_well_nothing_needs_anybody(quiet: SimpleNamespace, officer: Client) -> None:
    assert kinds(latest_period()) == []
    assert "کاری نمانده است" in officer.get(reverse("web:attention")).content.decode()


@pytest.mark.parametrize(
    ("left", "found"),
    [(-1, ("over", 0)), (0, ("ending", 0)), (30, ("ending", 0)), (31, ("ending", 1)),
     (60, ("ending", 1)), (61, ("ending", 2)), (90, ("ending", 2)), (91, None)],
)  # fmt: skip
def test_an_agreement_that_ends(
    quiet: SimpleNamespace, left: int, found: tuple[str, int] | None
) -> None:
    Agreement.objects.filter(pk=quiet.trade.pk).update(ends_on=days(left))
    assert kinds() == ([(*found, "3/97")] if found else [])


def test_one_that_is_renewed_or_closed_needs_nobody(quiet: SimpleNamespace) -> None:
    Agreement.objects.filter(pk=quiet.trade.pk).update(ends_on=days(10))
    Agreement.objects.filter(pk=quiet.child.pk).update(predecessor=quiet.trade)
    assert kinds() == []
    # A draft renews nothing yet.
    Agreement.objects.filter(pk=quiet.child.pk).update(state=LifeState.DRAFTING)
    assert kinds() == [("ending", 0, "3/97")]
    Agreement.objects.filter(pk=quiet.child.pk).update(predecessor=None, state=LifeState.IN_FORCE)
    Agreement.objects.filter(pk=quiet.trade.pk).update(state=LifeState.TERMINATED)
    assert kinds() == []


def test_obligations_are_due_overdue_and_met(quiet: SimpleNamespace) -> None:
    late, soon, far = (
        oblige(quiet.trade, side=Side.PARTNER, text=text, due_on=days(number), by=None)
        for text, number in (("کارگاه", -1), ("معرفی کارآموز", 30), ("تجهیز", 31))
    )
    assert kinds() == [("overdue", 0, "3/97"), ("due", 1, "3/97")]
    fulfil(late, done_on=today(), evidence="صورت‌جلسه ۱۲", by=None)
    assert kinds() == [("due", 1, "3/97")]
    for day, proof in ((today(), " "), (days(1), "نامه")):
        with pytest.raises(ValueError, match="needed"):
            fulfil(soon, done_on=day, evidence=proof, by=None)
    with pytest.raises(ValueError, match="before"):
        fulfil(late, done_on=today(), evidence="x", by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Obligation.objects.filter(pk=far.pk).update(done_on=today())


def test_a_promise_behind_pace(quiet: SimpleNamespace) -> None:
    # Through Bahman 106.5 hours ended: of 130 an even pace would have brought 119.2.
    promise = quiet.trade.commitments.create(year=1397, measure="person_hours", quantity=130)
    [need] = needs(MonthSpan(1397, 1, 11))
    assert (need.kind, need.of.key) == ("behind", quiet.trade.uid)
    assert "۱۰۶ از ۱۳۰ نفر ساعت سال ۱۳۹۷" in need.text
    promise.quantity = 120
    promise.save()
    assert kinds(MonthSpan(1397, 1, 11)) == []
    assert kinds(MonthSpan(1397, 1, 2)) == []  # too early in the year to say
    # Amended from Esfand on: until then the smaller promise is the one in force.
    promise.quantity = 130
    promise.save()
    day = from_jalali(1397, 12, 1)
    amendment = quiet.trade.amendments.create(
        number=1, signed_on=day, effective_on=day, reason="افزایش"
    )
    amendment.lines.create(commitment=promise, old=120, new=130)
    assert kinds(MonthSpan(1397, 1, 11)) == []


def test_the_pace_is_that_of_the_term(quiet: SimpleNamespace) -> None:
    """106.5 hours of 130 are late for a year and not for a term that began in Tir."""
    quiet.trade.commitments.create(year=1397, measure="person_hours", quantity=130)
    Agreement.objects.filter(pk=quiet.trade.pk).update(starts_on=from_jalali(1397, 4, 1))
    assert kinds(MonthSpan(1397, 1, 11)) == []  # 115.6 are due, and nine in ten are there
    Agreement.objects.filter(pk=quiet.trade.pk).update(
        starts_on=from_jalali(1395, 4, 1), ends_on=from_jalali(1397, 12, 5)
    )
    assert kinds(MonthSpan(1397, 1, 11))[1:] == [("behind", 1, "3/97")]
    # Two months of a term say nothing yet.
    Agreement.objects.filter(pk=quiet.trade.pk).update(
        starts_on=from_jalali(1397, 10, 1), ends_on=days(400)
    )
    assert kinds(MonthSpan(1397, 1, 11)) == []


def test_the_page_of_an_agreement_tells_its_own(quiet: SimpleNamespace, officer: Client) -> None:
    for agreement, text in ((quiet.trade, "تأمین کارگاه"), (quiet.child, "معرفی مربی")):
        oblige(agreement, side=Side.PARTNER, text=text, due_on=days(-3), by=None)
    Agreement.objects.filter(pk=quiet.trade.pk).update(ends_on=days(20))
    quiet.trade.refresh_from_db()
    found = needs_of(quiet.trade)
    assert [need.kind for need in found] == ["overdue", "ending"]
    said = officer.get(reverse("web:agreement_detail", args=[quiet.trade.uid])).content.decode()
    mine = said[said.index('id="needs"') : said.index('id="documents"')]
    assert "تأمین کارگاه" in mine
    assert "۲۰ روز دیگر" in mine
    assert "معرفی مربی" not in said


def test_the_page_asks_no_more_for_many(
    quiet: SimpleNamespace, officer: Client, django_assert_max_num_queries
) -> None:
    for number in range(40):
        oblige(quiet.trade, side=Side.PARTNER, text=f"کار {number}", due_on=days(-number), by=None)
    officer.get(reverse("web:attention"))
    with django_assert_max_num_queries(28):
        page = officer.get(reverse("web:attention"), {"kind": "overdue"}).content.decode()
    assert page.count('class="urgency-0"') >= 25


def test_obligations_are_kept_on_the_agreements_page(
    quiet: SimpleNamespace, officer: Client, sign_in
) -> None:
    add = reverse("web:obligation_add", args=[quiet.trade.uid])
    given = {"side": "partner", "text": "تأمین کارگاه", "due_on": format_date(days(3))}
    assert "تأمین کارگاه" in officer.post(add, given, follow=True).content.decode()
    wrong = officer.post(add, given | {"due_on": "1397/13/01"}, follow=True).content.decode()
    assert "روز را مانند" in wrong
    [obligation] = Obligation.objects.all()
    meet = reverse("web:obligation_fulfil", args=[obligation.uid])
    said = officer.post(meet, {"done_on": format_date(today()), "evidence": "نامه ۸"}, follow=True)
    assert "نامه ۸" in said.content.decode()
    assert sign_in(Role.DIRECTOR).post(add, given).status_code == 404
    assert sign_in(Role.DIRECTOR).get(reverse("web:attention")).status_code == 200
