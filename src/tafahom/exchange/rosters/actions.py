"""Checking, importing and undoing rosters."""

import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from tafahom.access.models import User
from tafahom.credentials.actions import (
    record_issued_certificates,
    remove_replacing_certificates,
)
from tafahom.credentials.queries import certificate_warnings
from tafahom.exchange.rosters import rejects, storage
from tafahom.exchange.rosters.accounting import report_lines
from tafahom.exchange.rosters.file_report import (
    FileReport,
    FileStatus,
    IsCancelled,
    Progress,
    ReportProgress,
    RosterFile,
)
from tafahom.exchange.rosters.parsing import ReadResult
from tafahom.exchange.rosters.parsing.given import Given
from tafahom.exchange.rosters.queries import (
    live_imports,
    partners_of,
    read_answered,
    read_file,
    unknown_headers,
    word_answers,
)
from tafahom.exchange.rosters.questions import as_problems, ask_words, missing_fields
from tafahom.figures import warehouse
from tafahom.people import vault
from tafahom.scoping import EVERYTHING, Scope
from tafahom.training.courses.groups import GroupWords
from tafahom.training.locks import hold_import_lock
from tafahom.training.models import RosterImport
from tafahom.training.rosters.actions import record_roster, undo_import
from tafahom.training.rosters.judging import Judgement, Seen
from tafahom.training.rosters.queries import judge_roster
from tafahom.training.rosters.rules import Problem

STEPS_A_FILE = 3  # read, judge, record
READ_AHEAD = 2  # files, each in a process of its own; reading takes longer than recording


class CancelledError(Exception):
    """Somebody asked the work to stop. Files that were recorded before stay recorded."""


def in_name_order(files: Iterable[Path | RosterFile]) -> list[RosterFile]:
    """Return the files in the order in which they are processed; folders stand for their files."""
    listed: list[RosterFile] = []
    for file in files:
        if isinstance(file, RosterFile):
            listed.append(file)
        elif file.is_dir():
            listed += [
                RosterFile(inside, inside.name)
                for inside in file.iterdir()
                if inside.is_file() and not inside.name.startswith((".", "~$"))
            ]
        else:
            listed.append(RosterFile(file, file.name))
    return sorted(listed, key=lambda file: (unicodedata.normalize("NFC", file.name), file.path))


def check_rosters(
    files: Iterable[Path | RosterFile],
    *,
    by: User | None = None,
    give_back: bool = False,
    replace: bool = False,
    within: Scope = EVERYTHING,
    progress: ReportProgress | None = None,
    cancelled: IsCancelled | None = None,
) -> list[FileReport]:
    """Do all that an import does except recording; one report a file, in name order.

    ``give_back`` writes the sealed workbook of a file of which no row can be recorded: nobody
    will have it imported. ``replace`` is that of the import. Rows of courses outside ``within``
    are refused. Raises CancelledError as soon as ``cancelled`` says so.
    """
    work = _Work(in_name_order(files), progress, cancelled, by=by)
    pending: Seen = {}
    reports = []
    for report, result in work.read():
        if result is not None and result.file_error is None:
            work.step(report.file)
            _judge(report, result, pending=pending, replace=replace, within=within, by=by)
        if give_back and result is not None and report.status == FileStatus.REFUSED:
            _give_back(report, result, sealed=True)
        reports.append(report)
    return reports


def import_rosters(
    files: Iterable[Path | RosterFile],
    *,
    all_or_nothing: bool = False,
    seal_rejects: bool = False,
    replace: bool = False,
    by: User | None,
    sender: User | None = None,
    within: Scope = EVERYTHING,
    progress: ReportProgress | None = None,
    cancelled: IsCancelled | None = None,
) -> list[FileReport]:
    """Record the good rows of each file in one transaction per file; one report a file.

    The files are read with the answers that hold for ``sender``, as they were when they were
    checked; for ``by`` where nobody else sent them.

    ``all_or_nothing`` records nothing of a file that has a bad row: all its rows are rejected
    then. With ``replace`` a row takes the place of the recorded row of its person where it says
    something else; what was is kept. Rejected rows are written to ``rejects_file``, sealed
    (``people.vault``) or, for who works at the server, plain. Files are taken in name order; the
    same file again changes nothing.
    When ``cancelled`` says so the reports end with the last file that was finished.
    """
    reader = sender or by
    work = _Work(in_name_order(files), progress, cancelled, by=reader)
    reports: list[FileReport] = []
    try:
        for report, result in work.read():
            held: list[Problem] = []
            if result is not None and result.file_error is None:
                held = _import(
                    report,
                    result,
                    work,
                    all_or_nothing=all_or_nothing,
                    replace=replace,
                    within=within,
                    by=by,
                    reader=reader,
                )
            if result is not None:
                _give_back(report, result, sealed=seal_rejects, held=held)
            reports.append(report)
    except CancelledError:
        pass
    finally:
        if any(report.import_uid for report in reports):
            warehouse.refresh()
    return reports


def undo(roster_import: RosterImport, *, by: User | None) -> None:
    """Take back a whole import and bring the figures up to date.

    Raises ``training.rosters.actions.UndoRefusedError`` when something depends on it.
    """
    with transaction.atomic():
        undo_import(roster_import, by=by)
        remove_replacing_certificates(roster_import, by=by)
    warehouse.refresh()


class _Work:
    """The files in hand: reads ahead, counts steps, stops when asked."""

    def __init__(
        self,
        files: Sequence[RosterFile],
        progress: ReportProgress | None,
        cancelled: IsCancelled | None,
        *,
        by: User | None,
    ) -> None:
        self._files = files
        self._by = by
        self._progress = progress
        self._cancelled = cancelled
        self._number = 0
        self._done = 0

    def read(self) -> Iterator[tuple[FileReport, ReadResult | None]]:
        """Yield a report for each file and what was read; None when nothing was.

        While a file is judged and recorded the next ones are read, in processes of their own.
        """
        digests = [_digest(file) for file in self._files]
        known = live_imports(digest for digest in digests if digest)
        counted = {digest for digest, one in known.items() if one.accounted}
        worth_reading = [bool(digest) and digest not in counted for digest in digests]
        with _reading_ahead(self._files, worth_reading) as readings:
            for number, (file, reading) in enumerate(zip(self._files, readings, strict=True)):
                self._number, self._done = number + 1, number * STEPS_A_FILE
                self.step(file.name, steps=0)
                report = FileReport(file=file.name, sha256=digests[number])
                result = _take_file(report, file, reading, known, by=self._by)
                # An interrupt may have taken the reader with it: then what it said is void.
                self.step(file.name, steps=0)
                yield report, result
        self._done = len(self._files) * STEPS_A_FILE
        if self._files:
            self.step(self._files[-1].name, steps=0)

    def step(self, name: str, *, steps: int = 1) -> None:
        """Count steps done. Raises CancelledError when the work should stop."""
        if self._cancelled and self._cancelled():
            raise CancelledError
        self._done += steps
        if self._progress:
            total = len(self._files) * STEPS_A_FILE
            self._progress(Progress(self._done, total, name, self._number, len(self._files)))


@contextmanager
def _reading_ahead(
    files: Sequence[RosterFile], worth_reading: Sequence[bool]
) -> Iterator[Iterator["Future[ReadResult] | None"]]:
    """Give what is read of each file, None where it is not worth it, reading a few ahead."""
    pool = ThreadPoolExecutor(max_workers=READ_AHEAD)

    def start(number: int) -> "Future[ReadResult] | None":
        if number >= len(files) or not worth_reading[number]:
            return None
        return pool.submit(read_file, files[number])

    def readings() -> Iterator["Future[ReadResult] | None"]:
        ahead = deque(start(number) for number in range(READ_AHEAD))
        for number in range(len(files)):
            current = ahead.popleft()
            ahead.append(start(number + READ_AHEAD))
            yield current

    try:
        yield readings()
    finally:
        pool.shutdown(cancel_futures=True)


def _digest(file: RosterFile) -> str:
    """Return the digest of a file; empty when it can not be read."""
    try:
        return file.sha256 or storage.digest_of(file.path)
    except OSError:
        return ""


def _take_file(
    report: FileReport,
    file: RosterFile,
    reading: "Future[ReadResult] | None",
    known: Mapping[str, RosterImport],
    *,
    by: User | None,
) -> ReadResult | None:
    """Fill a report with what was read; return it, None when there was nothing to read."""
    if roster_import := known.get(report.sha256):
        # Every row of these very bytes is recorded: it is read only where nobody counted its rows.
        report.status = FileStatus.UNCHANGED
        report.rows = report.already = roster_import.rows
        counted_now = reading.result().accounted if reading else {}
        report.accounted = roster_import.accounted or counted_now
        return None
    if reading is None:
        report.errors = [Problem("file.not_readable", value=file.name)]
        return None
    result = read_answered(file, by=by, first=reading.result())
    report.rows = result.rows
    report.sheets = list(result.sheets)
    report.columns = unknown_headers(result)
    report.partners = partners_of(result)
    report.accounted = result.accounted
    report.missing = missing_fields(result)
    report.answers = file.answers
    report.questions = list(result.questions)
    report.warnings = list(result.warnings)
    report.errors = list(result.problems)
    if result.file_error:
        report.errors.insert(0, result.file_error)
    return result


def _judge(
    report: FileReport,
    result: ReadResult,
    *,
    pending: Seen | None = None,
    replace: bool,
    within: Scope,
    by: User | None,
) -> Judgement:
    """Judge what was read of a file and fill its report: the one path of check and import.

    While a question is open nothing of the file is accepted.
    """
    words = GroupWords(word_answers(report.answers, report.partners, by=by))
    seen: Seen = pending if pending is not None else {}
    before = dict(seen)
    judgement = judge_roster(
        result.entries,
        sha256=report.sha256,
        pending=seen,
        within=within,
        words=words,
        replace=replace,
    )
    report.questions = [*result.questions, *ask_words(judgement.unknown, words)]
    if report.questions:
        judgement.accepted, judgement.replacing, judgement.replaceable = [], [], []
        seen.clear()
        seen.update(before)
    order = {name: number for number, (name, _layout, _rows) in enumerate(report.sheets)}
    report.errors = sorted(
        [*as_problems(report.questions), *result.problems, *judgement.problems],
        key=lambda problem: (order.get(problem.sheet, -1), problem.row),
    )
    replacements = [*judgement.replacing, *judgement.replaceable]
    certificates = certificate_warnings(replacements)
    report.warnings = [*result.warnings, *judgement.warnings, *certificates]
    report.replaced = len(judgement.replacing)
    report.replaceable = len(judgement.replaceable)
    report.accepted, report.already = len(judgement.accepted), judgement.already
    report.rejected = report.rows - report.accepted - report.already
    report.status = report.status_by_rows
    return judgement


def _import(
    report: FileReport,
    result: ReadResult,
    work: _Work,
    *,
    all_or_nothing: bool,
    replace: bool,
    within: Scope,
    by: User | None,
    reader: User | None,
) -> list[Problem]:
    """Judge and record one file in one transaction; return the good rows it held back, if any."""
    work.step(report.file)
    with transaction.atomic():
        hold_import_lock()
        judgement = _judge(report, result, replace=replace, within=within, by=reader)
        if all_or_nothing and report.errors:
            report.status, report.accepted, report.replaced = FileStatus.REFUSED, 0, 0
            report.rejected = report.rows - report.already
            return [Problem("row.held_back", row.sheet, row.row) for row in judgement.accepted]
        if report.accepted:
            work.step(report.file)
            _record(report, judgement, given=result.given, by=by)
    return []


def _give_back(
    report: FileReport, result: ReadResult, *, sealed: bool, held: Sequence[Problem] = ()
) -> None:
    """Write the rejected rows, and good ones that were held back, if there are any.

    Of a file that could not be read there is nothing to write. One in which no table was found
    goes back whole, and so do the sheets of one about which something is asked.
    """
    unreadable = result.file_error is not None and result.file_error.code != "sheet.no_table"
    if not report.errors or unreadable:
        return
    asked = [name for name, *_others in report.sheets] if report.questions else []
    problems = [*report.errors, *held, *(Problem("row.waits", name) for name in asked)]
    if not sealed:
        report.rejects_file = storage.rejects_path(report.file, report.sha256)
        rejects.write(report.rejects_file, result, problems, report_lines(report))
        return
    report.rejects_file = storage.returned_path(report.file, report.sha256)
    with vault.workplace() as room:
        plain = room / "rejects.xlsx"
        rejects.write(plain, result, problems, report_lines(report))
        vault.seal_file(plain, report.rejects_file.name, into=storage.RETURNED)


def _record(report: FileReport, judgement: Judgement, *, given: Given, by: User | None) -> None:
    recorded = record_roster(
        judgement.accepted,
        sha256=report.sha256,
        file_name=report.file,
        rows=report.rows,
        rejected=report.rejected,
        by=by,
        known=judgement.known,
        words=judgement.words,
        given=given,
        replacing=judgement.replacing,
        accounted=report.accounted,
    )
    record_issued_certificates(recorded, by=by)
    roster_import = recorded.roster_import
    report.import_uid = roster_import.uid
    report.created_persons = roster_import.created_persons
    report.created_courses = roster_import.created_courses
    report.created_enrolments = roster_import.created_enrolments
