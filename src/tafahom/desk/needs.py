"""What needs somebody: agreements that end, promises behind pace, obligations that are due."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.access.models import User
from tafahom.access.queries import memberships_of, scope_in
from tafahom.access.rules import Act
from tafahom.agreements import queries
from tafahom.agreements.models import Agreement, Obligation
from tafahom.agreements.promises.queries import promised
from tafahom.agreements.rules import TRAINING_STATES, Pace, forecast
from tafahom.figures.queries import FigureQuery, figures, latest_period
from tafahom.jalali import Period, today
from tafahom.persian import sort_key
from tafahom.reports.words import day as day_in_words
from tafahom.reports.words import digits, number
from tafahom.scoping import scoped_to

MONTHS = 12
KINDS: dict[str, str | Promise] = {
    "over": gettext_lazy("Term over"),
    "ending": gettext_lazy("Ends soon"),
    "behind": gettext_lazy("Behind pace"),
    "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("Due soon"),
    "unpaid": gettext_lazy("Not paid"),
    "meeting": gettext_lazy("Not minuted"),
    "decision": gettext_lazy("Decision not done"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the work list. ``urgency`` is 0 (now) to 2 (in time)."""

    kind: str
    urgency: int
    text: str
    agreement: Agreement
    day: dt.date | None = None

    @property
    def label(self) -> str:
        """What kind of need it is."""
        return str(KINDS[self.kind])

    @property
    def shown_number(self) -> str:
        """The agreement's number in the digits of the language."""
        return digits(self.agreement.number)


def work_list(user: User) -> list[Need]:
    """Return what needs somebody of what the user may see: for the page, e-mail and all else."""
    held = memberships_of(user)
    with scoped_to(scope_in(held, Act.SEE_REGISTERS)) as scope:
        if scope.is_nothing:
            return []
        seen = scope_in(held, Act.SEE_FIGURES)
        sees_figures = not seen.is_nothing and seen.covers(scope)
        return needs(latest_period() if sees_figures else None)


def needs(latest: Period | None) -> list[Need]:
    """Return what needs somebody today, the most urgent first; ``latest`` has the latest figures."""
    now = today()
    days = sorted(settings.ATTENTION_DAYS)
    found = [*_over(now), *_ending(now, days), *_obligations(now, days[0])]
    found += [*_unpaid(now), *_committee(now)]
    if latest is not None and latest.through_month >= settings.ATTENTION_MONTHS:
        found += _behind(latest)
    far = dt.date.max
    return sorted(
        found,
        key=lambda need: (need.urgency, need.day or far, sort_key(need.agreement.partner.name)),
    )


def _over(now: dt.date) -> list[Need]:
    text = _("The term is over and its end is not recorded.")
    return [Need("over", 0, text, one, one.ends_on) for one in queries.past_their_end(now)]


def _ending(now: dt.date, days: list[int]) -> list[Need]:
    found = []
    for one in queries.ending(now + dt.timedelta(days=days[-1]), today=now):
        left = (one.ends_on - now).days
        urgency = next(place for place, most in enumerate(days) if left <= most)
        text = _("Ends in {days} days and is not renewed.").format(days=number(left))
        found.append(Need("ending", min(urgency, 2), text, one, one.ends_on))
    return found


def _obligations(now: dt.date, soon: int) -> list[Need]:
    return [_obligation(one, now) for one in queries.due(now + dt.timedelta(days=soon))]


def _unpaid(now: dt.date) -> list[Need]:
    said = _("Not paid: {text}, {amount} rials.")
    return [
        Need(
            "unpaid",
            0,
            said.format(text=one.title, amount=number(one.rest)),
            one.agreement,
            one.due_on,
        )
        for one in queries.unpaid(now)
    ]


def _committee(now: dt.date) -> list[Need]:
    text = _("A meeting of the joint committee is not minuted.")
    found = [Need("meeting", 1, text, one.agreement, one.held_on) for one in queries.unminuted(now)]
    said = _("A decision is not carried out: {text}")
    return found + [
        Need("decision", 0, said.format(text=one.text), one.meeting.agreement, one.due_on)
        for one in queries.undone(now)
    ]


def _obligation(one: Obligation, now: dt.date) -> Need:
    is_late = one.due_on < now
    said = _("Overdue: {text}") if is_late else _("Due by {day}: {text}")
    text = said.format(text=one.text, day=day_in_words(one.due_on))
    return Need(
        "overdue" if is_late else "due", 0 if is_late else 1, text, one.agreement, one.due_on
    )


def _behind(latest: Period) -> list[Need]:
    """Promises of the latest year that an even pace would have brought further.

    One question to the figures for all agreements together.
    """
    promises = (
        promised(latest.year, on=latest.end)
        .filter(measure="person_hours", in_force__gt=0, agreement__state__in=TRAINING_STATES)
        .select_related("agreement__partner")
    )
    query = FigureQuery(
        year=latest.year, through_month=latest.through_month, by=("agreement", "month")
    )
    monthly: dict[str, dict[int, float]] = defaultdict(dict)
    for row in figures(query).rows:
        month = int(row.dims["month"].code[-2:])
        monthly[row.dims["agreement"].name][month] = float(row.values["person_hours"] or 0)
    found = []
    for promise in promises:
        hours = monthly.get(promise.agreement.number, {})
        done = [hours.get(month, 0.0) for month in range(1, latest.through_month + 1)]
        ahead = forecast(
            done,
            months=MONTHS,
            committed=float(promise.in_force),
            tolerance=settings.ATTENTION_PACE / 100,
        )
        if ahead.pace == Pace.BEHIND:
            text = _(
                "Behind pace: {done} of {committed} person-hours of {year}; about {expected} at this pace."
            ).format(
                done=number(ahead.delivered),
                committed=number(ahead.committed),
                year=digits(str(latest.year)),
                expected=number(ahead.expected),
            )
            found.append(Need("behind", 1, text, promise.agreement))
    return found
