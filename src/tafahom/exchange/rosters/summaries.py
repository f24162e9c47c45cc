"""What is remembered of a check between two pages: places and codes, nothing of a person.

A word that is in no list of groups must be seen to be answered, and may say anything of somebody:
of questions about words the whole is sealed.
"""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag

from tafahom.exchange.rosters.file_report import FileReport, FileStatus
from tafahom.exchange.rosters.messages import DUPLICATE, QUESTION, message
from tafahom.exchange.rosters.parsing.questions import BLANK, WORD, RosterQuestion
from tafahom.people.sealing import sealer
from tafahom.training.rosters.rules import Problem

# Of courses and files, and numbers that name nobody: other columns may say who somebody is.
IMPERSONAL_COLUMNS = frozenset(
    {
        "عنوان دوره", "کد دوره", "کد استاندارد", "خوشه", "گروه آموزشی", "ساعت نظری", "ساعت عملی",
        "مدت دوره", "تاریخ شروع", "تاریخ پایان", "نام مرکز", "نوع مرکز", "شهرستان", "دستگاه",
        "شماره تفاهم‌نامه", "ساعت حضور", "نمره کتبی", "نمره عملی", "",
    }
)  # fmt: skip
# Hours and marks beside a number that is not kept; a result is free text.
IMPERSONAL_PARAMS = frozenset(
    {"kind", "row"}
    | {f"{when}_{name}" for when in ("old", "new") for name in ("hours", "written", "practical")}
)
IMPERSONAL_CODES = frozenset(
    {"header.unknown_column", "header.missing_column", "partner.mismatch", "period.closed"}
)
# A file with more problems than this is not mended row by row on a page.
MAX_PROBLEMS = 5_000


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One problem as the page lists it."""

    file: str
    is_warning: bool
    sheet: str
    row: int
    column: str
    code: str
    value: str
    message: str


def remember(report: FileReport) -> dict[str, Any]:
    """Return what is kept of a report, as JSON."""
    problems = [
        *((problem, False) for problem in report.errors if problem.code != QUESTION),
        *((problem, True) for problem in report.warnings),
    ]
    return {
        "status": report.status.value,
        "rows": report.rows,
        "accepted": report.accepted,
        "already": report.already,
        "rejected": report.rejected,
        "replaced": report.replaced,
        "replaceable": report.replaceable,
        "created": {
            "persons": report.created_persons,
            "courses": report.created_courses,
            "enrolments": report.created_enrolments,
        },
        "sheets": [list(sheet) for sheet in report.sheets],
        "columns": report.columns,
        "partners": sorted(report.partners),
        "accounted": report.accounted,
        "missing": report.missing,
        "questions": [_pack_question(one) for one in report.questions if one.kind != WORD],
        "word_questions": _seal(report),
        "import": report.import_uid,
        "has_rejects": report.rejects_file is not None,
        "problems": [_pack(problem, warning) for problem, warning in problems[:MAX_PROBLEMS]],
        "problem_count": len(problems),
    }


def total(reports: Iterable[FileReport]) -> dict[str, Any]:
    """Return the counts of several files together."""
    every = list(reports)
    codes = Counter(problem.code for report in every for problem in report.errors)
    return {
        "files": len(every),
        "refused_files": sum(report.status == FileStatus.REFUSED for report in every),
        "rows": sum(report.rows for report in every),
        "accepted": sum(report.accepted for report in every),
        "already": sum(report.already for report in every),
        "rejected": sum(report.rejected for report in every),
        "replaced": sum(report.replaced for report in every),
        "replaceable": sum(report.replaceable for report in every),
        "created_persons": sum(report.created_persons for report in every),
        "created_courses": sum(report.created_courses for report in every),
        "created_enrolments": sum(report.created_enrolments for report in every),
        "codes": dict(codes.most_common()),
    }


def lines(file: str, remembered: dict[str, Any]) -> list[ProblemLine]:
    """Return the remembered problems of a file, with sentences in the language of the page.

    Its questions are not among them: ``open_questions``.
    """
    return [_line(file, packed) for packed in remembered.get("problems", [])]


def open_questions(remembered: dict[str, Any], sha256: str) -> list[RosterQuestion]:
    """Return the questions of the last check that nobody has answered yet, in order of the file.

    Those about words are not among them when the key that sealed them is gone: another check asks
    them again.
    """
    packed = [*remembered.get("questions", []), *_unseal(remembered, sha256)]
    order = {
        name: place for place, (name, _layout, _rows) in enumerate(remembered.get("sheets", []))
    }
    found = [_question(fields) for fields in packed]
    return sorted(found, key=lambda question: (order.get(question.sheet, -1), question.row))


def _pack_question(question: RosterQuestion) -> list[Any]:
    """A question's fields; the group of a trainee is not kept."""
    return [
        question.key,
        question.kind,
        question.sheet,
        question.row,
        question.column,
        "" if question.kind == BLANK else question.value[:200],
        list(question.options),
        question.reason,
    ]


def _question(fields: Sequence[Any]) -> RosterQuestion:
    key, kind, sheet, row, column, value, options, reason = fields
    return RosterQuestion(key, kind, sheet, row, column, value, tuple(options), reason)


def _seal(report: FileReport) -> dict[str, Any]:
    """The questions about words, sealed; bound to the file."""
    packed = [_pack_question(one) for one in report.questions if one.kind == WORD]
    if not packed:
        return {}
    seal = sealer()
    sealed = seal.seal_texts([json.dumps(packed)], place=_place(report.sha256))
    return {"sealed": base64.b64encode(sealed).decode(), "key_version": seal.key_version}


def _unseal(remembered: dict[str, Any], sha256: str) -> list[list[Any]]:
    kept = remembered.get("word_questions")
    if not kept:
        return []
    try:
        [text] = sealer().open_texts(
            base64.b64decode(kept["sealed"]), place=_place(sha256), key_version=kept["key_version"]
        )
    except (InvalidTag, KeyError):
        return []
    packed: list[list[Any]] = json.loads(text)
    return packed


def _place(sha256: str) -> str:
    return f"exchange_stagedfile.report:{sha256}"


def _pack(problem: Problem, is_warning: bool) -> list[Any]:
    params = problem.params
    if problem.code == DUPLICATE:
        params = tuple(pair for pair in params if pair[0] in IMPERSONAL_PARAMS)
    is_open = problem.column in IMPERSONAL_COLUMNS or problem.code in IMPERSONAL_CODES
    return [
        int(is_warning),
        problem.sheet,
        problem.row,
        problem.column,
        problem.code,
        problem.value[:200] if is_open else "",
        [list(pair) for pair in params] if is_open or problem.code == DUPLICATE else [],
    ]


def _line(file: str, packed: Sequence[Any]) -> ProblemLine:
    is_warning, sheet, row, column, code, value, params = packed
    problem = Problem(code, sheet, row, column, value, tuple((name, v) for name, v in params))
    return ProblemLine(file, bool(is_warning), sheet, row, column, code, value, message(problem))
