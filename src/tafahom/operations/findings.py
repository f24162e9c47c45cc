"""What a look at an installation found."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How bad it is: a warning can wait for office hours."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; the text is a sentence for the operator."""

    check: str
    level: Level
    text: str


Found = Iterator[tuple[Level, str]]
