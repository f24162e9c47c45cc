"""A roster file as entries and all its problems. Runs in a process of its own; no Django."""

import logging
from dataclasses import dataclass, field
from pathlib import Path

from tafahom.exchange.rosters.parsing.courses import outvoted
from tafahom.exchange.rosters.parsing.doubts import doubts, total_mismatch
from tafahom.exchange.rosters.parsing.fields import Vocabulary, vocabulary
from tafahom.exchange.rosters.parsing.finding import KINDS, find_tables
from tafahom.exchange.rosters.parsing.given import Given, given_for
from tafahom.exchange.rosters.parsing.meanings import Answers
from tafahom.exchange.rosters.parsing.questions import RosterQuestion, distinct
from tafahom.exchange.rosters.parsing.returning import is_report
from tafahom.exchange.rosters.parsing.rows import TableReader
from tafahom.exchange.rosters.parsing.table_cells import Findings
from tafahom.exchange.rosters.parsing.tables import Table
from tafahom.sheets.files import FileRefusedError
from tafahom.sheets.isolation import ChildFailedError, LimitError, run_isolated
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.workbook import Sheet
from tafahom.training.rosters.rules import Problem, RosterEntry

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ReadResult:
    """What a file holds. ``file_error`` says why nothing of it could be read.

    ``rows`` counts trainees' rows, right and wrong; ``entries`` are the right ones in order;
    ``accounted`` counts every row of its sheets by kind (``finding.KINDS``); ``sheets`` are
    (name, layout, rows). ``questions`` have to be answered before anything is written.
    ``unknown_columns`` are headers as they are written. ``answers`` and ``given`` are what it was
    read with; ``agreements`` and ``partners`` are named in tables that could not be read yet.
    """

    path: str
    file_error: Problem | None = None
    rows: int = 0
    entries: list[RosterEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    questions: list[RosterQuestion] = field(default_factory=list)
    accounted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    unknown_columns: list[str] = field(default_factory=list)
    sheets: list[tuple[str, str, int]] = field(default_factory=list)
    agreements: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    given: dict[str, dict[str, str]] = field(default_factory=dict)


def read_roster(
    path: Path,
    *,
    answers: Answers | None = None,
    given: Given | None = None,
    late_counts_whole: bool = True,
) -> ReadResult:
    """Read a roster in a child process with limits of memory and time.

    ``answers`` are to questions that were asked before, by their keys. ``given`` are values of
    course fields that the file does not say: by sheet, "" for all of them, then by field; the
    value ``@sheet`` is the sheet's name. Nothing that is in the file raises; what is wrong with
    it is in the result.
    """
    plain = {sheet: dict(values) for sheet, values in (given or {}).items()}
    try:
        result: ReadResult = run_isolated(
            __name__, read_here.__name__, str(path), dict(answers or {}), plain, late_counts_whole
        )
    except LimitError:
        return ReadResult(str(path), file_error=Problem("file.too_large", value=path.name))
    except ChildFailedError:
        logger.exception("a roster could not be read")
        return ReadResult(str(path), file_error=Problem("file.damaged", value=path.name))
    return result


def read_here(place: str, answers: Answers, given: Given, late_counts_whole: bool) -> ReadResult:
    """Read a roster in this process, without limits."""
    path = Path(place)
    result = ReadResult(
        place, answers=dict(answers), given={sheet: dict(of) for sheet, of in given.items()}
    )
    try:
        sheets = read_sheets(path)
    except FileRefusedError as error:
        result.file_error = Problem(error.code, error.sheet, value=path.name)
        return result
    except OSError:
        result.file_error = Problem("file.not_readable", value=path.name)
        return result
    words = vocabulary()
    findings = Findings()
    for sheet in sheets:
        _read_sheet(result, sheet, words, findings, late_counts_whole)
    if not result.sheets:
        result.file_error = Problem("sheet.no_table", value=path.name)
        return result
    _settle_courses(findings, words)
    result.questions = distinct(findings.questions)
    result.agreements, result.partners = sorted(findings.agreements), sorted(findings.partners)
    result.entries, result.problems, result.warnings = (
        findings.entries, findings.problems, findings.warnings,
    )  # fmt: skip
    return result


def _read_sheet(
    result: ReadResult,
    sheet: Sheet,
    words: Vocabulary,
    findings: Findings,
    late_counts_whole: bool,
) -> None:
    found = find_tables(sheet, words, result.answers, given_for(sheet.name, result.given))
    if not found.tables and is_report(sheet):
        return  # written by us into the workbook that went back
    for kind, count in found.accounted.items():
        result.accounted[kind] += count
    if found.hidden_rows:
        findings.warnings.append(Problem("rows.hidden", sheet.name, value=str(found.hidden_rows)))
    if not found.tables:
        if any(any(row) for row in sheet.rows):
            findings.warnings.append(Problem("sheet.no_table", sheet.name))
        return
    for table in found.tables:
        _read_table(result, sheet, table, words, findings, late_counts_whole)
    rows = sum(len(table.rows) for table in found.tables)
    result.sheets.append((sheet.name, found.tables[0].layout, rows))


def _read_table(
    result: ReadResult,
    sheet: Sheet,
    table: Table,
    words: Vocabulary,
    findings: Findings,
    late_counts_whole: bool,
) -> None:
    before = len(findings.entries)
    TableReader(sheet, table, words, findings, late_counts_whole=late_counts_whole).read()
    result.rows += len(table.rows)
    result.unknown_columns += table.unknown.values()
    findings.warnings += [
        Problem("header.unknown_column", sheet.name, table.header_row, header)
        for header in table.unknown.values()
    ]
    if warning := total_mismatch(sheet, table, words, findings):
        findings.warnings.append(warning)
    findings.warnings += doubts(sheet.name, table, findings.entries[before:], words)


def _settle_courses(findings: Findings, words: Vocabulary) -> None:
    """Refuse the rows of a course that say something else of it than most of its rows."""
    refused = outvoted(findings.entries)
    if not refused:
        return
    places = {(entry.sheet, entry.row, entry.column) for entry in refused}
    label = words.labels["course_code"]
    findings.problems += [
        Problem("course.conflict", e.sheet, e.row, label, e.course.code or e.course.title)
        for e in refused
    ]
    findings.entries = [e for e in findings.entries if (e.sheet, e.row, e.column) not in places]
