"""Whoever is told a name beside what tells why somebody is there has left an entry."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from attacks.canaries import NAMES, NUMBER, sings
from attacks.walking import addresses, as_text, live, readable, visit
from tafahom.access.rules import Act, Role, may
from tafahom.audit.models import Entry
from tafahom.privacy.actions.retention import set_years
from tafahom.privacy.models import DataExport, RecentReading
from tafahom.training.attendance.actions import add_sessions
from tafahom.training.models import Course

READERS = [role for role in Role if may(role, Act.SEE_PEOPLE)]
WHY = {"occasion": "contact", "reason": "برای دعوت به آزمون"}
# Who was sent back is no record: the entry names the upload.
SENT_BACK = {"import_rejects"}


@pytest.fixture(autouse=True)
def _no_page_waits(settings) -> None:
    settings.READING_FREE = settings.READING_ALARM = [1_000_000, 1_000_000]


def latest() -> int:
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def read_since(number: int) -> list[Entry]:
    return list(Entry.objects.filter(id__gt=number, action__startswith="read."))


@pytest.mark.once
def test_every_page_and_file_with_names_leaves_one_entry(sign_in, nest: SimpleNamespace) -> None:
    """Every address, as each role: an answer that sings a name is one entry that names them."""
    for course in Course.objects.all():
        add_sessions(course=course, days=[course.starts_on], minutes=60, by=None)
    listed = live(nest.officer, readable(addresses()))
    listed += live(sign_in(Role.AUDITOR), addresses("person_readings"))
    whose = {f"person:{person.uid}" for person in nest.people}
    wrong, heard = [], set()
    for role in READERS:
        client = sign_in(role)
        for name, address in listed:
            before = latest()
            [seen] = visit(client, [(name, address)])
            entries = read_since(before)
            if len(entries) > 1:
                wrong.append((role, address, "more than one entry"))
            if not sings(seen.text, NAMES):
                continue
            heard.add(name)
            told = [target for entry in entries for target in entry.details["targets"]]
            if name in SENT_BACK:
                is_told = any(target.startswith("staged_import:") for target in told)
            else:
                is_told = bool(whose & set(told))
            if not is_told or entries[0].by.username != role.value:
                wrong.append((role, address, "no entry"))
    assert wrong == []
    # The walk has come to every page that shows names; a new one makes this grow.
    assert {
        "course_detail", "attendance", "attendance_session", "people", "person_detail",
        "person_forget", "person_readings", "import_rejects",
    } <= heard  # fmt: skip


def test_what_is_sent_by_a_form_leaves_an_entry(officer: Client, nest: SimpleNamespace) -> None:
    """Answers to forms that show names: who somebody is, a register with what was typed in it."""
    person, course = nest.people[0], nest.course
    add_sessions(course=course, days=[course.starts_on], minutes=60, by=None)
    enrolment, session = course.enrolments.get(person=person), course.sessions.get()
    seen, cell = f"{session.pk}|{enrolment.pk}:", f"m-{enrolment.pk}-{session.pk}"
    save = reverse("web:attendance_save", args=[course.uid])
    asked = [
        (reverse("web:person_show", args=[person.uid]), WHY),
        (save, {"seen": seen, cell: "؟"}),  # no mark
        (save, {"seen": seen, cell: "غ"}),  # asks whether hours of the roster are replaced
        (save, {"seen": f"{seen}p", cell: "غ"}),  # somebody else has marked meanwhile
        (reverse("web:attendance_sessions_add", args=[course.uid]), {}),
    ]
    for address, data in asked:
        before = latest()
        page = officer.post(address, data).content.decode()
        assert sings(page, NAMES), address
        [entry] = read_since(before)
        assert f"person:{person.uid}" in entry.details["targets"], address


def test_a_list_of_whom_to_forget_leaves_an_entry(officer: Client, nest: SimpleNamespace) -> None:
    set_years(audience_code="canary", years=1, by=None)
    before = latest()
    assert sings(officer.get(reverse("web:retention")).content.decode(), NAMES)
    [entry] = read_since(before)
    assert {f"person:{one.uid}" for one in nest.people} == set(entry.details["targets"])
    assert entry.details["where"] == "retention"


def test_a_file_that_is_taken_leaves_an_entry_and_is_not_counted(
    sign_in, officer: Client, nest: SimpleNamespace
) -> None:
    """A second person has let it out: it does not slow the pages of who takes it."""
    asked = {"reason": "برای صدور دوباره گواهینامه‌ها"}
    officer.post(reverse("web:export_ask", args=["course", nest.course.uid]), asked)
    uid = DataExport.objects.get().uid
    sign_in(Role.DIRECTOR).post(reverse("web:export_approve", args=[uid]))
    before = latest()
    taken = officer.post(reverse("web:export_take", args=[uid]))
    text = as_text(b"".join(taken.streaming_content))
    assert sings(text, {"number": NUMBER})
    [entry] = read_since(before)
    assert {f"person:{one.uid}" for one in nest.people} <= set(entry.details["targets"])
    assert entry.details["where"] == f"export:{uid}"
    assert not RecentReading.objects.exists()


def test_an_entry_of_a_page_points_at_nobody(sign_in, nest: SimpleNamespace) -> None:
    """One of many is of a sensitive group: all who stand on the page are named."""
    before = latest()
    sign_in(Role.DIRECTOR).get(
        reverse("web:course_detail", args=[nest.course.uid]), {"names": "show"}
    )
    [entry] = read_since(before)
    uids = nest.course.enrolments.values_list("person__uid", flat=True)
    assert len(uids) > len(nest.people)
    assert entry.details["targets"] == [f"person:{uid}" for uid in sorted(uids)]
