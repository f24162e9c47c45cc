"""``tafahom audit``: prove that the record of acts is what was written."""

import json
import smtplib
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.audit import delivery, outside, signing
from tafahom.audit.accepting import NothingToAcceptError, accept
from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.definitions import definition_flaws
from tafahom.audit.catalogue.words import told
from tafahom.audit.examination import examine_audit
from tafahom.audit.sealing import seal
from tafahom.audit.verification import SealedHead, sealed_heads
from tafahom.audit.words import sentences


class Command(BaseCommand):
    """Exit status 0 intact, or done; 1 with findings; 2 nothing done."""

    help = "Check the audit, seal it, and give its heads to somebody outside."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for what is to be done."""
        what = parser.add_subparsers(dest="what", required=True)
        check = what.add_parser("verify", help="find what was changed, removed, added or cut off")
        check.add_argument("--heads", type=Path, metavar="FILE", help="heads kept outside")
        check.add_argument("--json", action="store_true")
        what.add_parser("head", help="sign the chain as it is now")
        what.add_parser("send-heads", help="send new heads to where TAFAHOM_AUDIT_HEADS says")
        accepting = what.add_parser("accept", help="take a chain that is shorter than it was")
        accepting.add_argument("--reason", required=True, metavar="TEXT", help="no names")
        export = what.add_parser("export-heads", help="write all heads for an outside holder")
        export.add_argument("-o", "--output", type=Path, metavar="FILE", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked for."""
        work = {
            "verify": self._verify,
            "head": self._head,
            "send-heads": self._send,
            "accept": self._accept,
            "export-heads": self._export,
        }
        try:
            work[options["what"]](options)
        except FileNotFoundError as error:
            raise CommandError(_("There is no audit key: bring it back."), returncode=2) from error
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=2) from error
        except outside.UnusableHeadsError as error:
            raise CommandError(_("The file holds no heads."), returncode=2) from error

    def _verify(self, options: dict[str, Any]) -> None:
        # Who holds the public key outside need not trust the one that lies here.
        kept = outside.read(self._text(options["heads"])) if options["heads"] else None
        began = time.perf_counter()
        chain = examine_audit(kept)
        faults = [told(one) for one in (*flaws(), *definition_flaws())]
        seconds = time.perf_counter() - began
        if options["json"]:
            said = {
                "intact": chain.intact,
                "entries": chain.entries,
                "head": chain.head,
                "heads": len(list(sealed_heads())),
                "guards": faults,
                "findings": [asdict(one) for one in chain.findings],
                "accepted": [one.number for one in chain.acceptances],
                "seconds": round(seconds, 3),
            }
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for text in sentences(chain):
                self.stdout.write(text)
            self.stdout.write(
                _("%(count)s entries, head %(head)s.")
                % {"count": chain.entries, "head": chain.head}
            )
            for fault in faults:
                self.stdout.write(fault)
            if chain.intact and not faults:
                self.stdout.write(_("The audit is intact."))
        if faults or not chain.intact:
            raise SystemExit(1)

    def _head(self, _options: dict[str, Any]) -> None:
        head = seal()
        if head is None:
            raise CommandError(_("There are no entries yet."), returncode=2)
        self.stdout.write(
            _("Sealed: %(count)s entries, head %(digest)s, signed by key %(key)s.")
            % {"count": head.count, "digest": head.digest, "key": head.key}
        )

    def _send(self, _options: dict[str, Any]) -> None:
        if not delivery.is_set():
            raise CommandError(_("TAFAHOM_AUDIT_HEADS says nowhere to."), returncode=2)
        try:
            count = delivery.deliver()
        except (OSError, smtplib.SMTPException) as error:
            if isinstance(error, FileNotFoundError) and not signing.present():
                raise
            said = _("The heads could not be sent: {error}").format(error=error)
            raise CommandError(said, returncode=2) from error
        self.stdout.write(_("%(count)s heads sent.") % {"count": count})

    def _accept(self, options: dict[str, Any]) -> None:
        try:
            entry = accept(reason=options["reason"], outside=delivery.delivered())
        except NothingToAcceptError as error:
            said = _("Nothing is missing: there is nothing to accept.")
            raise CommandError(said, returncode=2) from error
        self.stdout.write(_("Accepted, as entry %(number)s says.") % {"number": entry.pk})

    def _export(self, options: dict[str, Any]) -> None:
        seal()
        heads = [head for head in sealed_heads() if isinstance(head, SealedHead)]
        file: Path = options["output"]
        try:
            text = outside.write(heads, signing.signer().public_keys() if heads else {})
            file.write_text(text, encoding="ascii")
        except OSError as error:
            raise self._unusable(file) from error
        self.stdout.write(
            _("%(count)s heads in %(file)s.") % {"count": len(heads), "file": file.name}
        )

    def _text(self, file: Path) -> str:
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise self._unusable(file) from error

    def _unusable(self, file: Path) -> CommandError:
        return CommandError(_("%(file)s cannot be used.") % {"file": file.name}, returncode=2)
