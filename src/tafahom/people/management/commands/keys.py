"""``tafahom keys``: the keys that seal identities."""

import json
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.people import keyring, rotation


class Command(BaseCommand):
    """Exit status 0 all well; 1 done, but some rows do not open; 2 nothing done."""

    help = "List, make, rotate and retire the keys that seal identities."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for what is to be done."""
        what = parser.add_subparsers(dest="what", required=True)
        listing = what.add_parser("list", help="versions, fingerprints, rows and files")
        listing.add_argument("--json", action="store_true")
        new = what.add_parser("new", help="make a key that seals from now on")
        new.add_argument("--print", action="store_true", help="only print one, for the environment")
        what.add_parser("rotate", help="seal all identities with the newest key, or a new one")
        retire = what.add_parser("retire", help="remove an old key that no row needs")
        retire.add_argument("version", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked for."""
        work = {"list": self._list, "new": self._new, "rotate": self._rotate}
        try:
            work.get(options["what"], self._retire)(options)
        except (keyring.KeyringError, ImproperlyConfigured) as error:
            raise CommandError(str(error), returncode=2) from error

    def _list(self, options: dict[str, Any]) -> None:
        keys = rotation.keys_in_use()
        if options["json"]:
            self.stdout.write(json.dumps({"keys": [asdict(key) for key in keys]}))
            return
        for key in keys:
            mark = "*" if key.current else " "
            shown = key.fingerprint or _("missing")
            self.stdout.write(f"{mark} {key.version}  {shown}  {key.rows}  {key.files}")

    def _new(self, options: dict[str, Any]) -> None:
        if options["print"]:
            self.stdout.write(keyring.new_key())
            return
        version = rotation.new_key(by=None)
        self.stdout.write(_("Key %s seals from now on. Keep a copy of it.") % version)

    def _rotate(self, _options: dict[str, Any]) -> None:
        def tell(total: int, before: int, now: int) -> None:
            self.stderr.write(f"{before + now}/{total}")

        done = rotation.rotate(by=None, progress=tell)
        self.stdout.write(
            _("%(rows)s identities sealed with key %(version)s.")
            % {"rows": done.rows, "version": done.version}
        )
        if done.unreadable:
            self.stderr.write(_("%s identities do not open and were left.") % done.unreadable)
            raise SystemExit(1)

    def _retire(self, options: dict[str, Any]) -> None:
        version = options["version"]
        if rotation.retire(version, by=None):
            self.stdout.write(_("Key %s is removed. Backups made before still need it.") % version)
        else:
            self.stdout.write(
                _("No identity needs key %s: take it out of TAFAHOM_IDENTITY_KEY.") % version
            )
