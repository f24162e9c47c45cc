"""Questions of a file for people: words that no list knows, and what each is called as a problem."""

from collections.abc import Iterable

from tafahom.exchange.rosters.messages import QUESTION
from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS, ReadResult
from tafahom.exchange.rosters.parsing.binding import EMPTY
from tafahom.exchange.rosters.parsing.courses import COURSE_NEEDS
from tafahom.exchange.rosters.parsing.questions import WORD, RosterQuestion, distinct, word_key
from tafahom.training.courses.groups import GroupWords
from tafahom.training.rosters.judging import UnknownWord
from tafahom.training.rosters.rules import Problem

# What can be given for a file or sheet that does not say it.
GIVEN_FIELDS = (
    "agreement_number", "course_title", "course_code", "standard_code", "planned_hours",
    "starts_on", "ends_on", "centre", "centre_type", "county", "audience", "instructor",
)  # fmt: skip


def ask_words(unknown: Iterable[UnknownWord], words: GroupWords) -> list[RosterQuestion]:
    """Return a question for each word that is in no list."""
    return distinct(
        RosterQuestion(
            word_key(one.field, one.word), WORD, one.entry.sheet, one.entry.row,
            CANONICAL_FIELDS[one.field], one.word,
            (*(name for name, _label in words.choices(one.field)), EMPTY), WORD,
        )
        for one in unknown
    )  # fmt: skip


def as_problems(questions: Iterable[RosterQuestion]) -> list[Problem]:
    """Return questions as errors of a file: with each, nothing of it is written."""
    return [
        Problem(
            QUESTION, question.sheet, question.row, question.column, question.value,
            (("kind", question.kind), ("reason", question.reason), ("key", question.key)),
        )
        for question in questions
    ]  # fmt: skip


def missing_fields(result: ReadResult) -> list[str]:
    """Return fields that tables of a file lack and that can be given for it."""
    field_of = {label: field for field, label in CANONICAL_FIELDS.items()}
    missing = {
        field_of.get(problem.column, "")
        for problem in result.problems
        if problem.code == "header.missing_column"
    }
    needed = [name for name, _code, _others in COURSE_NEEDS if name in missing]
    return [name for name in needed if name in GIVEN_FIELDS]
