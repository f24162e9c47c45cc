"""Reading agreements."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tafahom.agreements.models import Agreement
from tafahom.agreements.rules import Life, State
from tafahom.jalali import from_jalali, year_end
from tafahom.persian import number_key


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What judging a roster needs of an agreement."""

    id: int
    number: str
    starts_on: dt.date
    ends_on: dt.date
    partner_key: str
    partner_name: str
    main_audience_id: int | None


def terms_by_key(numbers: Iterable[str]) -> dict[str, AgreementTerms]:
    """Terms of the agreements that have these numbers, by ``persian.number_key`` of the number."""
    keys = {number_key(number) for number in numbers}
    rows = Agreement.objects.filter(key__in=keys).select_related("partner")
    return {
        row.key: AgreementTerms(
            id=row.pk,
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            partner_key=row.partner.key,
            partner_name=row.partner.name,
            main_audience_id=row.partner.main_audience_id,
        )
        for row in rows
    }


def life_of(agreement: Agreement) -> Life:
    """Return what the guards of a transition look at."""
    signed = agreement.signatories.filter(signed_on__isnull=False)
    years = agreement.commitments.filter(quantity__gt=0).values_list("year", flat=True)
    return Life(
        state=State(agreement.state),
        signed_on=agreement.signed_on,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        signed_sides=signed.values("side").distinct().count(),
        commitment_years=tuple((from_jalali(year, 1, 1), year_end(year)) for year in set(years)),
        has_successor=agreement.successors.exists(),
    )
