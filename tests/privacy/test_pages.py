"""Who somebody is stays hidden until a reason is given, and that is written down."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.desk.needs import work_list
from tafahom.people.models import Identity
from tafahom.people.sealing import IdentityData, sealer
from tafahom.privacy.actions.retention import set_years
from tafahom.privacy.models import Erasure, RetentionRule, YearsRequest
from tafahom.privacy.queries import retention_rules
from tafahom.refusals import Refusal

LOCMEM = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "limits", "pages")
}
SHOW = "?names=show"
REASON = {"occasion": "contact", "reason": "دعوت به آزمون دوباره"}
HIDDEN = ("0012345679", "۰۰۱۲۳۴۵۶۷۹", "یدالله", "۱۳۶۹/۰۳/۱۱", "۰۹۱۲۰۰۰۰۰۰۰", "09120000000")


@pytest.fixture
def sara(known: SimpleNamespace):
    """Sara, of whom everything is known."""
    data = IdentityData(
        first_name="سارا", last_name="کریمی", father_name="یدالله", national_id="0012345679",
        birth_date=dt.date(1990, 6, 1), mobile="09120000000",
    )  # fmt: skip
    sealed = sealer().seal(data, person_id=known.sara.pk)
    Identity.objects.filter(person=known.sara).update(sealed=sealed)
    return known.sara


def readings() -> list[Entry]:
    return list(Entry.objects.filter(action="read.person.shown"))


def test_a_page_hides_who_somebody_is(officer: Client, sara) -> None:
    page = officer.get(reverse("web:person_detail", args=[sara.uid])).content.decode()
    assert "کریمی" in page
    assert "۰۰۱•••••۷۹" in page
    assert [value for value in HIDDEN if value in page] == []
    assert readings() == []


def test_it_is_shown_once_for_a_reason_that_is_recorded(officer: Client, sara) -> None:
    answer = officer.post(reverse("web:person_show", args=[sara.uid]), REASON)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert [value for value in HIDDEN[1:5] if value not in page] == []
    [entry] = readings()
    assert entry.by
    assert entry.by.username == "agreements_officer"
    assert sara.uid in entry.target + str(entry.details)
    assert "دعوت به آزمون دوباره" in str(entry.details)
    assert [value for value in (*HIDDEN, "کریمی") if value in str(entry.details)] == []
    again = officer.get(reverse("web:person_detail", args=[sara.uid])).content.decode()
    assert HIDDEN[1] not in again


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"occasion": "contact", "reason": "لازم"},
        {"occasion": "curiosity", "reason": "دعوت به آزمون دوباره"},
        {"occasion": "contact", "reason": "تماس با ۰۹۱۲ ۰۰۰ ۰۰۰۰"},
    ],
)
def test_without_a_good_reason_nothing_is_shown(
    officer: Client, sara, given: dict[str, str]
) -> None:
    answer = officer.post(reverse("web:person_show", args=[sara.uid]), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert [value for value in HIDDEN if value in page] == []
    assert readings() == []


def test_nothing_is_shown_by_an_address(officer: Client, sara) -> None:
    answer = officer.get(reverse("web:person_show", args=[sara.uid]), REASON)
    assert answer.headers["Location"] == reverse("web:person_detail", args=[sara.uid])
    assert readings() == []


@pytest.mark.parametrize("role", list(Role))
def test_only_some_may_ask(sign_in, sara, role: Role) -> None:
    answer = sign_in(role).post(reverse("web:person_show", args=[sara.uid]), REASON)
    may = role in {
        Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK, Role.AUDITOR,
    } or role.value == "examiner"  # fmt: skip
    assert answer.status_code == (200 if may else 404)


@time_machine.travel("2026-11-23T08:05:00Z", tick=False)
def test_looking_is_slowed_down(officer: Client, sara, settings) -> None:
    settings.CACHES = LOCMEM
    address = reverse("web:person_show", args=[sara.uid])
    statuses = [officer.post(address, REASON).status_code for _ in range(32)]
    assert statuses == [200] * 30 + [429] * 2
    assert len(readings()) == 30


def test_a_sensitive_audience_is_shown_to_few_and_recorded(sign_in, known: SimpleNamespace) -> None:
    audience = known.world.audiences["زندانی"]
    audience.is_sensitive = True
    audience.save()
    addresses = [
        reverse("web:person_detail", args=[known.sara.uid]),
        reverse("web:course_detail", args=[known.one.uid]),
    ]
    for role in (Role.DIRECTOR, Role.CENTRE_CLERK):
        for address in addresses:
            assert "زندانی" not in cells(sign_in(role), address)
            assert "کریمی" in sign_in(role).get(address + SHOW).content.decode()
    assert not Entry.objects.filter(action="read.audience").exists()
    for role in (Role.AGREEMENTS_OFFICER, Role.AUDITOR):
        for address in addresses:
            assert "زندانی" in cells(sign_in(role), address + SHOW)
    found = Entry.objects.filter(action="read.audience")
    assert found.count() == 4
    told = str(list(found.values_list("target", "details")))
    assert known.sara.uid in told
    assert known.ali.uid in told


def cells(client: Client, address: str) -> str:
    """The table of a page: names of centres stand above it."""
    return client.get(address).content.decode().partition("<tbody>")[2]


def test_forgetting_asks_twice_and_says_what_is_lost(officer: Client, sara) -> None:
    address = reverse("web:person_forget", args=[sara.uid])
    assert officer.get(address).status_code == 200
    assert officer.post(address, {"reference": "12/45"}).status_code == 422
    assert Identity.objects.filter(person=sara).exists()
    answer = officer.post(address, {"reference": "12/45", "understood": "on"}, follow=True)
    assert not Identity.objects.filter(person=sara).exists()
    page = answer.content.decode()
    assert "کریمی" not in page
    assert answer.context["erasure"].reference == "12/45"
    assert officer.post(address, {"reference": "1", "understood": "on"}).status_code == 302
    assert Erasure.objects.count() == 1


def test_who_is_due_is_listed_with_the_number_masked(officer: Client, known) -> None:
    address = reverse("web:retention")
    assert "پاکزاد" not in officer.get(address).content.decode()
    set_years(audience_code="test-prisoner", years=1, by=None)
    page = officer.get(address).content.decode()
    assert "پاکزاد" in page
    assert "0499370899" not in page


def ask_years(officer: Client, **years: str) -> YearsRequest:
    """Send the form of years as an officer does."""
    data = {f"years-{rule.code}": str(rule.years) for rule in retention_rules()}
    data |= {f"years-{code}": number for code, number in years.items()}
    officer.post(reverse("web:retention_rules"), data)
    return YearsRequest.objects.latest("pk")


def decide_years(client: Client, request: YearsRequest, what: str, **sent: str):
    return client.post(reverse(f"web:retention_years_{what}", args=[request.uid]), sent)


def changed_years() -> dict[str, int]:
    return {rule.code: rule.years for rule in retention_rules() if rule.is_changed}


def test_years_are_changed_by_two_persons(officer: Client, sign_in, known) -> None:
    request = ask_years(officer, **{"test-prisoner": "3"})
    decide_years(officer, request, "confirm")
    assert changed_years() == {}
    director = sign_in(Role.DIRECTOR)
    user = User.objects.get(username=Role.DIRECTOR.value)
    assert "years" in [need.kind for need in work_list(user)]
    page = director.get(reverse("web:retention")).content.decode()
    assert reverse("web:retention_years_confirm", args=[request.uid]) in page
    decide_years(director, request, "confirm")
    assert changed_years() == {"test-prisoner": 3}
    rule = RetentionRule.objects.get()
    assert (rule.changed_by.username, rule.confirmed_by) == ("agreements_officer", user)
    assert "years" not in [need.kind for need in work_list(user)]


def test_one_person_changes_no_years(officer: Client, sign_in, known) -> None:
    user = User.objects.get(username="agreements_officer")
    with pytest.raises(Refusal, match="right"):
        set_years(audience_code="", years=9, by=user)
    request = ask_years(officer, **{"test-prisoner": "3"})
    with pytest.raises(IntegrityError), transaction.atomic():
        YearsRequest.objects.update(state="confirmed", decided_by=user, decided_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.create(years=5, changed_by=user, confirmed_by=user)
    again = ask_years(officer, **{"test-prisoner": "4"})
    assert again == request  # one at a time


def test_years_that_are_refused_or_late_stay_as_they_were(officer: Client, sign_in, known) -> None:
    director = sign_in(Role.DIRECTOR)
    request = ask_years(officer, **{"test-prisoner": "3"})
    assert decide_years(director, request, "refuse", note="").status_code == 422
    decide_years(director, request, "refuse", note="سه سال برای شکایت‌ها کم است")
    assert "سه سال برای شکایت‌ها کم است" in officer.get(reverse("web:retention")).content.decode()
    late = ask_years(officer, **{"test-prisoner": "2"})
    YearsRequest.objects.filter(pk=late.pk).update(lapses_at=timezone.now())
    decide_years(director, late, "confirm")
    assert changed_years() == {}
    withdrawn = ask_years(officer, **{"test-prisoner": "4"})
    decide_years(officer, withdrawn, "withdraw")
    withdrawn.refresh_from_db()
    assert withdrawn.state == "withdrawn"


def test_years_out_of_range_are_not_asked_for(officer: Client, known) -> None:
    data = {f"years-{rule.code}": str(rule.years) for rule in retention_rules()}
    bad = officer.post(reverse("web:retention_rules"), data | {"years-": "0"})
    assert bad.status_code == 422
    assert not YearsRequest.objects.exists()


@pytest.mark.parametrize("name", ["retention", "exports"])
def test_pages_are_closed_to_others(sign_in, known, name: str) -> None:
    for role in (Role.HEADQUARTERS, Role.PUBLIC_RELATIONS, Role.ADMINISTRATOR):
        assert sign_in(role).get(reverse(f"web:{name}")).status_code == 404


def test_the_queries_of_retention_do_not_grow(
    officer: Client, known, give_name, django_assert_max_num_queries
) -> None:
    set_years(audience_code="test-prisoner", years=1, by=None)
    for number in range(30):
        person = known.world.person()
        give_name(person, "نام", f"خانواده {number}", f"{number:010}")
        known.world.enrol(person, known.one, audience="زندانی")
    with django_assert_max_num_queries(22):  # four ask whether the names tell a status
        officer.get(reverse("web:retention"))


def test_an_auditor_sees_who_read_what_of_somebody_and_why(
    sign_in, officer: Client, sara, known: SimpleNamespace
) -> None:
    officer.post(reverse("web:person_show", args=[sara.uid]), REASON)
    officer.get(reverse("web:person_detail", args=[known.ali.uid]))
    address = reverse("web:person_readings", args=[sara.uid])
    page = sign_in(Role.AUDITOR).get(address)
    [row] = [row for row in page.context["rows"] if row.action == "read.person.shown"]
    assert row.by.username == "agreements_officer"
    assert "دعوت به آزمون دوباره" in page.content.decode()
    assert not [row for row in page.context["rows"] if known.ali.uid in str(row.details)]
    for role in (Role.AGREEMENTS_OFFICER, Role.CENTRE_CLERK, Role.ADMINISTRATOR):
        assert sign_in(role).get(address).status_code == 404


def test_a_reading_of_many_is_a_reading_of_each(sign_in, known: SimpleNamespace) -> None:
    audience = known.world.audiences["زندانی"]
    audience.is_sensitive = True
    audience.save()
    address = reverse("web:course_detail", args=[known.one.uid])
    sign_in(Role.AGREEMENTS_OFFICER).get(address + SHOW)
    for person in (known.ali, known.sara):
        address = reverse("web:person_readings", args=[person.uid])
        rows = sign_in(Role.AUDITOR).get(address).context["rows"]
        assert [row.action for row in rows] == ["read.audience"]


def test_the_queries_of_readings_do_not_grow(
    sign_in, officer: Client, sara, django_assert_max_num_queries
) -> None:
    for _ in range(20):
        officer.post(reverse("web:person_show", args=[sara.uid]), REASON)
    client = sign_in(Role.AUDITOR)
    with django_assert_max_num_queries(12):
        client.get(reverse("web:person_readings", args=[sara.uid]))
