"""Questions about a file are answered on its page, and what it does not say is given there."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from pages import compact
from roster_books import LABELS, course_sheet, flat, person, workbook
from roster_files import line, roster
from rosters import prepare
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.audit.models import Entry
from tafahom.exchange.models import RosterAnswer, StagedFile, StagedImport, StagedState
from tafahom.exchange.rosters.summaries import open_questions
from tafahom.training.models import Enrolment
from tafahom.web.imports.page import FileRow

WORD = "گروهی که نیست"
UNIT = "ساعت حضور (جلسه)"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def agreement(db: None) -> Agreement:
    """The agreement that the rosters name."""
    return prepare()


def send(client: Client, name: str, content: bytes) -> FileRow:
    """Send a file; what the page shows of it."""
    upload = SimpleUploadedFile(name, content)
    page = client.post(reverse("web:imports"), {"files": [upload]}, follow=True)
    [row] = page.context["rows"]
    found: FileRow = row
    return found


def book(folder: Path, *sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook of sheets «دوره ۱», «دوره ۲» and so on."""
    named = {f"دوره {number}": rows for number, rows in enumerate(sheets, 1)}
    return workbook(folder / "sent.xlsx", named).read_bytes()


def answer(client: Client, row: FileRow, **data: str) -> HttpResponse:
    """Send the form of a file; follow to where that leads."""
    address = reverse("web:import_answers", args=[row.file.staged.uid])
    return client.post(address, {"file": str(row.file.pk), **data}, follow=True)  # type: ignore[return-value]


def names(row: FileRow) -> list[str]:
    """Names of the fields of its questions, in order."""
    assert row.answers is not None
    return [one.name for one in row.answers.asked]


def unknown(row: FileRow) -> list[str]:
    """Names of the fields of columns that nobody knows."""
    assert row.answers is not None
    return [field.name for field in row.answers.unknown]


def record(client: Client) -> None:
    client.post(reverse("web:import_commit", args=[StagedImport.objects.latest("pk").uid]))


def hours() -> list[float]:
    minutes = Enrolment.objects.order_by("pk").values_list("credited_minutes", flat=True)
    return [minute / 60 for minute in minutes]


def in_sessions(*serials: int) -> bytes:
    """A roster that counts attendance in sessions."""
    rows = [line(serial, **{"ساعت حضور": "20"}) for serial in serials]
    return roster(*({UNIT if k == "ساعت حضور" else k: v for k, v in row.items()} for row in rows))


def test_a_unit_that_is_no_hours_is_asked_and_its_hours_are_recorded(officer: Client) -> None:
    row = send(officer, "a.csv", in_sessions(1))
    assert row.file.report["accepted"] == 0
    [name] = names(row)
    page = answer(officer, row, **{name: "@each", f"{name}-each": "۱٫۵"})
    assert page.status_code == 200
    assert StagedFile.objects.get().answers == {"column:ساعتحضورجلسه": "attended_hours:90"}
    record(officer)
    assert hours() == [30]


@pytest.mark.parametrize("text", ["", "سی", "0", "-1", "25"])
def test_hours_that_can_not_be_are_refused_with_a_sentence(officer: Client, text: str) -> None:
    row = send(officer, "a.csv", in_sessions(1))
    [name] = names(row)
    page = answer(officer, row, **{name: "@each", f"{name}-each": text})
    assert page.status_code == 422
    assert StagedFile.objects.get().answers == {}
    mistakes = page.context["faulty"].mistakes
    assert [anchor for anchor, _name, _error in mistakes] == [f"file-{row.file.pk}-{name}_0"]
    assert f'id="file-{row.file.pk}-{name}_0"' in page.content.decode()


def test_an_unanswered_question_is_linked_from_the_list_of_mistakes(officer: Client) -> None:
    row = send(officer, "a.csv", in_sessions(1))
    page = answer(officer, row)
    assert page.status_code == 422
    [name] = names(row)
    assert f'href="#file-{row.file.pk}-{name}_0"' in page.content.decode()


def test_a_column_may_mean_something_else_than_was_offered(officer: Client) -> None:
    row = send(officer, "a.csv", in_sessions(1))
    [name] = names(row)
    answer(officer, row, **{name: "", f"{name}-other": "certificate_number"})
    [file] = StagedFile.objects.all()
    assert file.answers == {"column:ساعتحضورجلسه": "certificate_number"}


def test_of_two_columns_for_one_field_one_counts(officer: Client) -> None:
    rows = roster(line(1, **{"نفر ساعت": "40"}))
    row = send(officer, "a.csv", rows)
    first, second = names(row)
    both = answer(officer, row, **{first: "attended_hours", second: "attended_hours"})
    assert both.status_code == 422
    answer(officer, row, **{first: "ignore", second: "attended_hours"})
    record(officer)
    assert hours() == [40]


def test_of_two_columns_with_one_heading_either_counts(officer: Client, tmp_path: Path) -> None:
    rows = flat(person(1, 90), person(2, 80))
    place = rows[0].index("ساعت حضور")
    for cells, cell in zip(rows, ("ساعت حضور", 40, 41), strict=True):
        cells.insert(place + 1, cell)
    row = send(officer, "a.xlsx", book(tmp_path, rows))
    first, second = names(row)
    answer(officer, row, **{first: "ignore", second: "attended_hours"})
    record(officer)
    assert hours() == [40, 41]


def test_the_unit_of_a_label_can_be_said_or_left_out(officer: Client, tmp_path: Path) -> None:
    labels = {("مدت دوره (روز)" if k == "مدت دوره" else k): v for k, v in LABELS.items()}
    content = book(tmp_path, course_sheet(person(1, 90, 60, 80), labels=labels))
    row = send(officer, "a.xlsx", content)
    [name] = names(row)
    assert row.answers is not None
    assert f"{name}-other" not in row.answers.fields
    answer(officer, row, **{name: "ignore"})
    [file] = StagedFile.objects.all()
    assert file.report["missing"] == ["planned_hours"]
    assert open_questions(file.report, file.sha256) == []


def test_a_word_in_no_list_is_chosen_once_and_remembered(
    officer: Client, agreement: Agreement
) -> None:
    row = send(officer, "a.csv", roster(line(1, **{"گروه مخاطب": WORD})))
    [name] = names(row)
    answer(officer, row, remember="on", partner=agreement.partner.uid, **{name: "سرباز وظیفه"})
    kept = RosterAnswer.objects.get()
    assert (kept.text, kept.answer, kept.partner) == (WORD, "سرباز وظیفه", agreement.partner)
    assert kept.confirmed_at is None  # it holds for what this officer sends
    record(officer)
    audiences = Enrolment.objects.values_list("audience__name", flat=True)
    assert list(audiences) == ["سرباز وظیفه"]
    row = send(officer, "b.csv", roster(line(2, **{"گروه مخاطب": WORD})))
    assert names(row) == []
    assert row.file.report["accepted"] == 1


def test_a_word_that_is_left_empty_is_asked_again_in_the_next_file(
    officer: Client, agreement: Agreement
) -> None:
    row = send(officer, "a.csv", roster(line(1, **{"گروه مخاطب": WORD})))
    [name] = names(row)
    answer(officer, row, remember="on", partner=agreement.partner.uid, **{name: "empty"})
    assert not RosterAnswer.objects.exists()
    assert StagedFile.objects.get().report["accepted"] == 1
    assert names(send(officer, "b.csv", roster(line(2, **{"گروه مخاطب": WORD}))))


def test_a_name_that_is_in_no_list_is_no_answer(officer: Client) -> None:
    row = send(officer, "a.csv", roster(line(1, **{"گروه مخاطب": WORD})))
    [name] = names(row)
    assert answer(officer, row, **{name: "گروهی دیگر"}).status_code == 422


def test_words_are_kept_sealed_and_asked_again_when_the_key_is_gone(officer: Client) -> None:
    row = send(officer, "a.csv", roster(line(1, **{"گروه مخاطب": WORD})))
    [file] = StagedFile.objects.all()
    assert WORD not in json.dumps(file.report, ensure_ascii=False)
    assert [one.value for one in open_questions(file.report, file.sha256)] == [WORD]
    assert open_questions(file.report, "0" * 64) == []  # bound to its file
    file.report["word_questions"]["key_version"] = 99
    file.save()
    again = reverse("web:import_ask_again", args=[row.file.staged.uid])
    page = officer.get(reverse("web:import_detail", args=[row.file.staged.uid]))
    assert again in page.content.decode()
    officer.post(again, {"file": str(row.file.pk)})
    file.refresh_from_db()
    assert [one.value for one in open_questions(file.report, file.sha256)] == [WORD]


def test_marks_under_no_date_are_counted_as_sessions(officer: Client, tmp_path: Path) -> None:
    register = course_sheet()
    register[-1] = [*register[-1][:5], "جلسه ۱", "جلسه ۲"]
    register += [["ساعت جلسه", "", "", "", "", 4, 4], person(7, "ح", "ح"), person(8, "ح", "غ")]
    row = send(officer, "a.xlsx", book(tmp_path, register))
    [name] = names(row)
    answer(officer, row, **{name: "count"})
    record(officer)
    assert hours() == [8, 4]


def test_blank_cells_below_a_group_are_asked_for_this_file_only(
    officer: Client, agreement: Agreement, tmp_path: Path
) -> None:
    rows = flat(*(person(serial, 90) for serial in range(1, 5)))
    place = rows[0].index("گروه مخاطب")
    for cells in rows[2:]:
        cells[place] = ""
    row = send(officer, "a.xlsx", book(tmp_path, rows))
    [name] = names(row)
    assert "زندانی" not in json.dumps(row.file.report, ensure_ascii=False)
    answer(officer, row, remember="on", partner=agreement.partner.uid, **{name: "above"})
    assert not RosterAnswer.objects.exists()
    record(officer)
    assert set(Enrolment.objects.values_list("audience__name", flat=True)) == {"زندانی"}


def test_answers_can_be_taken_back(officer: Client) -> None:
    row = send(officer, "a.csv", in_sessions(1))
    [name] = names(row)
    page = answer(officer, row, **{name: "attended_hours"})
    assert "ساعت حضور، به ساعت" in page.content.decode()
    again = reverse("web:import_ask_again", args=[row.file.staged.uid])
    officer.post(again, {"file": str(row.file.pk)})
    [file] = StagedFile.objects.all()
    assert file.answers == {}
    assert file.report["accepted"] == 0


def test_who_remembers_must_say_for_which_partner(officer: Client) -> None:
    row = send(officer, "a.csv", roster({**line(1), "شماره تفاهم‌نامه": "", UNIT: "5"}))
    [name, *_others] = names(row)
    page = answer(officer, row, remember="on", **{name: "ignore"})
    assert page.status_code == 422
    assert "partner" in page.context["faulty"].answers.errors


def test_a_file_that_nobody_recognises_shows_its_columns(officer: Client) -> None:
    known = line(1)
    for unused in ("جنسیت", "کد دوره", "کد استاندارد", "نمره کتبی", "نمره عملی", "شماره گواهینامه"):
        del known[unused]
    letters = [f"س{number}" for number in range(len(known))]
    row = send(officer, "a.csv", roster(dict(zip(letters, known.values(), strict=True))))
    fields = [
        "first_name", "last_name", "national_id", "course_title", "theory_hours", "practice_hours",
        "starts_on", "ends_on", "centre", "agreement_number", "attended_hours",
    ]  # fmt: skip
    answer(officer, row, **dict(zip(unknown(row), fields, strict=True)))
    record(officer)
    assert hours() == [100]


def without(*columns: str) -> dict[str, str]:
    row = line(1)
    for column in columns:
        del row[column]
    return row


def test_what_a_file_does_not_say_is_given_and_recorded_as_given(officer: Client) -> None:
    row = send(officer, "a.csv", roster(without("شماره تفاهم‌نامه", "تاریخ پایان", "نام مرکز")))
    assert row.file.report["missing"] == ["ends_on", "centre", "agreement_number"]
    data = {
        "g0-agreement_number": "553/96/2508",
        "g0-ends_on": "۱۳۹۷/۰۳/۲۰",
        "g0-centre": "مرکز شماره 1 کرج",
        "g0-audience": "سرباز وظیفه",
    }
    page = answer(officer, row, **data)
    [file] = StagedFile.objects.all()
    assert file.given[""]["ends_on"] == "1397/03/20"
    assert 'value="553/96/2508"' in page.content.decode()  # it can be changed
    record(officer)
    assert Enrolment.objects.get().audience.name == "سرباز وظیفه"
    given = [entry.details for entry in Entry.objects.all() if "given" in entry.details]
    assert any("553/96/2508" in json.dumps(details) for details in given)


@pytest.mark.parametrize(
    ("field", "text"),
    [("ends_on", "۱۳۹۷/۱۳/۰۱"), ("ends_on", "1397/03/01"), ("planned_hours", "زیاد"),
     ("planned_hours", "0")],
)  # fmt: skip
def test_given_values_that_can_not_be_are_refused(officer: Client, field: str, text: str) -> None:
    gone = ["شماره تفاهم‌نامه", "تاریخ پایان", "تاریخ شروع", "ساعت نظری", "ساعت عملی"]
    row = send(officer, "a.csv", roster(without(*gone)))
    page = answer(officer, row, **{"g0-starts_on": "1397/03/04", f"g0-{field}": text})
    assert page.status_code == 422
    assert page.context["faulty"].mistakes[0][0] == f"file-{row.file.pk}-g0-{field}"
    assert StagedFile.objects.get().given == {}


def test_sheets_are_given_their_own_values_and_their_names_as_titles(
    officer: Client, tmp_path: Path
) -> None:
    columns = ("عنوان دوره", "کد دوره", "کد استاندارد", "مدت دوره")
    sheets = [flat(person(serial, 9), without=columns) for serial in (1, 2)]
    row = send(officer, "a.xlsx", book(tmp_path, *sheets))
    data = {"name-of-sheet": "on", "g0-planned_hours": "40", "g2-planned_hours": "60"}
    answer(officer, row, **data)
    record(officer)
    courses = Enrolment.objects.order_by("pk").values_list(
        "course__title", "course__planned_minutes"
    )
    assert list(courses) == [("دوره 1", 2400), ("دوره 2", 3600)]


def test_nothing_said_is_a_mistake(officer: Client) -> None:
    row = send(officer, "a.csv", roster(without("نام مرکز")))
    page = answer(officer, row)
    assert page.status_code == 422
    assert "notice-error" in page.content.decode()


def test_a_clerks_answers_hold_when_an_officer_records_the_upload(
    sign_in: Callable[..., Client], officer: Client, agreement: Agreement
) -> None:
    clerk = sign_in(Role.CENTRE_CLERK)
    row = send(clerk, "a.csv", in_sessions(1))
    [name] = names(row)
    data = {name: "@each", f"{name}-each": "2", "remember": "on"}
    answer(clerk, row, partner=agreement.partner.uid, **data)
    assert RosterAnswer.objects.get().confirmed_at is None
    assert names(send(clerk, "b.csv", in_sessions(2))) == []
    assert names(send(officer, "c.csv", in_sessions(3))) != []
    of_clerk = StagedImport.objects.get(files__name="b.csv")
    officer.post(reverse("web:import_commit", args=[of_clerk.uid]))
    assert hours() == [40]


def test_what_every_row_is_adds_up(officer: Client, tmp_path: Path) -> None:
    sheet = course_sheet(person(1, 90, 60, 80), person(2, "سی", 60, 80))
    sheet += [["", "جمع", "", "", "", 100], [], ["امضای مسئول مرکز"]]
    row = send(officer, "a.xlsx", book(tmp_path, sheet))
    counts = row.file.report["accounted"]
    assert counts["trainees"] == row.file.report["rows"] == 2
    assert (counts["totals"], counts["signatures"]) == (1, 1)
    assert sum(counts.values()) == row.all_rows == len(sheet)
    page = officer.get(reverse("web:import_detail", args=[row.file.staged.uid])).content.decode()
    assert compact(page).count("<dt>امضاها</dt><dd>۱</dd>") == 1


def test_somebody_elses_file_is_not_found(sign_in: Callable[..., Client], officer: Client) -> None:
    row = send(officer, "a.csv", in_sessions(1))
    clerk = sign_in(Role.CENTRE_CLERK)
    for what in ("answers", "ask_again"):
        address = reverse(f"web:import_{what}", args=[row.file.staged.uid])
        assert clerk.post(address, {"file": str(row.file.pk)}).status_code == 404


def test_a_recorded_file_takes_no_answers(officer: Client) -> None:
    row = send(officer, "a.csv", roster(line(1)))
    record(officer)
    assert StagedImport.objects.get().state == StagedState.COMMITTED
    assert answer(officer, row).status_code == 404


@pytest.mark.parametrize("language", ["fa", "en"])
def test_questions_read_well_in_both_languages(
    sign_in: Callable[..., Client], language: str
) -> None:
    client = sign_in(Role.AGREEMENTS_OFFICER, language)
    content = in_sessions(1)
    upload = SimpleUploadedFile("a.csv", content)
    page = client.post(reverse("web:imports"), {"files": [upload]}, follow=True)
    text = page.content.decode()
    assert ("جلسه" if language == "fa" else "Each counts for this many hours") in text
    assert re.search(r"<legend>[^<]+</legend>", text)
