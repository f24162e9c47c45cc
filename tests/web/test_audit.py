"""Pages of the record of acts and of history."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

import tafahom
from tafahom.access.actions import give_role
from tafahom.access.models import Membership, User
from tafahom.access.rules import Part, Role
from tafahom.audit.actions import record
from tafahom.audit.acts import described_acts, sentence
from tafahom.audit.models import Entry
from tafahom.jalali import format_date
from tafahom.parties.models import Partner
from tafahom.persian import to_persian_digits
from tafahom.training.models import Enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def acts(known: SimpleNamespace) -> SimpleNamespace:
    """Acts of a clerk on many records."""
    known.clerk = User.objects.create(username="clerk", first_name="سارا", last_name="رضایی")
    for number in range(120):
        action = ["training.roster_recorded", "access.role_given"][number % 2]
        record(action=action, target=f"course:{number:024}", by=known.clerk)
    return known


def shown(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'href="/audit/(\d+)/"', page)]


def test_pages_follow_each_other_forwards_and_back(sign_in, acts) -> None:
    client = sign_in(Role.AUDITOR)
    newest = Entry.objects.latest("id").pk
    first = client.get(reverse("web:audit")).content.decode()
    assert shown(first) == list(range(newest, newest - 50, -1))
    second = client.get(reverse("web:audit"), {"before": newest - 49}).content.decode()
    assert shown(second) == list(range(newest - 50, newest - 100, -1))
    back = client.get(reverse("web:audit"), {"after": newest - 50}).content.decode()
    assert shown(back) == shown(first)
    assert "سارا رضایی" in first


def test_a_page_takes_the_same_few_queries_however_much_there_is(
    sign_in, acts, django_assert_max_num_queries
) -> None:
    client = sign_in(Role.AUDITOR)
    with django_assert_max_num_queries(8):
        client.get(reverse("web:audit"), {"user": "clerk", "since": "1400/01/01"})


def test_days_user_act_and_record_are_asked_for(sign_in, acts) -> None:
    client = sign_in(Role.AUDITOR)

    def count(**asked: str) -> int:
        return len(shown(client.get(reverse("web:audit"), asked).content.decode()))

    assert count(user="clerk") == 50
    assert count(user="nobody") == 0
    assert count(target=f"course:{7:024}") == 1
    assert count(until="1400/01/01") == 0
    assert count(since="1400/01/01", action="access.role_given") == 50
    assert client.get(reverse("web:audit"), {"since": "ناروز"}).status_code == 422


def test_an_administrator_sees_what_was_done_to_accounts_only(sign_in, acts) -> None:
    client = sign_in(Role.ADMINISTRATOR)
    page = client.get(reverse("web:audit")).content.decode()
    entries = Entry.objects.in_bulk(shown(page))
    assert {entry.action for entry in entries.values()} == {"access.role_given"}
    other = Entry.objects.filter(action="training.roster_recorded").first()
    assert client.get(reverse("web:audit_entry", args=[other.pk])).status_code == 404
    history = reverse("web:history", args=["partner", acts.guild.uid])
    assert client.get(history).status_code == 404


def test_others_do_not_find_it(sign_in, acts) -> None:
    for role in (Role.CENTRE_CLERK, Role.PUBLIC_RELATIONS, Role.HEADQUARTERS):
        assert sign_in(role).get(reverse("web:audit")).status_code == 404


def test_an_entry_tells_its_place_and_whether_it_is_sealed(sign_in, acts) -> None:
    entry = Entry.objects.latest("id")
    page = sign_in(Role.AUDITOR, "en").get(reverse("web:audit_entry", args=[entry.pk]))
    assert entry.digest in page.content.decode()
    assert "Not yet" in page.content.decode()


def test_history_marks_what_went_and_what_came(sign_in, acts) -> None:
    Partner.objects.filter(pk=acts.guild.pk).update(name="اتاق اصناف <ایران>")
    record(action="test.renamed", by=acts.clerk)
    address = reverse("web:history", args=["partner", acts.guild.uid])
    page = sign_in(Role.DIRECTOR, "en").get(address).content.decode()
    assert "<ins>" in page
    assert "&lt;" in page
    assert "<ایران>" not in page
    assert "سارا رضایی" in page


def test_an_entry_shows_roles_and_verdicts_that_it_changed(sign_in, acts) -> None:
    Enrolment.objects.filter(course=acts.one).update(passed=True, written_mark=7550)
    Membership.objects.create(user=acts.clerk, role=Role.PLANNER)
    entry = record(action="test.changed", by=acts.clerk)
    page = sign_in(Role.AUDITOR, "en").get(reverse("web:audit_entry", args=[entry.pk]))
    text = page.content.decode()
    assert "Role" in text
    assert "Planner" in text
    assert "added" in text
    assert "75.5" in text
    assert "further row" not in text


def test_an_entry_that_gave_a_role_says_so_in_words(sign_in, acts) -> None:
    give_role(user=acts.clerk, role=Role.PLANNER, by=None)
    page = sign_in(Role.AUDITOR).get(f"/audit/{Entry.objects.latest('id').pk}/")
    text = page.content.decode().split("<main")[1]
    assert ">planner<" not in text
    assert not re.findall("None|at machine|confirmed at|>part<", text)
    today = to_persian_digits(format_date(timezone.localdate(), digits="en"))
    assert re.search(rf"تاریخ تأیید.*?{today}", text, re.DOTALL)


def test_an_entry_of_a_role_names_its_place(sign_in, acts) -> None:
    give_role(user=acts.clerk, role=Role.INSTRUCTOR, part=Part.COURSE, of=acts.one.uid, by=None)
    address = f"/audit/{Entry.objects.latest('id').pk}/"
    text = sign_in(Role.AUDITOR, "en").get(address).content.decode().split("<main")[1]
    assert f"Course: {acts.one.title}" in text
    assert not re.findall(">of<|course uid", text)


def test_an_entry_of_a_place_that_is_none_is_shown_as_it_is(sign_in, acts) -> None:
    for details in ({"part": "centre", "of": 0}, {"part": "planet", "of": "x"}, {"part": "course"}):
        entry = record(action="test.forged", details=details, by=acts.clerk)
        page = sign_in(Role.AUDITOR).get(reverse("web:audit_entry", args=[entry.pk]))
        assert page.status_code == 200


def test_an_entry_that_changed_thousands_shows_the_first(
    sign_in, acts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tafahom.web.audit.views.MAX_STEPS", 1)
    changed = Enrolment.objects.filter(course=acts.one).update(written_mark=7550)
    entry = record(action="test.changed", by=acts.clerk)
    page = sign_in(Role.AUDITOR, "en").get(reverse("web:audit_entry", args=[entry.pk]))
    assert f"And {changed - 1} further row" in page.content.decode()


@pytest.mark.parametrize("kind", ["partner", "agreement", "course", "nothing"])
def test_history_of_what_is_not_there_is_not_found(sign_in, acts, kind: str) -> None:
    assert sign_in(Role.AUDITOR).get(f"/audit/history/{kind}/0/").status_code == 404


def test_every_act_of_the_product_has_its_sentence() -> None:
    source = Path(tafahom.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in source.rglob("*.py")]
    written = {found for text in texts for found in re.findall(r'action="([a-z]+\.[^"]+)"', text)}
    assert len(written) > 20
    assert written <= set(described_acts())
    assert sentence("read.something") != "read.something"


def test_nothing_private_is_written_by_pages(sign_in, acts) -> None:
    client = sign_in(Role.AUDITOR)
    client.get(reverse("web:person_detail", args=[acts.sara.uid]))
    client.get(reverse("web:course_detail", args=[acts.one.uid]), {"names": "show"})
    client.get(reverse("web:people"), {"q": "کریمی"})
    told = str(list(Entry.objects.values_list("action", "target", "details")))
    for private in ("کریمی", "0012345679", "پاکزاد", "0499370899"):
        assert private not in told


def test_records_stand_by_name_in_one_question_a_kind(
    sign_in, acts, django_assert_num_queries
) -> None:
    client = sign_in(Role.AUDITOR)
    targets = [
        (f"course:{acts.one.uid}", to_persian_digits(acts.one.title)),
        (f"agreement:{acts.trade.uid}", acts.guild.name),
        (f"partner:{acts.guild.uid}", acts.guild.name),
        (f"user:{acts.clerk.pk}", "سارا رضایی"),
        ("period:test/139702", "استان آزمون"),
    ]
    for target, _name in targets:
        record(action="training.reference_loaded", target=target, by=None)
    record(action="people.seen", target=f"person:{acts.sara.uid}", by=None)
    client.get(reverse("web:audit"))
    page = client.get(reverse("web:audit")).content.decode()
    for _target, name in targets:
        assert name in page
    assert "کریمی" not in page  # who a person is stands on the person's page
    with django_assert_num_queries(9):
        client.get(reverse("web:audit"))
    for target, _name in targets * 3:
        record(action="training.reference_loaded", target=target, by=None)
    with django_assert_num_queries(9):
        client.get(reverse("web:audit"))


def test_the_record_of_a_record_that_is_gone_keeps_its_code(sign_in, acts) -> None:
    record(action="training.reference_loaded", target="course:gone", by=None)
    assert "course:gone" in sign_in(Role.AUDITOR).get(reverse("web:audit")).content.decode()
