"""``tafahom restore``: an installation from a backup and its keys."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.operations import restore
from tafahom.operations.envelope import BackupError
from tafahom.operations.management.commands.backup import add_secret, secret_of
from tafahom.operations.restored import mark_audit


class Command(BaseCommand):
    """Exit status 0 restored; 2 nothing done."""

    help = "Restore a backup into an empty installation that has the keys."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the secret that opens it."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--secret-is-lost",
            action="store_true",
            help="restore without the secret.key of the backup: all second steps must be reset",
        )
        add_secret(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and bring an older database to this version."""
        try:
            manifest = restore.restore(
                options["file"], secret_of(options), is_secret_lost=options["secret_is_lost"]
            )
        except BackupError as error:
            raise CommandError(str(error), returncode=2) from error
        if restore.is_older(manifest):
            call_command("migrate", interactive=False, verbosity=0)
        had_newer = mark_audit(manifest)
        self.stdout.write(
            _("Restored as of %(made_at)s; audit of %(entries)s entries, head %(head)s.")
            % {"made_at": manifest["made_at"], **manifest["audit"]}
        )
        if had_newer:
            self.stdout.write(
                _(
                    "Newer entries had been here. “tafahom audit verify” says so until you accept"
                    " it: “tafahom audit accept --reason …”."
                )
            )
