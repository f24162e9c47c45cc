"""Officers begin agreements and edit drafts; two at once lose nothing of each other."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from pages import compact
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.audit.models import Entry
from tafahom.jalali import from_jalali

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _here(settings: Settings, known: SimpleNamespace) -> None:
    settings.PROVINCE_CODE = "test"


def given(known: SimpleNamespace, **changes: str) -> dict[str, str]:
    return {
        "number": "۵۵/۱۴۰۵",
        "partner": str(known.guild.pk),
        "subject": "آموزش مهارت به اصناف",
        "level": "provincial",
        "parent": "",
        "starts_on": "1405/01/01",
        "ends_on": "1406/12/29",
    } | changes


def begun(officer: Client, known: SimpleNamespace, **changes: str) -> Agreement:
    answer = officer.post(reverse("web:agreement_new"), given(known, **changes))
    assert answer.status_code == 302, answer.content.decode()
    return Agreement.objects.latest("pk")


def opened(client: Client, agreement: Agreement) -> dict[str, str]:
    """What the page would send if nothing were touched."""
    page = client.get(reverse("web:agreement_edit", args=[agreement.uid]))
    form = page.context["form"]
    return {name: str(form.initial[name]) for name in form.fields} | dict(page.context["hidden"])


def save(client: Client, agreement: Agreement, data: dict[str, str]):
    return client.post(reverse("web:agreement_edit", args=[agreement.uid]), data)


def test_a_draft_is_begun(officer: Client, known: SimpleNamespace) -> None:
    made = begun(officer, known)
    assert (made.number, made.state, made.partner) == ("۵۵/۱۴۰۵", "drafting", known.guild)
    assert (made.starts_on, made.ends_on) == (from_jalali(1405, 1, 1), from_jalali(1406, 12, 29))
    assert made.province.code == "test"
    page = officer.get(reverse("web:agreement_detail", args=[made.uid])).content.decode()
    assert "آموزش مهارت به اصناف" in page
    assert reverse("web:agreement_edit", args=[made.uid]) in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", ""),
        ("number", "3/97"),
        ("number", "٣/٩٧"),
        ("ends_on", "1404/12/29"),
        ("ends_on", "1405/13/01"),
        ("starts_on", ""),
        ("parent", "7/77"),
        ("parent", "1/97"),
        ("parent", "3/97"),
        ("partner", "0"),
        ("level", "local"),
        ("subject", "x" * 301),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    officer: Client, known: SimpleNamespace, field: str, value: str
) -> None:
    answer = officer.post(reverse("web:agreement_new"), given(known, **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Agreement.objects.filter(state="drafting").exists()


def test_a_provincial_one_implements_a_national_one_of_its_partner(
    officer: Client, known: SimpleNamespace
) -> None:
    made = begun(officer, known, partner=str(known.prisons.pk), parent="۱/۹۷")
    assert made.parent == known.national


def test_what_is_edited_is_written_and_recorded(officer: Client, known: SimpleNamespace) -> None:
    made = begun(officer, known)
    data = opened(officer, made)
    assert save(officer, made, data).status_code == 302
    assert not Entry.objects.filter(action="agreements.draft_edited").exists()
    save(officer, made, data | {"subject": "موضوع تازه", "ends_on": "1407/12/29"})
    made.refresh_from_db()
    assert (made.subject, made.ends_on) == ("موضوع تازه", from_jalali(1407, 12, 29))
    assert made.number == "۵۵/۱۴۰۵"
    entry = Entry.objects.get(action="agreements.draft_edited")
    assert entry.details == {"fields": ["subject", "ends_on"]}


def other_officer() -> Client:
    user = User.objects.create(username="second")
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER)
    client = Client(headers={"accept-language": "fa"})
    client.force_login(user)
    return client


def test_the_second_sees_what_the_first_changed_and_decides(
    officer: Client, known: SimpleNamespace
) -> None:
    made, second = begun(officer, known), other_officer()
    first_page, second_page = opened(officer, made), opened(second, made)
    save(officer, made, first_page | {"subject": "آموزش مهارت به کسبه", "ends_on": "1407/12/29"})
    answer = save(
        second, made, second_page | {"subject": "آموزش به اصناف", "starts_on": "1405/02/01"}
    )
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.subject == "آموزش مهارت به کسبه"
    assert made.starts_on == from_jalali(1405, 1, 1)
    page = compact(answer.content.decode())
    assert re.search(r"<ins>.*کسبه", page)
    clashing = {str(one.label): one.is_clash for one in answer.context["differences"]}
    assert sorted(clashing.values()) == [False, True]
    # Both's work stands in the form: theirs where the second changed nothing.
    form, hidden = answer.context["form"], dict(answer.context["hidden"])
    kept = {name: str(form.initial[name]) for name in form.fields}
    assert kept["subject"] == "آموزش به اصناف"
    assert (kept["starts_on"], kept["ends_on"]) == ("1405/02/01", "1407/12/29")
    assert save(second, made, kept | hidden).status_code == 302
    made.refresh_from_db()
    assert (made.subject, made.ends_on) == ("آموزش به اصناف", from_jalali(1407, 12, 29))
    assert made.starts_on == from_jalali(1405, 2, 1)


def test_a_third_who_comes_in_between_is_seen_too(officer: Client, known: SimpleNamespace) -> None:
    made, second = begun(officer, known), other_officer()
    data = opened(second, made)
    save(officer, made, opened(officer, made) | {"subject": "یک"})
    answer = save(second, made, data | {"subject": "دو"})
    hidden = dict(answer.context["hidden"])
    save(officer, made, opened(officer, made) | {"subject": "سه"})
    again = save(second, made, data | hidden | {"subject": "دو"})
    assert again.status_code == 409
    made.refresh_from_db()
    assert made.subject == "سه"


def test_what_is_signed_is_not_edited(officer: Client, known: SimpleNamespace) -> None:
    made = begun(officer, known)
    data = opened(officer, made)
    Agreement.objects.filter(pk=made.pk).update(state="signed")
    assert save(officer, made, data | {"subject": "دیگر"}).status_code == 302
    made.refresh_from_db()
    assert made.subject == "آموزش مهارت به اصناف"
    page = officer.get(reverse("web:agreement_detail", args=[made.uid])).content.decode()
    assert reverse("web:agreement_edit", args=[made.uid]) not in page


def test_who_serves_one_partner_begins_with_that_one_only(known: SimpleNamespace) -> None:
    user = User.objects.create(username="of-guild")
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER, partner=known.guild)
    client = Client()
    client.force_login(user)
    wrong = client.post(reverse("web:agreement_new"), given(known, partner=str(known.prisons.pk)))
    assert wrong.status_code == 422
    assert client.post(reverse("web:agreement_new"), given(known)).status_code == 302


def test_the_form_asks_as_often_for_many_partners(
    officer: Client, known: SimpleNamespace, django_assert_num_queries
) -> None:
    officer.get(reverse("web:agreement_new"))
    with django_assert_num_queries(4):
        officer.get(reverse("web:agreement_new"))
    for number in range(30):
        known.world.partner(f"دستگاه {number}")
    with django_assert_num_queries(4):
        officer.get(reverse("web:agreement_new"))
