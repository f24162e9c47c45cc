"""Whatever stands in any text field of any table stays text: on every page, in every file.

No field is named here: a table that is made tomorrow is attacked tomorrow.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from agreements.test_agreement_files import PDF
from attacks.walking import addresses, answers, live, own_models, pages
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.agreements.actions import sign
from tafahom.agreements.models import Agreement, FileKind, Obligation, Side
from tafahom.agreements.promises.actions import appoint, call_meeting, decide, share_cost
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts.actions import save_as_version, save_clause
from tafahom.agreements.texts.beginning import start_draft, write_text
from tafahom.agreements.texts.files import attach
from tafahom.agreements.texts.rules import Content
from tafahom.figures import warehouse
from tafahom.people.models import Identity, Person
from tafahom.people.sealing import IdentityData, sealer
from tafahom.periods.actions import begin_closing, leave_closing
from tafahom.privacy.actions import exports
from tafahom.privacy.models import DataExport, Subject
from tafahom.training.models import ChangedCourse, Course
from web.test_hardening import Page

pytestmark = pytest.mark.once

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'
# What other code reads: changing them would test nothing but that.
OURS = {
    "uid", "key", "sort_key", "code", "key_version", "sha256", "token", "password", "digest",
    "previous", "action", "national_id_index", "fida_index", "header_key", "username", "email",
    "audience_code", "subject_uid", "kind",
}  # fmt: skip
ENOUGH_FIELDS = 25


def text_fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Give every field into which a text of somebody's may come."""
    for model in own_models():
        if model._meta.label in ("audit.Entry",):  # append-only, by trigger
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            if is_text and not field.choices and field.name not in OURS:
                yield model, field


def poison(text: str) -> list[str]:
    """Put a text into every such field of every row, as far as the column is wide."""
    poisoned = []
    for model, field in text_fields():
        rows = model._base_manager.all()
        value = text[: field.max_length] if field.max_length else text
        try:
            with transaction.atomic():
                changed = rows.update(**{field.name: value})
        except (DatabaseError, ValidationError):
            continue  # the database refuses it: unique, or of a form
        if changed:
            poisoned.append(f"{model.__name__}.{field.name}")
    for person in Person._base_manager.all():
        data = IdentityData(text, text, text, national_id="0012345679", mobile=text)
        sealed = sealer().seal(data, person_id=person.pk)
        Identity._base_manager.filter(person=person).update(sealed=sealed)
    ChangedCourse._base_manager.all().delete()
    for course in Course._base_manager.all():
        ChangedCourse._base_manager.create(course_id=course.pk, end_month=course.end_month)
    warehouse.refresh()
    return poisoned


@pytest.fixture
def office(officer: Client, nest: SimpleNamespace) -> SimpleNamespace:
    """The office of the canaries with a row in as many tables as pages show."""
    user = User.objects.get(username="agreements_officer")
    boss = User.objects.create(username="boss")
    agreement = Agreement.objects.get()
    officer.post(
        reverse("web:obligation_add", args=[agreement.uid]),
        {"side": "partner", "text": "کارگاه", "responsible": "کسی", "due_on": "1397/10/05"},
    )
    assert Obligation.objects.exists()
    sign(agreement, side=Side.PARTNER, name="کسی", title="مدیر", signed_on=None, by=user)
    state = agreement.state
    Agreement.objects.update(state=LifeState.DRAFTING)
    agreement.refresh_from_db()
    first = Content("موضوع", "آموزش کارکنان", ("هزینه با دستگاه است",))
    write_text(agreement, [first, Content("مدت", "یک سال")], by=user)
    draft = start_draft(agreement, by=user)
    clause = draft.clauses.first()
    assert clause
    save_clause(clause, seen=clause.revision, content=Content("موضوع", "دیگر"), by=user)
    save_as_version(draft, note="پس از جلسه", by=user)
    attach(
        agreement,
        chunks=[PDF],
        name="a.pdf",
        kind=FileKind.OTHER,
        note="یادداشت",
        by=user,
    )
    Agreement.objects.update(state=state)
    share_cost(
        agreement, side=Side.PARTNER, title="قسط", amount=5, due_on=nest.course.ends_on, by=user
    )
    appoint(agreement, side=Side.PARTNER, name="کسی", role="دبیر", by=user)
    meeting = call_meeting(
        agreement, held_on=nest.course.ends_on, place="اداره", agenda="بررسی", by=user
    )
    decide(meeting, text="تجهیز کارگاه", responsible="کسی", due_on=nest.course.ends_on, by=user)
    province, month = agreement.province, nest.course.end_month
    begin_closing(province=province, month=month, by=user)
    leave_closing(province=province, month=month, reason="هنوز نه", by=user)
    export = exports.request_export(
        subject=Subject.COURSE, subject_uid=nest.course.uid, reason="برای صدور گواهینامه",
        with_audience=True, by=user,
    )  # fmt: skip
    exports.decline(export, note="فهرست مرکز کافی است", by=boss)
    return nest


def test_a_script_is_never_markup(sign_in, office: SimpleNamespace) -> None:
    found = poison(SCRIPT)
    assert len(found) >= ENOUGH_FIELDS, found
    listed = live(office.officer, pages(addresses()))
    seen = 0
    for role in (Role.AGREEMENTS_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        client = sign_in(role)
        for _name, address in listed:
            response = client.get(address)
            if not response["Content-Type"].startswith("text/html") or response.has_header(
                "Content-Disposition"
            ):
                continue
            text = b"".join(response).decode()
            assert "<script>alert" not in text, address
            assert "<img src=x" not in text, address
            assert Page(text).inline == [], address
            seen += "&lt;script&gt;alert" in text
    assert seen > 15


def test_a_formula_is_run_by_no_file(office: SimpleNamespace, sign_in) -> None:
    poison(FORMULA)
    export = DataExport.objects.latest("pk")
    DataExport.objects.filter(pk=export.pk).update(state="requested", decided_by=None)
    export.refresh_from_db()
    sign_in(Role.DIRECTOR).post(reverse("web:export_approve", args=[export.uid]))
    taken = office.officer.post(reverse("web:export_take", args=[export.uid]))
    files = {"export.xlsx": b"".join(taken.streaming_content)}
    for _name, address, response in answers(office.officer, addresses()):
        if response.has_header("Content-Disposition"):
            files[address + response["Content-Disposition"]] = b"".join(response)
    kinds = {kind for name in files for kind in ("csv", "xlsx", "docx", "pdf") if kind in name}
    assert {"csv", "xlsx"} <= kinds
    told = 0
    for name, content in files.items():
        if content.startswith(b"PK") and ".docx" not in name:
            told += _check_workbook(name, content)
        elif "csv" in name:
            told += _check_text(name, content)
    assert told


def _check_workbook(name: str, content: bytes) -> bool:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink], name
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.namelist()
    assert not [part for part in parts if re.search(r"external|embed|vba|connections", part)], name
    return any("HYPERLINK" in str(cell.value) for cell in cells)


def _check_text(name: str, content: bytes) -> bool:
    for line in content.decode("utf-8-sig").splitlines():
        for cell in re.split(r"[,;\t]", line):
            assert not cell.lstrip('"').startswith(("=", "+", "@")), (name, line)
    return b"HYPERLINK" in content
