"""Writes of certificates."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.credentials.models import Certificate, new_tokens
from tafahom.parties.bulk import insert_rows
from tafahom.periods.queries import refuse_closed
from tafahom.persian import clean, to_ascii_digits
from tafahom.training.actions import mark_courses_changed
from tafahom.training.models import Enrolment, RosterImport
from tafahom.training.queries import months_of
from tafahom.training.rules import RosterEntry


@transaction.atomic
def record_issued_certificates(
    accepted: Sequence[RosterEntry], *, roster_import: RosterImport, by: User | None
) -> int:
    """Record the certificates that rows of a roster name; how many.

    Call in the transaction of ``record_roster``, with the rows it recorded.
    """
    numbered = [entry for entry in accepted if entry.certificate_number]
    if not numbered:
        return 0
    rows = Enrolment.objects.filter(roster_import=roster_import).order_by()
    enrolments = {
        tuple(place): pk
        for pk, *place in rows.values_list("pk", "source_sheet", "source_row", "source_column")
    }
    tokens = new_tokens(len(numbered))
    insert_rows(
        Certificate,
        ("enrolment_id", "number", "token", "revocation_reason"),
        [
            (
                enrolments[entry.sheet, entry.row, entry.column],
                _number(entry.certificate_number),
                token,
                "",
            )
            for entry, token in zip(numbered, tokens, strict=True)
        ],
    )
    record(
        action="credentials.certificates_recorded",
        target=f"roster_import:{roster_import.uid}",
        details={"certificates": len(numbered)},
        by=by,
    )
    return len(numbered)


def _number(text: str) -> str:
    """A certificate's number as it is kept; most are plain digits already."""
    return text if text.isascii() and text.isdigit() else to_ascii_digits(clean(text))


@transaction.atomic
def revoke_certificate(certificate: Certificate, *, reason: str, by: User | None) -> None:
    """Revoke a certificate, with the reason; revoked ones stay as they are.

    Raises PeriodClosedError when its course ended in a closed month.
    """
    if certificate.revoked_at:
        return
    refuse_closed(months_of(Enrolment.objects.filter(pk=certificate.enrolment_id)))
    certificate.revoked_at = timezone.now()
    certificate.revocation_reason = reason[:300]
    certificate.save(update_fields=["revoked_at", "revocation_reason"])
    course = certificate.enrolment.course
    mark_courses_changed({(course.pk, course.end_month)})
    record(action="credentials.certificate_revoked", target=f"certificate:{certificate.pk}", by=by)
