"""Writing down what a termination leaves of the commitments."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.acts import record_act
from tafahom.agreements.models import Agreement, Commitment
from tafahom.agreements.rules import LifeState
from tafahom.agreements.terminations.queries import unsettled
from tafahom.refusals import Refusal
from tafahom.scoping import everything

NOTHING_LEFT: Mapping[Commitment, int] = {}


def settle(
    agreement: Agreement, *, left: Mapping[Commitment, int], on: dt.date, by: User | None
) -> None:
    """Record what a termination on a day leaves of the commitments. Raises Refusal.

    The caller holds the lock on the agreement. Nothing is assumed: each commitment of
    ``unsettled`` needs its quantity. Codes: ``left.missing``, ``left.too_much`` (more than was
    promised), ``shares.too_much`` (less than what provinces took over of it).
    """
    asked = unsettled(agreement, on=on)
    if set(left) != set(asked):
        raise Refusal("left.missing")
    for commitment in asked:
        quantity, promised = left[commitment], commitment.in_force  # type: ignore[attr-defined]  # annotated
        if quantity > promised:
            raise Refusal("left.too_much", promised=promised, parts=quantity)
        with everything("shares of provinces that one may not see count too"):
            shared = sum(commitment.shares.values_list("quantity", flat=True))
        if shared > quantity:
            raise Refusal("shares.too_much", promised=quantity, parts=shared)
        Commitment.objects.filter(pk=commitment.pk).update(left=quantity)
        record_act(
            "left", agreement, by, year=commitment.year, measure=commitment.measure,
            old=promised, new=quantity,
        )  # fmt: skip


@transaction.atomic
def settle_later(agreement: Agreement, *, left: Mapping[Commitment, int], by: User | None) -> None:
    """Record what a termination left that was recorded without it. Raises Refusal.

    Codes: those of ``settle``, and ``left.not_terminated``.
    """
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.state != LifeState.TERMINATED or locked.stopped_on is None:
        raise Refusal("left.not_terminated")
    settle(locked, left=left, on=locked.stopped_on, by=by)
