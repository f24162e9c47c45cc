"""What certificates are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts
from tafahom.credentials.queries import certificate_numbers
from tafahom.records import RecordKind, register
from tafahom.training.closed_months import of_enrolment

ACTS: Final = {
    "credentials.certificate_revoked": _("revoked a certificate"),
    "credentials.certificates_recorded": _("recorded certificates"),
    "credentials.certificates_removed": _("removed certificates of an import taken back"),
}


def register_records() -> None:
    """Make certificates known."""
    guard = of_enrolment("credentials_certificate")
    register(RecordKind(name="certificate", names=certificate_numbers, closed_months=(guard,)))
    describe_acts(ACTS)
