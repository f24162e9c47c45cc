"""What needs somebody: agreements that end, promises behind pace, obligations that are due."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tafahom.access.models import User
from tafahom.access.queries import memberships_of, scope_in
from tafahom.access.rules import Act
from tafahom.agreements import queries
from tafahom.agreements.intake.queries import waiting
from tafahom.agreements.models import Agreement, Proposal
from tafahom.agreements.pace import is_behind, pace
from tafahom.agreements.parts.queries import quarters_on
from tafahom.agreements.parts.rules import Stretch
from tafahom.agreements.promises.queries import carried, counted
from tafahom.agreements.rules import TRAINING_STATES, Forecast
from tafahom.agreements.terminations.queries import without_remainder
from tafahom.desk.matters import Matter, matters
from tafahom.exchange.queries import unconfirmed_answers
from tafahom.figures.monthly import monthly_hours
from tafahom.figures.queries import latest_period
from tafahom.jalali import Period, split_month, today
from tafahom.parties.models import Partner
from tafahom.periods.models import Period as ClosedMonth
from tafahom.periods.queries import moved_months
from tafahom.persian import sort_key
from tafahom.privacy.models import ReadingAlarm
from tafahom.privacy.queries import open_alarms
from tafahom.reports.words import day as day_in_words
from tafahom.reports.words import digits, number, period_title
from tafahom.scoping import Scope, scoped_to

# Days in which whoever proposes something hears of us.
PATIENCE = 7
KINDS: dict[str, str | Promise] = {
    "reading": gettext_lazy("Many names read"),
    "access": gettext_lazy("Access to confirm"),
    "review": gettext_lazy("Roles to confirm again"),
    "refused": gettext_lazy("Refused or not decided"),
    "years": gettext_lazy("Years to confirm"),
    "moved": gettext_lazy("Closed month moved"),
    "proposal": gettext_lazy("Proposals"),
    "answers": gettext_lazy("Answers to confirm"),
    "over": gettext_lazy("Term over"),
    "left": gettext_lazy("Remainder not recorded"),
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
    """One line of the work list. ``urgency`` is 0 (now) to 2 (in time).

    ``say`` gives its sentence in the language of who reads: of a long list few are read. It is of
    an agreement, of a proposal that waits for an answer, of a closed month that moved, of an
    account that asked for many names, of a partner about whose rosters answers wait, or of
    what two persons decide (``matters``).
    """

    kind: str
    urgency: int
    say: Callable[[], str]
    of: Agreement | Proposal | ClosedMonth | ReadingAlarm | Partner | Matter
    day: dt.date | None = None

    @property
    def text(self) -> str:
        """What is the matter."""
        return self.say()

    @property
    def label(self) -> str:
        """What kind of need it is."""
        return str(KINDS[self.kind])

    @property
    def who(self) -> str:
        """The partner, the body that would be one, the province, or whose account it is."""
        if isinstance(self.of, Matter):
            return self.of.who
        if isinstance(self.of, ReadingAlarm):
            return self.of.account.get_full_name() or self.of.account.get_username()
        if isinstance(self.of, ClosedMonth):
            return self.of.province.name
        if isinstance(self.of, Partner):
            return self.of.name
        return self.of.organisation if isinstance(self.of, Proposal) else self.of.partner.name

    @property
    def shown_number(self) -> str:
        """The number of the agreement or proposal in the digits of the language; or the month.

        Of names that were asked for, how many people's.
        """
        if isinstance(self.of, Matter):
            return self.of.what
        if isinstance(self.of, ReadingAlarm):
            count = self.of.asked
            return ngettext("{n} person", "{n} persons", count).format(n=number(count))
        if isinstance(self.of, Partner):
            return _("Rosters")
        if isinstance(self.of, ClosedMonth):
            year, month = split_month(self.of.month)
            return period_title(Period(year, month, month))
        return digits(self.of.number)

    @property
    def page(self) -> str:
        """The name of the page on which it is done; its address takes ``page_key``."""
        if isinstance(self.of, Matter):
            return self.of.page
        if isinstance(self.of, ClosedMonth):
            return "web:period_detail"
        if isinstance(self.of, ReadingAlarm):
            return "web:reading_alarm"
        if isinstance(self.of, Partner):
            return "web:roster_answers"
        is_proposal = isinstance(self.of, Proposal)
        return "web:proposal_detail" if is_proposal else "web:agreement_detail"

    @property
    def page_key(self) -> tuple[str, ...]:
        """What tells the page from others of its name."""
        if isinstance(self.of, Matter):
            return self.of.page_key
        if isinstance(self.of, ClosedMonth):
            return self.of.province.code, str(self.of.month)
        return () if isinstance(self.of, Partner) else (self.of.uid,)

    @property
    def address(self) -> str:
        """Where that page is in this installation."""
        return reverse(self.page, args=self.page_key)

    @property
    def order(self) -> tuple[int, dt.date, str]:
        """What the list is sorted by; what happens to people's names now comes before all else."""
        if isinstance(self.of, ReadingAlarm):
            return -1, self.day or dt.date.max, sort_key(self.who)
        name = self.of.partner.sort_key if isinstance(self.of, Agreement) else sort_key(self.who)
        return self.urgency, self.day or dt.date.max, name


def work_list(user: User) -> list[Need]:
    """Return what needs somebody of what the user may see: for the page, e-mail and all else."""
    held = memberships_of(user)
    found = []
    with scoped_to(scope_in(held, Act.SEE_REGISTERS)) as scope:
        if not scope.is_nothing:
            seen = scope_in(held, Act.SEE_FIGURES)
            sees_figures = not seen.is_nothing and seen.covers(scope)
            found = needs(latest_period() if sees_figures else None)
    with scoped_to(scope_in(held, Act.TRIAGE_PROPOSALS)) as scope:
        if not scope.is_nothing:
            found = sorted([*found, *_proposals(today())], key=lambda need: need.order)
    with scoped_to(scope_in(held, Act.DECIDE_ROSTER_ANSWERS)) as scope:
        if not scope.is_nothing:
            found = sorted([*found, *_answers(user)], key=lambda need: need.order)
    if not (scope := scope_in(held, Act.SEE_PERIODS)).is_nothing:
        found = sorted([*found, *_moved(scope)], key=lambda need: need.order)
    if not (scope := scope_in(held, Act.ANSWER_READING_ALARMS)).is_nothing:
        found = sorted([*found, *_readings(scope, user)], key=lambda need: need.order)
    by_two = [Need(*one) for one in matters(user, held)]
    return sorted([*found, *by_two], key=lambda need: need.order) if by_two else found


# Kind, urgency, sentence, agreement's id and day of a need.
Found = tuple[str, int, Callable[[], str], int, dt.date | None]


def needs(latest: Period | None) -> list[Need]:
    """Return what needs somebody today, the most urgent first; ``latest`` has the latest figures."""
    found = _dated()
    if latest is not None and latest.through_month >= settings.ATTENTION_MONTHS:
        found += _behind(latest)
    agreements = queries.shown({of for _kind, _urgency, _say, of, _day in found})
    return sorted(
        (Need(kind, urgency, say, agreements[of], day) for kind, urgency, say, of, day in found),
        key=lambda need: need.order,
    )


def needs_of(agreement: Agreement) -> list[Need]:
    """Return what needs somebody of one agreement today; its pace is another matter."""
    found = _dated(agreement)
    return sorted(
        (Need(kind, urgency, say, agreement, day) for kind, urgency, say, _of, day in found),
        key=lambda need: need.order,
    )


def _dated(only: Agreement | None = None) -> list[Found]:
    """Return what a day has come for, of all agreements or of one."""
    now = today()
    days = sorted(settings.ATTENTION_DAYS)

    def of(found: QuerySet[Any], path: str = "agreement") -> QuerySet[Any]:
        return found.filter(**{path: only.pk}) if only else found

    until = now + dt.timedelta(days=days[-1])
    return [
        *_over(of(queries.past_their_end(now), "pk")),
        *_left(only),
        *_ending(of(queries.ending(until, today=now), "pk"), now, days),
        *_obligations(of(queries.due(now + dt.timedelta(days=days[0]))), now),
        *_unpaid(of(queries.unpaid(now))),
        *_unminuted(of(queries.unminuted(now))),
        *_undone(of(queries.undone(now), "meeting__agreement")),
    ]


def _proposals(now: dt.date) -> list[Need]:
    """Return proposals that wait for an answer; after ``PATIENCE`` days it is high time."""

    def say(one: Proposal) -> str:
        return _("A proposal waits for an answer: {text}").format(text=one.subject)

    found = []
    for one in waiting():
        day = localdate(one.received_at)
        late = (now - day).days > PATIENCE
        found.append(Need("proposal", 0 if late else 1, partial(say, one), one, day))
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
    for one in unconfirmed_answers().exclude(created_by=user):
        days[one.partner].append(localdate(one.created_at))
    return [Need("answers", 1, partial(say, len(on)), of, min(on)) for of, on in days.items()]


def _moved(scope: Scope) -> list[Need]:
    """Return closed months whose figures are not those of their closing, by the latest check."""

    def say(count: int) -> str:
        said = _("{count} figures of this closed month are not those of its closing.")
        return said.format(count=number(count))

    found = moved_months(None if scope.is_everything else scope.provinces)
    return [
        Need("moved", 0, partial(say, one.figures), one.period, localdate(one.check_run.at))
        for one in found
    ]


def _readings(scope: Scope, user: User) -> list[Need]:
    """Return accounts that asked for many names, until somebody has asked them why."""

    def say(one: ReadingAlarm) -> str:
        said = _("Asked for the names of {asked} persons within a day; {shown} were shown.")
        return said.format(asked=number(one.asked), shown=number(one.shown))

    return [
        Need("reading", 0, partial(say, one), one, localdate(one.latest_at))
        for one in open_alarms(scope).exclude(account=user)
    ]


def _rows(found: QuerySet[Any], *fields: str) -> QuerySet[Any, Any]:
    """Return rows with these fields and nothing else: work lists are long."""
    return found.values_list(*fields, named=True)


def _over(past: QuerySet[Any]) -> list[Found]:
    def say() -> str:
        return _("The term is over and its end is not recorded.")

    return [("over", 0, say, one.pk, one.ends_on) for one in _rows(past, "pk", "ends_on")]


def _left(only: Agreement | None) -> list[Found]:
    def say() -> str:
        return _("It was terminated, and what is left of its commitments is not recorded.")

    found = without_remainder()
    wanted = found & {only.pk} if only else found
    return [("left", 0, say, pk, None) for pk in sorted(wanted)]


def _ending(ending: QuerySet[Any], now: dt.date, days: list[int]) -> list[Found]:
    def say(left: int) -> str:
        return _("Ends in {days} days and is not renewed.").format(days=number(left))

    found: list[Found] = []
    for one in _rows(ending, "pk", "ends_on"):
        left = (one.ends_on - now).days
        urgency = next(place for place, most in enumerate(days) if left <= most)
        found.append(("ending", min(urgency, 2), partial(say, left), one.pk, one.ends_on))
    return found


def _obligations(due: QuerySet[Any], now: dt.date) -> list[Found]:
    return [_obligation(one, now) for one in _rows(due, "agreement_id", "due_on", "text")]


def _unpaid(unpaid: QuerySet[Any]) -> list[Found]:
    def say(one: Any) -> str:
        said = _("Not paid: {text}, {amount} rials.")
        return said.format(text=one.title, amount=number(one.amount - one.paid))

    return [
        ("unpaid", 0, partial(say, one), one.agreement_id, one.due_on)
        for one in _rows(unpaid, "agreement_id", "due_on", "title", "amount", "paid")
    ]


def _unminuted(meetings: QuerySet[Any]) -> list[Found]:
    def say() -> str:
        return _("A meeting of the joint committee is not minuted.")

    return [("meeting", 1, say, one.agreement_id, one.held_on) for one in meetings]


def _undone(decisions: QuerySet[Any]) -> list[Found]:
    def say(one: Any) -> str:
        return _("A decision is not carried out: {text}").format(text=one.text)

    return [
        ("decision", 0, partial(say, one), one.agreement_id, one.due_on)
        for one in _rows(decisions, "agreement_id", "due_on", "text")
    ]


def _obligation(one: Any, now: dt.date) -> Found:
    is_late = one.due_on < now

    def say() -> str:
        said = _("Overdue: {text}") if is_late else _("Due by {day}: {text}")
        return said.format(text=one.text, day=day_in_words(one.due_on))

    kind, urgency = ("overdue", 0) if is_late else ("due", 1)
    return kind, urgency, say, one.agreement_id, one.due_on


def _behind(latest: Period) -> list[Found]:
    """Promises of the latest year that an even pace, or that of the quarters, brings further.

    The figures are asked for all agreements together. The first months of a term say nothing, and
    neither does an agreement whose months are hidden from who asks.
    """
    promises = (
        counted(latest.year, on=latest.end)
        .filter(measure="person_hours", in_force__gt=0, agreement__state__in=TRAINING_STATES)
        .values_list(
            "pk",
            "agreement_id",
            "agreement__number",
            "agreement__starts_on",
            "agreement__ends_on",
            "in_force",
        )
    )
    quarters = quarters_on(latest.end)
    at_provinces = carried(latest.year, on=latest.end).national
    monthly = monthly_hours(latest)
    found: list[Found] = []
    for promise_id, agreement_id, agreement_number, starts_on, ends_on, in_force in promises:
        own = in_force - at_provinces.get(promise_id, 0)
        if own <= 0:
            continue
        term = Stretch.of_year(latest.year, starts_on, ends_on)
        if term.passed(latest.through_month) < settings.ATTENTION_MONTHS:
            continue
        done = monthly.get(agreement_number, [0.0] * latest.through_month)
        if done is None:
            continue
        promise: dict[str, Any] = {
            "committed": float(own),
            "quarters": quarters.get(promise_id, {}),
            "term": term,
        }
        if is_behind(done, **promise):
            say = partial(_say_behind, partial(pace, done, **promise), latest.year)
            found.append(("behind", 1, say, agreement_id, None))
    return found


def _say_behind(forecast: Callable[[], Forecast], year: int) -> str:
    ahead = forecast()
    said = _(
        "Behind pace: {done} of {committed} person-hours of {year}; about {expected} at this pace."
    )
    return said.format(
        done=number(ahead.delivered),
        committed=number(ahead.committed),
        year=digits(str(year)),
        expected=number(ahead.expected),
    )
