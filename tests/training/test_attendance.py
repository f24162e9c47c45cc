"""A register kept by hand: what it takes, what it credits, what two clerks do to it at once."""

import datetime as dt
from types import SimpleNamespace

import pytest
from pytest_django.fixtures import Settings

from figures.conftest import world, year
from tafahom.audit.models import Entry
from tafahom.audit.verification import verify_chain
from tafahom.jalali import from_jalali, today
from tafahom.refusals import Refusal
from tafahom.training.attendance.actions import (
    MarkChange,
    add_sessions,
    remove_session,
    save_attendance,
)
from tafahom.training.attendance.queries import marks_of
from tafahom.training.models import Attendance, ChangedCourse, Course, CourseSession, Enrolment

__all__ = ["world", "year"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def register(year: SimpleNamespace) -> SimpleNamespace:
    """Course one (12 hours) with Ali and Sara, three sessions of 4 hours, and no mark yet."""
    course = year.one
    Enrolment.objects.filter(course=course).update(credited_minutes=0)
    days = [from_jalali(1397, 1, 20), from_jalali(1397, 1, 22), from_jalali(1397, 2, 3)]
    add_sessions(course=course, days=days, minutes=240, by=None)
    ChangedCourse.objects.all().delete()
    return SimpleNamespace(
        course=course,
        days=days,
        sessions=list(course.sessions.order_by("ordinal").values_list("pk", flat=True)),
        ali=year.enrolments["one_ali"].pk,
        sara=year.enrolments["one_sara"].pk,
    )


def change(who: int, session: int, mark: str, seen: str = "") -> MarkChange:
    return MarkChange(who, session, mark, seen)


def says(register: SimpleNamespace) -> dict[tuple[int, int], str]:
    return {place: cell.mark for place, cell in marks_of(register.course).items()}


def refusal(work, **arguments: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work(by=None, **arguments)
    return caught.value


def save(register: SimpleNamespace, *changes: MarkChange, **others: str):
    return save_attendance(course=register.course, changes=changes, by=None, **others)


def test_marks_credit_minutes_and_the_figures_are_told(register: SimpleNamespace) -> None:
    first, second, third = register.sessions
    saved = save(
        register,
        change(register.ali, first, "present"),
        change(register.ali, second, "late"),
        change(register.ali, third, "excused"),
        change(register.sara, first, "absent"),
    )
    assert (saved.changed, saved.conflicts, saved.gone) == (4, [], 0)
    assert Enrolment.objects.get(pk=register.ali).credited_minutes == 480
    assert Enrolment.objects.get(pk=register.sara).credited_minutes == 0
    changed = ChangedCourse.objects.get()
    assert (changed.course_id, changed.end_month) == (register.course.pk, 139702)
    entry = Entry.objects.latest("id")
    assert entry.target == f"course:{register.course.uid}"
    assert entry.details["marks"] == {"absent": 1, "excused": 1, "late": 1, "present": 1}
    assert entry.details["minutes"] == 480
    assert verify_chain().intact


def test_late_counts_as_the_office_has_set(register: SimpleNamespace, settings: Settings) -> None:
    settings.LATE_COUNTS_WHOLE = False
    save(register, change(register.ali, register.sessions[0], "late"))
    assert Enrolment.objects.get(pk=register.ali).credited_minutes == 120


def test_what_is_saved_again_changes_nothing_and_leaves_no_entry(register: SimpleNamespace) -> None:
    wish = change(register.ali, register.sessions[0], "present")
    save(register, wish)
    entries = Entry.objects.count()
    ChangedCourse.objects.all().delete()
    assert save(register, wish).changed == 0
    assert Entry.objects.count() == entries
    assert not ChangedCourse.objects.exists()


def test_a_mark_can_be_corrected_and_taken_back(register: SimpleNamespace) -> None:
    session = register.sessions[0]
    save(register, change(register.ali, session, "present"))
    save(register, change(register.ali, session, "absent", seen="present"))
    assert says(register) == {(register.ali, session): "absent"}
    save(register, change(register.ali, session, "", seen="absent"))
    assert not Attendance.objects.exists()
    assert Enrolment.objects.get(pk=register.ali).credited_minutes == 0


def test_two_clerks_at_once_keep_each_others_marks(register: SimpleNamespace) -> None:
    first, second, _third = register.sessions
    save(register, change(register.ali, first, "present"), change(register.ali, second, "absent"))
    # The other one loaded the register while it was empty.
    saved = save(
        register,
        change(register.ali, first, "present"),
        change(register.ali, second, "excused"),
        change(register.sara, second, "present"),
    )
    assert saved.changed == 1
    assert [(wish.mark, now) for wish, now in saved.conflicts] == [("excused", "absent")]
    assert says(register) == {
        (register.ali, first): "present",
        (register.ali, second): "absent",
        (register.sara, second): "present",
    }


def test_marks_of_people_and_sessions_that_are_gone_are_counted(register: SimpleNamespace) -> None:
    elsewhere = Enrolment.objects.exclude(course=register.course).first()
    assert elsewhere
    saved = save(
        register,
        change(register.ali, 10**9, "present"),
        change(elsewhere.pk, register.sessions[0], "present"),
    )
    assert (saved.changed, saved.gone) == (0, 2)
    assert not Attendance.objects.exists()


def test_no_more_is_credited_than_the_course_has_hours(register: SimpleNamespace) -> None:
    Course.objects.filter(pk=register.course.pk).update(planned_minutes=300)
    wishes = [change(register.ali, pk, "present") for pk in register.sessions[:2]]
    refused = refusal(save_attendance, course=register.course, changes=wishes)
    assert refused.code == "minutes.beyond_planned"
    assert not Attendance.objects.exists()


def test_a_day_that_has_not_come_cannot_be_marked(register: SimpleNamespace) -> None:
    ahead = today() + dt.timedelta(days=3)
    Course.objects.filter(pk=register.course.pk).update(ends_on=ahead, planned_minutes=6000)
    add_sessions(course=register.course, days=[ahead], minutes=60, by=None)
    session = CourseSession.objects.get(held_on=ahead)
    wish = change(register.ali, session.pk, "present")
    refused = refusal(save_attendance, course=register.course, changes=[wish])
    assert (refused.code, refused.params["day"]) == ("session.not_held", ahead)


def test_nonsense_is_no_mark(register: SimpleNamespace) -> None:
    wish = change(register.ali, register.sessions[0], "asleep")
    refused = refusal(save_attendance, course=register.course, changes=[wish])
    assert refused.code == "mark.unknown"


@pytest.mark.parametrize(
    ("day", "minutes", "code"),
    [
        ((1397, 1, 14), 60, "session.outside_course"),
        ((1397, 3, 1), 60, "session.outside_course"),
        ((1397, 2, 10), 0, "session.length"),
        ((1397, 2, 10), 1441, "session.length"),
        ((1397, 1, 20), 60, "session.day_taken"),
    ],
)
def test_sessions_that_cannot_be(register: SimpleNamespace, day, minutes: int, code: str) -> None:
    Course.objects.filter(pk=register.course.pk).update(planned_minutes=9000)
    days = [from_jalali(*day)]
    refused = refusal(add_sessions, course=register.course, days=days, minutes=minutes)
    assert refused.code == code
    assert CourseSession.objects.count() == 3


def test_sessions_do_not_exceed_the_course(register: SimpleNamespace) -> None:
    Course.objects.filter(pk=register.course.pk).update(planned_minutes=900)
    day = from_jalali(1397, 2, 10)
    refused = refusal(add_sessions, course=register.course, days=[day], minutes=181)
    assert (refused.code, refused.params) == ("sessions.beyond_planned", {"hours": 3.0})
    add_sessions(course=register.course, days=[day], minutes=180, by=None)


def test_a_day_has_two_sessions_only_on_purpose(register: SimpleNamespace) -> None:
    Course.objects.filter(pk=register.course.pk).update(planned_minutes=9000)
    days = [register.days[0]]
    add_sessions(course=register.course, days=days, minutes=60, by=None, again_on_a_day=True)
    assert CourseSession.objects.filter(held_on=days[0]).count() == 2


def test_a_session_goes_only_while_it_is_empty(register: SimpleNamespace) -> None:
    save(register, change(register.ali, register.sessions[0], "absent"))
    remove = {"course": register.course}
    assert refusal(remove_session, ordinal=1, **remove).code == "session.has_marks"
    remove_session(ordinal=2, by=None, **remove)
    assert list(register.course.sessions.values_list("ordinal", flat=True)) == [1, 3]
    assert refusal(remove_session, ordinal=2, **remove).code == "session.gone"
    # The next one gets a number of its own.
    add_sessions(days=[from_jalali(1397, 2, 9)], minutes=60, by=None, **remove)
    assert list(register.course.sessions.values_list("ordinal", flat=True)) == [1, 3, 4]


def test_a_big_register_is_saved_in_as_few_queries_as_a_small_one(
    register: SimpleNamespace, world, django_assert_max_num_queries
) -> None:
    Course.objects.filter(pk=register.course.pk).update(planned_minutes=60_000)
    days = [register.course.starts_on + dt.timedelta(days=n) for n in range(40)]
    add_sessions(course=register.course, days=days, minutes=60, by=None, again_on_a_day=True)
    for _ in range(20):
        world.enrol(world.person(), register.course, minutes=0)
    sessions = list(register.course.sessions.values_list("pk", flat=True))
    people = list(register.course.enrolments.values_list("pk", flat=True))
    everything = [change(who, one, "present") for who in people for one in sessions]
    # On PostgreSQL two more than on SQLite: which act made a change is written beside it.
    with django_assert_max_num_queries(26):
        assert save(register, *everything).changed == 43 * 22
    back = [change(wish.enrolment_id, wish.session_id, "", "present") for wish in everything]
    with django_assert_max_num_queries(26):
        save(register, *back)
    assert not Attendance.objects.exists()
