"""`tafahom verify`: whether a certificate is ours and in force."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from tafahom.credentials.queries import CertificateStatus, verify
from tafahom.jalali import format_date

EXIT_STATUS = {
    CertificateStatus.VALID: 0,
    CertificateStatus.REVOKED: 1,
    CertificateStatus.UNKNOWN: 2,
}


class Command(BaseCommand):
    """Prints the standing of a certificate; exit status 0 valid, 1 revoked, 2 unknown."""

    help = "Check a certificate by its token or number, or by a text file that holds one."
    # Pages are none of its business: no need to load them all to check them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Token, number, or a file with one on its first line."""
        parser.add_argument("certificate")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look it up in this installation's database."""
        answer = verify(_token(options["certificate"]))
        self.stdout.write(_sentence(answer.standing))
        if answer.standing is not CertificateStatus.UNKNOWN and answer.course_ended_on:
            day = format_date(answer.course_ended_on)
            self.stdout.write(f"{answer.number} · {answer.course} · {day}")
        if answer.revocation_reason:
            self.stdout.write(answer.revocation_reason)
        if status := EXIT_STATUS[answer.standing]:
            sys.exit(status)


def _token(text: str) -> str:
    path = Path(text)
    if len(text) < 256 and path.is_file():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[0].strip() if lines else ""
    return text


def _sentence(standing: CertificateStatus) -> str:
    return {
        CertificateStatus.VALID: _("This certificate is valid."),
        CertificateStatus.REVOKED: _("This certificate has been revoked."),
        CertificateStatus.UNKNOWN: _("No certificate with this number or token is known."),
    }[standing]
