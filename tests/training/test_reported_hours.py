"""Hours of a roster give way to the register only as was seen, are kept, and are restored."""

from types import SimpleNamespace

import pytest

from figures.conftest import world, year
from periods.conftest import shut
from registers import save_agreed
from tafahom.access.models import User
from tafahom.audit.models import Change as AuditChange
from tafahom.audit.models import Entry
from tafahom.audit.verification import verify_chain
from tafahom.jalali import from_jalali
from tafahom.refusals import Refusal
from tafahom.scoping import NOTHING, Scope, scoped_to
from tafahom.training.attendance.actions import MarkChange, add_sessions, save_attendance
from tafahom.training.attendance.reported import (
    HoursPreview,
    preview_restore,
    restore_reported_hours,
)
from tafahom.training.models import Attendance, ChangedCourse, Enrolment, ReportedHours

__all__ = ["world", "year"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db: None) -> User:
    return User.objects.create(username="clerk")


@pytest.fixture
def register(year: SimpleNamespace) -> SimpleNamespace:
    """Course one with three sessions of 4 hours; a roster reported 10 hours for both people."""
    course = year.one
    Enrolment.objects.filter(course=course).update(credited_minutes=600)
    days = [from_jalali(1397, 1, 20), from_jalali(1397, 1, 22), from_jalali(1397, 2, 3)]
    add_sessions(course=course, days=days, minutes=240, by=None)
    ChangedCourse.objects.all().delete()
    return SimpleNamespace(
        course=course,
        sessions=list(course.sessions.order_by("ordinal").values_list("pk", flat=True)),
        ali=year.enrolments["one_ali"].pk,
        sara=year.enrolments["one_sara"].pk,
    )


def present(who: int, *sessions: int) -> list[MarkChange]:
    return [MarkChange(who, session, "present", "") for session in sessions]


def asked(
    register: SimpleNamespace, changes: list[MarkChange], confirmed: str = ""
) -> HoursPreview:
    """The preview that stands between these marks and their saving."""
    with pytest.raises(Refusal) as caught:
        save_attendance(course=register.course, changes=changes, by=None, confirmed=confirmed)
    assert caught.value.code == ("hours.changed" if confirmed else "hours.reported")
    found: HoursPreview = caught.value.params["preview"]
    return found


def hours(register: SimpleNamespace) -> tuple[int, int]:
    credited = dict(Enrolment.objects.values_list("pk", "credited_minutes"))
    return credited[register.ali], credited[register.sara]


def restore(register: SimpleNamespace, by: User | None = None) -> HoursPreview:
    seen = preview_restore(register.course)
    return restore_reported_hours(course=register.course, confirmed=seen.digest, by=by)


def test_nothing_is_saved_before_it_was_shown_whose_hours_change(
    register: SimpleNamespace,
) -> None:
    preview = asked(register, present(register.ali, register.sessions[0]))
    [change] = preview.changes
    assert (change.enrolment_id, change.before, change.after) == (register.ali, 600, 240)
    assert (preview.total_before, preview.total_after, preview.difference) == (1200, 840, -360)
    assert hours(register) == (600, 600)
    assert not Attendance.objects.exists()
    assert not ReportedHours.objects.exists()


def test_what_was_shown_is_saved_and_the_reported_hours_are_kept(
    register: SimpleNamespace, clerk: User
) -> None:
    wish = present(register.ali, register.sessions[0])
    seen = asked(register, wish)
    save_attendance(course=register.course, changes=wish, by=clerk, confirmed=seen.digest)
    assert hours(register) == (240, 600)
    row = ReportedHours.objects.get()
    assert (row.enrolment_id, row.minutes, row.register_minutes) == (register.ali, 600, 240)
    assert (row.replaced_by, row.restored_at) == (clerk, None)
    details = Entry.objects.latest("id").details
    assert (details["minutes"], details["reported_replaced"]) == (-360, 1)
    # The register counts for Ali from now on: his further marks need no preview.
    save_attendance(
        course=register.course, changes=present(register.ali, register.sessions[1]), by=clerk
    )
    assert hours(register) == (480, 600)


def test_when_marks_changed_meanwhile_it_is_shown_again(register: SimpleNamespace) -> None:
    first, second, _third = register.sessions
    wish = present(register.ali, first)
    seen = asked(register, wish)
    save_agreed(register.course, present(register.ali, second))
    # By now his hours are the register's: nothing of a roster is replaced any more.
    saved = save_attendance(course=register.course, changes=wish, by=None, confirmed=seen.digest)
    assert saved.changed == 1
    assert hours(register) == (480, 600)
    seen = asked(register, present(register.sara, first))
    Enrolment.objects.filter(pk=register.sara).update(credited_minutes=660)
    again = asked(register, present(register.sara, first), confirmed=seen.digest)
    assert again.changes[0].before == 660
    assert again.digest != seen.digest


def test_a_preview_of_other_marks_confirms_nothing(register: SimpleNamespace) -> None:
    first, second, _third = register.sessions
    seen = asked(register, present(register.ali, first))
    asked(register, present(register.ali, second), confirmed=seen.digest)
    assert hours(register) == (600, 600)


def test_marks_that_leave_the_hours_as_they_are_ask_nothing(register: SimpleNamespace) -> None:
    Enrolment.objects.filter(pk=register.ali).update(credited_minutes=240)
    wish = present(register.ali, register.sessions[0])
    assert save_attendance(course=register.course, changes=wish, by=None).changed == 1
    assert not ReportedHours.objects.exists()


def test_reported_hours_are_restored_as_was_seen_and_marks_stay(
    register: SimpleNamespace, clerk: User
) -> None:
    first, second, _third = register.sessions
    save_agreed(
        register.course, [*present(register.ali, first, second), *present(register.sara, first)]
    )
    assert hours(register) == (480, 240)
    preview = preview_restore(register.course)
    assert (preview.total_before, preview.total_after) == (720, 1200)
    ChangedCourse.objects.all().delete()
    restore(register, by=clerk)
    assert hours(register) == (600, 600)
    assert Attendance.objects.count() == 3
    assert set(ReportedHours.objects.values_list("restored_by", flat=True)) == {clerk.pk}
    assert ChangedCourse.objects.get().course_id == register.course.pk
    entry = Entry.objects.latest("id")
    assert entry.action == "training.reported_hours_restored"
    assert entry.details == {"enrolments": 2, "minutes": 480}
    # The history of the table says what it was before, too.
    assert AuditChange.objects.filter(table="training_reportedhours", entry=entry).count() == 2
    assert verify_chain().intact


def test_what_is_restored_can_be_replaced_and_restored_again(register: SimpleNamespace) -> None:
    first, second, _third = register.sessions
    save_agreed(register.course, present(register.ali, first))
    restore(register)
    asked(register, present(register.ali, second))
    save_agreed(register.course, present(register.ali, second))
    assert hours(register) == (480, 600)
    restore(register)
    assert hours(register) == (600, 600)
    with pytest.raises(Refusal, match="nothing_kept"):
        preview_restore(register.course)


def test_a_restoring_that_was_not_seen_so_is_refused(register: SimpleNamespace) -> None:
    first, second, _third = register.sessions
    save_agreed(register.course, present(register.ali, first))
    seen = preview_restore(register.course)
    save_agreed(register.course, present(register.ali, second))
    for confirmed in (seen.digest, ""):
        with pytest.raises(Refusal) as caught:
            restore_reported_hours(course=register.course, confirmed=confirmed, by=None)
        assert caught.value.params["preview"].changes[0].before == 480
    assert hours(register) == (480, 600)


def test_who_got_other_hours_since_keeps_them(register: SimpleNamespace) -> None:
    first = register.sessions[0]
    save_agreed(register.course, [*present(register.ali, first), *present(register.sara, first)])
    Enrolment.objects.filter(pk=register.ali).update(credited_minutes=660)  # a roster sent again
    preview = preview_restore(register.course)
    assert ([one.enrolment_id for one in preview.changes], preview.kept) == ([register.sara], 1)
    restore(register)
    assert hours(register) == (660, 600)


def test_with_nothing_kept_there_is_nothing_to_restore(register: SimpleNamespace) -> None:
    with pytest.raises(Refusal, match="nothing_kept"):
        restore_reported_hours(course=register.course, confirmed="", by=None)


@pytest.mark.parametrize("month", [139701, 139702])
def test_closed_months_refuse_both(register: SimpleNamespace, month: int) -> None:
    first, _second, third = register.sessions
    save_agreed(register.course, present(register.ali, first))
    shut(register.course.centre.province, month)
    # The course ended in Ordibehesht; Sara has no mark in Farvardin, Ali has.
    with pytest.raises(Refusal, match=r"period\.closed"):
        preview_restore(register.course)
    with pytest.raises(Refusal, match=r"period\.closed"):
        restore_reported_hours(course=register.course, confirmed="", by=None)
    if month == 139702:
        with pytest.raises(Refusal, match=r"period\.closed"):
            save_agreed(register.course, present(register.sara, third))


def test_a_mark_in_a_closed_month_keeps_reported_hours_from_being_replaced(
    register: SimpleNamespace,
) -> None:
    first, _second, third = register.sessions
    save_agreed(register.course, present(register.ali, first))
    restore(register)
    shut(register.course.centre.province, 139701)
    # The mark of Farvardin would begin to count by the month of its session.
    with pytest.raises(Refusal, match=r"period\.closed"):
        save_agreed(register.course, present(register.ali, third))
    save_agreed(register.course, present(register.sara, third))
    assert hours(register) == (600, 240)


def test_kept_hours_are_seen_where_their_course_is(register: SimpleNamespace) -> None:
    save_agreed(register.course, present(register.ali, register.sessions[0]))
    with scoped_to(Scope(courses=frozenset({register.course.uid}))):
        assert ReportedHours.objects.count() == 1
    with scoped_to(NOTHING):
        assert ReportedHours.objects.count() == 0
