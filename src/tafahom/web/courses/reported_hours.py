"""Marks that wait until somebody agrees to what they make of reported hours."""

from collections.abc import Iterable, Iterator

from tafahom.training.attendance.actions import MarkChange
from tafahom.web.courses.register import LATIN, field_name, letter_of


def sent_again(changes: Iterable[MarkChange]) -> Iterator[tuple[str, str, str]]:
    """Yield, of each mark that somebody wants changed, what a form sends of it.

    What its editor saw (``register.changes_in``), the name of the field, and the mark.
    """
    for change in changes:
        if change.mark != change.seen:
            seen = f"{change.session_id}|{change.enrolment_id}:{LATIN.get(change.seen, '')}"
            yield seen, field_name(*change.place), letter_of(change.mark)
