"""Drafts, versions, and two officers at one text."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.access.models import User
from tafahom.agreements.actions import move, oblige, save_commitment, set_parent, sign
from tafahom.agreements.models import (
    Agreement,
    AgreementTemplate,
    Clause,
    CommittedMeasure,
    Level,
    Side,
    TextVersion,
)
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts import actions, beginning
from tafahom.agreements.texts.placeholders import BLANK, unknown
from tafahom.agreements.texts.queries import (
    clauses_of,
    clauses_of_parent,
    content_of,
    current_text,
    draft_of,
    outdated,
    templates_for,
)
from tafahom.agreements.texts.rules import MAX_CLAUSES, Content
from tafahom.agreements.texts.templates import load_templates, make_template
from tafahom.agreements.texts.writing import StaleError
from tafahom.audit.models import Entry
from tafahom.jalali import today
from tafahom.parties.models import PartnerKind
from tafahom.refusals import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara(db: None) -> User:
    return User.objects.create_user(username="sara")


@pytest.fixture
def ali(db: None) -> User:
    return User.objects.create_user(username="ali")


@pytest.fixture
def agreement(db: None) -> Agreement:
    """An agreement that is being drafted."""
    prepare()
    made = make_agreement("12/1", partner="سازمان بهزیستی")
    Agreement.objects.filter(pk=made.pk).update(state=LifeState.DRAFTING, signed_on=None)
    made.refresh_from_db()
    return made


@pytest.fixture
def draft(agreement: Agreement, sara: User) -> TextVersion:
    """Three clauses: «یک», «دو», «سه»."""
    made = beginning.start_draft(agreement, by=sara)
    for word in ("یک", "دو", "سه"):
        actions.add_clause(made, content=Content(word, f"متن {word}"), by=sara)
    return made


def headings(text: TextVersion) -> list[str]:
    return [clause.heading for clause in clauses_of(text)]


def ordinals(text: TextVersion) -> list[int]:
    return [clause.ordinal for clause in clauses_of(text)]


def test_clauses_are_numbered_by_their_place(draft: TextVersion, sara: User) -> None:
    one, _two, three = clauses_of(draft)
    actions.move_clause(three, step=-1, by=sara)
    assert headings(draft) == ["یک", "سه", "دو"]
    actions.add_clause(draft, content=Content("نخست", ""), after=0, by=sara)
    actions.add_clause(draft, content=Content("میانه", ""), after=2, by=sara)
    assert headings(draft) == ["نخست", "یک", "میانه", "سه", "دو"]
    actions.delete_clause(one, seen=1, by=sara)
    assert headings(draft) == ["نخست", "میانه", "سه", "دو"]
    assert ordinals(draft) == [1, 2, 3, 4]


def test_at_its_ends_the_text_has_no_further_place(draft: TextVersion, sara: User) -> None:
    first, *_rest, last = clauses_of(draft)
    actions.move_clause(first, step=-1, by=sara)
    actions.move_clause(last, step=1, by=sara)
    assert headings(draft) == ["یک", "دو", "سه"]


def test_the_second_writer_of_a_clause_overwrites_nothing(
    draft: TextVersion, sara: User, ali: User
) -> None:
    clause = clauses_of(draft)[0]
    seen = clause.revision
    assert actions.save_clause(clause, seen=seen, content=Content("یک", "از سارا"), by=sara)
    with pytest.raises(StaleError) as stale:
        actions.save_clause(clause, seen=seen, content=Content("یک", "از علی"), by=ali)
    now = stale.value.clause
    assert content_of(now).text == "از سارا"
    assert now.changed_by == sara
    assert actions.save_clause(
        now, seen=now.revision, content=Content("یک", "از سارا و علی"), by=ali
    )
    assert content_of(clauses_of(draft)[0]).text == "از سارا و علی"


def test_two_who_write_the_same_do_not_disturb_each_other(
    draft: TextVersion, sara: User, ali: User
) -> None:
    clause = clauses_of(draft)[0]
    said = Content("یک", "همان", ("تبصره",))
    assert actions.save_clause(clause, seen=1, content=said, by=sara)
    assert not actions.save_clause(clause, seen=1, content=said, by=ali)


def test_two_clauses_may_be_written_at_once(draft: TextVersion, sara: User, ali: User) -> None:
    one, two, _three = clauses_of(draft)
    actions.save_clause(one, seen=1, content=Content("یک", "سارا"), by=sara)
    actions.save_clause(two, seen=1, content=Content("دو", "علی"), by=ali)
    assert [content_of(clause).text for clause in clauses_of(draft)][:2] == ["سارا", "علی"]


def test_a_clause_that_changed_meanwhile_is_not_removed(
    draft: TextVersion, sara: User, ali: User
) -> None:
    clause = clauses_of(draft)[0]
    actions.save_clause(clause, seen=1, content=Content("یک", "سارا"), by=sara)
    with pytest.raises(StaleError):
        actions.delete_clause(clause, seen=1, by=ali)
    with pytest.raises(StaleError):
        actions.move_note(clause, number=1, step=1, seen=1, by=ali)
    assert headings(draft) == ["یک", "دو", "سه"]


def test_what_is_written_into_a_removed_clause_is_refused(
    draft: TextVersion, sara: User, ali: User
) -> None:
    clause = clauses_of(draft)[0]
    actions.delete_clause(clause, seen=1, by=sara)
    gone = TextVersion.objects.get(pk=draft.pk)
    clause.pk, clause.version = clause.pk or 10**9, gone
    with pytest.raises(Refusal, match=r"clause\.gone"):
        actions.save_clause(clause, seen=1, content=Content("یک", "علی"), by=ali)


def test_notes_change_places(draft: TextVersion, sara: User) -> None:
    clause = clauses_of(draft)[0]
    actions.save_clause(clause, seen=1, content=Content("یک", "", ("الف", "ب")), by=sara)
    actions.move_note(clause, number=2, step=-1, seen=2, by=sara)
    actions.move_note(clause, number=1, step=-1, seen=3, by=sara)
    assert content_of(clauses_of(draft)[0]).notes == ("ب", "الف")


def test_a_kept_version_does_not_change_with_the_draft(draft: TextVersion, sara: User) -> None:
    first = actions.save_as_version(draft, note="برای دستگاه", by=sara)
    with pytest.raises(Refusal, match=r"text\.unchanged"):
        actions.save_as_version(draft, note="", by=sara)
    actions.delete_clause(clauses_of(draft)[1], seen=1, by=sara)
    second = actions.save_as_version(draft, note="", by=sara)
    assert (first.number, second.number) == (1, 2)
    assert headings(first) == ["یک", "دو", "سه"]
    assert headings(second) == ["یک", "سه"]
    with pytest.raises(Refusal, match=r"text\.frozen"):
        actions.add_clause(first, content=Content("دیگر", ""), by=sara)


def test_going_back_keeps_what_the_draft_said(
    agreement: Agreement, draft: TextVersion, sara: User
) -> None:
    first = actions.save_as_version(draft, note="", by=sara)
    actions.add_clause(draft, content=Content("چهار", ""), by=sara)
    actions.go_back_to(first, by=sara)
    assert headings(draft) == ["یک", "دو", "سه"]
    kept = agreement.texts.get(number=2)
    assert headings(kept) == ["یک", "دو", "سه", "چهار"]


def test_an_empty_text_is_no_version(agreement: Agreement, sara: User) -> None:
    draft = beginning.start_draft(agreement, by=sara)
    with pytest.raises(Refusal, match=r"text\.empty"):
        actions.save_as_version(draft, note="", by=sara)
    assert beginning.start_draft(agreement, by=sara) == draft


def test_a_text_has_an_end(draft: TextVersion, sara: User) -> None:
    for number in range(3, MAX_CLAUSES):
        Clause.objects.create(version=draft, ordinal=number + 1, heading="الف")
    with pytest.raises(Refusal, match=r"text\.too_long"):
        actions.add_clause(draft, content=Content("بیش", ""), by=sara)


def test_the_signature_freezes_the_words(
    agreement: Agreement, draft: TextVersion, sara: User
) -> None:
    actions.save_as_version(draft, note="", by=sara)
    actions.add_clause(draft, content=Content("چهار", ""), by=sara)
    clause = clauses_of(draft)[0]
    move(agreement, LifeState.NEGOTIATION, by=sara)
    for side in Side:
        sign(agreement, side=side, name=side.value, signed_on=today(), by=sara)
    move(agreement, LifeState.SIGNED, by=sara)
    signed = current_text(agreement)
    assert signed is not None
    assert (signed.number, signed.is_signed) == (2, True)
    assert headings(signed) == ["یک", "دو", "سه", "چهار"]
    assert draft_of(agreement) is None
    for write in (
        lambda: actions.save_clause(clause, seen=1, content=Content("یک", "دیر"), by=sara),
        lambda: beginning.start_draft(agreement, by=sara),
        lambda: actions.go_back_to(signed, by=sara),
    ):
        with pytest.raises(Refusal, match=r"text\.frozen"):
            write()


def test_an_agreement_without_a_text_is_signed_all_the_same(
    agreement: Agreement, sara: User
) -> None:
    move(agreement, LifeState.NEGOTIATION, by=sara)
    for side in Side:
        sign(agreement, side=side, name=side.value, signed_on=today(), by=sara)
    move(agreement, LifeState.SIGNED, by=sara)
    assert current_text(agreement) is None


def test_templates_come_once_and_know_only_names_of_the_list(agreement: Agreement) -> None:
    assert load_templates() == 7
    assert load_templates() == 0
    for template in AgreementTemplate.objects.all():
        text = current_text(template)
        assert text is not None
        found = clauses_of(text)
        assert len(found) >= 14
        for clause in found:
            said = content_of(clause)
            assert said.heading
            assert not [n for t in (said.text, *said.notes) for n in unknown(t)]


def test_the_template_of_the_kind_of_partner_comes_first(agreement: Agreement) -> None:
    load_templates()
    judiciary = PartnerKind.objects.get(code="judiciary")
    assert templates_for(judiciary)[0].code == "judiciary"
    assert templates_for(judiciary)[1].code == "general"
    AgreementTemplate.objects.filter(code="judiciary").update(is_used=False)
    assert templates_for(judiciary)[0].code == "general"


def test_a_draft_from_a_template_says_what_the_record_says(
    agreement: Agreement, sara: User
) -> None:
    load_templates()
    save_commitment(
        agreement, year=1397, measure=CommittedMeasure.PERSON_HOURS, quantity=12000, by=sara
    )
    oblige(agreement, side=Side.PARTNER, text="تجهیز کارگاه", due_on=dt.date(2018, 9, 1), by=sara)
    general = AgreementTemplate.objects.get(code="general")
    draft, missing = beginning.draft_from_template(agreement, general, by=sara)
    words = "\n".join(f"{c.text}" for c in clauses_of(draft))
    for said in ("سازمان بهزیستی", "۱۲٬۰۰۰ نفر ساعت", "تجهیز کارگاه", "۱۲/۱", "۱ فروردین ۱۳۹۷"):
        assert said in words
    assert "{{" not in words
    assert missing == []
    with pytest.raises(Refusal, match=r"text\.present"):
        beginning.draft_from_template(agreement, general, by=sara)


def test_what_is_not_known_becomes_dots_and_is_told(agreement: Agreement, sara: User) -> None:
    load_templates()
    general = AgreementTemplate.objects.get(code="general")
    draft, missing = beginning.draft_from_template(agreement, general, by=sara)
    assert missing == ["commitments"]
    assert any(BLANK in clause.text for clause in clauses_of(draft))


def test_a_template_takes_names_of_the_list_only(agreement: Agreement, sara: User) -> None:
    template = make_template(name="تازه", kinds=[], by=sara)
    draft = draft_of(template)
    assert draft is not None
    with pytest.raises(Refusal) as refused:
        actions.add_clause(draft, content=Content("الف", "با {{ partnr }}"), by=sara)
    assert refused.value.code == "placeholder.unknown"
    assert refused.value.params == {"names": ["partnr"]}
    actions.add_clause(draft, content=Content("الف", "با {{ partner }}"), by=sara)
    assert content_of(clauses_of(draft)[0]).text == "با {{ partner }}"


def test_a_name_typed_into_an_agreement_is_filled_at_once(draft: TextVersion, sara: User) -> None:
    clause = actions.add_clause(draft, content=Content("الف", "با {{ partner }}"), by=sara)
    assert clause.text == "با سازمان بهزیستی"


def test_two_templates_have_two_names(agreement: Agreement, sara: User) -> None:
    make_template(name="تازه", kinds=[], by=sara)
    with pytest.raises(Refusal, match=r"template\.name_taken"):
        make_template(name=" تازه ", kinds=[], by=sara)


@pytest.fixture
def national(agreement: Agreement, sara: User) -> Agreement:
    """A national agreement that the other implements, with two clauses."""
    made = make_agreement("1/97", partner="سازمان کل")
    Agreement.objects.filter(pk=made.pk).update(level=Level.NATIONAL, state=LifeState.DRAFTING)
    made.refresh_from_db()
    text = beginning.start_draft(made, by=sara)
    said = "{{ directorate }} با {{ partner }} به شماره {{ number }}، برابر آیین‌نامه سازمان کل"
    actions.add_clause(text, content=Content("موضوع", said), by=sara)
    actions.add_clause(text, content=Content("مدت", "سه سال"), by=sara)
    set_parent(agreement, made, by=sara)
    agreement.refresh_from_db()
    return made


def test_a_provincial_agreement_inherits_in_its_own_name(
    agreement: Agreement, national: Agreement, sara: User
) -> None:
    assert beginning.inherit_clauses(agreement, by=sara) == 2
    assert beginning.inherit_clauses(agreement, by=sara) == 0
    draft = draft_of(agreement)
    assert draft is not None
    subject, term = (clause.text for clause in clauses_of(draft))
    assert subject.startswith("اداره کل آموزش فنی و حرفه‌ای استان")
    # A name that was typed stays: here it is that of a regulation.
    assert subject.endswith("با سازمان بهزیستی به شماره ۱۲/۱، برابر آیین‌نامه سازمان کل")
    assert term == "سه سال"
    assert {c.lineage for c in clauses_of(draft)} == set(clauses_of_parent(agreement))


def test_when_the_record_changes_the_draft_is_filled_anew_but_for_what_was_rewritten(
    agreement: Agreement, sara: User
) -> None:
    draft = beginning.start_draft(agreement, by=sara)
    for word in ("الف", "ب"):
        actions.add_clause(draft, content=Content(word, "تا {{ ends_on }}"), by=sara)
    rewritten = clauses_of(draft)[1]
    actions.save_clause(rewritten, seen=1, content=Content("ب", "تا همیشه"), by=sara)
    assert outdated(draft) == []
    agreement.ends_on = dt.date(2020, 3, 19)
    agreement.save()
    draft = TextVersion.objects.get(pk=draft.pk)
    assert [clause.heading for clause, _content in outdated(draft)] == ["الف"]
    assert actions.fill_anew(draft, by=sara) == 1
    assert actions.fill_anew(draft, by=sara) == 0
    assert [c.text for c in clauses_of(draft)] == ["تا ۲۹ اسفند ۱۳۹۸", "تا همیشه"]


def test_writing_is_recorded_without_words(draft: TextVersion, sara: User) -> None:
    entries = Entry.objects.filter(action="agreements.clause_added")
    assert entries.count() == 3
    assert all(set(entry.details) == {"clause"} for entry in entries)


def test_a_long_text_is_read_in_two_queries(draft: TextVersion, sara: User) -> None:
    contents = [Content(str(number), "", ("تبصره",)) for number in range(60)]
    template = make_template(name="بلند", kinds=[], by=sara)
    template.texts.all().delete()
    text = beginning.write_text(template, contents, by=sara)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = [content_of(clause) for clause in clauses_of(text)]
    assert len(found) == 60
    assert len(queries) == 2
