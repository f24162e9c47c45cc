"""Making and editing drafts; what somebody else wrote meanwhile is never overwritten unseen."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from tafahom.access.models import User
from tafahom.agreements.acts import record_act
from tafahom.agreements.drafts.queries import dependents
from tafahom.agreements.drafts.rules import DraftFacts, changed_names, wrong_term
from tafahom.agreements.models import Agreement, Level
from tafahom.agreements.queries import is_number_taken
from tafahom.agreements.rules import DRAFT_STATES, LifeState
from tafahom.parties.models import Audience, Partner, Province
from tafahom.persian import clean, number_key
from tafahom.refusals import Refusal


class EditedMeanwhileError(Exception):
    """Somebody else changed the draft since it was looked at; ``now`` is what it says."""

    def __init__(self, now: DraftFacts) -> None:
        super().__init__("draft.edited")
        self.now = now


def facts_of(agreement: Agreement) -> DraftFacts:
    """Return what an agreement says of itself."""
    return DraftFacts(
        number=agreement.number,
        partner_id=agreement.partner_id,
        level=agreement.level,
        parent=agreement.parent.number if agreement.parent else "",
        subject=agreement.subject,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an agreement comes from, and what it has from there beside what it says of itself.

    ``parent`` is the national agreement that it implements, where the facts name none. ``act`` is
    what the record of acts says of the new agreement; empty where the act is another's.
    """

    act: str = "draft_begun"
    state: LifeState = LifeState.DRAFTING
    parent: Agreement | None = None
    predecessor: Agreement | None = None
    signed_on: dt.date | None = None
    reveals_status: bool | None = None
    audiences: Sequence[Audience] = ()
    details: dict[str, str] = field(default_factory=dict)


OWN = Origin()


@transaction.atomic
def create_draft(
    *, facts: DraftFacts, province: Province, origin: Origin = OWN, by: User | None
) -> Agreement:
    """Write down a new agreement: every way to one leads here. Raises Refusal as ``edit_draft`` does.

    Of two who ask for one number at once the second is refused as anybody is for whom it is taken.
    """
    columns = _columns(facts, of=None)
    if origin.parent is not None:
        columns["parent"] = origin.parent
    try:
        with transaction.atomic():
            made = Agreement.objects.create(
                province=province,
                state=origin.state.value,
                predecessor=origin.predecessor,
                signed_on=origin.signed_on,
                reveals_status=origin.reveals_status,
                **columns,
            )
    except IntegrityError as error:
        if is_number_taken(facts.number):
            raise Refusal("number.taken", field="number") from error
        raise
    if origin.audiences:
        made.audiences.set(origin.audiences)
    if origin.act:
        record_act(origin.act, made, by, **origin.details)
    return made


@transaction.atomic
def edit_draft(
    agreement: Agreement, *, base: DraftFacts, facts: DraftFacts, by: User | None
) -> tuple[str, ...]:
    """Change what a draft says; return the names of what changed.

    ``base`` is what the writer had before them. Raises EditedMeanwhileError when the draft says
    something else by now, and Refusal: ``draft.signed`` (a signed agreement is changed
    by an amendment only), ``number.missing``, ``number.taken``, ``term.not_in_order``,
    ``parent.unknown``, ``parent.wrong`` (not a national one of this partner), ``parent.shared``
    (it has a share of the commitments of the one of now) and ``partner.party`` (this body is a
    further party already).
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state not in DRAFT_STATES:
        raise Refusal("draft.signed")
    now = facts_of(locked)
    if changed_names(now, base):
        raise EditedMeanwhileError(now)
    changed = changed_names(now, facts)
    if changed:
        columns = _columns(facts, of=locked)
        _refuse_for_others(locked, facts, columns["parent"])
        for name, value in columns.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(columns))
        record_act("draft_edited", locked, by, fields=list(changed))
    return changed


@transaction.atomic
def delete_draft(agreement: Agreement, *, by: User | None) -> None:
    """Delete a draft on which nothing depends. Raises Refusal.

    Its promises, its share of national ones, its duties, its text and its steps go with it; the
    record of acts keeps its number and the history of its rows. Codes: ``queries.dependents``, the
    first of them.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if codes := dependents(locked):
        raise Refusal(codes[0])
    record_act("draft_deleted", locked, by, number=locked.number)
    # Parties hold their signatories, who have signed nothing here.
    locked.signatories.all().delete()
    locked.delete()


def _refuse_for_others(agreement: Agreement, facts: DraftFacts, parent: object) -> None:
    """Raise Refusal where what hangs on the draft would no longer fit."""
    if parent != agreement.parent and agreement.national_shares.exists():
        raise Refusal("parent.shared", field="parent")
    if agreement.parties.filter(partner=facts.partner_id).exists():
        raise Refusal("partner.party", field="partner")


def _columns(facts: DraftFacts, *, of: Agreement | None) -> dict[str, object]:
    """Return what is written for facts. Raises Refusal."""
    key = number_key(facts.number)
    if not key:
        raise Refusal("number.missing", field="number")
    if is_number_taken(facts.number, besides=of):
        raise Refusal("number.taken", field="number")
    if wrong_term(facts):
        raise Refusal("term.not_in_order", field="ends_on")
    if not Partner.objects.filter(pk=facts.partner_id).exists():
        raise Refusal("partner.unknown", field="partner")
    return {
        "number": clean(facts.number),
        "key": key,
        "partner_id": facts.partner_id,
        "level": facts.level,
        "parent": _parent(facts, of),
        "subject": clean(facts.subject),
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
    }


def _parent(facts: DraftFacts, of: Agreement | None) -> Agreement | None:
    if not facts.parent.strip():
        return None
    parent = Agreement.objects.filter(key=number_key(facts.parent)).first()
    if parent is None:
        raise Refusal("parent.unknown", field="parent")
    is_fitting = (
        parent.level == Level.NATIONAL
        and facts.level == Level.PROVINCIAL
        and parent.partner_id == facts.partner_id
        and parent != of
    )
    if not is_fitting:
        raise Refusal("parent.wrong", field="parent")
    return parent
