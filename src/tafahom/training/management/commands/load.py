"""`tafahom load`: registries from CSV or workbooks."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tafahom.parties.registry import RegistryReport, RowProblem, UnusableFileError
from tafahom.periods.messages import moved_sentence
from tafahom.sheets.messages import FILE_SENTENCES
from tafahom.training.registry import LOADERS, load


class Command(BaseCommand):
    """Loads one registry; exit status 0, 1 (rows refused) or 2 (nothing loaded)."""

    help = "Load a registry: partners, agreements, centres, standards or entries of lists (CSV or xlsx)."
    # Pages are none of its business: no need to load them all to check them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Kind, file, and JSON instead of sentences."""
        parser.add_argument("registry", choices=sorted(LOADERS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the file and say what became of its rows."""
        path: Path = options["file"]
        try:
            report = load(options["registry"], path, by=None)
        except UnusableFileError as error:
            report = RegistryReport(file=path.name)
            report.problems.append(RowProblem(0, "", error.code, error.value))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(report), ensure_ascii=False, indent=1))
        else:
            self._print(report)
        if status := _exit_status(report):
            sys.exit(status)

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


def _as_json(report: RegistryReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "rows": report.rows,
        "accepted": report.accepted,
        "rejected": report.rows - report.accepted,
        "changed": report.changed,
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
