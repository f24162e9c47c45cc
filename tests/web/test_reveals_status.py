"""The pages of a partner and an agreement say whether they tell of people, to who may know."""

import json
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from periods.conftest import shut
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.agreements.queries import revealing_agreements
from tafahom.audit.models import Change, Entry
from tafahom.figures.closed_months import month_figures
from tafahom.parties.models import Partner
from tafahom.parties.queries import revealing_partners
from tafahom.periods.models import Period

HEADING = "محرمانگی آمار"


@pytest.fixture(params=["partner", "agreement"])
def record(request: pytest.FixtureRequest, year: SimpleNamespace) -> Partner | Agreement:
    """The record whose page it is; statuses of the first of both are nobody's business yet."""
    return {"partner": year.prisons, "agreement": year.national}[request.param]


def page_of(record: Partner | Agreement) -> str:
    kind = "partner" if isinstance(record, Partner) else "agreement"
    return reverse(f"web:{kind}_detail", args=[record.uid])


def answer(client: Client, record: Partner | Agreement, said: str) -> int:
    return client.post(f"{page_of(record)}reveals/", {"reveals": said}).status_code


def is_revealing(record: Partner | Agreement) -> bool:
    found = revealing_partners() if isinstance(record, Partner) else revealing_agreements()
    return record.pk in found


def test_an_officer_says_it_and_takes_it_back(officer: Client, record: Partner | Agreement) -> None:
    assert "چیزی خصوصی از کسی نمی‌گوید" in officer.get(page_of(record)).text
    for said, reveals in (("yes", True), ("no", False), ("", False), ("yes", True)):
        assert answer(officer, record, said) == 302
        assert is_revealing(record) is reveals
        page = officer.get(page_of(record)).text
        assert f'<option value="{said}" selected>' in page
        assert ("از گروه حساس دیگری است" in page) is reveals


def test_another_answer_changes_nothing(officer: Client, record: Partner | Agreement) -> None:
    answer(officer, record, "perhaps")
    record.refresh_from_db()
    assert record.reveals_status is None
    assert not Entry.objects.filter(action__endswith="reveals_status_set").exists()


def test_the_change_is_in_the_record_of_acts_and_the_history(
    officer: Client, sign_in, record: Partner | Agreement
) -> None:
    answer(officer, record, "yes")
    answer(officer, record, "yes")
    entry = Entry.objects.get(action__endswith="reveals_status_set")
    assert entry.target.endswith(record.uid)
    change = Change.objects.get(entry=entry, table=record._meta.db_table)
    assert json.loads(change.old)["reveals_status"] is None
    kind = "partner" if isinstance(record, Partner) else "agreement"
    history = sign_in(Role.DIRECTOR).get(reverse("web:history", args=[kind, record.uid])).text
    assert "گویای وضعیت" in history
    assert "بله" in history


@pytest.mark.parametrize("role", [Role.HEADQUARTERS, Role.PLANNER, Role.PARTNER_LIAISON])
def test_who_may_not_see_statuses_is_told_nothing(
    sign_in, record: Partner | Agreement, role: Role
) -> None:
    page = sign_in(role).get(page_of(record))
    assert page.status_code == 200
    assert HEADING not in page.text


def test_a_director_reads_it_and_does_not_change_it(sign_in, record: Partner | Agreement) -> None:
    page = sign_in(Role.DIRECTOR).get(page_of(record)).text
    assert HEADING in page
    assert 'name="reveals"' not in page


def test_a_closed_month_does_not_stand_against_it(
    officer: Client, year: SimpleNamespace, record: Partner | Agreement
) -> None:
    shut(year.world.province, 139702)
    period = Period.objects.get(month=139702)
    before = month_figures(period)
    assert answer(officer, record, "yes") == 302
    assert is_revealing(record)
    assert month_figures(period) == before
