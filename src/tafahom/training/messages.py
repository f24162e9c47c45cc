"""Why something in the register of a course is refused, in the reader's language."""

from django.utils.translation import gettext_lazy

from tafahom.periods.messages import closed_sentence
from tafahom.periods.rules import PeriodClosedError
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import Sentence


def _closed(refusal: Refusal) -> str:
    return closed_sentence(PeriodClosedError(refusal.params["months"]))


SENTENCES: dict[str, Sentence] = {
    "period.closed": _closed,
    "minutes.beyond_planned": gettext_lazy(
        "Nobody can attend more than the course's {hours} hours."
    ),
    "session.outside_course": gettext_lazy("Sessions lie within the course: {first} to {last}."),
    "session.day_taken": gettext_lazy(
        "There is a session on {day} already. Tick the box if there was another that day."
    ),
    "session.not_held": gettext_lazy("{day} has not come yet."),
    "sessions.beyond_planned": gettext_lazy("The course has {hours} hours left for sessions."),
    "hours.nothing_kept": gettext_lazy(
        "There are no reported hours of this course to restore: the register replaced none."
    ),
    "mark.unknown": gettext_lazy("Something was sent that is no mark. Load the page again."),
    "session.length": gettext_lazy("A session lasts more than nothing and at most 24 hours."),
    "sessions.none": gettext_lazy("None of these days of the week lies between the two days."),
    "session.gone": gettext_lazy("This session is not there any more."),
    "session.has_marks": gettext_lazy(
        "Somebody is marked in this session: take the marks away first."
    ),
}
