"""Marks of attendance in a row that replaces another, and what a register has decided."""

import datetime as dt
from dataclasses import replace as changed
from typing import Any

import pytest

from periods.conftest import shut
from registers import save_agreed
from rosters import course, entry, prepare
from tafahom.jalali import month_of
from tafahom.parties.queries import home_province
from tafahom.periods.rules import PeriodClosedError
from tafahom.training.attendance.actions import (
    MarkChange,
    add_sessions,
    remove_empty_sessions,
)
from tafahom.training.attendance.reported import has_reported_kept
from tafahom.training.models import Attendance, Course, Enrolment, ReplacedEnrolment, RosterImport
from tafahom.training.rosters.actions import UndoRefusedError, record_roster, undo_import
from tafahom.training.rosters.judging import Judgement
from tafahom.training.rosters.queries import judge_roster
from tafahom.training.rosters.rules import RosterEntry

pytestmark = pytest.mark.django_db
DAYS = (dt.date(2018, 5, 26), dt.date(2018, 6, 2), dt.date(2018, 6, 9))
PRESENT, ABSENT = ("present", 240), ("absent", 0)


def matrix(*marks: tuple[str, int], row: int = 2, **values: Any) -> RosterEntry:
    """A row with a mark for each of the three days."""
    facts = course(sessions=tuple((day, 240) for day in DAYS))
    minutes = sum(credited for _mark, credited in marks)
    return entry(row, facts, attendance=marks, credited_minutes=minutes, **values)


def judge(*rows: RosterEntry, sha: str, replace: bool = True) -> Judgement:
    return judge_roster(list(rows), sha256=sha * 64, replace=replace)


def send(*rows: RosterEntry, sha: str) -> RosterImport:
    """Judge and record rows, replacing what is recorded; all must be accepted."""
    judged = judge(*rows, sha=sha)
    assert judged.problems == []
    return record_roster(
        judged.accepted,
        sha256=sha * 64,
        file_name=f"{sha}.xlsx",
        rows=len(rows),
        rejected=0,
        by=None,
        replacing=judged.replacing,
    ).roster_import


def kind_of(judged: Judgement) -> str:
    [problem] = judged.problems
    assert problem.code == "row.duplicate"
    return dict(problem.params).get("kind", "")


def marks() -> list[tuple[dt.date, str]]:
    rows = Attendance.objects.order_by("session__held_on")
    return list(rows.values_list("session__held_on", "mark"))


def register_says(*credited: str) -> Course:
    """A course without marks in its roster, with these marks made by hand; hours of theirs."""
    found = Course.objects.get()
    add_sessions(course=found, days=list(DAYS), minutes=240, by=None)
    sessions = found.sessions.order_by("ordinal").values_list("pk", flat=True)
    who = Enrolment.objects.get().pk
    pairs = zip(sessions, credited, strict=False)
    save_agreed(found, [MarkChange(who, session, mark, "") for session, mark in pairs])
    return found


def test_marks_of_a_matrix_replace_marks_and_come_back() -> None:
    prepare()
    send(matrix(PRESENT, ABSENT, ABSENT), sha="a")
    before = marks()
    second = send(matrix(PRESENT, PRESENT, ABSENT), sha="b")
    assert Enrolment.objects.get().credited_minutes == 480
    assert [mark for _day, mark in marks()] == ["present", "present", "absent"]
    undo_import(second, by=None)
    assert Enrolment.objects.get().credited_minutes == 240
    assert marks() == before


def test_a_matrix_comes_in_place_of_hours_alone_and_goes_again() -> None:
    prepare()
    send(entry(2, course(), credited_minutes=300), sha="a")
    second = send(matrix(PRESENT, PRESENT, ABSENT), sha="b")
    assert len(marks()) == 3
    undo_import(second, by=None)
    assert marks() == []
    assert Enrolment.objects.get().credited_minutes == 300


def test_the_same_hours_on_other_days_are_something_else() -> None:
    prepare()
    send(matrix(PRESENT, ABSENT, ABSENT), sha="a")
    assert kind_of(judge(matrix(PRESENT, ABSENT, ABSENT), sha="b")) == ""
    other = matrix(ABSENT, PRESENT, ABSENT)
    assert kind_of(judge(other, sha="b", replace=False)) == "other_marks"
    send(other, sha="b")
    assert [mark for _day, mark in marks()] == ["absent", "present", "absent"]


def test_hours_alone_do_not_replace_hours_of_a_register() -> None:
    prepare()
    send(entry(2, course(), credited_minutes=300), sha="a")
    register_says("present", "present")
    more = entry(2, course(), credited_minutes=900)
    assert kind_of(judge(more, sha="b")) == "from_register"
    # Marks of a retake with the register's own hours do; its marks stay.
    retake = entry(2, course(), credited_minutes=480, practical_mark=9000)
    send(retake, sha="b")
    assert len(marks()) == 2
    assert Enrolment.objects.get().practical_mark == 9000


def test_hours_that_a_roster_reported_are_not_restored_over_its_later_marks() -> None:
    prepare()
    send(entry(2, course(), credited_minutes=300), sha="a")
    found = register_says("present", "present")
    assert has_reported_kept(found)
    second = send(matrix(PRESENT, ABSENT, ABSENT), sha="b")
    assert not has_reported_kept(found)
    undo_import(second, by=None)
    assert has_reported_kept(found)


def test_what_was_changed_since_is_not_put_back() -> None:
    prepare()
    send(entry(2, course(), credited_minutes=300), sha="a")
    second = send(matrix(PRESENT, ABSENT, ABSENT), sha="b")
    session = Course.objects.get().sessions.get(ordinal=3)
    who = Enrolment.objects.get().pk
    save_agreed(Course.objects.get(), [MarkChange(who, session.pk, "present", "absent")])
    with pytest.raises(UndoRefusedError) as refused:
        undo_import(second, by=None)
    assert refused.value.replaced_since == 1
    assert Enrolment.objects.get().credited_minutes == 480
    assert not RosterImport.objects.filter(undone_at__isnull=False).exists()


def test_marks_of_sessions_that_were_removed_since_are_not_put_back() -> None:
    prepare()
    send(entry(2, course(), credited_minutes=300), sha="a")
    found = register_says("present", "present", "present")
    facts = course(sessions=((DAYS[0], 240),))
    one_day = entry(2, facts, attendance=(PRESENT,), credited_minutes=240)
    second = send(one_day, sha="b")
    assert remove_empty_sessions(course=found, by=None) == 2
    with pytest.raises(UndoRefusedError):
        undo_import(second, by=None)
    assert len(marks()) == 1


def test_marks_of_a_closed_month_hold_the_row() -> None:
    prepare()
    first = send(matrix(PRESENT, ABSENT, ABSENT), sha="a")
    assert month_of(DAYS[0]) == month_of(DAYS[2])
    long = course("2", ends_on=dt.date(2018, 7, 10), sessions=((DAYS[0], 240),))
    send(entry(3, long, attendance=(PRESENT,), credited_minutes=240), sha="b")
    plain = changed(long, sessions=())
    shut(home_province(), month_of(DAYS[0]))
    # The course ends in an open month, its marks are of a closed one.
    assert kind_of(judge(entry(3, plain, credited_minutes=300), sha="c")) == "closed"
    with pytest.raises(PeriodClosedError):
        undo_import(first, by=None)


def test_marks_are_not_put_back_into_a_month_closed_since() -> None:
    prepare()
    long = course("2", ends_on=dt.date(2018, 7, 10), sessions=((DAYS[0], 240),))
    send(entry(3, long, attendance=(PRESENT,), credited_minutes=240), sha="a")
    later = changed(long, sessions=((dt.date(2018, 7, 1), 300),))
    second = send(entry(3, later, attendance=(("present", 300),), credited_minutes=300), sha="b")
    shut(home_province(), month_of(DAYS[0]))
    with pytest.raises(PeriodClosedError):
        undo_import(second, by=None)
    assert Enrolment.objects.get().credited_minutes == 300
    assert not ReplacedEnrolment.objects.filter(restored_at__isnull=False).exists()


def test_replacing_asks_the_database_as_often_for_many_rows_as_for_few(
    django_assert_max_num_queries: Any,
) -> None:
    prepare()
    send(*(matrix(PRESENT, ABSENT, ABSENT, row=row) for row in range(2, 62)), sha="a")
    rows = [matrix(PRESENT, PRESENT, ABSENT, row=row) for row in range(2, 62)]
    with django_assert_max_num_queries(75):
        second = send(*rows, sha="b")
    with django_assert_max_num_queries(60):
        undo_import(second, by=None)
    assert set(Enrolment.objects.values_list("credited_minutes", flat=True)) == {240}
