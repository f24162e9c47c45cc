"""`tafahom roster`: check and import rosters, see what came in, take it back."""

import gc
import json
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tafahom.exchange import tasks
from tafahom.exchange.management.progress import ProgressBar
from tafahom.exchange.rosters.actions import (
    CancelledError,
    check_rosters,
    import_rosters,
    in_name_order,
    undo,
)
from tafahom.exchange.rosters.answering import check_answer, remember_answer
from tafahom.exchange.rosters.file_report import FileReport, FileStatus
from tafahom.exchange.rosters.messages import message, undo_refusal
from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS
from tafahom.exchange.rosters.parsing.questions import COLUMN, WORD, column_key, word_key
from tafahom.exchange.rosters.questions import GIVEN_FIELDS
from tafahom.jalali import format_date
from tafahom.parties.models import Partner
from tafahom.periods.messages import closed_sentence
from tafahom.periods.rules import PeriodClosedError
from tafahom.persian import clean
from tafahom.training.models import RosterImport
from tafahom.training.rosters.actions import UndoRefusedError
from tafahom.training.rosters.rules import Problem

NOTHING_DONE = 2
WITH_FINDINGS = 1


class Command(BaseCommand):
    """Exit status 0, 1 (done; rows rejected or files refused) or 2 (nothing done)."""

    help = "Rosters: check, import, history, undo"
    # Pages are none of its business: no need to load them all to check them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command for each thing to do."""
        what = parser.add_subparsers(
            dest="what", required=True, metavar="check|import|undo|history"
        )
        for name, text in (
            ("check", "do everything the import does except writing"),
            ("import", "record the good rows of each file; rejected rows come back as a workbook"),
        ):
            sub = what.add_parser(name, help=text)
            sub.add_argument("files", nargs="+", type=Path, metavar="FILE", help="file or folder")
            sub.add_argument("--json", action="store_true", help="one JSON document")
            sub.add_argument(
                "--answer",
                action="append",
                default=[],
                metavar="KEY=ANSWER",
                help="answer to a question of the files, by the key that --json shows",
            )
            sub.add_argument(
                "--given",
                action="append",
                default=[],
                metavar="[SHEET!]FIELD=VALUE",
                help="what the files do not say, such as agreement_number=553/96/2508; "
                "the value @sheet is the name of each sheet",
            )
            sub.add_argument(
                "--remember",
                action="store_true",
                help="keep the answers for the partner whose rosters these are",
            )
            sub.add_argument(
                "--replace",
                action="store_true",
                help="let rows that say something else replace what is recorded of their person",
            )
            if name == "import":
                sub.add_argument(
                    "--all-or-nothing",
                    action="store_true",
                    help="record nothing of a file that has a bad row",
                )
        sub = what.add_parser("undo", help="take back a whole import")
        sub.add_argument("import_id", metavar="ID", help="as `roster history` shows it")
        sub = what.add_parser("history", help="what was imported, latest first")
        sub.add_argument("--json", action="store_true", help="one JSON document")
        sub.add_argument("--limit", type=int, default=100, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command; leaves with its exit status when that is not 0."""
        do = {
            "check": self._read,
            "import": self._read,
            "undo": self._undo,
            "history": self._history,
        }[options["what"]]
        if status := do(options):
            sys.exit(status)

    def _read(self, options: dict[str, Any]) -> int:
        answers, given = _answers(options["answer"]), _given(options["given"])
        files = [
            replace(file, answers=answers, given=given) for file in in_name_order(options["files"])
        ]
        if not files:
            raise CommandError(_("There is no file."), returncode=NOTHING_DONE)
        bar = ProgressBar(sys.stderr)
        gc.disable()  # a year of rows has nothing that refers to itself, and the process ends
        try:
            with _stop_on_interrupt() as stop:
                if options["what"] == "check":
                    reports = check_rosters(
                        files, replace=options["replace"], progress=bar, cancelled=stop
                    )
                else:
                    reports = import_rosters(
                        files,
                        all_or_nothing=options["all_or_nothing"],
                        replace=options["replace"],
                        by=None,
                        progress=bar,
                        cancelled=stop,
                    )
        except CancelledError as error:
            raise CommandError(_("Stopped; nothing was done."), returncode=NOTHING_DONE) from error
        finally:
            gc.enable()
            bar.close()
        if options["remember"] and _remember(reports, answers):
            self.stderr.write(
                _(
                    "The answers hold for rosters that are read on this machine. They hold for all"
                    " rosters of the partner when somebody confirms them on the page of answers."
                )
            )
        if options["json"]:
            self._print_json(_document(reports))
        else:
            self._tell(reports, has_written=options["what"] == "import")
        if len(reports) < len(files):
            self.stderr.write(
                _("Stopped: %(count)s files were not read.") % {"count": len(files) - len(reports)}
            )
        if options["what"] == "import" and any(report.accepted for report in reports):
            tasks.choose_hidden_figures.enqueue()
        return _exit_status(reports)

    def _undo(self, options: dict[str, Any]) -> int:
        roster_import = RosterImport.objects.filter(uid=options["import_id"]).first()
        if roster_import is None:
            raise CommandError(_("There is no such import."), returncode=NOTHING_DONE)
        if roster_import.undone_at:
            raise CommandError(_("This import is undone already."), returncode=NOTHING_DONE)
        try:
            undo(roster_import, by=None)
        except UndoRefusedError as error:
            refusal = undo_refusal(error)
            raise CommandError(refusal, returncode=NOTHING_DONE) from error
        except PeriodClosedError as error:
            raise CommandError(closed_sentence(error), returncode=NOTHING_DONE) from error
        self.stdout.write(_("The import of %(file)s is undone.") % {"file": roster_import})
        return 0

    def _history(self, options: dict[str, Any]) -> int:
        imports = RosterImport.objects.all()[: max(0, options["limit"])]
        if options["json"]:
            self._print_json({"imports": [_history_json(row) for row in imports]})
            return 0
        for row in imports:
            day = format_date(localtime(row.imported_at).date(), digits="en")
            state = _("undone") if row.undone_at else f"{row.accepted}/{row.rows}"
            self.stdout.write(f"{row.uid}  {day}  {state:>11}  {row.file_name}")
        return 0

    def _tell(self, reports: Sequence[FileReport], *, has_written: bool) -> None:
        for report in reports:
            self.stdout.write(
                _(
                    "%(file)s: %(status)s; %(accepted)s of %(rows)s rows accepted, %(rejected)s rejected"
                )
                % {
                    "file": report.file,
                    "status": status_name(report.status, has_written=has_written),
                    "accepted": report.accepted,
                    "rows": report.rows,
                    "rejected": report.rejected,
                }
            )
            for line in _replacement_lines(report):
                self.stdout.write(f"  {line}")
            for problem in (*report.errors, *report.warnings):
                self.stdout.write(f"  {_sentence(problem)}")
            if report.rejects_file:
                self.stdout.write(f"  {_('Rejected rows')}: {report.rejects_file}")

    def _print_json(self, document: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))


def status_name(status: FileStatus, *, has_written: bool) -> str:
    """Return what became of a file in words; of a check, what would become of it."""
    names = {
        FileStatus.IMPORTED: _("recorded") if has_written else _("can be recorded"),
        FileStatus.PARTLY: _("partly recorded") if has_written else _("can be recorded in part"),
        FileStatus.UNCHANGED: _("nothing new"),
        FileStatus.REFUSED: _("refused"),
    }
    return names[status]


def _replacement_lines(report: FileReport) -> list[str]:
    lines = []
    if report.replaced:
        lines.append(_("%(count)s recorded rows replaced") % {"count": report.replaced})
    if report.replaceable:
        told = _("%(count)s recorded rows can be replaced: import with --replace")
        lines.append(told % {"count": report.replaceable})
    return lines


def _sentence(problem: Problem) -> str:
    place = [
        part
        for part in (
            problem.sheet,
            _("row %(row)s") % {"row": problem.row} if problem.row else "",
            problem.column,
        )
        if part
    ]
    said = message(problem)
    return f"{', '.join(place)}: {said}" if place else said


def _document(reports: Sequence[FileReport]) -> dict[str, Any]:
    return {
        "files": [report.as_json() for report in reports],
        "accepted": sum(report.accepted for report in reports),
        "rejected": sum(report.rejected for report in reports),
    }


def _answers(texts: Sequence[str]) -> dict[str, str]:
    """Answers by key. Raises CommandError for one that cannot be."""
    answers = {}
    for text in texts:
        key, _equals, answer = text.rpartition("=")
        kind, _colon, rest = key.partition(":")
        if kind == COLUMN:  # a heading may be written as it stands in the file
            heading, _hash, nth = rest.partition("#")
            key = column_key(heading, int(nth) if nth.isdigit() else 1)
        elif kind == WORD:
            key = word_key(*rest.partition(":")[::2])
        try:
            check_answer(key, answer)
        except ValueError as error:
            refusal = _("No such answer: %(text)s") % {"text": text}
            raise CommandError(refusal, returncode=NOTHING_DONE) from error
        answers[key] = answer
    return answers


def _given(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Given values by sheet and field. Raises CommandError for a field that cannot be given."""
    given: dict[str, dict[str, str]] = {}
    by_label = {CANONICAL_FIELDS[field]: field for field in GIVEN_FIELDS}
    for text in texts:
        place, _equals, value = text.partition("=")
        sheet, _mark, name = place.rpartition("!")
        field = by_label.get(clean(name), name.strip())
        if field not in GIVEN_FIELDS or not value:
            refusal = _("This cannot be given: %(text)s") % {"text": text}
            raise CommandError(refusal, returncode=NOTHING_DONE)
        given.setdefault(sheet, {})[field] = value
    return given


def _remember(reports: Sequence[FileReport], answers: Mapping[str, str]) -> bool:
    """Keep the answers for each partner of the files; whether any waits for a second person."""
    partners = {pk for report in reports for pk in report.partners}
    kept = [
        remember_answer(
            partner=partner, key=key, text=key.partition(":")[2], answer=answer, by=None
        )
        for partner in Partner.objects.filter(pk__in=partners)
        for key, answer in answers.items()
    ]
    return any(one.confirmed_at is None for one in kept)


def _exit_status(reports: Sequence[FileReport]) -> int:
    if not reports or all(report.status == FileStatus.REFUSED for report in reports):
        return NOTHING_DONE
    return WITH_FINDINGS if any(report.errors for report in reports) else 0


def _history_json(row: RosterImport) -> dict[str, Any]:
    return {
        "import": row.uid,
        "file": row.file_name,
        "sha256": row.sha256,
        "imported_at": row.imported_at.isoformat(timespec="seconds"),
        "undone_at": row.undone_at.isoformat(timespec="seconds") if row.undone_at else None,
        "rows": row.rows,
        "accepted": row.accepted,
        "rejected": row.rejected,
        "created": {
            "persons": row.created_persons,
            "courses": row.created_courses,
            "enrolments": row.created_enrolments,
        },
    }


@contextmanager
def _stop_on_interrupt() -> Iterator[Any]:
    """Give a question that is answered yes after Ctrl+C; the second one interrupts at once."""
    asked: list[bool] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)
