"""Names beside what tells why people are there: recorded by the page, slow for who walks."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from figures.world import record
from scoping.service import as_service, make_service_role, postgresql_only
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.parties.models import Province
from tafahom.people.models import Person
from tafahom.privacy.actions.readings import (
    SlowDownError,
    answer_alarm,
    forget_old_readings,
    read_names,
)
from tafahom.privacy.models import ReadingAlarm, RecentReading
from tafahom.refusals import Refusal
from tafahom.training.attendance.actions import add_sessions
from tafahom.training.courses.revealing import is_revealing, revealing_courses
from tafahom.training.models import Attendance, Course
from web.conftest import give_names

SHOW = "?names=show"
COURSES, PERSONS = 23, 452
NOTE = "برای گزارش سالانه بود، پرسیده شد"
SignIn = Callable[..., Client]


class Clock:
    """The time of the test; visits, which end when nobody does anything, go on."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self.visits: list[tuple[Client, User]] = []

    def shift(self, **delta: int) -> None:
        """Let time pass, and come in again."""
        self._traveller.shift(dt.timedelta(**delta))
        for client, user in self.visits:
            client.force_login(user)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel("2026-11-23T08:05:00Z", tick=False) as moved:
        yield Clock(moved)


@pytest.fixture
def prison(known: SimpleNamespace) -> SimpleNamespace:
    """A prison where 452 people take 23 courses under one agreement, all long over."""
    world = known.world
    partner = world.partner("سازمان زندان‌ها")
    partner.reveals_status = True
    partner.save()
    agreement, centre = world.agreement("553/97", partner), world.centre("اندرزگاه")
    courses = [world.course(agreement, (1397, 6, 1), centre=centre) for _ in range(COURSES)]
    people = world.people(["male"] * PERSONS)
    give_names(
        (person, "نام", f"زندانی‌نام {number}", f"{number:010}")
        for number, person in enumerate(people)
    )
    for number, course in enumerate(courses):
        world.enrol_many(people[number::COURSES], course, minutes=0)
    return SimpleNamespace(
        known=known, world=world, agreement=agreement, centre=centre, courses=courses, people=people
    )


@pytest.fixture
def clerk(prison: SimpleNamespace, clock: Clock) -> SimpleNamespace:
    """The clerk of that centre, with a browser."""
    user = User.objects.create(username="clerk")
    Membership.objects.create(user=user, role=Role.CENTRE_CLERK, centre=prison.centre)
    client = Client(headers={"accept-language": "fa"})
    client.force_login(user)
    clock.visits.append((client, user))
    return SimpleNamespace(user=user, client=client)


def page(course: Course) -> str:
    return reverse("web:course_detail", args=[course.uid]) + SHOW


def names_in(text: str) -> int:
    """How many rows of a page's table, and not its search box, have one of the names."""
    return text.partition("<tbody")[2].count("زندانی‌نام")


def walk(client: Client, courses: list[Course]) -> tuple[int, list[int]]:
    """Open course after course; return how many names came, and the statuses."""
    answers = [client.get(page(course)) for course in courses]
    return sum(names_in(one.content.decode()) for one in answers), [a.status_code for a in answers]


def readings(user: User) -> list[Entry]:
    return list(Entry.objects.filter(by=user, action__startswith="read.").order_by("id"))


def test_a_clerk_does_not_walk_452_names(
    clerk: SimpleNamespace, prison: SimpleNamespace, sign_in: SignIn, clock: Clock
) -> None:
    """The attack: every course of the centre, one after the other, as fast as it goes."""
    seen, statuses = walk(clerk.client, prison.courses)
    assert 150 <= seen < 150 + 20
    assert statuses == [200] * 8 + [429] * 15
    told = readings(clerk.user)
    assert len(told) == 8
    assert sum(len(entry.details["targets"]) for entry in told) == seen
    [alarm] = ReadingAlarm.objects.all()
    assert (alarm.account, alarm.province) == (clerk.user, prison.centre.province)
    assert (alarm.asked, alarm.shown) == (PERSONS, seen)
    assert Entry.objects.filter(action="privacy.reading_alarm").count() == 1
    for role in (Role.DIRECTOR, Role.AUDITOR):
        page = sign_in(role).get(reverse("web:attention"), {"kind": "reading"})
        [need] = page.context["listing"].rows
        assert need.of.who == "clerk"
        assert "۴۵۲" in page.content.decode()
        assert sign_in(role).get(need.address).status_code == 200
    officer = sign_in(Role.AGREEMENTS_OFFICER)
    assert "reading" not in dict(officer.get(reverse("web:attention")).context["kinds"])
    assert officer.get(need.address).status_code == 404
    assert clerk.client.get(need.address).status_code == 404


@pytest.mark.parametrize("name", ["people", "person_detail", "attendance", "attendance_save"])
def test_no_other_way_leads_around_the_limit(
    clerk: SimpleNamespace, prison: SimpleNamespace, clock: Clock, name: str
) -> None:
    """By the list of people, person by person, by registers, by forms that are sent empty."""
    for course in prison.courses:
        add_sessions(course=course, days=[course.starts_on], minutes=60, by=None)
    client, seen = clerk.client, 0
    if name == "people":
        listed = reverse("web:people") + SHOW
        answers = [client.get(f"{listed}&page={number}") for number in range(1, 11)]
    elif name == "person_detail":
        uids = [person.uid for person in prison.people]
        answers = [client.get(reverse("web:person_detail", args=[uid])) for uid in uids]
    elif name == "attendance":
        answers = [
            client.get(reverse("web:attendance", args=[c.uid]) + SHOW) for c in prison.courses
        ]
    else:
        asked = {"back": "1", "seen": ""}
        addresses = [reverse("web:attendance_save", args=[c.uid]) for c in prison.courses]
        answers = [client.post(address, asked) for address in addresses]
    pages = [one.content.decode() for one in answers]
    seen = sum("زندانی‌نام" in one for one in pages) if name == "person_detail" else 0
    seen = seen or len({word for one in pages for word in _numbers(one)})
    assert 150 <= seen <= 200
    assert {one.status_code for one in answers} == {200, 429}
    assert ReadingAlarm.objects.get().asked >= PERSONS - 1


def _numbers(text: str) -> set[str]:
    return {part.split()[0].strip("،<") for part in text.split("زندانی‌نام ")[1:]}


def test_who_waits_reads_when_and_goes_on_then(
    clerk: SimpleNamespace, prison: SimpleNamespace, clock: Clock
) -> None:
    walk(clerk.client, prison.courses[:8])
    slow = clerk.client.get(page(prison.courses[8]))
    assert slow.status_code == 429
    assert slow["Retry-After"] == "120"
    assert "no-store" in slow["Cache-Control"]
    assert "۲ دقیقهٔ دیگر، ساعت ۱۱:۳۷" in slow.content.decode()
    assert names_in(slow.content.decode()) == 0
    clock.shift(seconds=119)
    assert clerk.client.get(page(prison.courses[8])).status_code == 429
    clock.shift(seconds=1)
    assert clerk.client.get(page(prison.courses[8])).status_code == 200
    assert clerk.client.get(page(prison.courses[9])).status_code == 429
    clock.shift(hours=1)
    assert walk(clerk.client, prison.courses[9:12])[1] == [200] * 3
    assert not ReadingAlarm.objects.exists()


def test_a_day_has_a_limit_of_its_own(
    clerk: SimpleNamespace, prison: SimpleNamespace, clock: Clock
) -> None:
    statuses = []
    for first in range(0, COURSES, 6):
        statuses += walk(clerk.client, prison.courses[first : first + 6])[1]
        clock.shift(hours=1, seconds=1)
    assert statuses == [200] * 21 + [429] * 2  # 400 persons are twenty courses and some
    clock.shift(days=1)
    assert clerk.client.get(page(prison.courses[22])).status_code == 200


def test_a_normal_day_of_a_clerk_is_not_slowed(
    clerk: SimpleNamespace, prison: SimpleNamespace, clock: Clock
) -> None:
    """Five courses, opened again and again: who was seen today is no further name."""
    for _ in range(10):
        assert walk(clerk.client, prison.courses[:5])[1] == [200] * 5
        clock.shift(minutes=20)
    assert RecentReading.objects.count() == 100
    assert len(readings(clerk.user)) == 50
    assert not ReadingAlarm.objects.exists()


def test_saving_attendance_is_not_blocked(
    clerk: SimpleNamespace, prison: SimpleNamespace, clock: Clock
) -> None:
    """Whoever opened a register saves it and sees it again, however many others were walked."""
    course = prison.courses[0]
    add_sessions(course=course, days=[course.starts_on], minutes=60, by=None)
    register = reverse("web:attendance", args=[course.uid])
    opened = clerk.client.get(register + SHOW).context["register"]
    walk(clerk.client, prison.courses)
    box = opened.lines[0].boxes[0]
    sent = {"seen": opened.seen, box.name: "ح"}
    saved = clerk.client.post(reverse("web:attendance_save", args=[course.uid]), sent, follow=True)
    assert saved.status_code == 200
    assert Attendance.objects.get().mark == "present"
    assert saved.context["register"].lines[0].boxes[0].mark == "present"
    wrong = {"seen": opened.seen, box.name: "نادرست"}
    typed = clerk.client.post(reverse("web:attendance_save", args=[course.uid]), wrong)
    assert typed.status_code == 422
    assert "نادرست" in typed.content.decode()


def test_one_entry_names_everybody_of_a_page_and_where(
    clerk: SimpleNamespace, prison: SimpleNamespace
) -> None:
    course = prison.courses[3]
    clerk.client.get(page(course))
    [entry] = readings(clerk.user)
    uids = course.enrolments.values_list("person__uid", flat=True)
    assert entry.action == "read.names"
    assert entry.details == {
        "targets": [f"person:{uid}" for uid in sorted(uids)],
        "fields": ["names"],
        "reason": "",
        "where": f"course:{course.uid}",
    }


def test_names_of_a_course_that_tells_nothing_are_not_counted(
    sign_in: SignIn, known: SimpleNamespace
) -> None:
    director = sign_in(Role.DIRECTOR)
    assert "کریمی" in director.get(page(known.one)).content.decode()
    director.get(reverse("web:people") + SHOW)
    director.get(reverse("web:person_detail", args=[known.sara.uid]))
    assert not RecentReading.objects.exists()
    assert list(Entry.objects.values_list("action", flat=True)) == ["people.seen"]


@pytest.mark.parametrize("tells", ["partner", "agreement", "centre", "centre_type", "audience"])
def test_what_stands_for_a_status_is_as_sensitive(known: SimpleNamespace, tells: str) -> None:
    course = known.one
    assert not is_revealing([known.sara.pk])
    row = {
        "partner": course.agreement.partner,
        "agreement": course.agreement,
        "centre": course.centre,
        "centre_type": course.centre.centre_type,
    }.get(tells)
    if row:
        type(row).objects.filter(pk=row.pk).update(reveals_status=True)
    else:
        audience = known.world.audiences["زندانی"]
        type(audience).objects.filter(pk=audience.pk).update(is_sensitive=True)
    assert course in revealing_courses()
    assert is_revealing([known.sara.pk])
    assert not is_revealing([Person.objects.create().pk])


def test_who_keeps_the_register_sees_names_while_it_is_open(
    clerk: SimpleNamespace, prison: SimpleNamespace, sign_in: SignIn, clock: Clock
) -> None:
    """Before and after that, and for who does not keep it, they come when asked for."""
    course = prison.courses[0]
    add_sessions(course=course, days=[course.starts_on], minutes=60, by=None)
    address, register = (
        reverse(f"web:{name}", args=[course.uid]) for name in ("course_detail", "attendance")
    )

    def shown(client: Client, at: str = address) -> bool:
        return names_in(client.get(at).content.decode()) > 0

    assert not shown(clerk.client)
    assert not shown(clerk.client, register)
    Course.objects.filter(pk=course.pk).update(
        starts_on=dt.date(2026, 10, 1), ends_on=dt.date(2026, 10, 24)
    )
    assert shown(clerk.client)  # the thirtieth day after its end
    assert shown(clerk.client, register)
    assert not shown(sign_in(Role.DIRECTOR))
    clock.shift(days=1)
    assert not shown(clerk.client)
    assert shown(clerk.client, address + SHOW)
    assert shown(clerk.client, register)  # asked for once, the course is open for an hour
    clock.shift(hours=1)
    assert not shown(clerk.client, register)


def test_the_list_of_people_is_closed_until_somebody_searches(
    clerk: SimpleNamespace, prison: SimpleNamespace
) -> None:
    closed = clerk.client.get(reverse("web:people")).content.decode()
    assert names_in(closed) == 0
    assert "۴۵۲" in closed
    assert readings(clerk.user) == []
    found = clerk.client.get(reverse("web:people"), {"q": "زندانی‌نام 451"})
    assert names_in(found.content.decode()) == 1
    [entry] = readings(clerk.user)
    assert entry.details["where"] == "people"


@pytest.fixture
def alarm(clerk: SimpleNamespace, prison: SimpleNamespace) -> ReadingAlarm:
    walk(clerk.client, prison.courses)
    return ReadingAlarm.objects.get()


def test_an_alarm_is_answered_by_somebody_else_with_a_note(
    clock: Clock, alarm: ReadingAlarm, sign_in: SignIn
) -> None:
    director = sign_in(Role.DIRECTOR)
    address = reverse("web:reading_alarm", args=[alarm.uid])
    assert director.post(address, {"note": "خوب"}).status_code == 422
    assert director.post(address, {"note": "به شمارهٔ ۰۹۱۲۱۲۳۴۵۶۷ گفت"}).status_code == 422
    assert director.post(address, {"note": NOTE}).status_code == 302
    alarm.refresh_from_db()
    assert (alarm.answered_by.username, alarm.note) == ("director", NOTE)
    assert NOTE in director.get(address).content.decode()
    assert not director.get(reverse("web:attention"), {"kind": "reading"}).context["listing"].rows
    [entry] = Entry.objects.filter(action="privacy.reading_alarm_answered")
    assert NOTE not in str(entry.details)
    assert director.post(address, {"note": NOTE}).status_code == 302
    assert Entry.objects.filter(action="privacy.reading_alarm_answered").count() == 1


def test_nobody_answers_for_themselves(alarm: ReadingAlarm, sign_in: SignIn) -> None:
    auditor = sign_in(Role.AUDITOR)
    own = User.objects.get(username="auditor")
    ReadingAlarm.objects.filter(pk=alarm.pk).update(account=own)
    alarm.refresh_from_db()
    with pytest.raises(Refusal):
        answer_alarm(alarm, note=NOTE, by=own)
    auditor.post(reverse("web:reading_alarm", args=[alarm.uid]), {"note": NOTE})
    alarm.refresh_from_db()
    assert alarm.answered_by is None
    assert not auditor.get(reverse("web:attention"), {"kind": "reading"}).context["listing"].rows
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingAlarm.objects.update(answered_by=own, answered_at=timezone.now(), note=NOTE)


def test_an_answer_is_given_once_and_says_something(alarm: ReadingAlarm) -> None:
    other = User.objects.create(username="other")
    with pytest.raises(Refusal):
        answer_alarm(alarm, note="—", by=other)
    answer_alarm(alarm, note=NOTE, by=other)
    with pytest.raises(Refusal):
        answer_alarm(alarm, note=NOTE, by=other)


def test_after_an_answer_names_come_as_before_it(
    clock: Clock, alarm: ReadingAlarm, clerk: SimpleNamespace, prison: SimpleNamespace
) -> None:
    """Until then each further page waits a quarter of an hour; another alarm needs as many again."""
    assert clerk.client.get(page(prison.courses[8]))["Retry-After"] == "900"
    answer_alarm(alarm, note=NOTE, by=User.objects.create(username="other"))
    clock.shift(seconds=120)
    assert clerk.client.get(page(prison.courses[8])).status_code == 200
    assert clerk.client.get(page(prison.courses[9]))["Retry-After"] == "120"
    assert ReadingAlarm.objects.count() == 1


def test_an_alarm_of_another_province_is_not_seen(alarm: ReadingAlarm, sign_in: SignIn) -> None:
    user = User.objects.create(username="elsewhere")
    other = record(Province, "استان دیگر", code="other")
    Membership.objects.create(user=user, role=Role.DIRECTOR, province=other)
    client = Client()
    client.force_login(user)
    assert client.get(reverse("web:reading_alarm", args=[alarm.uid])).status_code == 404
    assert not client.get(reverse("web:attention"), {"kind": "reading"}).context["listing"].rows


def test_counts_go_when_no_limit_needs_them(
    clock: Clock, clerk: SimpleNamespace, prison: SimpleNamespace
) -> None:
    clerk.client.get(page(prison.courses[0]))
    clock.shift(days=2)
    clerk.client.get(page(prison.courses[1]))
    assert forget_old_readings() == 0
    clock.shift(seconds=1)
    assert forget_old_readings() == 20
    assert RecentReading.objects.count() == 20


def test_what_counting_costs_does_not_grow(
    clerk: SimpleNamespace, prison: SimpleNamespace, django_assert_max_num_queries
) -> None:
    ids = [person.pk for person in prison.people]
    with django_assert_max_num_queries(22):
        read_names(person_ids=ids[:50], where="people", by=clerk.user)
    with django_assert_max_num_queries(22):
        read_names(person_ids=ids[50:150], where="people", by=clerk.user)
    with django_assert_max_num_queries(22), pytest.raises(SlowDownError):
        read_names(person_ids=ids[150:290], where="people", by=clerk.user)


def test_who_looked_stands_on_the_page_of_a_person_by_day(
    clock: Clock, clerk: SimpleNamespace, prison: SimpleNamespace, sign_in: SignIn
) -> None:
    course, person = prison.courses[0], prison.people[0]
    address = reverse("web:person_detail", args=[person.uid])
    for _ in range(3):
        clerk.client.get(page(course))
    clock.shift(days=1)
    clerk.client.get(address)
    page_of = {role: sign_in(role).get(address) for role in (Role.DIRECTOR, Role.AUDITOR)}
    first, second = page_of[Role.DIRECTOR].context["looks"]
    assert [(look.by.username, look.count) for look in first.looks] == [
        ("director", 1),
        ("clerk", 1),
    ]
    assert [(look.by.username, look.count) for look in second.looks] == [("clerk", 3)]
    assert second.looks[0].record.name == course.title
    assert "مشاهده‌ها" in page_of[Role.AUDITOR].content.decode()
    assert clerk.client.get(address).context["looks"] == []
    listed = sign_in(Role.DIRECTOR).get(reverse("web:person_readings", args=[person.uid]))
    assert [day.date for day in listed.context["days"]] == [first.date, second.date]


@postgresql_only
def test_behind_the_wall_names_are_counted_and_slowed_alike(
    clerk: SimpleNamespace, prison: SimpleNamespace, clock: Clock
) -> None:
    """As the service, which sees what lies in the clerk's scope only and owns no table."""
    make_service_role()
    with as_service():
        seen, statuses = walk(clerk.client, prison.courses)
    assert statuses == [200] * 8 + [429] * 15
    alarm = ReadingAlarm.objects.get()
    assert (alarm.asked, alarm.shown, alarm.province) == (PERSONS, seen, prison.centre.province)
