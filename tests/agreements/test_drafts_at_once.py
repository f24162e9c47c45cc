"""One number, asked for by several at the very same moment: one has it, the others are told."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tafahom.agreements.drafts.actions import create_draft
from tafahom.agreements.drafts.rules import DraftFacts
from tafahom.agreements.models import Agreement, Level
from tafahom.parties.actions import name_fields
from tafahom.parties.models import Partner, PartnerKind, Province
from tafahom.refusals import Refusal
from tafahom.scoping import everything

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite lets one transaction write at a time, and in memory does not wait",
    ),
]
WRITERS = 4


def test_a_number_that_is_taken_meanwhile_is_refused_as_any_other(transactional_db) -> None:
    province = Province.objects.create(code="test", **name_fields("استان آزمون"))
    kind = PartnerKind.objects.create(code="t", **name_fields("صنف آزمون"))
    partner = Partner.objects.create(kind=kind, **name_fields("سازمان آزمون"))
    facts = DraftFacts(
        number="۵۵۳/۹۶/۲۵۰۸",
        partner_id=partner.pk,
        level=Level.PROVINCIAL,
        parent="",
        subject="",
        starts_on=dt.date(2026, 3, 21),
        ends_on=dt.date(2027, 3, 20),
    )
    ready = Barrier(WRITERS)

    def draft(_number: int) -> str:
        try:
            ready.wait(10)
            with everything("tests"):
                create_draft(facts=facts, province=province, by=None)
        except Refusal as refusal:
            return f"{refusal.code} {refusal.field}"
        finally:
            connection.close()
        return "drafted"

    with ThreadPoolExecutor(WRITERS) as pool:
        told = sorted(pool.map(draft, range(WRITERS)))
    assert told == ["drafted", *["number.taken number"] * (WRITERS - 1)]
    assert Agreement.objects.count() == 1
