"""Rosters are checked and imported file by file; every row is accounted for."""

from pathlib import Path

import pytest

from roster_files import line, write_roster
from tafahom.agreements.models import Agreement
from tafahom.audit.models import Entry
from tafahom.credentials.models import Certificate
from tafahom.exchange.rosters.actions import CancelledError, check_rosters, import_rosters, undo
from tafahom.exchange.rosters.file_report import FileStatus, Progress
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.people.models import Person
from tafahom.training.models import ChangedCourse, Course, Enrolment, RosterImport
from tafahom.training.rosters.actions import RecordedRoster

BAD_ID = "1234567890"
pytestmark = pytest.mark.django_db


def test_a_good_file_is_recorded_with_certificates_and_figures(
    agreement: Agreement, folder: Path
) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"شماره گواهینامه": ""}))
    [report] = import_rosters([path], by=None)
    assert report.status == FileStatus.IMPORTED
    assert (report.rows, report.accepted, report.rejected) == (2, 2, 0)
    assert (report.created_persons, report.created_courses, report.created_enrolments) == (2, 1, 2)
    assert report.rejects_file is None
    assert report.partners == {agreement.partner_id}
    assert Certificate.objects.count() == 1
    assert not ChangedCourse.objects.exists()
    total = figures(FigureQuery(1397, 12)).total.values
    assert (total["persons"], total["person_hours"], total["certified"]) == (2, 200, 1)


def test_good_rows_are_recorded_and_bad_ones_come_back(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"کد ملی": BAD_ID}), line(3))
    [report] = import_rosters([path], by=None)
    assert report.status == FileStatus.PARTLY
    assert (report.accepted, report.rejected) == (2, 1)
    [error] = report.errors
    assert (error.code, error.row, error.column) == ("national_id.invalid", 3, "کد ملی")
    assert report.rejects_file is not None
    assert report.rejects_file.is_file()
    assert Enrolment.objects.count() == 2


def test_all_or_nothing_writes_nothing_of_a_file_with_a_bad_row(
    agreement: Agreement, folder: Path
) -> None:
    unknown = {"کد دوره": "13970002", "شماره تفاهم‌نامه": "1/1/1"}
    write_roster(folder / "a.csv", line(1), line(2, **unknown))
    write_roster(folder / "b.csv", line(3))
    bad, good = import_rosters([folder], all_or_nothing=True, by=None)
    assert (bad.status, bad.accepted, bad.rejected) == (FileStatus.REFUSED, 0, 2)
    assert good.status == FileStatus.IMPORTED
    assert Person.objects.count() == 1
    assert RosterImport.objects.count() == 1


def test_the_same_file_again_changes_nothing(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"کد ملی": BAD_ID}), line(3))
    import_rosters([path], by=None)
    entries = Entry.objects.count()
    [again] = import_rosters([path], by=None)
    assert (again.status, again.accepted, again.already) == (FileStatus.UNCHANGED, 0, 2)
    assert again.created_enrolments == 0
    assert Enrolment.objects.count() == 2
    assert Entry.objects.count() == entries


def test_the_same_file_again_is_accounted_for_as_at_its_import(
    agreement: Agreement, folder: Path
) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2))
    [first] = import_rosters([path], by=None)
    assert first.accounted["trainees"] == 2
    for [again] in (check_rosters([path]), import_rosters([path], by=None)):
        assert (again.status, again.accounted) == (FileStatus.UNCHANGED, first.accounted)
        assert again.as_json()["accounted"] == first.accounted
    # Of a time when imports did not keep it.
    RosterImport.objects.update(accounted={})
    [again] = import_rosters([path], by=None)
    assert (again.status, again.accounted) == (FileStatus.UNCHANGED, first.accounted)


def test_a_copy_under_another_name_is_the_same_file(agreement: Agreement, folder: Path) -> None:
    write_roster(folder / "a.csv", line(1))
    write_roster(folder / "b.csv", line(1))
    first, second = import_rosters([folder], by=None)
    assert (first.status, second.status) == (FileStatus.IMPORTED, FileStatus.UNCHANGED)
    assert second.already == second.rows == 1


def test_of_two_files_the_later_in_name_order_holds_the_duplicate(
    agreement: Agreement, folder: Path
) -> None:
    later = write_roster(folder / "b.csv", line(1), line(2))
    earlier = write_roster(folder / "a.csv", line(2))
    for reports in (check_rosters([later, earlier]), import_rosters([later, earlier], by=None)):
        assert [report.file for report in reports] == ["a.csv", "b.csv"]
        assert reports[0].errors == []
        assert [(error.code, error.row) for error in reports[1].errors] == [("row.duplicate", 3)]


def test_a_check_says_the_same_as_the_import_and_writes_nothing(
    agreement: Agreement, folder: Path
) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"کد ملی": BAD_ID}))
    [checked] = check_rosters([path])
    assert not Enrolment.objects.exists()
    assert not RosterImport.objects.exists()
    assert checked.rejects_file is None
    [imported] = import_rosters([path], by=None)
    for name in ("status", "rows", "accepted", "rejected", "errors", "warnings", "sheets"):
        assert getattr(checked, name) == getattr(imported, name)


def test_a_missing_or_unusable_file_does_not_stop_the_others(
    agreement: Agreement, folder: Path
) -> None:
    (folder / "a.csv").write_bytes(b"")
    write_roster(folder / "c.csv", line(1))
    empty, missing, good = import_rosters(
        [folder / "a.csv", folder / "b.csv", folder / "c.csv"], by=None
    )
    assert (empty.status, empty.errors[0].code) == (FileStatus.REFUSED, "file.empty")
    assert (missing.status, missing.errors[0].code) == (FileStatus.REFUSED, "file.not_readable")
    assert good.status == FileStatus.IMPORTED


def test_a_file_of_bad_rows_only_is_refused(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", line(1, **{"کد ملی": BAD_ID}))
    [report] = import_rosters([path], by=None)
    assert (report.status, report.accepted, report.rejected) == (FileStatus.REFUSED, 0, 1)
    assert report.rejects_file is not None
    assert not RosterImport.objects.exists()


def test_the_json_of_a_file_is_the_contract(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2, **{"کد ملی": BAD_ID}))
    [report] = import_rosters([path], by=None)
    document = report.as_json()
    assert document["created"] == {"persons": 1, "courses": 1, "enrolments": 1}
    assert document["rejects_file"] == str(report.rejects_file)
    [error] = document["errors"]
    assert error["message"]
    assert {name: error[name] for name in ("row", "column", "code", "value")} == {
        "row": 3,
        "column": "کد ملی",
        "code": "national_id.invalid",
        "value": BAD_ID,
    }


def test_progress_never_goes_back_and_ends_full(agreement: Agreement, folder: Path) -> None:
    for name in "abc":
        write_roster(folder / f"{name}.csv", line(ord(name)))
    seen: list[Progress] = []
    import_rosters([folder], by=None, progress=seen.append)
    assert [step.done for step in seen] == sorted(step.done for step in seen)
    assert (seen[-1].done, seen[-1].files) == (seen[-1].total, 3)
    assert {step.file for step in seen} == {"a.csv", "b.csv", "c.csv"}


def test_a_cancelled_import_keeps_whole_files_only(agreement: Agreement, folder: Path) -> None:
    for name in "abc":
        write_roster(folder / f"{name}.csv", line(ord(name)), line(ord(name) + 100))
    reports = import_rosters(
        [folder],
        by=None,
        # Asked while the second file is judged and recorded.
        cancelled=lambda: RosterImport.objects.filter(file_name="a.csv").exists(),
    )
    assert [report.file for report in reports] == ["a.csv"]
    assert Enrolment.objects.count() == 2
    assert not ChangedCourse.objects.exists()


def test_a_cancelled_check_says_so(agreement: Agreement, folder: Path) -> None:
    write_roster(folder / "a.csv", line(1))
    with pytest.raises(CancelledError):
        check_rosters([folder], cancelled=lambda: True)


def test_an_undone_import_can_be_imported_again(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", line(1), line(2))
    import_rosters([path], by=None)
    undo(RosterImport.objects.get(), by=None)
    assert not Course.objects.exists()
    assert figures(FigureQuery(1397, 12)).total.values["persons"] == 0
    [again] = import_rosters([path], by=None)
    assert (again.status, again.accepted) == (FileStatus.IMPORTED, 2)


def test_when_recording_fails_nothing_of_the_file_stays(
    agreement: Agreement, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_roster(folder / "a.csv", line(1))
    write_roster(folder / "b.csv", line(2))

    def fail(recorded: RecordedRoster, *, by: object) -> int:
        if recorded.roster_import.file_name == "b.csv":
            raise RuntimeError("the disk is full")
        return 0

    monkeypatch.setattr("tafahom.exchange.rosters.actions.record_issued_certificates", fail)
    with pytest.raises(RuntimeError):
        import_rosters([folder], by=None)
    assert list(RosterImport.objects.values_list("file_name", flat=True)) == ["a.csv"]
    assert Person.objects.count() == 1
    assert not ChangedCourse.objects.exists()
