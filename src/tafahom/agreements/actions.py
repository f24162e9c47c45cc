"""Writes of agreements."""

import datetime as dt
from dataclasses import dataclass

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, Commitment, CommittedMeasure, Level
from tafahom.parties.actions import update_changed
from tafahom.parties.models import Partner, Province
from tafahom.persian import clean, number_key


@dataclass(frozen=True, slots=True)
class Term:
    """What an agreement says of itself."""

    partner: Partner
    level: Level
    signed_on: dt.date | None
    starts_on: dt.date
    ends_on: dt.date


def save_agreement(
    *, number: str, term: Term, province: Province, by: User | None
) -> tuple[Agreement, bool]:
    """Register an agreement or correct its term; whether anything changed.

    ``by`` is recorded by the caller, once for the whole registry.
    """
    wanted = {
        "partner_id": term.partner.pk,
        "level": term.level.value,
        "signed_on": term.signed_on,
        "starts_on": term.starts_on,
        "ends_on": term.ends_on,
    }
    agreement, created = Agreement.objects.get_or_create(
        key=number_key(number),
        defaults={"number": clean(number), "province": province, **wanted},
    )
    return agreement, created or update_changed(agreement, wanted)


def save_commitment(
    agreement: Agreement,
    *,
    year: int,
    measure: CommittedMeasure,
    quantity: int,
    by: User | None,
) -> bool:
    """Set what was promised for a Solar Hijri year; whether that changed anything."""
    commitment, created = Commitment.objects.get_or_create(
        agreement=agreement, year=year, measure=measure, defaults={"quantity": quantity}
    )
    return created or update_changed(commitment, {"quantity": quantity})


def set_parent(agreement: Agreement, parent: Agreement | None, *, by: User | None) -> bool:
    """Say which national agreement this one implements; whether that changed anything.

    Raises ValueError for a parent that is not national, or the agreement itself.
    """
    if parent is not None and (parent.pk == agreement.pk or parent.level != Level.NATIONAL):
        raise ValueError("a parent must be another, national agreement")
    return update_changed(agreement, {"parent_id": parent.pk if parent else None})
