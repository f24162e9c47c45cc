"""``tafahom backup``: one encrypted file of everything but the keys; its check; the drill."""

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.audit.actions import record
from tafahom.operations import archive, backup
from tafahom.operations.drill import drill
from tafahom.operations.envelope import BackupError, Secret, secret_from
from tafahom.operations.state import state


def add_secret(parser: CommandParser) -> None:
    """Let a key file be given instead of the passphrase in the environment."""
    told = os.environ.get("TAFAHOM_BACKUP_KEY_FILE", "")
    parser.add_argument("--key-file", type=Path, default=Path(told) if told else None)


def secret_of(options: dict[str, Any]) -> Secret:
    """Return what opens the backup. Raises BackupError when nothing was given."""
    return secret_from(os.environ.get("TAFAHOM_BACKUP_PASSPHRASE", ""), options["key_file"])


class Command(BaseCommand):
    """Exit status 0 all well; 1 done, with findings; 2 nothing done."""

    help = "Write an encrypted backup of the database and the files (not of the keys)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, or which of the other things to do."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("-o", "--output", type=Path, metavar="FILE")
        what.add_argument("--verify", type=Path, metavar="FILE", help="read a backup to its end")
        what.add_argument("--drill", action="store_true", help="backup, restore aside, compare")
        what.add_argument("--state", action="store_true", help="figures and audit head as JSON")
        add_secret(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked for."""
        try:
            if options["drill"]:
                self._drill()
            elif options["state"]:
                self.stdout.write(json.dumps(state(), ensure_ascii=False))
            elif options["verify"]:
                self._tell(backup.verify(options["verify"], secret_of(options)))
            else:
                self._make(options["output"], secret_of(options))
        except BackupError as error:
            raise CommandError(str(error), returncode=2) from error

    def _make(self, file: Path, secret: Secret) -> None:
        # Before, so that the copy has the entry too: head and figures stay what they were.
        record(action="backup.begun", target=file.name[:120], by=None)
        manifest = backup.make(file, secret)
        backup.remember()
        self._tell(manifest)

    def _tell(self, manifest: archive.Manifest) -> None:
        audit = manifest["audit"]
        self.stdout.write(
            _("The backup is whole: %(files)s files, audit of %(entries)s entries, head %(head)s.")
            % {"files": len(manifest["files"]), **audit}
        )
        if prints := ", ".join(f"{key}: {value}" for key, value in _prints(manifest).items()):
            self.stdout.write(_("It needs these keys, which are not in it: %s.") % prints)
        if broken := archive.damaged(manifest):
            self.stderr.write(_("Uploads that are not what their name says: %s.") % len(broken))
            raise SystemExit(1)

    def _drill(self) -> None:
        found = drill()
        for step, seconds in found["seconds"].items():
            self.stdout.write(f"{STEPS[step]}: {seconds:.2f} s")
        self.stdout.write(f"{found['bytes'] / 1e6:.1f} MB")
        answers = {True: _("the same"), False: _("NOT the same"), None: _("written to meanwhile")}
        self.stdout.write(f"{_('Audit head')}: {answers[found['audit_same']]}")
        self.stdout.write(
            f"{_('Figures')}: {answers[found['figures_same']]} ({found['reports_compared']})"
        )
        self.stdout.write(
            f"{_('Second steps')}: {answers[found['second_steps_open']]}"
            f" ({found['second_steps_count']})"
        )
        wanted = ("audit_same", "identities_open", "second_steps_open", "figures_same")
        if not all(found[name] for name in wanted):
            raise SystemExit(1)


def _prints(manifest: archive.Manifest) -> dict[str, str]:
    """Return the fingerprints of what must be kept beside a backup."""
    prints: dict[str, str] = dict(manifest["keys"])
    if (second := manifest.get("second_steps")) and second["count"]:
        prints["secret"] = second["print"]
    return prints


STEPS = {
    "backup": gettext_lazy("Backup, with its check"),
    "verify": gettext_lazy("Check alone"),
    "restore": gettext_lazy("Restore"),
    "figures": gettext_lazy("All figures anew"),
}
