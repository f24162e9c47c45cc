"""Closing a month, its open points, and correcting it by two persons."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from periods.conftest import shut
from tafahom.access.models import User
from tafahom.audit.models import Entry
from tafahom.exchange import closing
from tafahom.exchange.models import StagedImport
from tafahom.jalali import month_of, today
from tafahom.operations.findings import Severity
from tafahom.operations.health import examine
from tafahom.periods import actions, guards
from tafahom.periods.messages import refusal_in, understood
from tafahom.periods.models import Adjustment, Period, PeriodState, PeriodStep, Reopening
from tafahom.periods.queries import are_final, locked_months
from tafahom.periods.rules import PeriodClosedError, RefusedError
from tafahom.training.models import Course, CourseSession, Enrolment, RosterImport

pytestmark = pytest.mark.django_db
Reopen = Callable[[Period], Reopening]


def codes(province, month: int) -> dict[str, int]:
    return {
        point.code: point.count for point in closing.open_points(province=province, month=month)
    }


def test_open_points_name_what_to_look_at(year: SimpleNamespace) -> None:
    world = year.world
    empty = world.course(year.trade, (1397, 2, 3))
    silent = world.course(year.trade, (1397, 2, 4))
    enrolment = world.enrol(world.person(), silent, minutes=0)
    world.enrol(world.person(), silent, marks=(6000, None))
    CourseSession.objects.create(
        course=silent, held_on=silent.ends_on, ordinal=1, month=139702, minutes=60
    )
    file = RosterImport.objects.create(
        sha256="a" * 64, file_name="a.xlsx", imported_at=timezone.now(), rejected=3
    )
    Enrolment.objects.filter(pk=enrolment.pk).update(roster_import=file)
    uploader = User.objects.create(username="clerk")
    StagedImport.objects.create(uploader=uploader)
    points = {p.code: p for p in closing.open_points(province=world.province, month=139702)}
    assert {code: point.count for code, point in points.items()} == {
        "courses.empty": 1,
        "attendance.missing": 2,
        "hours.none": 1,
        "marks.one_missing": 2,
        "rows.rejected": 3,
        "files.waiting": 1,
    }
    assert [row.uid for row in points["courses.empty"].rows] == [empty.uid]
    assert [(row.uid, row.count) for row in points["attendance.missing"].rows] == [(silent.uid, 2)]
    assert [row.uid for row in points["rows.rejected"].rows] == [file.uid]


def test_a_course_that_runs_on_is_open_in_its_month(world) -> None:
    agreement = world.agreement("1", world.partner("الف"))
    Course.objects.filter(pk=world.course(agreement, (1397, 3, 1)).pk).update(
        ends_on=today() + timedelta(days=3)
    )
    assert codes(world.province, 139703)["courses.unfinished"] == 1


def test_looking_at_a_month_asks_as_often_for_many_courses(
    year: SimpleNamespace, django_assert_num_queries
) -> None:
    with django_assert_num_queries(7):
        codes(year.world.province, 139705)
    for day in range(1, 30):
        year.world.course(year.trade, (1397, 5, day))
    with django_assert_num_queries(7):
        codes(year.world.province, 139705)


def test_a_month_is_closed_when_each_open_point_is_accepted_with_a_reason(
    year: SimpleNamespace,
) -> None:
    province = year.world.province
    actions.begin_closing(province=province, month=139702, by=None)
    with pytest.raises(RefusedError, match=r"findings\.not_accepted"):
        closing.close(province=province, month=139702, accepted={}, by=None)
    accepted = {"marks.one_missing": "  "}
    with pytest.raises(RefusedError, match=r"findings\.not_accepted"):
        closing.close(province=province, month=139702, accepted=accepted, by=None)
    accepted = {"marks.one_missing": "غایب بود", "hours.none": "نیست"}
    period = closing.close(province=province, month=139702, accepted=accepted, by=None)
    assert period.state == PeriodState.CLOSED
    step = period.steps.get(kind="closed")
    assert step.details["accepted"] == {"marks.one_missing": {"count": 1, "reason": "غایب بود"}}
    assert step.details["figures"] == {
        "persons": 2, "person_courses": 2, "person_minutes": 1230, "sat": 2, "passed": 1,
        "certified": 1, "enrolled_persons": 2,
    }  # fmt: skip
    assert locked_months() == {(province.pk, 139702)}
    told = Entry.objects.get(action="periods.closed")
    assert told.target == "period:test/139702"
    assert "غایب" not in str(told.details)


def test_a_month_that_is_not_over_can_begin_to_close_and_no_more(world) -> None:
    month = month_of(today())
    actions.begin_closing(province=world.province, month=month, by=None)
    with pytest.raises(RefusedError, match=r"month\.not_over"):
        closing.close(province=world.province, month=month, accepted={}, by=None)
    assert actions.leave_closing(province=world.province, month=month, by=None).state == "open"
    assert [step.kind for step in PeriodStep.objects.all()] == ["left", "begun"]


def test_a_refused_beginning_leaves_no_trace(world) -> None:
    with pytest.raises(RefusedError, match=r"month\.not_begun"):
        actions.begin_closing(province=world.province, month=149912, by=None)
    assert not Period.objects.exists()


def test_closing_twice_is_refused(year: SimpleNamespace) -> None:
    shut(year.world.province, 139702)
    with pytest.raises(RefusedError, match=r"state\.not_open"):
        actions.begin_closing(province=year.world.province, month=139702, by=None)
    with pytest.raises(RefusedError, match=r"state\.not_closing"):
        closing.close(province=year.world.province, month=139702, accepted={}, by=None)


def test_a_correction_takes_two_persons(year: SimpleNamespace, asker: User, approver: User) -> None:
    period = shut(year.world.province, 139702)
    until = timezone.now() + timedelta(days=1)
    ask = {"province": year.world.province, "month": 139702, "by": asker}
    with pytest.raises(RefusedError, match=r"reason\.missing"):
        actions.ask_reopening(**ask, reason=" ", until=until)
    reopening = actions.ask_reopening(**ask, reason="خطا", until=until)
    assert locked_months()
    with pytest.raises(RefusedError, match=r"reopening\.same_person"):
        closing.approve_reopening(reopening, by=asker)
    with pytest.raises(RefusedError, match=r"reopening\.under_way"):
        actions.ask_reopening(**ask, reason="خطا", until=until)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reopening.objects.filter(pk=reopening.pk).update(
            approved_by=asker, approved_at=timezone.now()
        )
    closing.approve_reopening(reopening, by=approver)
    assert not locked_months()
    assert are_final([139702]) is False
    with pytest.raises(RefusedError, match=r"reopening\.none_asked"):
        actions.decline_reopening(reopening, by=approver)
    assert [step.kind for step in period.steps.all()] == ["approved", "asked", "closed", "begun"]


def test_what_was_declined_opens_nothing(
    year: SimpleNamespace, asker: User, approver: User
) -> None:
    shut(year.world.province, 139702)
    until = timezone.now() + timedelta(days=1)
    ask = {"province": year.world.province, "month": 139702, "reason": "خطا", "by": asker}
    reopening = actions.ask_reopening(**ask, until=until)
    actions.decline_reopening(reopening, reason="لازم نیست", by=approver)
    with pytest.raises(RefusedError, match=r"reopening\.none_asked"):
        closing.approve_reopening(reopening, by=approver)
    assert locked_months()
    assert actions.ask_reopening(**ask, until=until).pk != reopening.pk


def test_a_correction_leaves_adjustments_and_shuts_the_month_again(
    year: SimpleNamespace, reopen: Reopen, approver: User
) -> None:
    period = shut(year.world.province, 139702)
    reopening = reopen(period)
    year.world.enrol(year.world.person(), year.one, minutes=60, marks=(9000, 9000), passed=True)
    closing.close_again(reopening, by=approver)
    kinds = {one.kind: one for one in Adjustment.objects.all()}
    assert set(kinds) == {"month", "partner", "course"}
    assert kinds["partner"].record == year.prisons.uid
    assert kinds["course"].record == year.one.uid
    assert kinds["month"].reason == reopening.reason
    changes = {
        name: (kinds["month"].before[name], value) for name, value in kinds["month"].after.items()
    }
    assert changes == {
        "persons": (2, 3), "person_courses": (2, 3), "person_minutes": (1230, 1290), "sat": (2, 3),
        "passed": (1, 2), "certified": (1, 1), "enrolled_persons": (2, 3),
    }  # fmt: skip
    with pytest.raises(PeriodClosedError), understood():
        Enrolment.objects.filter(course=year.one).update(passed=True)
    assert are_final([139702]) is True
    assert are_final([139701, 139702]) is False


def test_a_reopening_ends_by_itself_and_is_still_accounted_for(
    year: SimpleNamespace, reopen: Reopen, approver: User
) -> None:
    period = shut(year.world.province, 139702)
    reopening = reopen(period)
    Enrolment.objects.filter(course=year.one).update(credited_minutes=30)
    guards.remove()
    Reopening.objects.filter(pk=reopening.pk).update(until=timezone.now() - timedelta(minutes=1))
    guards.install()
    assert locked_months()
    with pytest.raises(PeriodClosedError), understood():
        Enrolment.objects.filter(course=year.one).update(credited_minutes=60)
    assert len(closing.close_again(reopening, by=approver)) == 3


@pytest.mark.parametrize(
    "undo",
    [
        lambda period: Period.objects.filter(pk=period.pk).update(state="open"),
        lambda period: Period.objects.filter(pk=period.pk).update(month=139901),
        lambda period: PeriodStep.objects.all().delete(),
        lambda period: PeriodStep.objects.update(reason="نه"),
        lambda period: Reopening.objects.update(until=timezone.now() + timedelta(days=99)),
        lambda period: Reopening.objects.all().delete(),
    ],
)
def test_the_closing_itself_can_not_be_undone(
    year: SimpleNamespace, reopen: Reopen, undo: Callable[[Period], object]
) -> None:
    period = shut(year.world.province, 139702)
    reopen(period)
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        undo(period)
    assert refusal_in(error.value)


def test_nothing_is_said_of_finality_where_no_month_was_ever_closed(world) -> None:
    assert are_final([139702]) is None


def test_all_guards_are_up_and_come_back(db: None) -> None:
    assert guards.missing() == []
    guards.remove()
    assert len(guards.missing()) > 20
    found = [one for one in examine() if one.check == "guards"]
    assert {one.level for one in found} == {Severity.FAILED}
    guards.install()
    assert guards.missing() == []
