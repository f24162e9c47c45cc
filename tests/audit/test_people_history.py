"""What is said of people leaves a trace when it changes: roles, marks, verdicts, gender."""

import datetime as dt
import json

import pytest
from django.db import connection

from rosters import course, entry, prepare
from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.audit.actions import record
from tafahom.audit.models import Change, Entry
from tafahom.audit.verification import verify
from tafahom.training.models import Attendance, Enrolment, RosterImport
from tafahom.training.rosters.actions import record_roster, undo_import

pytestmark = pytest.mark.django_db
DAY = dt.date(2018, 12, 26)


@pytest.fixture
def roster(db: None) -> RosterImport:
    """Three people in one course with one session, and the marks of each."""
    prepare()
    facts = course(sessions=((DAY, 240),))
    rows = [entry(row, facts, attendance=(("present", 240),)) for row in range(2, 5)]
    return record_roster(
        rows, sha256="a" * 64, file_name="a.csv", rows=3, rejected=0, by=None
    ).roster_import


def past_the_application(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


BY_SQL = {
    "a verdict": "UPDATE training_enrolment SET passed = NOT passed",
    "a written mark": "UPDATE training_enrolment SET written_mark = 9900",
    "minutes": "UPDATE training_enrolment SET credited_minutes = 1",
    "an enrolment that goes": "DELETE FROM training_enrolment",
    "a mark in the register": "UPDATE training_attendance SET mark = 'absent'",
    "a mark that goes": "DELETE FROM training_attendance",
    "gender": "UPDATE people_person SET gender = 'male'",
    "a role": "INSERT INTO access_membership"
    " (user_id, role, agreement_uid, course_uid, at_machine, confirmed_at)"
    " SELECT id, 'auditor', '', '', FALSE, CURRENT_TIMESTAMP FROM access_user",
    "a role for longer": "UPDATE access_membership SET valid_to = NULL",
    "a role that goes": "DELETE FROM access_membership",
}


@pytest.mark.parametrize("what", BY_SQL)
def test_what_sql_changes_is_explained_by_no_act(roster: RosterImport, what: str) -> None:
    user = User.objects.create(username="clerk")
    give_role(user=user, role=Role.PLANNER, valid_to=DAY, by=None)
    if what == "an enrolment that goes":
        Attendance.objects.all().delete()
        record(action="test.cleared", by=None)
    assert verify({}).intact
    past_the_application(BY_SQL[what])
    assert Change.objects.filter(entry=None).exists()
    assert [one.kind for one in verify({}).findings] == ["unexplained"]


def test_what_an_import_writes_is_kept_once(roster: RosterImport) -> None:
    assert Enrolment.objects.count() == Attendance.objects.count() == 3
    assert not Change.objects.exists()


def test_taking_a_roster_back_keeps_what_was_taken(roster: RosterImport) -> None:
    verdicts = set(Enrolment.objects.values_list("pk", "passed"))
    undo_import(roster, by=None)
    entry = Entry.objects.get(action="training.roster_undone")
    gone = entry.changed_rows.filter(table="training_enrolment", new="")
    assert {(one.row, bool(json.loads(one.old)["passed"])) for one in gone} == verdicts
    assert entry.changed_rows.filter(table="training_attendance", new="").count() == 3
    assert verify({}).intact


def test_a_role_names_the_act_that_gave_it(db: None) -> None:
    user = User.objects.create(username="clerk")
    membership = give_role(user=user, role=Role.PLANNER, by=None)
    change = Change.objects.get()
    assert (change.table, change.row, change.owner) == (
        "access_membership",
        membership.pk,
        user.pk,
    )
    assert (change.old, json.loads(change.new)["role"]) == ("", "planner")
    assert change.entry
    assert change.entry.action == "access.role_given"
    assert verify({}).intact


def test_why_somebody_is_here_is_in_no_history(roster: RosterImport) -> None:
    Enrolment.objects.update(audience=None)
    assert not Change.objects.exists()
    Enrolment.objects.update(passed=False, practical_mark=0)
    assert Change.objects.count() == 3
    for change in Change.objects.all():
        assert "audience_id" not in json.loads(change.old) | json.loads(change.new)
