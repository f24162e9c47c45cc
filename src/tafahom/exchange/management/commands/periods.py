"""`tafahom periods check`: compare closed months with their tables of figures; for cron, nightly."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tafahom.exchange import tasks
from tafahom.exchange.closing import check_tables
from tafahom.figures.closed_months import MonthComparison

MOVED = 1


class Command(BaseCommand):
    """Exit status 0 all as they were, 1 some moved."""

    help = "Closed months: check compares their figures with those of their closing"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and how to tell it."""
        parser.add_argument("what", choices=["check"])
        parser.add_argument("--queue", action="store_true", help="leave it to the worker")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, record what was found, and tell it."""
        if options["queue"]:
            tasks.check_closed_months.enqueue()
            return
        found = check_tables()
        if options["json"]:
            document = {"months": [_as_json(one) for one in found]}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
        else:
            self._tell(found)
        if any(one.has_moved for one in found):
            sys.exit(MOVED)

    def _tell(self, found: list[MonthComparison]) -> None:
        for one in found:
            if not one.is_whole:
                self.stdout.write(_("The table of figures of %s was changed.") % one.title)
            for figure in one.moved:
                self.stdout.write(one.describe(figure))
        moved = sum(one.has_moved for one in found)
        said = _("%(months)s closed months were compared; figures of %(moved)s of them moved.")
        self.stdout.write(said % {"months": len(found), "moved": moved})


def _as_json(one: MonthComparison) -> dict[str, Any]:
    return {
        "province": one.period.province.code,
        "month": one.period.month,
        "version": one.table.version if one.table else None,
        "intact": one.is_whole,
        "moved": [
            {
                "dimension": figure.dimension or None,
                "key": figure.key,
                "name": one.names.get((figure.dimension, figure.key), ""),
                "measure": figure.measure,
                "was": figure.was,
                "is": figure.now,
            }
            for figure in one.moved
        ],
    }
