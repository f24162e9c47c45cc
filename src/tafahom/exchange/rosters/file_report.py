"""What became of one file: the answer of a check or an import."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tafahom.exchange.rosters.messages import message
from tafahom.exchange.rosters.parsing.finding import KINDS
from tafahom.exchange.rosters.parsing.given import Given
from tafahom.exchange.rosters.parsing.questions import RosterQuestion
from tafahom.training.rosters.rules import Problem


class FileStatus(StrEnum):
    """The whole file was taken, some of its rows, nothing new was in it, or nothing was taken."""

    IMPORTED = "imported"
    PARTLY = "partly"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file to read and what to call it; in the store its path is its digest.

    ``answers`` are to its questions, ``given`` values that it does not say.
    """

    path: Path
    name: str
    sha256: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    given: Given = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: steps ``done`` of ``total``, the file in hand and its number."""

    done: int
    total: int
    file: str
    number: int
    files: int


ReportProgress = Callable[[Progress], None]
IsCancelled = Callable[[], bool]


@dataclass(slots=True)
class FileReport:
    """What a check found or an import did.

    ``rows`` are those of trainees; of them ``accepted`` are (or would be) recorded now,
    ``already`` were recorded from this very file before, ``rejected`` are not recorded. Of the
    accepted ``replaced`` take the place of recorded rows, of the rejected ``replaceable`` could.
    ``partners`` are ids of the partners its agreements are with. ``columns`` are headers that
    nobody knows, ``missing`` needed fields that can be given. ``accounted`` counts every row of
    its sheets by kind, of a file that was recorded before as its import did. While one of ``questions`` is open nothing is recorded. ``import_uid`` names
    what can be undone; empty when nothing was recorded.
    """

    file: str
    sha256: str = ""
    status: FileStatus = FileStatus.REFUSED
    rows: int = 0
    accepted: int = 0
    already: int = 0
    rejected: int = 0
    replaced: int = 0
    replaceable: int = 0
    created_persons: int = 0
    created_courses: int = 0
    created_enrolments: int = 0
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    sheets: list[tuple[str, str, int]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    partners: set[int] = field(default_factory=set)
    questions: list[RosterQuestion] = field(default_factory=list)
    accounted: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    answers: Mapping[str, str] = field(default_factory=dict)
    rejects_file: Path | None = None
    import_uid: str = ""

    @property
    def status_by_rows(self) -> FileStatus:
        """What its counts and errors come to once its rows are judged."""
        if self.accepted:
            return FileStatus.PARTLY if self.errors else FileStatus.IMPORTED
        return FileStatus.UNCHANGED if self.already else FileStatus.REFUSED

    def as_json(self) -> dict[str, Any]:
        """Return the file's part of ``roster check|import --json``."""
        return {
            "file": self.file,
            "status": self.status.value,
            "rows": self.rows,
            "accepted": self.accepted,
            "already": self.already,
            "rejected": self.rejected,
            "replaced": self.replaced,
            "replaceable": self.replaceable,
            "created": {
                "persons": self.created_persons,
                "courses": self.created_courses,
                "enrolments": self.created_enrolments,
            },
            "accounted": self.accounted or dict.fromkeys(KINDS, 0),
            "questions": [_question_json(question) for question in self.questions],
            "errors": [_as_json(problem) for problem in self.errors],
            "warnings": [_as_json(problem) for problem in self.warnings],
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "import": self.import_uid or None,
        }


def _question_json(question: RosterQuestion) -> dict[str, Any]:
    return {
        "key": question.key,
        "kind": question.kind,
        "sheet": question.sheet,
        "row": question.row,
        "column": question.column,
        "value": question.value,
        "options": list(question.options),
    }


def _as_json(problem: Problem) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "code": problem.code,
        "value": problem.value,
        "message": message(problem),
    }
