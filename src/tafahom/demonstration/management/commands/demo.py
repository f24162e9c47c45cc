"""`tafahom demo`: a made-up year, as files or loaded into an empty installation."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from tafahom.access.demonstration import ACCOUNTS
from tafahom.demonstration.files import write_demo
from tafahom.demonstration.loading import OccupiedError, is_loaded, load_demo, logins
from tafahom.exchange.management.progress import ProgressBar

NOTHING_DONE = 2


class Command(BaseCommand):
    """Exit status 0, or 2 when nothing was done."""

    help = "The demonstration year: write its files, or load it"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Write files to a folder, or load them here."""
        what = parser.add_subparsers(dest="what", required=True, metavar="write|load")
        sub = what.add_parser("write", help="write registries and rosters as files")
        sub.add_argument("folder", type=Path, metavar="FOLDER")
        what.add_parser("load", help="load the year into this installation, once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        if options["what"] == "write":
            self._write(options["folder"])
        else:
            self._load()

    def _write(self, folder: Path) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(_("The folder is not empty."), returncode=NOTHING_DONE)
        rosters = write_demo(folder)
        self.stdout.write(
            _("%(count)s rosters are in %(folder)s.") % {"count": len(rosters), "folder": folder}
        )

    def _load(self) -> None:
        _prepare()
        if not is_loaded():
            bar = ProgressBar(sys.stderr)
            try:
                load_demo(progress=bar)
            except OccupiedError as error:
                refusal = _(
                    "There are records here already: the demonstration is for an empty installation. "
                    "Start this one with “tafahom serve”."
                )
                raise CommandError(refusal, returncode=NOTHING_DONE) from error
            finally:
                bar.close()
        self._tell_logins()

    def _tell_logins(self) -> None:
        passwords = logins()
        self.stdout.write(_("Log-ins of the demonstration (role, name, password):"))
        for role, (username, _first, _last) in ACCOUNTS.items():
            self.stdout.write(f"  {role.value:<20} {username:<15} {passwords[username]}")


def _prepare() -> None:
    """Make the tables where there are none, unless somebody else owns them: that one is asked."""
    if not settings.OWNER_URL and not connection.introspection.table_names():
        call_command("init", verbosity=0)
