"""A draft can be deleted while nothing depends on it."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.agreements.actions import oblige, sign
from tafahom.agreements.drafts.actions import delete_draft
from tafahom.agreements.levels.actions import share_out
from tafahom.agreements.models import (
    Agreement,
    Commitment,
    CommitmentShare,
    CommittedMeasure,
    FileKind,
    Level,
    Side,
)
from tafahom.agreements.promises.actions import promise
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts.beginning import draft_from_template
from tafahom.agreements.texts.files import attach
from tafahom.agreements.texts.queries import templates_for
from tafahom.agreements.texts.templates import load_templates
from tafahom.audit.models import Entry
from tafahom.jalali import today
from tafahom.refusals import Refusal

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"


@pytest.fixture
def draft(db: None) -> Agreement:
    """A draft that renews nothing: it promises, owes something and has a text."""
    found = prepare()
    load_templates()
    Agreement.objects.filter(pk=found.pk).update(state=LifeState.DRAFTING)
    found.refresh_from_db()
    promise(found, year=1397, measure=CommittedMeasure.PERSONS, quantity=30, by=None)
    oblige(found, side=Side.PARTNER, text="تأمین کارگاه", due_on=found.ends_on, by=None)
    sign(found, side=Side.PARTNER, name="نوری", signed_on=None, by=None)
    draft_from_template(found, templates_for(found.partner.kind)[0], by=None)
    return found


def test_all_of_it_goes_and_the_audit_keeps_that_it_was(draft: Agreement) -> None:
    uid = draft.uid
    delete_draft(draft, by=None)
    assert not Agreement.objects.exists()
    assert not Commitment.objects.exists()
    entry = Entry.objects.get(action="agreements.draft_deleted")
    assert (entry.target, entry.details["number"]) == (f"agreement:{uid}", "553/96/2508")


def test_its_share_goes_back_to_the_nation(draft: Agreement) -> None:
    national = make_agreement("1/ملی")
    Agreement.objects.filter(pk=national.pk).update(level=Level.NATIONAL)
    Agreement.objects.filter(pk=draft.pk).update(parent=national)
    draft.refresh_from_db()
    commitment = Commitment.objects.create(
        agreement=national, year=1397, measure=CommittedMeasure.PERSONS, quantity=100
    )
    share_out(commitment, agreement=draft, quantity=40, by=None)
    delete_draft(draft, by=None)
    assert not CommitmentShare.objects.exists()
    assert commitment.quantity == Commitment.objects.get().quantity


def _has_signed(draft: Agreement) -> None:
    sign(draft, side=Side.PARTNER, name="نوری", signed_on=today(), by=None)


def _has_a_file(draft: Agreement) -> None:
    content = ContentFile(PDF, name="نامه.pdf")
    attach(draft, name="نامه.pdf", chunks=content.chunks(), kind=FileKind.LETTER, note="", by=None)


def _has_a_child(draft: Agreement) -> None:
    child = make_agreement("2/استانی")
    Agreement.objects.filter(pk=child.pk).update(parent=draft)


def _has_a_successor(draft: Agreement) -> None:
    successor = make_agreement("2/تمدید")
    Agreement.objects.filter(pk=successor.pk).update(predecessor=draft)


def _is_signed(draft: Agreement) -> None:
    Agreement.objects.filter(pk=draft.pk).update(state=LifeState.SIGNED)


@pytest.mark.parametrize(
    ("depends", "code"),
    [
        (_has_signed, "draft.has_signatures"),
        (_has_a_file, "draft.has_files"),
        (_has_a_child, "draft.has_children"),
        (_has_a_successor, "draft.has_successors"),
        (_is_signed, "draft.signed"),
    ],
)
def test_what_depends_on_it_keeps_it(
    draft: Agreement, depends: Callable[[Agreement], None], code: str
) -> None:
    depends(draft)
    with pytest.raises(Refusal, match=code):
        delete_draft(draft, by=None)
    assert Agreement.objects.filter(pk=draft.pk).exists()
    assert draft.commitments.exists()
