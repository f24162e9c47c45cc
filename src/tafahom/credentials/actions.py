"""Writes of certificates."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.bulk import insert_rows
from tafahom.credentials.models import Certificate, new_tokens
from tafahom.credentials.queries import certificate_number
from tafahom.people.queries import chunks
from tafahom.periods.queries import refuse_closed
from tafahom.training.courses.actions import mark_courses_changed
from tafahom.training.courses.queries import months_of
from tafahom.training.models import Enrolment, ReplacedEnrolment, RosterImport
from tafahom.training.rosters.actions import RecordedRoster
from tafahom.training.rosters.replacing import note_new_certificates


@transaction.atomic
def record_issued_certificates(recorded: RecordedRoster, *, by: User | None) -> int:
    """Record the certificates that rows of a roster name; how many.

    Call in the transaction of ``record_roster``, with what it wrote. A row that took the place of
    a recorded one gives its enrolment a certificate only where it has none.
    """
    named = {
        pk: entry.certificate_number
        for entry, pk in recorded.enrolments
        if entry.certificate_number
    }
    if not named:
        return 0
    certified = _certified(recorded.replaced)
    numbers = {pk: certificate_number(name) for pk, name in named.items() if pk not in certified}
    tokens = new_tokens(len(numbers))
    insert_rows(
        Certificate,
        ("enrolment_id", "number", "token", "revocation_reason"),
        [
            (pk, number, token, "")
            for (pk, number), token in zip(numbers.items(), tokens, strict=True)
        ],
    )
    note_new_certificates(recorded.roster_import, recorded.replaced & set(numbers))
    record(
        action="credentials.certificates_recorded",
        target=f"roster_import:{recorded.roster_import.uid}",
        details={"certificates": len(numbers)},
        by=by,
    )
    return len(numbers)


def _certified(enrolment_ids: Iterable[int]) -> set[int]:
    """Which of these enrolments have a certificate."""
    return {
        pk
        for chunk in chunks(enrolment_ids)
        for pk in Certificate.objects.filter(enrolment__in=chunk).values_list(
            "enrolment_id", flat=True
        )
    }


@transaction.atomic
def remove_replacing_certificates(roster_import: RosterImport, *, by: User | None) -> int:
    """Remove certificates that an import gave to rows it replaced; how many.

    Call in the transaction of ``undo_import``, after it.
    """
    rows = ReplacedEnrolment.objects.filter(roster_import=roster_import, has_new_certificate=True)
    removed = 0
    for chunk in chunks(set(rows.values_list("enrolment_id", flat=True))):
        removed += Certificate.objects.filter(enrolment__in=chunk).delete()[0]
    if removed:
        record(
            action="credentials.certificates_removed",
            target=f"roster_import:{roster_import.uid}",
            details={"certificates": removed},
            by=by,
        )
    return removed


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
