"""Proposals at the very same moment: a form that is sent twice, officers who decide together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tafahom.agreements.intake import actions
from tafahom.agreements.intake.actions import StaleProposalError, SubmittedProposal
from tafahom.agreements.intake.contacts import ContactPerson
from tafahom.agreements.models import Agreement, Level, Proposal, ProposalContact, ProposalStep
from tafahom.jalali import from_jalali
from tafahom.parties.actions import name_fields
from tafahom.parties.models import County, PartnerKind, Province
from tafahom.scoping import everything

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite lets one transaction write at a time, and in memory does not wait",
    ),
]
WRITERS = 4


@pytest.fixture
def send(transactional_db: None) -> Callable[[int], str]:
    province = Province.objects.create(code="test", **name_fields("استان آزمون"))
    offer = SubmittedProposal(
        organisation="شرکت نمونه",
        kind=PartnerKind.objects.create(code="t", **name_fields("صنف آزمون")),
        legal_id="10380284790",
        subject="آموزش",
        details="",
        audiences=(),
        persons=10,
        person_hours=None,
        county=County.objects.create(province=province, **name_fields("نظرآباد")),
        address="",
        starts_on=from_jalali(1406, 1, 1),
        ends_on=from_jalali(1406, 12, 1),
    )
    contact = ContactPerson("نرگس ملکی", "مدیر", "02632700000", "")
    return lambda _number: actions.receive(offer, contact, token="one", province=province)


def at_once(act: Callable[[int], str]) -> list[str]:
    """Let all begin together; what became of each."""
    ready = Barrier(WRITERS)

    def one(number: int) -> str:
        try:
            ready.wait(10)
            with everything("tests"):
                return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(one, range(WRITERS)))


def test_a_form_sent_several_times_at_once_is_one_proposal(send: Callable[[int], str]) -> None:
    assert len(set(at_once(send))) == 1
    assert Proposal.objects.count() == ProposalContact.objects.count() == 1


def test_of_officers_who_decide_together_one_does(send: Callable[[int], str]) -> None:
    send(0)
    proposal = Proposal.objects.get()

    def decide(number: int) -> str:
        mine = Proposal.objects.get(pk=proposal.pk)
        try:
            if number % 2:
                actions.decline(mine, reason="نه", seen=1, by=None)
            else:
                actions.accept(
                    mine,
                    number=f"1/{number}",
                    level=Level.PROVINCIAL,
                    partner=None,
                    seen=1,
                    by=None,
                )
        except StaleProposalError:
            return "told"
        return "done"

    assert sorted(at_once(decide)) == ["done", "told", "told", "told"]
    proposal.refresh_from_db()
    assert Agreement.objects.count() == (proposal.state == "accepted")
    assert ProposalStep.objects.count() == 2
