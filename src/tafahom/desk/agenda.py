"""The days of agreements as a calendar has them: the same work as the work list, but ahead."""

import datetime as dt
from dataclasses import dataclass
from heapq import nsmallest

from django.utils.translation import gettext as _

from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.agreements import queries
from tafahom.agreements.models import Agreement
from tafahom.desk.rules import CALENDAR_AHEAD, CALENDAR_PAST, MAX_EVENTS
from tafahom.localised import day as day_in_words
from tafahom.localised import digits, number
from tafahom.scoping import scoped_to


@dataclass(frozen=True, slots=True)
class AgendaEvent:
    """A day on which something is due. ``key`` stays the same while the thing exists."""

    key: str
    day: dt.date
    title: str
    agreement: Agreement

    @property
    def summary(self) -> str:
        """What it is, with whom, and the Solar Hijri date: calendars show another one."""
        return f"{self.title} · {self.agreement.partner.name} ({day_in_words(self.day)})"


# Key, day, title and agreement's id of an event.
FoundDay = tuple[str, dt.date, str, int]


def agenda(user: User, *, today: dt.date) -> list[AgendaEvent]:
    """Return what is still open around a day, of what the user may see, by day.

    At most ``MAX_EVENTS``, the nearest: a calendar with more helps nobody.
    """
    first, last = today - CALENDAR_PAST, today + CALENDAR_AHEAD
    with scoped_to(scope_of(user, Act.SEE_REGISTERS)):
        found = [*_terms(first, last, today), *_duties(first, last), *_committee(first, last)]
        # What is to come is nearer than what is over.
        found = nsmallest(MAX_EVENTS, found, key=lambda one: (one[1] < today, abs(one[1] - today)))
        agreements = queries.shown({of for _key, _day, _title, of in found})
    events = [AgendaEvent(key, day, title, agreements[of]) for key, day, title, of in found]
    return sorted(events, key=lambda event: (event.day, event.key))


def _terms(first: dt.date, last: dt.date, today: dt.date) -> list[FoundDay]:
    over = queries.past_their_end(today).filter(ends_on__gte=first)
    said = _("End of agreement {number}")
    return [
        (f"end-{one.uid}", one.ends_on, said.format(number=digits(one.number)), one.pk)
        for one in [*over, *queries.ending(last, today=today)]
    ]


def _duties(first: dt.date, last: dt.date) -> list[FoundDay]:
    due, instalment = _("Due: {text}"), _("Instalment: {text}, {amount} rials")
    obligations: list[FoundDay] = [
        (f"obligation-{one.uid}", one.due_on, due.format(text=one.text), one.agreement_id)
        for one in queries.due(last).filter(due_on__gte=first)
    ]
    return obligations + [
        (
            f"instalment-{one.uid}",
            one.due_on,
            instalment.format(text=one.title, amount=number(one.rest)),
            one.agreement_id,
        )
        for one in queries.unpaid(last).filter(due_on__gte=first)
    ]


def _committee(first: dt.date, last: dt.date) -> list[FoundDay]:
    meeting, decision = _("Meeting of the joint committee"), _("Decision to carry out: {text}")
    meetings: list[FoundDay] = [
        (f"meeting-{one.uid}", one.held_on, meeting, one.agreement_id)
        for one in queries.meetings(first, last)
    ]
    return meetings + [
        (
            f"decision-{one.uid}",
            one.due_on,
            decision.format(text=one.text),
            one.agreement_id,
        )
        for one in queries.undone(last).filter(due_on__gte=first)
    ]
