"""The work list: what needs somebody, of all that somebody may see."""

import datetime as dt
from collections import defaultdict
from functools import partial
from operator import attrgetter

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafahom.access.models import User
from tafahom.access.queries import memberships_of, scope_in
from tafahom.access.rules import Act
from tafahom.agreements import queries
from tafahom.agreements.intake.queries import waiting
from tafahom.agreements.models import Agreement, Proposal
from tafahom.desk.agreement_needs import behind, dated
from tafahom.desk.by_two import by_two
from tafahom.desk.matters import (
    Need,
    of_agreement,
    of_alarm,
    of_month,
    of_proposal,
    of_rosters,
)
from tafahom.exchange.rosters.queries import unconfirmed_answers
from tafahom.figures.queries import latest_period
from tafahom.jalali import MonthSpan, today
from tafahom.localised import number
from tafahom.parties.models import Partner
from tafahom.periods.queries import moved_months
from tafahom.privacy.models import ReadingAlarm
from tafahom.privacy.queries import open_alarms
from tafahom.scoping import Scope, scoped_to

# Days in which whoever proposes something hears of us.
RESPONSE_DAYS = 7
BY_ORDER = attrgetter("order")


def work_list(user: User) -> list[Need]:
    """Return what needs somebody of what the user may see: for the page, e-mail and all else."""
    held = memberships_of(user)
    found = [*by_two(user, held)]
    with scoped_to(scope_in(held, Act.SEE_REGISTERS)) as scope:
        if not scope.is_nothing:
            seen = scope_in(held, Act.SEE_FIGURES)
            sees_figures = not seen.is_nothing and seen.covers(scope)
            found += needs(latest_period() if sees_figures else None)
    with scoped_to(scope_in(held, Act.TRIAGE_PROPOSALS)) as scope:
        if not scope.is_nothing:
            found += _proposals(today())
    with scoped_to(scope_in(held, Act.DECIDE_ROSTER_ANSWERS)) as scope:
        if not scope.is_nothing:
            found += _answers(user)
    if not (scope := scope_in(held, Act.SEE_PERIODS)).is_nothing:
        found += _moved(scope)
    if not (scope := scope_in(held, Act.ANSWER_READING_ALARMS)).is_nothing:
        found += _readings(scope, user)
    return sorted(found, key=BY_ORDER)


def needs(latest: MonthSpan | None) -> list[Need]:
    """Return what needs somebody today, the most urgent first; ``latest`` has the latest figures."""
    found = dated()
    if latest is not None and latest.through_month >= settings.ATTENTION_MONTHS:
        found += behind(latest)
    agreements = queries.shown({of for _kind, _urgency, _say, of, _day in found})
    about = {pk: of_agreement(one) for pk, one in agreements.items()}
    listed = [Need(kind, urgency, say, about[of], day) for kind, urgency, say, of, day in found]
    return sorted(listed, key=BY_ORDER)


def needs_of(agreement: Agreement) -> list[Need]:
    """Return what needs somebody of one agreement today; its pace is another matter."""
    about = of_agreement(agreement)
    found = dated(agreement)
    return sorted(
        (Need(kind, urgency, say, about, day) for kind, urgency, say, _of, day in found),
        key=BY_ORDER,
    )


def _proposals(now: dt.date) -> list[Need]:
    """Return proposals that wait for an answer; after ``RESPONSE_DAYS`` days it is high time."""

    def say(one: Proposal) -> str:
        return _("A proposal waits for an answer: {text}").format(text=one.subject)

    found = []
    for one in waiting():
        day = localdate(one.received_at)
        late = (now - day).days > RESPONSE_DAYS
        found.append(Need("proposal", 0 if late else 1, partial(say, one), of_proposal(one), day))
    return found


def _answers(user: User) -> list[Need]:
    """Return partners with others' answers about their rosters that wait for a second person."""

    def say(count: int) -> str:
        said = ngettext(
            "{count} answer about the rosters waits for a second person to confirm or reject it.",
            "{count} answers about the rosters wait for a second person to confirm or reject them.",
            count,
        )
        return said.format(count=number(count))

    days: dict[Partner, list[dt.date]] = defaultdict(list)
    for one in unconfirmed_answers(besides=user):
        days[one.partner].append(localdate(one.created_at))
    return [
        Need("answers", 1, partial(say, len(on)), of_rosters(partner), min(on))
        for partner, on in days.items()
    ]


def _moved(scope: Scope) -> list[Need]:
    """Return closed months whose figures are not those of their closing, by the latest check."""

    def say(count: int) -> str:
        said = _("{count} figures of this closed month are not those of its closing.")
        return said.format(count=number(count))

    found = moved_months(None if scope.is_everything else scope.provinces)
    return [
        Need(
            "moved", 0, partial(say, one.figures), of_month(one.period), localdate(one.check_run.at)
        )
        for one in found
    ]


def _readings(scope: Scope, user: User) -> list[Need]:
    """Return accounts that asked for many names, until somebody has asked them why."""

    def say(one: ReadingAlarm) -> str:
        said = _("Asked for the names of {asked} persons within a day; {shown} were shown.")
        return said.format(asked=number(one.asked), shown=number(one.shown))

    return [
        Need("reading", 0, partial(say, one), of_alarm(one), localdate(one.latest_at))
        for one in open_alarms(scope).exclude(account=user)
    ]
