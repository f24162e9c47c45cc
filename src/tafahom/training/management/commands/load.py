"""`tafahom load`: registries from CSV or workbooks."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tafahom.jalali import format_date
from tafahom.periods.messages import moved_sentence
from tafahom.registries.loading import RegistryReport, RowProblem, UnusableFileError
from tafahom.sheets.messages import FILE_SENTENCES
from tafahom.training.models import RegistryLoad
from tafahom.training.registries.loading import LOADERS, load
from tafahom.training.registries.loads import AlreadyUndoneError, Undone, preview_undo, undo_load
from tafahom.training.registries.messages import staying_sentence

NOTHING_DONE = 2


class Command(BaseCommand):
    """Exit status 0, 1 (rows refused, or something stays) or 2 (nothing done)."""

    help = "Load a registry (CSV or xlsx); see what was loaded, and take it back."
    # Pages are none of its business: no need to load them all to check them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """A registry and its file, or what to do with a load."""
        names = sorted(LOADERS)
        what = parser.add_subparsers(
            dest="what", required=True, metavar="|".join([*names, "history", "undo"])
        )
        for name in names:
            sub = what.add_parser(name, help=f"register the {name} of a file")
            sub.add_argument("file", type=Path)
            sub.add_argument("--json", action="store_true", help="one JSON document")
        history = what.add_parser("history", help="what was loaded, the latest first")
        history.add_argument("--limit", type=int, default=100, metavar="N")
        undo = what.add_parser("undo", help="take back what a load changed")
        undo.add_argument("load_id", metavar="ID", help="as `load history` shows it")
        undo.add_argument("--dry-run", action="store_true", help="only say what it would do")
        for sub in (history, undo):
            sub.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command; leaves with its exit status when that is not 0."""
        do = {"history": self._history, "undo": self._undo}.get(options["what"], self._load)
        if status := do(options):
            sys.exit(status)

    def _load(self, options: dict[str, Any]) -> int:
        path: Path = options["file"]
        try:
            report = load(options["what"], path, by=None)
        except UnusableFileError as error:
            report = RegistryReport(file=path.name)
            report.problems.append(RowProblem(0, "", error.code, error.value))
        if options["json"]:
            self._print_json(_as_json(report))
        else:
            self._print(report)
        return _exit_status(report)

    def _history(self, options: dict[str, Any]) -> int:
        loads = RegistryLoad.objects.annotate(
            changes=Count("records"), left=Count("records", filter=Q(records__taken_back_at=None))
        ).order_by("-loaded_at", "-pk")[: max(0, options["limit"])]
        if options["json"]:
            self._print_json({"loads": [_load_as_json(one) for one in loads]})
            return 0
        for one in loads:
            day = format_date(localtime(one.loaded_at).date(), digits="en")
            state = _("undone") if one.undone_at else f"{one.left}/{one.changes}"
            self.stdout.write(f"{one.uid}  {day}  {state:>11}  {one.registry}  {one.file_name}")
        return 0

    def _undo(self, options: dict[str, Any]) -> int:
        found = RegistryLoad.objects.filter(uid=options["load_id"]).first()
        if found is None:
            raise CommandError(_("There is no such load."), returncode=NOTHING_DONE)
        try:
            undone = preview_undo(found) if options["dry_run"] else undo_load(found, by=None)
        except AlreadyUndoneError as error:
            text = _("This load is undone already.")
            raise CommandError(text, returncode=NOTHING_DONE) from error
        if options["json"]:
            self._print_json(_undone_as_json(undone) | {"dry_run": options["dry_run"]})
        else:
            self._tell(undone)
        if not (undone.removed or undone.restored):
            return NOTHING_DONE if undone.staying else 0
        return 1 if undone.staying else 0

    def _tell(self, undone: Undone) -> None:
        self.stdout.write(
            _("%(removed)s new records are removed, %(restored)s are as they were.")
            % {"removed": undone.removed, "restored": undone.restored}
        )
        for one in undone.staying:
            self.stdout.write(f"  {one.name}: {staying_sentence(one)}")

    def _print_json(self, document: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))

    def _print(self, report: RegistryReport) -> None:
        for problem in report.problems:
            self.stdout.write(
                _("%(file)s, row %(row)s, %(column)s: %(message)s (%(value)s)")
                % {
                    "file": report.file,
                    "row": problem.row,
                    "column": problem.column,
                    "message": message(problem),
                    "value": problem.value,
                }
            )
        self.stdout.write(
            _("%(accepted)s of %(rows)s rows are registered, %(changed)s of them changed.")
            % {"accepted": report.accepted, "rows": report.rows, "changed": report.changed}
        )
        if report.load_uid:
            self.stdout.write(_("To undo it: tafahom load undo %s") % report.load_uid)


def message(problem: RowProblem) -> str:
    """What is wrong, in a sentence for the person who keeps the registry."""
    if problem.code == "period.closed":
        return moved_sentence(problem.months)
    if problem.code == "list.unknown":
        return _("this is not in the list; it has: %(names)s") % {"names": "، ".join(problem.names)}
    if problem.code == "list.taken":
        return _("this word means “%(name)s” already") % {"name": problem.names[0]}
    sentences = {
        "cell.missing": _("this cell must be filled"),
        "cell.error": _("an error of the spreadsheet stands here: write the value itself"),
        "cell.formula": _("a formula without a stored result: write the value itself"),
        "cell.merged": _("a number merged over several rows: write it in each of them"),
        "row.quotes": _("the quotes of this line do not balance"),
        "date.invalid": _("this is not a date"),
        "date.end_before_start": _("the end is before the start"),
        "number.invalid": _("a whole number is needed"),
        "hours.not_a_number": _("hours must be a number"),
        "year.invalid": _("this is not a Solar Hijri year"),
        "partner.unknown": _("no such partner is registered"),
        "level.unknown": _("the level is national or provincial"),
        "agreement.unknown": _("no agreement with this number is registered"),
        "agreement.conflict": _("rows of this agreement disagree"),
        "agreement.parent_not_national": _("a parent must be another, national agreement"),
        "list.none": _("this is none of the lists that can be extended"),
        "answer.invalid": _("the answer is yes or no"),
        "header.missing_column": _("a needed column is missing"),
    } | FILE_SENTENCES
    return str(sentences[problem.code])


def _load_as_json(one: Any) -> dict[str, Any]:
    return {
        "load": one.uid,
        "registry": one.registry,
        "file": one.file_name,
        "loaded_at": one.loaded_at.isoformat(timespec="seconds"),
        "undone_at": one.undone_at.isoformat(timespec="seconds") if one.undone_at else None,
        "changes": one.changes,
        "left": one.left,
    }


def _undone_as_json(undone: Undone) -> dict[str, Any]:
    return {
        "removed": undone.removed,
        "restored": undone.restored,
        "staying": [
            {"record": one.name, "code": one.code, "message": staying_sentence(one)}
            for one in undone.staying
        ],
    }


def _as_json(report: RegistryReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "rows": report.rows,
        "accepted": report.accepted,
        "rejected": report.rows - report.accepted,
        "changed": report.changed,
        "load": report.load_uid or None,
        "errors": [
            {
                "row": problem.row,
                "column": problem.column,
                "code": problem.code,
                "value": problem.value,
                "message": message(problem),
            }
            for problem in report.problems
        ],
    }


def _exit_status(report: RegistryReport) -> int:
    if not report.accepted:
        return 2
    return 1 if report.problems else 0
