"""Everything that happened to an agreement in one line of time, the latest first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tafahom.agreements.record import AgreementRecord
from tafahom.localised import digits


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that happened: a moment where it is known to the minute, else a day.

    ``place`` is the address where more stands, ``link`` what it is called there.
    """

    day: dt.date
    title: str
    moment: dt.datetime | None = None
    by: str = ""
    text: str = ""
    place: str = ""
    link: str = ""

    @property
    def order(self) -> tuple[dt.date, bool, dt.datetime]:
        """What is sorted by: of one day first what has a time, late to early, then the rest."""
        return self.day, self.moment is not None, self.moment or _NO_TIME


_NO_TIME = dt.datetime.min.replace(tzinfo=dt.UTC)


def timeline(record: AgreementRecord, *, may_triage: bool) -> list[TimelineEvent]:
    """Return what happened to an agreement; the proposal it answers is led to who ``may_triage``."""
    events = [
        *_steps(record),
        *_proposal(record, may_triage),
        *_texts(record),
        *_promises(record),
        *_duties(record),
    ]
    return sorted(events, key=lambda event: event.order, reverse=True)


def _at(moment: dt.datetime, title: str, by: object = None, **others: str) -> TimelineEvent:
    local = localtime(moment)
    return TimelineEvent(local.date(), title, local, str(by) if by else "", **others)


def _steps(record: AgreementRecord) -> Iterator[TimelineEvent]:
    for step in record.transitions:
        yield _at(step.at, step.get_to_state_display(), step.by, text=step.reason)
    for one in record.signatories:
        if one.signed_on:
            yield TimelineEvent(
                one.signed_on, _("Signature"), text=f"{one.get_side_display()}: {one.name}"
            )
    for file in record.files:
        yield _at(
            file.added_at,
            _("File attached: {name}").format(name=file.get_kind_display()),
            file.added_by,
            text=file.note,
        )


def _proposal(record: AgreementRecord, may_triage: bool) -> Iterator[TimelineEvent]:
    proposal = record.proposal
    if proposal is None:
        return
    if proposal.decided_at:
        yield _at(proposal.decided_at, _("Drafted from a proposal"))
    place = reverse("web:proposal_detail", args=[proposal.uid]) if may_triage else ""
    yield _at(
        proposal.received_at,
        _("Proposed by the public form"),
        place=place,
        link=_("The proposal") if place else "",
    )


def _texts(record: AgreementRecord) -> Iterator[TimelineEvent]:
    place = reverse("web:agreement_text", args=[record.agreement.uid])
    for version in record.kept_texts:
        number = digits(str(version.number))
        title = _("Version {number} of the text").format(number=number)
        yield _at(
            version.made_at,
            title,
            version.made_by,
            text=version.note,
            place=f"{place}?text={version.uid}",
            link=_("Read it"),
        )


def _promises(record: AgreementRecord) -> Iterator[TimelineEvent]:
    for one in (changed.amendment for changed in record.amendments):
        title = _("Amendment {number} signed").format(number=digits(str(one.number)))
        yield TimelineEvent(one.signed_on, title, text=one.reason)
    for meeting in record.meetings:
        if meeting.held_on <= record.day:
            yield TimelineEvent(
                meeting.held_on, _("Meeting of the joint committee"), text=meeting.agenda
            )
        for decision in meeting.decisions.all():
            if decision.done_on:
                yield TimelineEvent(decision.done_on, _("Decision carried out"), text=decision.text)


def _duties(record: AgreementRecord) -> Iterator[TimelineEvent]:
    for one in record.obligations:
        if one.done_on:
            yield TimelineEvent(one.done_on, _("Obligation met"), text=one.text)
