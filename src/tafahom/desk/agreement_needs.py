"""What needs somebody of agreements: terms that end, promises behind pace, obligations that are due."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.utils.translation import gettext as _

from tafahom.agreements import queries
from tafahom.agreements.models import Agreement
from tafahom.agreements.pace import is_behind, pace
from tafahom.agreements.parts.queries import quarters_on
from tafahom.agreements.parts.rules import Stretch
from tafahom.agreements.promises.queries import carried, counted
from tafahom.agreements.rules import TRAINING_STATES, Forecast, LifeState
from tafahom.agreements.terminations.queries import without_remainder
from tafahom.figures.monthly import monthly_hours
from tafahom.jalali import MonthSpan, today
from tafahom.localised import day as day_in_words
from tafahom.localised import digits, number

# Kind, urgency, sentence, agreement's id and day of a need.
FoundNeed = tuple[str, int, Callable[[], str], int, dt.date | None]

_NO_TEXT = Value("", CharField())
_NO_AMOUNT = Value(0, BigIntegerField())


def dated(only: Agreement | None = None) -> list[FoundNeed]:
    """Return what a day has come for, of all agreements or of one."""
    now = today()
    days = sorted(settings.ATTENTION_DAYS)

    def of(found: QuerySet[Any], path: str = "agreement") -> QuerySet[Any]:
        return found.filter(**{path: only.pk}) if only else found

    until = now + dt.timedelta(days=days[-1])
    kinds = [
        _columns("over", of(queries.past_their_end(now), "pk"), "pk", "ends_on"),
        _columns("ending", of(queries.ending(until, today=now), "pk"), "pk", "ends_on"),
        _columns("due", of(queries.due(now + dt.timedelta(days=days[0]))), text="text"),
        _columns("unpaid", of(queries.unpaid(now)), text="title", amount=F("amount") - F("paid")),
        _columns("meeting", of(queries.unminuted(now)), day="held_on"),
        _columns("decision", of(queries.undone(now), "meeting__agreement"), text="text"),
    ]
    rows = sorted(_Row(*row) for row in kinds[0].union(*kinds[1:], all=True))
    return [*_left(only), *(_need(row, now, days) for row in rows)]


class _Row(NamedTuple):
    """What a day has come for, as the database tells it of every kind of thing."""

    kind: str
    day: dt.date
    pk: int
    agreement: int
    text: str
    amount: int


def _columns(
    kind: str,
    found: QuerySet[Any],
    agreement: str = "agreement_id",
    day: str = "due_on",
    text: Any = _NO_TEXT,
    amount: Any = _NO_AMOUNT,
) -> QuerySet[Any, Any]:
    """Return the columns of ``_Row``, so that kinds of things can be asked for together."""
    return found.order_by().values_list(Value(kind), day, "pk", agreement, text, amount)


def _left(only: Agreement | None) -> list[FoundNeed]:
    def say() -> str:
        return _("It was terminated, and what is left of its commitments is not recorded.")

    if only and only.state != LifeState.TERMINATED:
        return []
    found = without_remainder()
    wanted = found & {only.pk} if only else found
    return [("left", 0, say, pk, None) for pk in sorted(wanted)]


def _need(row: _Row, now: dt.date, days: list[int]) -> FoundNeed:
    kind, urgency = row.kind, 1 if row.kind in ("due", "meeting") else 0
    if kind == "ending":
        left = (row.day - now).days
        urgency = min(next(place for place, most in enumerate(days) if left <= most), 2)
    elif kind == "due" and row.day < now:
        kind, urgency = "overdue", 0
    return kind, urgency, partial(_say, kind, row, now), row.agreement, row.day


def _say(kind: str, row: _Row, now: dt.date) -> str:
    """Return what is said of a row, in the language of who reads."""
    words = {"text": row.text, "day": day_in_words(row.day)}
    match kind:
        case "over":
            return _("The term is over and its end is not recorded.")
        case "ending":
            left = number((row.day - now).days)
            return _("Ends in {days} days and is not renewed.").format(days=left)
        case "overdue":
            return _("Overdue: {text}").format(**words)
        case "due":
            return _("Due by {day}: {text}").format(**words)
        case "unpaid":
            said = _("Not paid: {text}, {amount} rials.")
            return said.format(amount=number(row.amount), **words)
        case "meeting":
            return _("A meeting of the joint committee is not minuted.")
        case _:
            return _("A decision is not carried out: {text}").format(**words)


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
            "agreement__starts_on",
            "agreement__ends_on",
            "in_force",
        )
    )
    quarters = quarters_on(latest.end)
    at_provinces = carried(latest.year, on=latest.end).national
    monthly = monthly_hours(latest)
    found: list[FoundNeed] = []
    for promise_id, agreement_id, starts_on, ends_on, in_force in promises:
        own = in_force - at_provinces.get(promise_id, 0)
        if own <= 0:
            continue
        term = Stretch.of_year(latest.year, starts_on, ends_on)
        if term.passed(latest.through_month) < settings.ATTENTION_MONTHS:
            continue
        done = monthly.get(agreement_id, [0.0] * latest.through_month)
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
