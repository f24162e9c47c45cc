"""``tafahom doctor``: the health of this installation."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tafahom.operations.findings import Severity
from tafahom.operations.health import examine

MARKS = {Severity.OK: "✓", Severity.WARNING: "!", Severity.FAILED: "✗"}


class Command(BaseCommand):
    """Exit status 0 healthy; 1 with findings; 2 when the database could not be looked into."""

    help = "Look at the health of this installation."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the form of the answer."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell each finding."""
        findings = examine()
        if options["json"]:
            self.stdout.write(
                json.dumps({"findings": [asdict(one) for one in findings]}, ensure_ascii=False)
            )
        else:
            for one in findings:
                self.stdout.write(f"{MARKS[one.level]} {one.check}: {one.text}")
        if [one.check for one in findings] == ["database"]:
            raise SystemExit(2)
        if any(one.level is not Severity.OK for one in findings):
            raise SystemExit(1)
