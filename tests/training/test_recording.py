import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from rosters import agreement, course, entry, prepare
from tafahom.audit.models import Entry
from tafahom.audit.verification import verify_chain
from tafahom.credentials.actions import record_issued_certificates
from tafahom.credentials.models import Certificate
from tafahom.parties.actions import UnknownEntryError
from tafahom.parties.models import Audience, CentreType, County
from tafahom.people.models import Identity, Person
from tafahom.people.queries import identities_of
from tafahom.training.courses.groups import GroupWords
from tafahom.training.models import (
    Attendance,
    ChangedCourse,
    Cluster,
    Course,
    CourseSession,
    EducationLevel,
    Enrolment,
    OccupationalStandard,
    PassRule,
    RosterImport,
)
from tafahom.training.rosters.actions import UndoRefusedError, record_roster, undo_import

pytestmark = pytest.mark.django_db


def record(*entries, **others):
    return record_whole(*entries, **others).roster_import


def record_whole(*entries, sha256="a" * 64, by=None, words=None):
    return record_roster(
        list(entries),
        sha256=sha256,
        file_name="a.xlsx",
        rows=len(entries),
        rejected=0,
        by=by,
        words=words,
    )


def test_a_roster_becomes_courses_people_and_enrolments():
    signed = prepare()
    done = record(
        entry(2, course()),
        entry(3, course(), written_mark=None, practical_mark=None, audience="زندانی"),
        entry(2, course("2"), sheet="Sheet2", last_name="اکبری 2"),
    )
    assert (done.created_persons, done.created_courses, done.created_enrolments) == (2, 2, 3)
    first, second, third = Enrolment.objects.order_by("id")
    assert first.person_id == third.person_id
    assert (first.passed, second.passed) == (True, False)
    assert first.audience.name == "صنف"
    assert second.audience.name == "زندانی"
    assert first.age == 27
    assert first.course.agreement == signed
    assert (first.course.start_month, first.course.end_month) == (139703, 139703)
    assert first.course.centre.county.name == "کرج"
    assert first.course.standard.cluster.name == "صنعت"
    assert OccupationalStandard.objects.get().total_minutes == 6000
    assert ChangedCourse.objects.count() == 2
    assert (first.source_sheet, first.source_row, first.roster_import) == ("Sheet1", 2, done)


def test_identities_are_sealed_and_open_again():
    prepare()
    row = entry(2, course())
    record(row)
    stored = Identity.objects.get()
    assert row.national_id.encode() not in bytes(stored.sealed)
    assert "مریم".encode() not in bytes(stored.sealed)
    identity = identities_of([stored.person_id])[stored.person_id]
    assert (identity.first_name, identity.national_id) == ("مریم", row.national_id)
    assert identity.birth_date == row.birth_date


def test_the_verdict_is_of_the_rule_in_force_when_the_course_ended():
    prepare()
    PassRule.objects.create(
        valid_from=dt.date(2018, 6, 1),
        written_minimum=6000,
        practical_minimum=7000,
        total_minimum=7000,
        written_weight=25,
    )
    record(entry(2, course()), entry(3, course("2", ends_on=dt.date(2018, 5, 31))))
    assert list(Enrolment.objects.order_by("id").values_list("passed", flat=True)) == [False, True]


def test_a_register_becomes_sessions_and_marks():
    prepare()
    days = ((dt.date(2018, 5, 25), 240), (dt.date(2018, 5, 25), 120), (dt.date(2018, 6, 1), 240))
    facts = course(sessions=days)
    marks = (("present", 240), ("late", 120), ("absent", 0))
    record(entry(2, facts, attendance=marks, credited_minutes=360))
    record(entry(3, facts, attendance=marks[::-1], credited_minutes=120), sha256="b" * 64)
    assert CourseSession.objects.count() == 3
    assert list(CourseSession.objects.values_list("month", flat=True)) == [139703, 139703, 139703]
    kept = Attendance.objects.filter(enrolment__source_row=2).order_by("session__ordinal")
    assert tuple(kept.values_list("mark", "credited_minutes")) == marks


def test_a_title_without_code_is_the_standard_of_that_title():
    prepare()
    record(entry(2, course()), entry(3, course("2", standard_code="", title="جوشكار آرگون")))
    assert OccupationalStandard.objects.count() == 1


def test_words_for_groups_become_names_of_the_lists():
    prepare()
    facts = course(
        cluster="صنعتی",
        centre_type="ثابت",
        county="شهرستان كرج",
        centre="مرکز نو",
        standard_code="9",
    )
    record(entry(2, facts, audience="زندانیان", education="ليسانس"))
    enrolment = Enrolment.objects.get()
    assert (enrolment.audience.name, enrolment.education) == ("زندانی", "کارشناسی")
    assert enrolment.course.standard.cluster.name == "صنعت"
    centre = enrolment.course.centre
    assert (centre.centre_type.name, centre.county.name) == ("ثابت شهری", "کرج")


@pytest.mark.parametrize(
    ("field", "model"),
    [
        ("cluster", Cluster),
        ("centre_type", CentreType),
        ("county", County),
        ("audience", Audience),
        ("education", EducationLevel),
    ],
)
def test_a_word_in_no_list_is_recorded_only_as_answered(field, model):
    prepare()
    count = model.objects.count()
    is_of_course = field in ("cluster", "centre_type", "county")
    facts = course(standard_code="9", centre="نو", **({field: "گم"} if is_of_course else {}))
    row = entry(2, facts, **({} if is_of_course else {field: "گم"}))
    with pytest.raises(UnknownEntryError), transaction.atomic():
        record(row)
    assert Enrolment.objects.count() == 0
    name, _label = GroupWords().choices(field)[-1]
    record(row, words=GroupWords({(field, "گم"): name}))
    recorded = Enrolment.objects.get()
    centre = recorded.course.centre
    assert name in (
        str(recorded.course.standard.cluster), str(centre.centre_type), str(centre.county),
        str(recorded.audience), recorded.education,
    )  # fmt: skip
    assert model.objects.count() == count


def test_recording_twice_is_refused_by_the_database_and_leaves_nothing():
    prepare()
    row = entry(2, course())
    record(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        record(row, sha256="b" * 64)
    assert Enrolment.objects.count() == 1
    assert RosterImport.objects.count() == 1


def test_rows_mended_elsewhere_join_the_import_of_their_file():
    prepare()
    first = record(entry(2, course()))
    second = record(entry(3, course()))
    assert second.pk == first.pk
    assert second.created_enrolments == 1
    assert RosterImport.objects.get().created_enrolments == 2


def test_the_audit_names_no_person():
    prepare()
    record(entry(2, course()))
    written = Entry.objects.get(action="training.roster_recorded")
    assert written.details["created_persons"] == 1
    assert "مریم" not in str(written.details)
    assert verify_chain().intact


def test_undoing_leaves_what_others_use():
    prepare()
    shared = course()
    done = record(entry(2, shared), entry(3, course("2")))
    record(entry(4, shared), sha256="b" * 64)
    ChangedCourse.objects.all().delete()
    undo_import(done, by=None)
    assert Enrolment.objects.count() == 1
    assert list(Course.objects.values_list("code", flat=True)) == ["1397-1"]
    assert Person.objects.count() == Identity.objects.count() == 1
    assert ChangedCourse.objects.count() == 2
    assert RosterImport.objects.get(pk=done.pk).undone_at
    assert verify_chain().intact
    with pytest.raises(UndoRefusedError):
        undo_import(done, by=None)
    undo_import(RosterImport.objects.get(sha256="b" * 64), by=None)
    assert not Course.objects.exists()
    assert not Person.objects.exists()


def test_an_undone_file_can_be_recorded_again():
    prepare()
    row = entry(2, course(), certificate_number="۱۳۹۷-۱")
    recorded = record_whole(row)
    assert record_issued_certificates(recorded, by=None) == 1
    done = recorded.roster_import
    undo_import(done, by=None)
    assert not Certificate.objects.exists()
    again = record(row)
    assert again.pk != done.pk
    assert Enrolment.objects.count() == 1


def test_recording_asks_as_often_for_many_rows_as_for_few(django_assert_max_num_queries):
    prepare()
    record(entry(1, course()))
    agreement("7/97/1")
    facts = course()
    for start, size in ((10, 5), (100, 200)):
        rows = [entry(start + n, facts) for n in range(size)]
        with django_assert_max_num_queries(45):
            record(*rows, sha256=f"{start:064d}")
