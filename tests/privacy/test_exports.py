"""Names leave in bulk only when a second person agrees, once, and in a file that runs nothing."""

import datetime as dt
import io
from types import SimpleNamespace

import openpyxl
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.people import vault
from tafahom.privacy import files
from tafahom.privacy.actions import exports
from tafahom.privacy.actions.retention import erase
from tafahom.privacy.models import Cause, DataExport, Subject
from tafahom.privacy.rules import ExportState
from tafahom.refusals import Refusal

REASON = "برای صدور دوباره گواهینامه‌ها"
FORMULA = '=HYPERLINK("http://example.invalid","x")'


@pytest.fixture
def director(sign_in) -> Client:
    """Who approves."""
    return sign_in(Role.DIRECTOR)


def ask(client: Client, course, **data: str) -> DataExport:
    address = reverse("web:export_ask", args=["course", course.uid])
    answer = client.post(address, {"reason": REASON, **data})
    assert answer.status_code == 302, answer.content.decode()
    return DataExport.objects.latest("pk")


def press(client: Client, button: str, export: DataExport, **data: str):
    return client.post(reverse(f"web:export_{button}", args=[export.uid]), data)


def cells(content: bytes) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [cell.value for page in book for row in page.iter_rows() for cell in row]


def test_a_file_is_asked_for_approved_and_taken_once(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    assert (export.state, export.rows, export.with_audience) == ("requested", 2, False)
    assert press(officer, "take", export).status_code == 302
    press(director, "approve", export)
    export.refresh_from_db()
    assert (export.state, export.rows) == ("ready", 2)
    assert "کریمی".encode() not in (vault.folder("exports") / export.uid).read_bytes()
    answer = press(officer, "take", export)
    assert "no-store" in answer["Cache-Control"]
    content = b"".join(answer.streaming_content)
    told = cells(content)
    assert "0012345679" in told
    assert "0499370899" in told
    assert "زندانی" not in told
    export.refresh_from_db()
    assert export.state == "taken"
    assert files.kept() == set()
    assert press(officer, "take", export).status_code == 302
    acts = list(
        Entry.objects.filter(target=f"export:{export.uid}").values_list("action", flat=True)
    )
    assert acts == [f"privacy.export_{what}" for what in ("asked", "approved", "made", "taken")]
    everything = str(list(Entry.objects.values()))
    assert "کریمی" not in everything
    assert "0012345679" not in everything


def test_that_data_was_read_is_recorded_by_person(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    press(director, "approve", export)
    press(officer, "take", export)
    assert Entry.objects.filter(action__contains="privacy.export").exists()
    assert known.sara.uid in str(list(Entry.objects.values_list("details", flat=True)))


def test_nobody_approves_what_they_asked_for(officer: Client, known: SimpleNamespace) -> None:
    export = ask(officer, known.one)
    press(officer, "approve", export)
    press(officer, "decline", export, note="نه، این لازم نیست")
    export.refresh_from_db()
    assert export.state == "requested"
    with pytest.raises(IntegrityError), transaction.atomic():
        DataExport.objects.filter(pk=export.pk).update(decided_by=export.requested_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        DataExport.objects.filter(pk=export.pk).update(state="ready")


def test_only_who_asked_takes_the_file(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    press(director, "approve", export)
    assert press(director, "take", export).status_code == 404
    export.refresh_from_db()
    with pytest.raises(Refusal, match="not_yours"):
        exports.take(export, people=[], by=export.decided_by)
    assert export.state == "ready"


@pytest.mark.parametrize("reason", ["", "بررسی", "درباره ۰۰۱-۲۳۴۵۶۷-۹ است", "x" * 501])
def test_a_reason_says_something_and_no_number_of_a_person(
    officer: Client, known: SimpleNamespace, reason: str
) -> None:
    address = reverse("web:export_ask", args=["course", known.one.uid])
    assert officer.post(address, {"reason": reason}).status_code == 422
    assert not DataExport.objects.exists()


def test_a_request_is_declined_with_a_reason(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    assert press(director, "decline", export).status_code == 422
    press(director, "decline", export, note="فهرست مرکز کافی است")
    export.refresh_from_db()
    assert (export.state, export.decision_note) == ("declined", "فهرست مرکز کافی است")
    press(director, "approve", export)
    export.refresh_from_db()
    assert export.state == "declined"
    page = officer.get(reverse("web:export_detail", args=[export.uid])).content.decode()
    assert "فهرست مرکز کافی است" in page


def test_who_asked_takes_it_back_and_the_file_goes(
    officer: Client, director: Client, known: SimpleNamespace, django_capture_on_commit_callbacks
) -> None:
    export = ask(officer, known.one)
    press(director, "approve", export)
    assert files.kept() == {export.uid}
    with django_capture_on_commit_callbacks(execute=True):
        press(officer, "withdraw", export)
    export.refresh_from_db()
    assert export.state == "withdrawn"
    assert files.kept() == set()
    assert press(officer, "take", export).status_code == 302


def test_time_ends_requests_and_files(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    stale, ready = ask(officer, known.one), ask(officer, known.two)
    press(director, "approve", ready)
    now = dt.datetime.now(dt.UTC)
    with time_machine.travel(now + dt.timedelta(hours=25)):
        assert press(officer, "take", ready).status_code == 302
        exports.end_what_is_over()
        ready.refresh_from_db()
        assert ready.state == "expired"
        assert files.kept() == set()
    with time_machine.travel(now + dt.timedelta(days=8)):
        press(director, "approve", stale)
        officer.force_login(User.objects.get(username="agreements_officer"))
        officer.get(reverse("web:exports"))
        stale.refresh_from_db()
        assert stale.state == "expired"
    assert Entry.objects.filter(action="privacy.export_expired").count() == 2


def test_a_file_that_holds_somebody_who_is_forgotten_is_destroyed(
    officer: Client, director: Client, known: SimpleNamespace, django_capture_on_commit_callbacks
) -> None:
    about_sara, about_ali = ask(officer, known.one), ask(officer, known.two)
    for export in (about_sara, about_ali):
        press(director, "approve", export)
    with django_capture_on_commit_callbacks(execute=True):
        erase(person=known.sara, cause=Cause.REQUEST, by=None)
    about_sara.refresh_from_db()
    about_ali.refresh_from_db()
    assert (about_sara.state, about_ali.state) == ("expired", "ready")
    assert files.kept() == {about_ali.uid}


def test_a_formula_stays_text(
    officer: Client, director: Client, known: SimpleNamespace, give_name
) -> None:
    for number, sign in enumerate((FORMULA, "+1+1", "-1+1", "@SUM(1)", "\t=1", "|cmd")):
        person = known.world.person()
        give_name(person, sign, sign, f"{number:010}")
        known.world.enrol(person, known.one)
    export = ask(officer, known.one)
    press(director, "approve", export)
    content = b"".join(press(officer, "take", export).streaming_content)
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = [cell for page in book for row in page.iter_rows() for cell in row]
    assert FORMULA in [cell.value for cell in found]
    assert not [cell for cell in found if cell.data_type == "f" or cell.hyperlink]


def test_the_audience_is_for_those_who_may_see_it(
    officer: Client, sign_in, director: Client, known: SimpleNamespace
) -> None:
    clerk = sign_in(Role.CENTRE_CLERK)
    asked = ask(clerk, known.one, with_audience="on")
    assert not asked.with_audience
    export = ask(officer, known.one, with_audience="on")
    press(director, "approve", export)
    assert "زندانی" in cells(b"".join(press(officer, "take", export).streaming_content))


@pytest.mark.parametrize("subject", ["agreement", "partner"])
def test_agreements_and_partners_are_exported_too(
    officer: Client, director: Client, known: SimpleNamespace, subject: str
) -> None:
    uid = known.national.uid if subject == "agreement" else known.prisons.uid
    officer.post(reverse("web:export_ask", args=[subject, uid]), {"reason": REASON})
    export = DataExport.objects.get()
    press(director, "approve", export)
    assert "0012345679" in cells(b"".join(press(officer, "take", export).streaming_content))


def test_what_is_not_there_or_empty_or_too_large_is_refused(
    officer: Client, known: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject, uid in (("course", "nothing"), ("person", known.sara.uid)):
        address = reverse("web:export_ask", args=[subject, uid])
        assert officer.post(address, {"reason": REASON}).status_code == 404
    empty = known.world.course(known.trade, (1397, 6, 1))
    address = reverse("web:export_ask", args=["course", empty.uid])
    assert officer.post(address, {"reason": REASON}).status_code == 422
    monkeypatch.setattr(exports, "MAX_ROWS", 1)
    address = reverse("web:export_ask", args=["course", known.one.uid])
    assert officer.post(address, {"reason": REASON}).status_code == 422


def test_a_file_that_was_changed_on_disk_is_not_given(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    press(director, "approve", export)
    place = vault.folder("exports") / export.uid
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(vault.UnreadableError):
        press(officer, "take", export)
    export.refresh_from_db()
    assert export.state == "ready"


def test_making_it_again_changes_nothing(
    officer: Client, director: Client, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    press(director, "approve", export)
    export.refresh_from_db()
    exports.prepare(export)
    assert Entry.objects.filter(action="privacy.export_made").count() == 1


def test_a_failure_leaves_no_file(
    officer: Client, known: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = ask(officer, known.one)
    boss = User.objects.create(username="boss")
    exports.approve(export, by=boss)

    def full(_uid: str, _content: bytes) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(files, "keep", full)
    with pytest.raises(OSError, match="no space"):
        exports.prepare(export)
    export.refresh_from_db()
    assert (export.state, export.job.state) == (ExportState.FAILED, "failed")


def test_the_list_shows_ones_own_and_to_deciders_all(
    officer: Client, director: Client, sign_in, known: SimpleNamespace
) -> None:
    export = ask(officer, known.one)
    address = reverse("web:export_detail", args=[export.uid])
    assert director.get(address).status_code == 200
    assert sign_in(Role.AUDITOR).get(address).status_code == 200
    clerk = sign_in(Role.CENTRE_CLERK)
    assert clerk.get(address).status_code == 404
    assert export.title not in clerk.get(reverse("web:exports")).content.decode()
    assert sign_in(Role.AUDITOR).post(address + "approve/").status_code == 404


def test_the_queries_of_the_list_do_not_grow(
    officer: Client, known: SimpleNamespace, django_assert_max_num_queries
) -> None:
    user = User.objects.get(username="agreements_officer")
    for _number in range(30):
        exports.request_export(
            subject=Subject.COURSE, subject_uid=known.one.uid, reason=REASON,
            with_audience=False, by=user,
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        officer.get(reverse("web:exports"))
