"""The officer's way: send, look, explain columns, record, mend, undo. Without JavaScript."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from registers import save_agreed
from roster_files import line, roster
from rosters import national_id, prepare
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.exchange.models import RosterAnswer, StagedImport, StagedState
from tafahom.exchange.rosters import staging
from tafahom.training.attendance.actions import MarkChange, add_sessions
from tafahom.training.models import Attendance, Enrolment, RosterImport
from tafahom.web.imports.forms import upload as import_forms

BAD_ID = "1234567890"
ODD = "امتیاز کار دست"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agreement(db: None) -> Agreement:
    """The agreement that the rosters name."""
    return prepare()


def send(client: Client, *files: tuple[str, bytes]) -> HttpResponse:
    """Send files and follow to where that leads."""
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("web:imports"), {"files": uploads}, follow=True)  # type: ignore[return-value]


def press(client: Client, what: str, staged: StagedImport, **data: str) -> HttpResponse:
    address = reverse(f"web:import_{what}", args=[staged.uid])
    return client.post(address, data, follow=True)  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return response.content.decode()


def latest() -> StagedImport:
    return StagedImport.objects.latest("pk")


def test_sent_files_are_checked_and_nothing_is_recorded(officer: Client) -> None:
    page = send(officer, ("a.csv", roster(line(1), line(2, **{"کد ملی": BAD_ID}))))
    assert page.status_code == 200
    assert latest().state == StagedState.CHECKED
    assert latest().summary["accepted"] == 1
    assert "a.csv" in text(page)
    assert not Enrolment.objects.exists()


def test_the_good_rows_are_recorded_and_the_bad_ones_can_be_fetched(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1), line(2, **{"کد ملی": BAD_ID}))))
    page = press(officer, "commit", latest())
    assert latest().state == StagedState.COMMITTED
    assert Enrolment.objects.count() == 1
    [file] = latest().files.all()
    address = reverse("web:import_rejects", args=[latest().uid, file.pk])
    assert address in text(page)
    workbook = officer.get(address)
    assert workbook.status_code == 200
    assert b"".join(workbook.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert "attachment" in workbook.headers["Content-Disposition"]


def test_a_file_with_no_good_row_gives_its_workbook_when_it_is_checked(officer: Client) -> None:
    page = send(officer, ("a.csv", roster(line(2, **{"کد ملی": BAD_ID}))))
    [file] = latest().files.all()
    address = reverse("web:import_rejects", args=[latest().uid, file.pk])
    assert address in text(page)
    assert b"".join(officer.get(address).streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    press(officer, "cancel", latest())
    assert officer.get(address).status_code == 404


def test_all_or_nothing_leaves_a_file_with_a_bad_row_out(officer: Client) -> None:
    bad = roster(line(1), line(2, **{"کد ملی": BAD_ID}))
    send(officer, ("a.csv", bad), ("b.csv", roster(line(3))))
    press(officer, "commit", latest(), all_or_nothing="on")
    assert list(RosterImport.objects.values_list("file_name", flat=True)) == ["b.csv"]


def test_pressing_twice_records_once(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1))))
    press(officer, "commit", latest())
    page = press(officer, "commit", latest())
    assert page.status_code == 200
    assert RosterImport.objects.count() == 1


def test_what_is_kept_of_a_check_names_nobody(officer: Client) -> None:
    rows = [line(n, **{"کد ملی": BAD_ID, "گروه مخاطب": "زندانی"}) for n in (1, 2)]
    send(officer, ("a.csv", roster(*rows, line(3, **{"گروه مخاطب": "گروهی که نیست"}))))
    kept = json.dumps(
        [latest().summary, *latest().files.values_list("report", flat=True)], ensure_ascii=False
    )
    assert "national_id.invalid" in kept
    for word in (BAD_ID, "مریم", "اکبری", "زندانی", "گروهی که نیست", national_id(1003)):
        assert word not in kept


def test_problems_can_be_narrowed_down(officer: Client) -> None:
    many = [line(n, **{"کد ملی": BAD_ID}) for n in range(60)]
    late = line(99, **{"کد دوره": "13970009", "تاریخ پایان": "1397/13/01"})
    send(officer, ("a.csv", roster(*many, late)), ("b.csv", roster(line(1))))
    address = reverse("web:import_detail", args=[latest().uid])
    page = officer.get(address)
    assert page.context["listing"].count >= 61
    assert len(page.context["listing"].rows) == 50
    page = officer.get(address, {"code": "date.invalid", "file": "a.csv", "kind": "error"})
    assert [(row.row, row.column) for row in page.context["listing"].rows] == [(62, "تاریخ پایان")]
    assert officer.get(address, {"file": "b.csv"}).context["listing"].count == 0


def test_an_unknown_column_is_explained_once_and_known_next_time(
    officer: Client, agreement: Agreement
) -> None:
    def odd(serial: int) -> bytes:
        row = line(serial)
        row[ODD] = row.pop("نمره عملی")
        return roster(row)

    page = send(officer, ("a.csv", odd(1)))
    assert ODD in text(page)
    [file] = latest().files.all()
    [column] = page.context["rows"][0].answers.unknown
    data = {"file": str(file.pk), "partner": agreement.partner.uid, "remember": "on"}
    press(officer, "answers", latest(), **data, **{column.name: "practical_mark"})
    assert RosterAnswer.objects.get().partner == agreement.partner
    [file] = latest().files.all()
    assert file.report["columns"] == []
    press(officer, "commit", latest())
    assert Enrolment.objects.get().practical_mark == 8000
    send(officer, ("b.csv", odd(2)))
    assert latest().files.get().report["columns"] == []


def test_explaining_nothing_says_what_to_do(officer: Client, agreement: Agreement) -> None:
    row = line(1) | {ODD: "5"}
    send(officer, ("a.csv", roster(row)))
    [file] = latest().files.all()
    data = {"file": str(file.pk), "partner": agreement.partner.uid}
    page = press(officer, "answers", latest(), **data)
    assert page.status_code == 422
    assert "notice-error" in text(page)
    assert not RosterAnswer.objects.exists()


def test_files_are_put_away_with_their_content(officer: Client, data_dir: Path) -> None:
    send(officer, ("a.csv", roster(line(1))))
    assert len(list((data_dir / "uploads").iterdir())) == 1
    press(officer, "cancel", latest())
    assert latest().state == StagedState.CANCELLED
    assert list((data_dir / "uploads").iterdir()) == []
    press(officer, "commit", latest())
    assert not Enrolment.objects.exists()


def test_an_upload_needs_files_of_a_sensible_size(
    officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = officer.post(reverse("web:imports"), {})
    assert page.status_code == 422
    assert "notice-error" in text(page)
    monkeypatch.setattr(import_forms, "LARGEST_FILE", 10)
    page = send(officer, ("a.csv", roster(line(1))))
    assert page.status_code == 422
    assert not StagedImport.objects.exists()


def test_what_is_no_roster_is_refused_with_a_reason(officer: Client) -> None:
    page = send(officer, ("a.xlsx", b"%PDF-1.7 \x00\x01\x02 not a workbook"))
    [file] = latest().files.all()
    assert file.report["status"] == "refused"
    assert file.report["problems"][0][4] == "file.not_a_spreadsheet"
    assert "btn-primary" not in text(page).split('class="card decide"')[1].split("</div>")[0]


def test_undo_says_what_is_lost_and_takes_it_back(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1), line(2))))
    press(officer, "commit", latest())
    address = reverse("web:import_undo", args=[RosterImport.objects.get().uid])
    page = officer.get(address)
    losses = page.context["losses"]
    assert (losses.enrolments, losses.courses, losses.persons, losses.certificates) == (2, 1, 2, 2)
    assert Enrolment.objects.count() == 2
    officer.post(address)
    assert not Enrolment.objects.exists()
    assert officer.get(address).status_code == 404


def test_undo_says_that_marks_made_by_hand_go_too(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1))))
    press(officer, "commit", latest())
    who = Enrolment.objects.select_related("course").get()
    add_sessions(course=who.course, days=[who.course.starts_on], minutes=60, by=None)
    wish = MarkChange(who.pk, who.course.sessions.get().pk, "present", "")
    save_agreed(who.course, [wish])
    address = reverse("web:import_undo", args=[RosterImport.objects.get().uid])
    assert officer.get(address).context["losses"].marks == 1
    officer.post(address)
    assert not Attendance.objects.exists()


def test_undo_keeps_what_others_use(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1))))
    press(officer, "commit", latest())
    send(officer, ("b.csv", roster(line(2), line(1, **{"کد دوره": "13970002"}))))
    press(officer, "commit", latest())
    first = RosterImport.objects.get(file_name="a.csv")
    losses = officer.get(reverse("web:import_undo", args=[first.uid])).context["losses"]
    assert (losses.enrolments, losses.courses, losses.persons) == (1, 0, 0)


def test_a_clerk_sees_own_files_and_may_not_undo(
    officer: Client, sign_in: Callable[..., Client]
) -> None:
    send(officer, ("a.csv", roster(line(1), line(9, **{"کد ملی": BAD_ID}))))
    press(officer, "commit", latest())
    clerk = sign_in(Role.CENTRE_CLERK)
    [file] = latest().files.all()
    for address in (
        reverse("web:import_detail", args=[latest().uid]),
        reverse("web:import_rejects", args=[latest().uid, file.pk]),
        reverse("web:import_undo", args=[RosterImport.objects.get().uid]),
    ):
        assert clerk.get(address).status_code == 404
    assert "a.csv" not in text(clerk.get(reverse("web:imports")))  # type: ignore[arg-type]
    send(clerk, ("b.csv", roster(line(2))))
    press(clerk, "commit", latest())
    page = text(clerk.get(reverse("web:imports")))  # type: ignore[arg-type]
    assert "b.csv" in page
    assert "undo" not in page


def test_work_under_way_shows_how_far_and_can_be_cancelled(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1))))
    staged = latest()
    staging.commit(staged, by=staged.uploader)  # no worker has taken it yet
    address = reverse("web:import_detail", args=[staged.uid])
    page = text(officer.get(address))  # type: ignore[arg-type]
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    part = officer.get(address, headers={"hx-request": "true"})
    assert text(part).lstrip().startswith("<section")  # type: ignore[arg-type]
    press(officer, "cancel", staged)
    assert latest().state == StagedState.CHECKED
    staging.run_import(latest())
    assert not Enrolment.objects.exists()
    part = officer.get(address, headers={"hx-request": "true"})
    assert part.headers["HX-Refresh"] == "true"


def test_files_whose_work_broke_off_are_checked_again(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1))))
    press(officer, "again", latest())
    assert latest().state == StagedState.CHECKED
    StagedImport.objects.update(state=StagedState.FAILED)
    page = officer.get(reverse("web:import_detail", args=[latest().uid]))
    assert reverse("web:import_again", args=[latest().uid]) in text(page)  # type: ignore[arg-type]
    press(officer, "again", latest())
    assert latest().state == StagedState.CHECKED
    press(officer, "commit", latest())
    assert Enrolment.objects.count() == 1


def test_history_finds_files_and_marks_what_was_undone(officer: Client) -> None:
    for name, serial in (("بنیاد.csv", 1), ("دانشگاه.csv", 2)):
        send(officer, (name, roster(line(serial))))
        press(officer, "commit", latest())
    page = officer.get(reverse("web:imports"), {"q": "بنياد"})
    assert [row.file_name for row in page.context["listing"].rows] == ["بنیاد.csv"]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_pages_open_in_both_languages(sign_in: Callable[..., Client], language: str) -> None:
    client = sign_in(Role.AGREEMENTS_OFFICER, language)
    page = send(client, ("a.csv", roster(line(1), line(2, **{"کد ملی": BAD_ID}))))
    assert f'lang="{language}"' in text(page)
    assert client.get(reverse("web:imports")).status_code == 200


def test_recorded_rows_are_replaced_when_that_is_ticked_and_come_back(officer: Client) -> None:
    send(officer, ("a.csv", roster(line(1))))
    press(officer, "commit", latest())
    retaken = roster(line(1, **{"ساعت حضور": "45", "نمره عملی": "90"}))
    page = text(send(officer, ("b.csv", retaken)))
    staged = latest()
    assert staged.summary["replaceable"] == 1
    assert 'name="replace"' in page
    [told] = [one for one in staged.files.get().report["problems"] if one[4] == "row.duplicate"]
    assert ["new_hours", "45"] in told[6]
    assert national_id(1001) not in json.dumps(staged.files.get().report)
    assert "۴۵" in page
    page = text(press(officer, "commit", staged, replace="on"))
    assert latest().summary["replaced"] == 1
    assert Enrolment.objects.get().credited_minutes == 45 * 60
    course = Enrolment.objects.get().course
    register = reverse("web:attendance", args=[course.uid]) + "?names=show"
    [row] = officer.get(register).context["replaced_rows"]
    assert (row.file, row.count, row.restored) == ("b.csv", 1, 0)
    second = RosterImport.objects.latest("pk")
    address = reverse("web:import_undo", args=[second.uid])
    assert officer.get(address).context["losses"].restored == 1
    officer.post(address, follow=True)
    assert Enrolment.objects.get().credited_minutes == 100 * 60


def test_an_undo_that_a_later_replacement_stands_against_says_so(officer: Client) -> None:
    for hours in ("30", "45", "50"):
        send(officer, (f"{hours}.csv", roster(line(1, **{"ساعت حضور": hours}))))
        press(officer, "commit", latest(), replace="on")
    between = RosterImport.objects.get(file_name="45.csv")
    page = text(officer.post(reverse("web:import_undo", args=[between.uid]), follow=True))
    assert "ورود بعدی" in page or "later import" in page
    assert Enrolment.objects.get().credited_minutes == 50 * 60
