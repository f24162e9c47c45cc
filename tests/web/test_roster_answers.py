"""Remembered answers: a clerk's wait for an officer, who confirms, rejects or asks again."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from roster_files import line, write_roster
from rosters import prepare
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.audit.models import Entry
from tafahom.desk.needs import work_list
from tafahom.exchange.models import RosterAnswer
from tafahom.exchange.rosters.actions import check_rosters
from tafahom.exchange.rosters.answering import remember_column

ODD = "امتیاز کار دست"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agreement(db: None) -> Agreement:
    """One partner with one agreement."""
    return prepare()


@pytest.fixture
def clerk(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.CENTRE_CLERK)


@pytest.fixture
def waiting(clerk: Client, agreement: Agreement) -> RosterAnswer:
    """An answer of the clerk's that nobody has confirmed."""
    giver = User.objects.get(username=Role.CENTRE_CLERK.value)
    return remember_column(partner=agreement.partner, header=ODD, field="practical_mark", by=giver)


def page_of(client: Client) -> str:
    return client.get(reverse("web:roster_answers")).content.decode()


def press(client: Client, what: str, answer: RosterAnswer) -> HttpResponse:
    return client.post(reverse(f"web:roster_answer_{what}", args=[answer.pk]), follow=True)  # type: ignore[return-value]


def test_an_officer_sees_what_waits_and_confirms_it(officer: Client, waiting: RosterAnswer) -> None:
    assert reverse("web:roster_answers") in officer.get(reverse("web:imports")).content.decode()
    assert officer.get(reverse("web:imports")).context["to_confirm"] == 1
    page = page_of(officer)
    assert ODD in page
    assert waiting.partner.name in page
    assert Role.CENTRE_CLERK.value in page
    press(officer, "confirm", waiting)
    kept = RosterAnswer.objects.get()
    assert kept.confirmed_by is not None
    assert kept.confirmed_by.username == Role.AGREEMENTS_OFFICER.value
    assert officer.get(reverse("web:imports")).context["to_confirm"] == 0
    assert ODD in page_of(officer)


def test_an_officers_own_answer_waits_for_another_who_decides(
    officer: Client, agreement: Agreement
) -> None:
    giver = User.objects.get(username=Role.AGREEMENTS_OFFICER.value)
    own = remember_column(partner=agreement.partner, header=ODD, field="practical_mark", by=giver)
    assert own.confirmed_at is None
    page = page_of(officer)
    assert reverse("web:roster_answer_confirm", args=[own.pk]) not in page
    assert "answers" not in kinds_of(Role.AGREEMENTS_OFFICER)
    press(officer, "confirm", own)
    own.refresh_from_db()
    assert own.confirmed_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterAnswer.objects.update(confirmed_by=giver, confirmed_at=timezone.now())
    other = User.objects.create(username="second")
    Membership.objects.create(user=other, role=Role.AGREEMENTS_OFFICER)
    client = Client()
    client.force_login(other)
    press(client, "confirm", own)
    kept = RosterAnswer.objects.get()
    assert (kept.created_by, kept.confirmed_by) == (giver, other)


def test_an_officer_rejects_what_waits(officer: Client, waiting: RosterAnswer) -> None:
    press(officer, "forget", waiting)
    assert not RosterAnswer.objects.exists()
    assert Entry.objects.filter(action="exchange.answer_forgotten").exists()


def test_an_answer_that_holds_is_asked_again(officer: Client, waiting: RosterAnswer) -> None:
    press(officer, "confirm", waiting)
    press(officer, "forget", RosterAnswer.objects.get())
    assert not RosterAnswer.objects.exists()


def test_answers_are_listed_by_partner(officer: Client, waiting: RosterAnswer) -> None:
    press(officer, "confirm", waiting)
    address = reverse("web:roster_answers")
    found = officer.get(address, {"partner": waiting.partner.uid}).context["holding"]
    assert [row.answer.text for row in found] == [ODD]
    assert officer.get(address, {"partner": "other"}).context["holding"] == []


def test_a_clerk_confirms_nothing_and_takes_back_only_what_is_theirs(
    clerk: Client, officer: Client, waiting: RosterAnswer
) -> None:
    assert ODD in page_of(clerk)
    assert press(clerk, "confirm", waiting).status_code == 404
    press(officer, "confirm", waiting)
    kept = RosterAnswer.objects.get()
    page = page_of(clerk)
    assert ODD in page
    assert "<form" not in page.split("<main")[1]
    assert press(clerk, "forget", kept).status_code == 404
    assert RosterAnswer.objects.exists()


def test_what_the_machine_says_waits_where_somebody_could_confirm_it(
    officer: Client, tmp_path: Path
) -> None:
    row = line(1)
    row[ODD] = row.pop("نمره عملی")
    roster = write_roster(tmp_path / "a.csv", row)
    asked = [str(roster), "--answer", f"column:{ODD}=practical_mark"]
    said = StringIO()
    call_command("roster", "check", *asked, "--remember", stdout=StringIO(), stderr=said)
    assert "صفحهٔ پاسخ‌ها" in said.getvalue()
    kept = RosterAnswer.objects.get()
    assert (kept.created_by, kept.confirmed_at) == (None, None)
    assert check_rosters([roster])[0].columns == []  # the next one that is read there
    assert "روی سرور" in page_of(officer)
    press(officer, "confirm", kept)
    held = RosterAnswer.objects.get()
    assert held.confirmed_by
    assert Entry.objects.latest("id").details["holds"]


def test_a_clerk_takes_back_their_own_answer(clerk: Client, waiting: RosterAnswer) -> None:
    press(clerk, "forget", waiting)
    assert not RosterAnswer.objects.exists()


def test_who_sends_no_rosters_finds_no_page(sign_in: Callable[..., Client]) -> None:
    client = sign_in(Role.PUBLIC_RELATIONS)
    assert client.get(reverse("web:roster_answers")).status_code == 404


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_opens_in_both_languages(
    sign_in: Callable[..., Client], waiting: RosterAnswer, language: str
) -> None:
    client = sign_in(Role.AGREEMENTS_OFFICER, language)
    assert f'lang="{language}"' in page_of(client)


def test_what_waits_stands_in_the_work_list_of_who_may_decide(
    officer: Client, clerk: Client, waiting: RosterAnswer
) -> None:
    remember_column(
        partner=waiting.partner, header="نمره کار", field="practical_mark", by=waiting.created_by
    )
    page = officer.get(reverse("web:attention"), {"kind": "answers"}).content.decode()
    assert reverse("web:roster_answers") in page
    assert waiting.partner.name in page
    assert "۲ پاسخ" in page
    english = officer.get(reverse("web:attention"), headers={"accept-language": "en"})
    assert "2 answers about the rosters" in english.content.decode()
    assert "answers" in kinds_of(Role.AGREEMENTS_OFFICER)
    assert "answers" not in kinds_of(Role.CENTRE_CLERK)
    for answer in RosterAnswer.objects.all():
        press(officer, "confirm", answer)
    assert "answers" not in kinds_of(Role.AGREEMENTS_OFFICER)


def kinds_of(role: Role) -> list[str]:
    """What kinds of needs stand in the work list of somebody in a role."""
    return [need.kind for need in work_list(User.objects.get(username=role.value))]
