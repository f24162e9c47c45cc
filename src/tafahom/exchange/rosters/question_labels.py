"""Questions of rosters, their options and answers, in the words of an officer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tafahom.exchange.rosters.messages import message
from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS
from tafahom.exchange.rosters.parsing.binding import ABOVE, EMPTY
from tafahom.exchange.rosters.parsing.blocks import LABEL
from tafahom.exchange.rosters.parsing.meanings import (
    HOUR_FIELDS,
    IGNORE,
    MARK_FIELDS,
    Meaning,
    parse_meaning,
)
from tafahom.exchange.rosters.parsing.questions import (
    BLANK,
    COLUMN,
    DAYS,
    SESSIONS,
    WORD,
    RosterQuestion,
)
from tafahom.exchange.rosters.parsing.sessions import COUNT, MONTH_AND_DAY
from tafahom.exchange.rosters.questions import as_problems
from tafahom.people.models import Gender
from tafahom.persian import format_number

# By kind of question and answer.
ANSWERS: Mapping[tuple[str, str], Promise] = {
    (COLUMN, IGNORE): gettext_lazy("Leave this column out"),
    (SESSIONS, COUNT): gettext_lazy("Count each of these columns as one session"),
    (SESSIONS, IGNORE): gettext_lazy("Leave these columns out"),
    (DAYS, MONTH_AND_DAY): gettext_lazy("Yes: month and day of the course's year"),
    (DAYS, IGNORE): gettext_lazy("No: they are the days that they show"),
    (BLANK, ABOVE): gettext_lazy("The same group as in the row above"),
    (BLANK, EMPTY): gettext_lazy("No group is named for these trainees"),
    (WORD, EMPTY): gettext_lazy("Leave empty"),
}
# Where everybody attended one part of a course.
PART_ANSWERS: Mapping[str, Promise] = {
    "attended_hours": gettext_lazy("Yes, these are all the hours that they attended"),
    IGNORE: gettext_lazy("No: leave this column out and credit the whole course"),
}
SUBJECTS: Mapping[str, Promise] = {
    SESSIONS: gettext_lazy("Columns of attendance without a date"),
    DAYS: gettext_lazy("Sessions that lie outside the course"),
    BLANK: gettext_lazy("Empty cells below a group"),
}
GENDERS: Mapping[str, str | Promise] = {gender.value: gender.label for gender in Gender}
UNITS: Mapping[str, Promise] = {
    "": gettext_lazy("{field}, in hours"),
    "hours": gettext_lazy("{field}, in hours"),
    "minutes": gettext_lazy("{field}, in minutes"),
    "percent": gettext_lazy("{field}, in percent of the course"),
}
EACH = gettext_lazy("{field}; each counts for {hours} hours")
# Answers to these depend on what is in one file; others hold for rosters to come as well.
REASONS_OF_ONE_FILE = frozenset({"part", BLANK})


def sentence(question: RosterQuestion) -> str:
    """Return what is asked."""
    [problem] = as_problems([question])
    return message(problem)


def option_label(question: RosterQuestion, option: str) -> str:
    """Return an option of a question in words."""
    if question.reason == "part" and option in PART_ANSWERS:
        return str(PART_ANSWERS[option])
    return answer_label(question.key, option)


def answer_label(key: str, answer: str) -> str:
    """Return what an answer means in words; one that is no longer possible as it is."""
    kind, _colon, _rest = key.partition(":")
    if label := ANSWERS.get((kind, answer)):
        return str(label)
    if kind != COLUMN:
        return str(GENDERS.get(answer, answer))
    try:
        meaning = parse_meaning(answer, CANONICAL_FIELDS)
    except ValueError:
        return answer
    return _meaning(meaning) if meaning else answer


def subject(key: str, text: str) -> str:
    """Return what an answer is about: a column, a word of a list, or what its kind says."""
    kind, _colon, rest = key.partition(":")
    field, _colon, word = rest.partition(":")
    if kind == WORD:
        label = CANONICAL_FIELDS.get(field, field)
        return _("“{word}” in “{column}”").format(word=text or word, column=label)
    if kind == LABEL:
        return _("The label “{label}”").format(label=CANONICAL_FIELDS.get(rest, text or rest))
    if kind == COLUMN:
        return _("The column “{column}”").format(column=text or rest)
    return str(SUBJECTS.get(kind, text))


def meanings() -> list[tuple[str, str]]:
    """Return all that a column may mean, each unit of hours and marks by itself."""
    return [(meaning.text, _meaning(meaning)) for meaning in _all_meanings()]


def is_to_remember(question: RosterQuestion, answer: str) -> bool:
    """Whether an answer can hold for other rosters of the partner."""
    if question.kind == WORD:
        return answer != EMPTY
    return question.kind != LABEL and question.reason not in REASONS_OF_ONE_FILE


def _all_meanings() -> list[Meaning]:
    found = []
    for field in CANONICAL_FIELDS:
        found.append(Meaning(field))
        if field in HOUR_FIELDS:
            found.append(Meaning(field, "minutes"))
        if field == "attended_hours":
            found.append(Meaning(field, "percent"))
        if field in MARK_FIELDS:
            found.append(Meaning(field, "of20"))
    return found


def _meaning(meaning: Meaning) -> str:
    label = CANONICAL_FIELDS[meaning.field]
    if meaning.field in HOUR_FIELDS:
        sentence_of_unit = UNITS.get(meaning.unit, EACH)
        return str(sentence_of_unit).format(field=label, hours=_number(meaning.minutes / 60))
    if meaning.field in MARK_FIELDS:
        full = _number(meaning.full_mark)
        return _("{field}, out of {full}").format(field=label, full=full)
    return label


def _number(value: float) -> str:
    """A number with as many decimals as it needs, in the digits of the language."""
    is_persian = (get_language() or "").startswith("fa")
    return format_number(value) if is_persian else f"{value:.2f}".rstrip("0").rstrip(".")
