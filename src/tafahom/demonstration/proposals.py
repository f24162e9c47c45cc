"""What bodies proposed by the public form: one that was accepted, one that waits for an answer."""

import datetime as dt

from tafahom.access.models import User
from tafahom.agreements.intake.actions import SubmittedProposal, accept, receive
from tafahom.agreements.intake.contacts import ContactPerson
from tafahom.agreements.models import Agreement, Level, Proposal
from tafahom.demonstration.present import Running
from tafahom.demonstration.records import data
from tafahom.parties.models import Audience, County, Partner, Province


def proposed_by_form(
    running: Running, *, partner: Partner, province: Province, by: User
) -> Agreement:
    """Make the proposed agreement of a known partner out of what it sent by the form."""
    persons, hours = next(iter(running.targets.values()))
    proposal = _received(
        partner,
        name=partner.name,
        persons=persons,
        person_hours=hours,
        starts_on=running.starts_on,
        ends_on=running.ends_on,
        province=province,
        what="accepted",
    )
    return accept(
        proposal,
        number=running.number,
        level=Level.PROVINCIAL,
        partner=partner,
        seen=proposal.revision,
        by=by,
    )


def leave_one_waiting(*, like: Partner, today: dt.date, province: Province) -> None:
    """Let a body that nobody knows yet wait for the officer's answer."""
    _received(
        like,
        name=data()["present"]["proposals"]["waiting"]["organisation"],
        persons=60,
        person_hours=None,
        starts_on=today + dt.timedelta(days=45),
        ends_on=today + dt.timedelta(days=410),
        province=province,
        what="waiting",
    )


def _received(
    like: Partner,
    *,
    name: str,
    persons: int,
    person_hours: int | None,
    starts_on: dt.date,
    ends_on: dt.date,
    province: Province,
    what: str,
) -> Proposal:
    words = data()["present"]["proposals"][what]
    audience = like.main_audience or Audience.objects.order_by("sort_key")[0]
    offer = SubmittedProposal(
        organisation=name,
        kind=like.kind,
        legal_id="10101234508",
        subject=words["subject"],
        details=words["details"],
        audiences=[audience],
        persons=persons,
        person_hours=person_hours,
        county=County.objects.filter(province=province).order_by("sort_key")[0],
        address=words["address"],
        starts_on=starts_on,
        ends_on=ends_on,
    )
    contact = ContactPerson(words["name"], words["post"], "02600000000", "office@example.org")
    receive(offer, contact, token=f"demonstration-{what}", province=province)
    return Proposal.objects.latest("pk")
