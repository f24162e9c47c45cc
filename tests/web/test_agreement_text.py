"""Pages of texts: reading, editing, deciding between two, comparing, printing, files."""

import io
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement, AgreementFile, AgreementTemplate, TextVersion
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts import actions, beginning
from tafahom.agreements.texts.queries import clauses_of, content_of, current_text, draft_of
from tafahom.agreements.texts.rules import Content
from tafahom.agreements.texts.templates import load_templates
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"


@pytest.fixture
def agreement(db: None) -> Agreement:
    prepare()
    made = make_agreement("12/1", partner="سازمان بهزیستی")
    Agreement.objects.filter(pk=made.pk).update(state=LifeState.DRAFTING, signed_on=None)
    made.refresh_from_db()
    return made


@pytest.fixture
def draft(agreement: Agreement) -> TextVersion:
    made = beginning.start_draft(agreement, by=None)
    for word in ("یک", "دو", "سه"):
        actions.add_clause(made, content=Content(word, f"متن {word}", ("تبصره",)), by=None)
    return made


def text_page(agreement: Agreement) -> str:
    return reverse("web:agreement_text", args=[agreement.uid])


def clause_page(draft: TextVersion, place: int = 0) -> str:
    return reverse("web:clause_edit", args=[draft.uid, clauses_of(draft)[place].uid])


def words_of(draft: TextVersion, place: int = 0) -> Content:
    return content_of(clauses_of(draft)[place])


def test_a_text_begins_with_a_template(officer: Client, agreement: Agreement) -> None:
    load_templates()
    page = officer.get(text_page(agreement)).content.decode()
    assert "همکاری آموزشی (عمومی)" in page
    general = AgreementTemplate.objects.get(code="general")
    address = reverse("web:text_start", args=[agreement.uid])
    response = officer.post(address, {"begin": general.uid}, follow=True)
    assert "سازمان بهزیستی" in response.content.decode()
    draft = draft_of(agreement)
    assert draft is not None
    assert response.redirect_chain[-1][0] == reverse("web:text_edit", args=[draft.uid])


def test_an_empty_text_begins_empty(officer: Client, agreement: Agreement) -> None:
    officer.post(reverse("web:text_start", args=[agreement.uid]), {"begin": "empty"})
    draft = draft_of(agreement)
    assert draft is not None
    assert clauses_of(draft) == []


def test_a_clause_is_added_edited_moved_and_removed(officer: Client, draft: TextVersion) -> None:
    add = reverse("web:clause_add", args=[draft.uid])
    officer.post(add, {"heading": "میانه", "text": "", "notes": ["", "تبصره نو"], "after": "1"})
    assert words_of(draft, 1) == Content("میانه", "", ("تبصره نو",))
    sent = {"heading": "میانه", "text": "سطر یک\r\nسطر دو", "notes": [""], "seen": "1"}
    officer.post(clause_page(draft, 1), sent)
    assert words_of(draft, 1) == Content("میانه", "سطر یک\nسطر دو")
    clause = clauses_of(draft)[1]
    officer.post(reverse("web:clause_move", args=[draft.uid, clause.uid]), {"to": "up"})
    assert words_of(draft).heading == "میانه"
    remove = reverse("web:clause_delete", args=[draft.uid, clause.uid])
    officer.post(remove, {"seen": "2"})
    assert [c.heading for c in clauses_of(draft)] == ["یک", "دو", "سه"]


def test_what_was_typed_is_kept_when_it_is_refused(officer: Client, draft: TextVersion) -> None:
    sent = {"heading": "عنوان من", "text": "با {{ partnr }}", "seen": "1"}
    response = officer.post(clause_page(draft), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "عنوان من" in page
    assert "partnr" in page
    assert words_of(draft).heading == "یک"


def test_the_second_of_two_writers_sees_both_and_decides(
    officer: Client, draft: TextVersion
) -> None:
    address = clause_page(draft)
    opened = {"base-heading": "یک", "base-text": "متن یک", "base-notes": ["تبصره"], "seen": "1"}
    officer.post(address, opened | {"heading": "یک", "text": "متن نخست", "notes": ["تبصره"]})
    mine = {"heading": "یک", "text": "متن یک و بیشتر", "notes": ["تبصره"]}
    response = officer.post(address, opened | mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert words_of(draft).text == "متن نخست"
    assert "<del>" in page
    assert "متن یک و بیشتر" in page
    assert 'name="seen" value="2"' in page
    officer.post(address, mine | {"seen": "2"})
    assert words_of(draft).text == "متن یک و بیشتر"


def test_what_one_of_two_writers_left_alone_is_the_other_s(
    officer: Client, draft: TextVersion
) -> None:
    address = clause_page(draft)
    opened = {"base-heading": "یک", "base-text": "متن یک", "base-notes": ["تبصره"], "seen": "1"}
    same = {"heading": "یک", "text": "متن یک", "notes": ["تبصره", ""]}
    officer.post(address, opened | same | {"text": "متنی که دیگری نوشت"})
    page = officer.post(address, opened | same | {"heading": "عنوان من"}).content.decode()
    fields = page[page.index('id="clause-heading"') :]
    assert "عنوان من" in fields
    assert "متنی که دیگری نوشت" in fields


def test_a_clause_that_was_removed_meanwhile_can_be_added_again(
    officer: Client, draft: TextVersion
) -> None:
    address = clause_page(draft)
    actions.delete_clause(clauses_of(draft)[0], seen=1, by=None)
    response = officer.post(address, {"heading": "یک", "text": "از من", "seen": "1"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "از من" in page
    assert reverse("web:clause_add", args=[draft.uid]) in page


def test_after_the_signature_nothing_is_written_and_nothing_typed_is_lost(
    officer: Client, agreement: Agreement, draft: TextVersion
) -> None:
    address = clause_page(draft)
    Agreement.objects.filter(pk=agreement.pk).update(state=LifeState.SIGNED)
    response = officer.post(address, {"heading": "یک", "text": "دیر", "seen": "1"})
    assert response.status_code == 422
    assert "دیر" in response.content.decode()
    assert words_of(draft).text == "متن یک"
    edit = officer.get(reverse("web:text_edit", args=[draft.uid]))
    assert edit.headers["Location"] == text_page(agreement)


def test_versions_are_kept_and_compared(officer: Client, draft: TextVersion) -> None:
    keep = reverse("web:text_keep", args=[draft.uid])
    officer.post(keep, {"note": "برای دستگاه"})
    actions.save_clause(
        clauses_of(draft)[1], seen=1, content=Content("دو", "متن سه", ("تبصره",)), by=None
    )
    page = officer.get(reverse("web:text_compare", args=[draft.uid])).content.decode()
    words = "".join(page.split())
    assert page.count("<del>") == 2  # the legend shows one
    assert "دو</del>" in words
    assert "سه</ins>" in words


def test_a_text_of_nothing_else_is_compared_with_nothing(
    officer: Client, draft: TextVersion
) -> None:
    address = reverse("web:text_compare", args=[draft.uid])
    assert officer.get(address).status_code == 200
    assert officer.get(address, {"with": "nothing"}).status_code == 404


def test_going_back_to_a_version(officer: Client, agreement: Agreement, draft: TextVersion) -> None:
    first = actions.save_as_version(draft, note="", by=None)
    actions.delete_clause(clauses_of(draft)[0], seen=1, by=None)
    officer.post(reverse("web:text_back", args=[first.uid]))
    assert [clause.heading for clause in clauses_of(draft)] == ["یک", "دو", "سه"]


def test_words_are_never_markup(officer: Client, agreement: Agreement, draft: TextVersion) -> None:
    evil = "<script>alert(1)</script>"
    actions.save_as_version(draft, note=evil, by=None)
    actions.save_clause(clauses_of(draft)[0], seen=1, content=Content(evil, evil, (evil,)), by=None)
    for address in (
        text_page(agreement),
        reverse("web:text_edit", args=[draft.uid]),
        reverse("web:text_compare", args=[draft.uid]),
        clause_page(draft),
    ):
        page = officer.get(address).content.decode()
        assert evil not in page
        assert "script>" in unescape(page)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_agreement_is_printed_in_persian(
    sign_in, agreement: Agreement, draft: TextVersion, language: str, ending: str
) -> None:
    client = sign_in(Role.AUDITOR, language)
    response = client.get(reverse("web:agreement_document", args=[agreement.uid, ending]))
    assert response.status_code == 200
    assert f'filename="agreement-12-1.{ending}"' in response.headers["Content-Disposition"]
    if ending == "pdf":
        assert response.content.startswith(b"%PDF")
        assert b"Vazirmatn" in response.content
        return
    with zipfile.ZipFile(io.BytesIO(response.content)) as document:
        body = document.read("word/document.xml").decode()
        head = document.read("word/header1.xml").decode()
        foot = document.read("word/footer1.xml").decode()
    for said in ("ماده ۱ – یک", "سازمان بهزیستی", "تبصره", "۱۲/۱"):
        assert said in body
    assert "پیش‌نویس" in head
    assert "NUMPAGES" in foot
    assert body.count("<w:bidi/>") == body.count("</w:pPr>")


def test_without_a_text_there_is_nothing_to_print(officer: Client, agreement: Agreement) -> None:
    for ending in ("pdf", "docx"):
        address = reverse("web:agreement_document", args=[agreement.uid, ending])
        assert officer.get(address).status_code == 404


def test_a_file_is_attached_and_sent_as_an_attachment(
    officer: Client, agreement: Agreement
) -> None:
    attach = reverse("web:file_attach", args=[agreement.uid])
    sent = SimpleUploadedFile("نامه.html", PDF, content_type="text/html")
    officer.post(attach, {"file": sent, "kind": "letter", "note": "پاسخ"})
    made = AgreementFile.objects.get()
    response = officer.get(reverse("web:file_take", args=[made.uid]))
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "نامه.pdf" in officer.get(text_page(agreement)).content.decode()
    officer.post(reverse("web:file_detach", args=[made.uid]))
    assert not AgreementFile.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<script>", "attachment.type"),
        (b"", "attachment.empty"),
        (PDF[:20], "attachment.damaged"),
    ],
)
def test_other_files_are_refused_at_their_field_and_nothing_typed_is_lost(
    officer: Client, agreement: Agreement, content: bytes, code: str
) -> None:
    attach = reverse("web:file_attach", args=[agreement.uid])
    sent = SimpleUploadedFile("a.pdf", content, content_type="application/pdf")
    response = officer.post(attach, {"file": sent, "kind": "letter", "note": "پاسخ نامه"})
    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {"file": [sentence(Refusal(code))]}
    assert 'value="پاسخ نامه"' in response.content.decode()
    assert form["kind"].value() == "letter"
    assert not AgreementFile.objects.exists()


def test_who_may_read_may_not_write(sign_in, agreement: Agreement, draft: TextVersion) -> None:
    reader = sign_in(Role.AUDITOR)
    page = reader.get(text_page(agreement))
    assert page.status_code == 200
    assert reverse("web:text_edit", args=[draft.uid]) not in page.content.decode()
    assert reader.get(reverse("web:text_compare", args=[draft.uid])).status_code == 200
    clause = clauses_of(draft)[0]
    for name, args in (
        ("text_start", [agreement.uid]),
        ("file_attach", [agreement.uid]),
        ("text_keep", [draft.uid]),
        ("clause_add", [draft.uid]),
        ("clause_edit", [draft.uid, clause.uid]),
        ("clause_move", [draft.uid, clause.uid]),
        ("clause_delete", [draft.uid, clause.uid]),
    ):
        assert reader.post(reverse(f"web:{name}", args=args)).status_code == 404
    assert reader.get(reverse("web:templates")).status_code == 404


def test_a_template_is_made_like_another_and_changed(officer: Client, agreement: Agreement) -> None:
    load_templates()
    like = AgreementTemplate.objects.get(code="industry")
    response = officer.post(
        reverse("web:templates"), {"name": "صنایع کوچک", "like": like.uid, "kinds": []}
    )
    made = AgreementTemplate.objects.get(name="صنایع کوچک")
    page = reverse("web:template_detail", args=[made.uid])
    assert response.headers["Location"] == page
    text = current_text(made)
    assert text is not None
    assert len(clauses_of(text)) == 15
    officer.post(page, {"name": "صنایع خرد", "kinds": []})
    made.refresh_from_db()
    assert (made.name, made.is_used) == ("صنایع خرد", False)
    taken = officer.post(page, {"name": like.name, "kinds": []})
    assert taken.status_code == 422


def test_the_pages_do_not_ask_more_for_a_longer_text(
    officer: Client, agreement: Agreement, draft: TextVersion, django_assert_max_num_queries
) -> None:
    agreement.texts.all().delete()
    said = [Content(str(number), "متن", ("الف", "ب")) for number in range(60)]
    beginning.write_text(agreement, said, by=None)
    made = draft_of(agreement)
    assert made is not None
    officer.get(text_page(agreement))
    with django_assert_max_num_queries(18):
        officer.get(text_page(agreement))
    with django_assert_max_num_queries(18):
        officer.get(reverse("web:text_edit", args=[made.uid]))
