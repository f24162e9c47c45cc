"""Closed months in sentences, and what the database says of them understood."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.db.models import Model
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tafahom.jalali import month_code, month_title
from tafahom.parties.actions import ChangeRefusedError
from tafahom.periods.guards import MARK, months_held
from tafahom.periods.rules import PeriodClosedError
from tafahom.refusals.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "state.not_open": gettext_lazy("The month is not open."),
    "state.not_closing": gettext_lazy("The closing of the month was not begun."),
    "state.not_closed": gettext_lazy("The month is not closed."),
    "month.not_begun": gettext_lazy("The month has not begun."),
    "month.not_over": gettext_lazy("The month is not over: it can be closed from its end on."),
    "findings.not_accepted": gettext_lazy(
        "Something is still open: mend it, or write why the month can be closed with it."
    ),
    "reopening.under_way": gettext_lazy("A reopening of this month is under way already."),
    "reopening.none_asked": gettext_lazy("No reopening waits for an answer."),
    "reopening.none_running": gettext_lazy("The month is not reopened."),
    "reopening.same_person": gettext_lazy("Who asked can not approve: another person must."),
    "reason.missing": gettext_lazy("A reason is needed."),
    "until.over": gettext_lazy("The last day has passed: ask again with a later one."),
    "until.too_late": gettext_lazy("A month can be reopened for 31 days at most."),
}


def closed_sentence(error: PeriodClosedError) -> str:
    """Return what is said to somebody whose write was refused, in the reader's language."""
    said = _("This belongs to a closed month and was not written.")
    if error.months:
        said = _("This belongs to closed months ({months}) and was not written.")
    return _with_remedy(said, error.months)


def moved_sentence(months: Collection[int]) -> str:
    """Return what is said of a change that would move figures of closed months (139710)."""
    said = _("This would move the figures of a closed month and was not written.")
    if months:
        said = _("This would move the figures of closed months ({months}) and was not written.")
    return _with_remedy(said, months)


def _with_remedy(said: str, months: Collection[int]) -> str:
    title = month_title if get_language() == "fa" else month_code
    names = _(", ").join(map(title, sorted(months)))
    mend = _("Ask for the month to be reopened; another person must approve it.")
    return f"{said.format(months=names)} {mend}"


def refusal_in(error: BaseException | None) -> PeriodClosedError | None:
    """Return the refusal that an error is, or that caused it; None when it is something else."""
    changed: ChangeRefusedError | None = None
    while error is not None:
        if isinstance(error, PeriodClosedError):
            return error
        if isinstance(error, DatabaseError) and MARK in str(error):
            return PeriodClosedError(_months_of(changed.record)) if changed else PeriodClosedError()
        changed = error if isinstance(error, ChangeRefusedError) else changed
        error = error.__cause__
    return None


def _months_of(record: Model) -> set[int]:
    """Return the closed months whose figures a record of a registry is part of."""
    return months_held(record._meta.db_table, record.pk)


@contextmanager
def understood() -> Iterator[None]:
    """Run writes as one transaction; raise PeriodClosedError when the database refuses them."""
    try:
        with transaction.atomic():
            yield
    except (DatabaseError, ChangeRefusedError) as error:
        if refusal := refusal_in(error):
            raise refusal from error
        raise
