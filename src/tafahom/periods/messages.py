"""Closed months in sentences, and what the database says of them understood."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tafahom.jalali import month_code, month_title
from tafahom.periods.guards import MARK
from tafahom.periods.rules import PeriodClosedError

REFUSALS = {
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


def sentence(error: PeriodClosedError) -> str:
    """Return what is said to somebody whose write was refused, in the reader's language."""
    mend = _("Ask for the month to be reopened; another person must approve it.")
    if not error.months:
        return f"{_('This belongs to a closed month and was not written.')} {mend}"
    title = month_title if get_language() == "fa" else month_code
    names = _(", ").join(map(title, error.months))
    said = _("This belongs to closed months ({months}) and was not written.").format(months=names)
    return f"{said} {mend}"


def refusal_in(error: BaseException | None) -> PeriodClosedError | None:
    """Return the refusal that an error is, or that caused it; None when it is something else."""
    while error is not None:
        if isinstance(error, PeriodClosedError):
            return error
        if isinstance(error, DatabaseError) and MARK in str(error):
            return PeriodClosedError()
        error = error.__cause__
    return None


@contextmanager
def understood() -> Iterator[None]:
    """Run writes as one transaction; raise PeriodClosedError when the database refuses them."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if refusal := refusal_in(error):
            raise refusal from error
        raise
