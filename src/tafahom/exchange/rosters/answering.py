"""Answers to questions of rosters: remembered for a partner, confirmed by another person."""

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.exchange.models import RosterAnswer
from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS
from tafahom.exchange.rosters.parsing.meanings import parse_meaning
from tafahom.exchange.rosters.parsing.questions import COLUMN, column_key
from tafahom.exchange.rosters.queries import may_decide_for, somebody_may_decide_for
from tafahom.parties.models import Partner
from tafahom.persian import clean
from tafahom.refusals import Refusal


class NotDecidingError(Exception):
    """Somebody who may not decide for a partner tried to."""


@transaction.atomic
def remember_answer(
    *, partner: Partner, key: str, text: str, answer: str, by: User | None
) -> RosterAnswer:
    """Remember what a column or word of a partner's rosters means, from now on.

    It holds for the rosters that its giver sends, until another person confirms it for all. The
    machine's operator (``by`` is None) is a giver like others, and decides alone only where no
    account could confirm. Raises ValueError for an empty key or an answer that cannot be.
    """
    check_answer(key, answer)
    if by is None and not somebody_may_decide_for(partner):
        return _let_hold(partner, key, text, answer, giver=None, by=None)
    kept, _created = RosterAnswer.objects.update_or_create(
        partner=partner,
        key=key,
        created_by=by,
        confirmed_at=None,
        defaults={"text": clean(text)[:200], "answer": answer},
    )
    _note_remembered(kept, by=by)
    return kept


def _let_hold(
    partner: Partner, key: str, text: str, answer: str, *, giver: User | None, by: User | None
) -> RosterAnswer:
    """Let an answer hold for all rosters of a partner, in place of all others."""
    RosterAnswer.objects.filter(partner=partner, key=key, confirmed_at__isnull=True).delete()
    fields = {"text": clean(text)[:200], "answer": answer, "created_by": giver}
    kept, _created = RosterAnswer.objects.update_or_create(
        partner=partner,
        key=key,
        confirmed_at__isnull=False,
        defaults=fields | {"confirmed_by": by, "confirmed_at": timezone.now()},
    )
    _note_remembered(kept, by=by)
    return kept


def _note_remembered(kept: RosterAnswer, *, by: User | None) -> None:
    details = {"key": kept.key, "text": kept.text, "answer": kept.answer}
    record(
        action="exchange.answer_remembered",
        target=f"partner:{kept.partner.uid}",
        details=details | {"holds": bool(kept.confirmed_at)},
        by=by,
    )


def remember_column(*, partner: Partner, header: str, field: str, by: User | None) -> RosterAnswer:
    """Remember what a column of a partner's rosters means. Raises ValueError as above."""
    return remember_answer(
        partner=partner, key=column_key(header), text=header, answer=field, by=by
    )


@transaction.atomic
def confirm_answer(answer: RosterAnswer, *, by: User) -> RosterAnswer:
    """Let somebody else's answer hold for all rosters of its partner.

    Raises NotDecidingError when that is not for ``by`` to decide, Refusal for one's own.
    """
    if not may_decide_for(by, answer.partner):
        raise NotDecidingError
    if answer.created_by_id == by.pk:
        raise Refusal("request.own")
    giver = answer.created_by
    return _let_hold(answer.partner, answer.key, answer.text, answer.answer, giver=giver, by=by)


@transaction.atomic
def forget_answer(answer: RosterAnswer, *, by: User | None) -> None:
    """Take an answer back: it is asked again. Its giver and who decides may.

    Raises NotDecidingError for others.
    """
    is_own = by is not None and answer.created_by_id == by.pk and answer.confirmed_at is None
    if not is_own and not may_decide_for(by, answer.partner):
        raise NotDecidingError
    record(
        action="exchange.answer_forgotten",
        target=f"partner:{answer.partner.uid}",
        details={"key": answer.key, "text": answer.text, "answer": answer.answer},
        by=by,
    )
    answer.delete()


def check_answer(key: str, answer: str) -> None:
    """Raise ValueError for an answer that a question with this key cannot have."""
    kind, _colon, rest = key.partition(":")
    if not rest or not answer:
        raise ValueError("a question and one of its answers are needed")
    if kind == COLUMN:
        try:
            parse_meaning(answer, CANONICAL_FIELDS)
        except ValueError as error:
            raise ValueError(
                f"a header and one of the known fields are needed: {answer}"
            ) from error
