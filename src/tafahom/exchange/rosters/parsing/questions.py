"""What a file does not say by itself: questions, asked once and answered by page or command."""

from collections.abc import Iterable
from dataclasses import dataclass

from tafahom.persian import normal_key

COLUMN, SESSIONS, DAYS, WORD, BLANK = "column", "sessions", "days", "word", "blank"
MAX_KEY = 200


@dataclass(frozen=True, slots=True)
class RosterQuestion:
    """Something that has to be answered before anything of a file is written.

    ``key`` names it in answers: the same for every file that asks the same. ``kind`` is what is
    asked: the meaning of a column, how sessions without a day count, whether days made by a
    spreadsheet are meant otherwise, what a word stands for, what blank cells below a value mean.
    ``column`` is the heading, or the field's label; ``value`` what there is to see of it.
    ``options`` are possible answers. ``reason`` says why it is asked.
    """

    key: str
    kind: str
    sheet: str
    row: int
    column: str
    value: str
    options: tuple[str, ...]
    reason: str = ""


def column_key(heading: str, nth: int = 1) -> str:
    """The key of a column's meaning; of several columns with one heading, by their number."""
    base = f"{COLUMN}:{normal_key(heading) or heading.strip()}"[:MAX_KEY]
    return base if nth == 1 else f"{base[: MAX_KEY - 4]}#{nth}"


def word_key(field: str, word: str) -> str:
    """The key of what a word in a column of groups stands for."""
    return f"{WORD}:{field}:{normal_key(word) or word.strip()}"[:MAX_KEY]


def distinct(questions: Iterable[RosterQuestion]) -> list[RosterQuestion]:
    """Each question once: the first place where it came up."""
    return list({question.key: question for question in reversed(list(questions))}.values())[::-1]
