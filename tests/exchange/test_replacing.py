"""A row that says something else than what is recorded can take its place, and be taken back."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from periods.conftest import shut
from roster_files import line, write_roster
from tafahom.agreements.models import Agreement
from tafahom.audit.models import Change, Entry
from tafahom.credentials.models import Certificate
from tafahom.exchange.rosters.actions import check_rosters, import_rosters, undo
from tafahom.exchange.rosters.file_report import FileReport, FileStatus
from tafahom.exchange.rosters.messages import message
from tafahom.exchange.rosters.queries import losses
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.parties.queries import home_province
from tafahom.people.models import Person
from tafahom.scoping import Scope
from tafahom.training.models import Course, Enrolment, ReplacedEnrolment, RosterImport
from tafahom.training.rosters.actions import UndoRefusedError
from tafahom.training.rosters.rules import Problem

pytestmark = pytest.mark.django_db
SCORES = {"ساعت حضور": "30", "نمره کتبی": "60", "نمره عملی": "65"}
RETAKEN = {"ساعت حضور": "45", "نمره کتبی": "80", "نمره عملی": "85"}
NO_CERTIFICATE = {"شماره گواهینامه": ""}


def send(path: Path, *rows: dict[str, str], **options: Any) -> FileReport:
    [report] = import_rosters([write_roster(path, *rows)], by=None, **options)
    return report


def english(problem: Problem) -> str:
    with translation.override("en"):
        return message(problem)


def totals() -> tuple[int, ...]:
    total = figures(FigureQuery(1397, 12)).total.values
    return tuple(total[name] for name in ("persons", "person_hours", "passed", "certified"))


def values() -> tuple[Any, ...]:
    one = Enrolment.objects.get()
    return one.credited_minutes, one.written_mark, one.practical_mark, one.passed


@pytest.fixture
def first(agreement: Agreement, folder: Path) -> RosterImport:
    """Person one with 30 hours, who failed."""
    send(folder / "a.csv", line(1, **SCORES, **NO_CERTIFICATE))
    return RosterImport.objects.get()


def test_a_row_again_is_there_twice_also_where_it_says_less(
    first: RosterImport, folder: Path
) -> None:
    less = SCORES | {"نمره کتبی": "", "نمره عملی": ""}
    report = send(folder / "b.csv", line(1, **less, **NO_CERTIFICATE, مربی="حسینی"), replace=True)
    [error] = report.errors
    assert (error.code, error.params) == ("row.duplicate", ())
    assert (report.accepted, report.replaced, report.replaceable) == (0, 0, 0)
    assert not ReplacedEnrolment.objects.exists()


def test_what_is_recorded_and_what_is_new_are_told_and_nothing_is_written_unasked(
    first: RosterImport, folder: Path
) -> None:
    path = write_roster(folder / "b.csv", line(1, **RETAKEN))
    for [report] in (check_rosters([path]), import_rosters([path], by=None)):
        assert (report.accepted, report.rejected, report.replaceable) == (0, 1, 1)
        [error] = report.errors
        assert error.code == "row.duplicate"
        for text in ("30 hours, written 60, practical 65", "45 hours, written 80, practical 85"):
            assert text in english(error)
        assert report.as_json()["replaceable"] == 1
    assert values() == (1800, 6000, 6500, False)


def test_a_replaced_row_is_counted_kept_and_audited(first: RosterImport, folder: Path) -> None:
    assert totals() == (1, 30, 0, 0)
    path = write_roster(folder / "b.csv", line(1, **RETAKEN), line(2))
    [checked] = check_rosters([path], replace=True)
    [done] = import_rosters([path], replace=True, by=None)
    for report in (checked, done):
        assert (report.status, report.accepted, report.replaced) == (FileStatus.IMPORTED, 2, 1)
        assert report.errors == []
    assert (done.created_enrolments, done.created_persons) == (1, 1)
    assert done.as_json()["replaced"] == 1
    assert totals() == (2, 145, 2, 2)
    second = RosterImport.objects.get(uid=done.import_uid)
    assert (second.accepted, second.created_enrolments) == (2, 1)
    row = ReplacedEnrolment.objects.get()
    assert (row.roster_import, row.old_import, row.old_row) == (second, first, 2)
    assert (row.old["credited_minutes"], row.new["credited_minutes"]) == (1800, 2700)
    one = Enrolment.objects.get(pk=row.enrolment_id)
    assert (one.roster_import, one.source_row, one.passed) == (second, 2, True)
    entry = Entry.objects.get(action="training.roster_recorded", details__replaced=1)
    assert entry.details["created_enrolments"] == 1


def test_either_file_again_changes_nothing(first: RosterImport, folder: Path) -> None:
    send(folder / "b.csv", line(1, **RETAKEN), replace=True)
    bad = line(2, **{"کد ملی": "1234567890"})
    a, b = folder / "a.csv", folder / "b.csv"
    for path in (a, b):
        [again] = import_rosters([path], replace=True, by=None)
        assert (again.status, again.accepted) == (FileStatus.UNCHANGED, 0)
    # A file that has a bad row is read again; a row of it that was replaced is still known.
    send(folder / "c.csv", line(3, **SCORES), bad)
    send(folder / "d.csv", line(3, **RETAKEN), replace=True)
    [again] = import_rosters([folder / "c.csv"], replace=True, by=None)
    assert (again.already, again.accepted, again.replaced) == (1, 0, 0)
    assert ReplacedEnrolment.objects.count() == 2


def test_what_a_retake_leaves_blank_stays_recorded(first: RosterImport, folder: Path) -> None:
    retake = SCORES | {"نمره کتبی": "", "نمره عملی": "85"}
    report = send(folder / "b.csv", line(1, **retake, نتیجه="قبول"), replace=True)
    assert report.warnings == []
    assert values() == (1800, 6000, 8500, True)


def test_undo_puts_back_what_was(first: RosterImport, folder: Path) -> None:
    before = totals()
    done = send(folder / "b.csv", line(1, **RETAKEN), line(2), replace=True)
    second = RosterImport.objects.get(uid=done.import_uid)
    lost = losses(second)
    assert (lost.enrolments, lost.restored, lost.persons, lost.courses) == (1, 1, 1, 0)
    undo(second, by=None)
    assert totals() == before
    assert values() == (1800, 6000, 6500, False)
    one = Enrolment.objects.get()
    assert (one.roster_import, one.source_row) == (first, 2)
    assert not Certificate.objects.exists()
    row = ReplacedEnrolment.objects.get()
    assert row.restored_at
    entry = Entry.objects.filter(action="training.roster_undone").latest("id")
    assert (entry.details["restored"], entry.details["enrolments"]) == (1, 1)
    assert Change.objects.filter(table="training_replacedenrolment", entry=entry).exists()
    # The same file can replace it again, and be undone again.
    again = send(folder / "b.csv", line(1, **RETAKEN), line(2), replace=True)
    assert again.replaced == 1
    undo(RosterImport.objects.get(uid=again.import_uid), by=None)
    assert totals() == before


def test_what_came_from_an_import_that_was_undone_meanwhile_goes_with_the_replacing_one(
    first: RosterImport, folder: Path
) -> None:
    done = send(folder / "b.csv", line(1, **RETAKEN), replace=True)
    undo(first, by=None)
    assert values() == (2700, 8000, 8500, True)
    second = RosterImport.objects.get(uid=done.import_uid)
    assert (losses(second).enrolments, losses(second).restored) == (1, 0)
    undo(second, by=None)
    for model in (Enrolment, Course, Person, ReplacedEnrolment):
        assert not model.objects.exists()
    assert totals() == (0, 0, 0, 0)


def test_a_row_that_was_replaced_again_since_is_not_put_back(
    first: RosterImport, folder: Path
) -> None:
    second = send(folder / "b.csv", line(1, **RETAKEN), replace=True)
    third = send(folder / "c.csv", line(1, **RETAKEN | {"ساعت حضور": "50"}), replace=True)
    between = RosterImport.objects.get(uid=second.import_uid)
    with pytest.raises(UndoRefusedError) as refused:
        undo(between, by=None)
    assert refused.value.replaced_since == 1
    with translation.override("en"), pytest.raises(CommandError, match="replaced"):
        call_command("roster", "undo", between.uid, stdout=io.StringIO())
    assert values()[0] == 3000
    undo(RosterImport.objects.get(uid=third.import_uid), by=None)
    assert values()[0] == 2700
    undo(between, by=None)
    assert values()[0] == 1800


def test_a_retake_listed_below_says_what_the_first_row_has_and_can_be_sent_again(
    agreement: Agreement, folder: Path
) -> None:
    rows = (line(1, **SCORES, **NO_CERTIFICATE), line(1, **RETAKEN))
    report = send(folder / "a.csv", *rows, replace=True)
    [error] = report.errors
    assert (error.code, error.row, report.replaceable) == ("row.duplicate", 3, 0)
    assert "Row 2" in english(error)
    assert "30 hours" in english(error)
    again = send(folder / "a.csv", *rows)
    assert (again.already, again.replaceable) == (1, 1)
    done = send(folder / "a.csv", *rows, replace=True)
    assert (done.already, done.replaced, done.rejected) == (1, 1, 0)
    assert values() == (2700, 8000, 8500, True)
    assert send(folder / "a.csv", *rows, replace=True).status == FileStatus.UNCHANGED
    undo(RosterImport.objects.get(), by=None)
    assert not Enrolment.objects.exists()


def test_of_two_rows_that_could_replace_the_same_one_the_first_counts(
    first: RosterImport, folder: Path
) -> None:
    path = write_roster(
        folder / "b.csv", line(1, **RETAKEN), line(1, **RETAKEN | {"نمره عملی": "90"})
    )
    [checked] = check_rosters([path])
    assert (checked.replaceable, checked.rejected) == (1, 2)
    [done] = import_rosters([path], replace=True, by=None)
    assert (done.replaced, done.rejected) == (1, 1)
    assert values()[2] == 8500


def test_check_and_import_agree_about_a_row_of_an_earlier_file(
    agreement: Agreement, folder: Path
) -> None:
    a = write_roster(folder / "a.csv", line(1, **SCORES))
    b = write_roster(folder / "b.csv", line(1, **RETAKEN | {"شماره گواهینامه": "5"}))
    for replace in (False, True):
        checked = check_rosters([a, b], replace=replace)
        imported = import_rosters([a, b], replace=replace, by=None)
        for name in ("accepted", "rejected", "replaced", "replaceable", "errors", "warnings"):
            assert getattr(checked[1], name) == getattr(imported[1], name), (name, replace)
        assert imported[1].replaced == int(replace)
        undo_all()


def undo_all() -> None:
    for one in RosterImport.objects.filter(undone_at=None).order_by("-pk"):
        undo(one, by=None)


def test_another_certificate_than_the_recorded_one_is_told_and_not_written(
    agreement: Agreement, folder: Path
) -> None:
    send(folder / "a.csv", line(1, **SCORES))
    path = write_roster(folder / "b.csv", line(1, **RETAKEN | {"شماره گواهینامه": "5"}))
    [report] = import_rosters([path], replace=True, by=None)
    assert report.replaced == 1
    differs = [one for one in report.warnings if one.code == "certificate.differs"]
    assert [(one.value, one.params) for one in differs] == [("5", (("number", "9700001"),))]
    assert "9700001" in english(differs[0])
    assert Certificate.objects.get().number == "9700001"
    undo(RosterImport.objects.get(uid=report.import_uid), by=None)
    assert Certificate.objects.get().number == "9700001"


def test_all_or_nothing_takes_replacing_rows_for_good_ones_only_when_asked(
    first: RosterImport, folder: Path
) -> None:
    path = write_roster(folder / "b.csv", line(1, **RETAKEN), line(2))
    [whole] = import_rosters([path], all_or_nothing=True, by=None)
    assert (whole.status, whole.accepted, whole.rejected) == (FileStatus.REFUSED, 0, 2)
    bad = write_roster(folder / "c.csv", line(1, **RETAKEN), line(2, **{"کد ملی": "1234567890"}))
    [held] = import_rosters([bad], all_or_nothing=True, replace=True, by=None)
    assert (held.accepted, held.replaced, held.rejected) == (0, 0, 2)
    assert values()[0] == 1800
    [done] = import_rosters([path], all_or_nothing=True, replace=True, by=None)
    assert (done.accepted, done.replaced) == (2, 1)


def test_a_closed_month_keeps_its_rows(first: RosterImport, folder: Path) -> None:
    shut(home_province(), Course.objects.get().end_month)
    report = send(folder / "b.csv", line(1, **RETAKEN), replace=True)
    assert report.errors[0].code == "period.closed"
    assert (report.replaced, report.replaceable) == (0, 0)
    assert values()[0] == 1800


def test_who_may_not_record_the_course_is_not_told_what_is_recorded(
    first: RosterImport, folder: Path
) -> None:
    report = send(folder / "b.csv", line(1, **RETAKEN), within=Scope(), replace=True)
    assert "scope.outside" in {error.code for error in report.errors}
    assert not any(error.params for error in report.errors)
    assert values()[0] == 1800


def test_the_command_replaces_and_says_so(first: RosterImport, folder: Path) -> None:
    path = write_roster(folder / "b.csv", line(1, **RETAKEN))
    out = io.StringIO()
    with translation.override("en"), pytest.raises(SystemExit):
        call_command("roster", "check", str(path), stdout=out)
    assert "1 recorded rows can be replaced" in out.getvalue()
    out = io.StringIO()
    call_command("roster", "import", "--replace", "--json", str(path), stdout=out)
    [file] = json.loads(out.getvalue())["files"]
    assert (file["accepted"], file["replaced"], file["replaceable"]) == (1, 1, 0)
