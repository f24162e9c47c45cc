"""`tafahom retention`: forget people whose time is over, or who asked for it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.people.models import Person
from tafahom.privacy.actions.retention import (
    NothingToEraseError,
    RetentionRun,
    erase,
    run_retention,
)
from tafahom.privacy.models import Cause, Erasure
from tafahom.privacy.queries import due, retention_rules

NOTHING_DONE = 2


class Command(BaseCommand):
    """Exit status 0 all well, 2 nothing done."""

    help = "Retention: run, rules, erase, erased"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command for each thing to do."""
        what = parser.add_subparsers(dest="what", required=True, metavar="run|rules|erase|erased")
        run = what.add_parser("run", help="destroy the identities whose time is over")
        run.add_argument("--dry-run", action="store_true", help="only count them")
        rules = what.add_parser("rules", help="for how many years identities are kept")
        for sub in (run, rules):
            sub.add_argument("--json", action="store_true", help="one JSON document")
        one = what.add_parser("erase", help="destroy the identities of people who asked for it")
        one.add_argument("persons", nargs="*", metavar="PERSON", help="as the address of the page")
        one.add_argument(
            "--again",
            type=Path,
            metavar="FILE",
            help="forget again whom a restored backup brought back: a list that `erased` wrote",
        )
        one.add_argument("--reference", default="", help="number of the letter; never a name")
        what.add_parser("erased", help="list who was forgotten, to be kept beside the backups")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        work = {"run": self._run, "rules": self._rules, "erased": self._erased}
        work.get(options["what"], self._erase)(options)

    def _run(self, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            told = RetentionRun(due=due().count())
        else:
            told = run_retention(by=None, progress=self._progress)
        if options["json"]:
            document = asdict(told) | {"dry_run": options["dry_run"]}
            self.stdout.write(json.dumps(document))
            return
        self.stdout.write(
            _("%(due)s people were due; %(erased)s forgotten, %(files)s stored files destroyed.")
            % asdict(told)
        )

    def _rules(self, options: dict[str, Any]) -> None:
        rules = [
            {"audience": rule.code or None, "years": rule.years, "changed": rule.is_changed}
            for rule in retention_rules()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"rules": rules}))
            return
        for rule in rules:
            self.stdout.write(f"{rule['years']:>3}  {rule['audience'] or '*'}")

    def _erased(self, _options: dict[str, Any]) -> None:
        for uid in Erasure.objects.order_by("pk").values_list("person__uid", flat=True):
            self.stdout.write(uid)

    def _erase(self, options: dict[str, Any]) -> None:
        wanted, listed = options["persons"], []
        if options["again"]:
            try:
                listed = options["again"].read_text(encoding="ascii").split()
            except (OSError, ValueError) as error:
                raise CommandError(
                    _("%(file)s cannot be read.") % {"file": options["again"]},
                    returncode=NOTHING_DONE,
                ) from error
        people = {
            person.uid: person for person in Person.objects.filter(uid__in=[*wanted, *listed])
        }
        # A list may name people whose import was undone; who is asked for by name must be there.
        missing = [uid for uid in wanted if uid not in people]
        if missing or not (wanted or listed):
            raise CommandError(
                _("There is no such person: %s. Nothing was done.") % ", ".join(missing),
                returncode=NOTHING_DONE,
            )
        for person in people.values():
            try:
                erase(
                    person=person,
                    cause=Cause.REQUEST,
                    reference=options["reference"],
                    by=None,
                )
            except NothingToEraseError:
                if not listed:
                    self.stdout.write(_("%s was forgotten before.") % person.uid)
            else:
                self.stdout.write(_("%s is forgotten.") % person.uid)

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{done}/{total}")
