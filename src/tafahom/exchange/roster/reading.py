"""A roster file as entries and all its problems. Runs in a process of its own; no Django."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tafahom.exchange.roster.courses import outvoted
from tafahom.exchange.roster.fields import Vocabulary, vocabulary
from tafahom.exchange.roster.rows import Findings, TableReader, total_mismatch
from tafahom.exchange.roster.tables import Table, find_tables
from tafahom.sheets.files import FileRefusedError
from tafahom.sheets.isolation import ChildFailedError, LimitError, run_isolated
from tafahom.sheets.reading import read_sheets
from tafahom.sheets.workbook import Sheet
from tafahom.training.rules import Problem, RosterEntry

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class ReadResult:
    """What a file holds. ``file_error`` says why nothing of it could be read.

    ``rows`` counts trainees' rows, right and wrong; ``entries`` are the right ones in order;
    ``sheets`` are (name, layout, rows). ``unknown_columns`` are headers as they are written.
    """

    path: str
    file_error: Problem | None = None
    rows: int = 0
    entries: list[RosterEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    sheets: list[tuple[str, str, int]] = field(default_factory=list)


def read_roster(
    path: Path, *, mapping: Mapping[str, str] | None = None, late_counts_whole: bool = True
) -> ReadResult:
    """Read a roster in a child process with limits of memory and time.

    ``mapping`` are meanings of columns given by hand: normal form of the header to field.
    Nothing that is in the file raises; what is wrong with it is in the result.
    """
    try:
        result: ReadResult = run_isolated(
            __name__, read_here.__name__, str(path), dict(mapping or {}), late_counts_whole
        )
    except LimitError:
        return ReadResult(str(path), file_error=Problem("file.too_large", value=path.name))
    except ChildFailedError:
        logger.exception("a roster could not be read")
        return ReadResult(str(path), file_error=Problem("file.damaged", value=path.name))
    return result


def read_here(place: str, mapping: Mapping[str, str], late_counts_whole: bool) -> ReadResult:
    """Read a roster in this process, without limits."""
    path, result = Path(place), ReadResult(place)
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
        tables = find_tables(sheet.rows, words, mapping)
        if not tables:
            if any(any(row) for row in sheet.rows):
                findings.warnings.append(Problem("sheet.no_table", sheet.name))
            continue
        for table in tables:
            _read_table(result, sheet, table, words, findings, late_counts_whole)
        rows = sum(len(table.rows) for table in tables)
        result.sheets.append((sheet.name, tables[0].layout, rows))
    if not result.sheets:
        result.file_error = Problem("sheet.no_table", value=path.name)
        return result
    _settle_courses(findings, words)
    result.entries, result.problems, result.warnings = (
        findings.entries, findings.problems, findings.warnings,
    )  # fmt: skip
    return result


def _read_table(
    result: ReadResult,
    sheet: Sheet,
    table: Table,
    words: Vocabulary,
    findings: Findings,
    late_counts_whole: bool,
) -> None:
    TableReader(sheet, table, words, findings, late_counts_whole=late_counts_whole).read()
    result.rows += len(table.rows)
    result.unknown_columns += table.unknown.values()
    findings.warnings += [
        Problem("header.unknown_column", sheet.name, table.header_row, header)
        for header in table.unknown.values()
    ]
    if warning := total_mismatch(sheet, table, words, findings):
        findings.warnings.append(warning)


def _settle_courses(findings: Findings, words: Vocabulary) -> None:
    """Refuse the rows of a course that say something else of it than most of its rows."""
    refused = outvoted(findings.entries)
    if not refused:
        return
    places = {(entry.sheet, entry.row) for entry in refused}
    label = words.labels["course_code"]
    findings.problems += [
        Problem("course.conflict", e.sheet, e.row, label, e.course.code or e.course.title)
        for e in refused
    ]
    findings.entries = [e for e in findings.entries if (e.sheet, e.row) not in places]
