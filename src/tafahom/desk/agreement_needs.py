"""What needs somebody of agreements: terms that end, promises behind pace, obligations that are due."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tafahom.agreements import queries
from tafahom.agreements.models import Agreement
from tafahom.agreements.pace import is_behind, pace
from tafahom.agreements.parts.queries import quarters_on
from tafahom.agreements.parts.rules import Stretch
from tafahom.agreements.promises.queries import carried, counted
from tafahom.agreements.rules import TRAINING_STATES, Forecast
from tafahom.agreements.terminations.queries import without_remainder
from tafahom.figures.monthly import monthly_hours
from tafahom.jalali import MonthSpan, today
from tafahom.localised import day as day_in_words
from tafahom.localised import digits, number

# Kind, urgency, sentence, agreement's id and day of a need.
FoundNeed = tuple[str, int, Callable[[], str], int, dt.date | None]


def dated(only: Agreement | None = None) -> list[FoundNeed]:
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


def _rows(found: QuerySet[Any], *fields: str) -> QuerySet[Any, Any]:
    """Return rows with these fields and nothing else: work lists are long."""
    return found.values_list(*fields, named=True)


def _over(past: QuerySet[Any]) -> list[FoundNeed]:
    def say() -> str:
        return _("The term is over and its end is not recorded.")

    return [("over", 0, say, one.pk, one.ends_on) for one in _rows(past, "pk", "ends_on")]


def _left(only: Agreement | None) -> list[FoundNeed]:
    def say() -> str:
        return _("It was terminated, and what is left of its commitments is not recorded.")

    found = without_remainder()
    wanted = found & {only.pk} if only else found
    return [("left", 0, say, pk, None) for pk in sorted(wanted)]


def _ending(ending: QuerySet[Any], now: dt.date, days: list[int]) -> list[FoundNeed]:
    def say(left: int) -> str:
        return _("Ends in {days} days and is not renewed.").format(days=number(left))

    found: list[FoundNeed] = []
    for one in _rows(ending, "pk", "ends_on"):
        left = (one.ends_on - now).days
        urgency = next(place for place, most in enumerate(days) if left <= most)
        found.append(("ending", min(urgency, 2), partial(say, left), one.pk, one.ends_on))
    return found


def _obligations(due: QuerySet[Any], now: dt.date) -> list[FoundNeed]:
    return [_obligation(one, now) for one in _rows(due, "agreement_id", "due_on", "text")]


def _unpaid(unpaid: QuerySet[Any]) -> list[FoundNeed]:
    def say(one: Any) -> str:
        said = _("Not paid: {text}, {amount} rials.")
        return said.format(text=one.title, amount=number(one.amount - one.paid))

    return [
        ("unpaid", 0, partial(say, one), one.agreement_id, one.due_on)
        for one in _rows(unpaid, "agreement_id", "due_on", "title", "amount", "paid")
    ]


def _unminuted(meetings: QuerySet[Any]) -> list[FoundNeed]:
    def say() -> str:
        return _("A meeting of the joint committee is not minuted.")

    return [("meeting", 1, say, one.agreement_id, one.held_on) for one in meetings]


def _undone(decisions: QuerySet[Any]) -> list[FoundNeed]:
    def say(one: Any) -> str:
        return _("A decision is not carried out: {text}").format(text=one.text)

    return [
        ("decision", 0, partial(say, one), one.agreement_id, one.due_on)
        for one in _rows(decisions, "agreement_id", "due_on", "text")
    ]


def _obligation(one: Any, now: dt.date) -> FoundNeed:
    is_late = one.due_on < now

    def say() -> str:
        said = _("Overdue: {text}") if is_late else _("Due by {day}: {text}")
        return said.format(text=one.text, day=day_in_words(one.due_on))

    kind, urgency = ("overdue", 0) if is_late else ("due", 1)
    return kind, urgency, say, one.agreement_id, one.due_on


def behind(latest: MonthSpan) -> list[FoundNeed]:
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
    found: list[FoundNeed] = []
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
        done=number(round(ahead.delivered)),
        committed=number(ahead.committed),
        year=digits(str(year)),
        expected=number(round(ahead.expected)),
    )
