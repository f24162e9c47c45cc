"""Looking certificates up."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Q, QuerySet, Sum

from tafahom.credentials.models import Certificate
from tafahom.people.queries import chunks
from tafahom.periods.rules import Measured
from tafahom.persian import clean, to_ascii_digits
from tafahom.training.models import Enrolment
from tafahom.training.rosters.replaceable import Replacement
from tafahom.training.rosters.results import CERTIFICATE
from tafahom.training.rosters.rules import Problem

# What closed months are compared by; minutes are those credited.
MONTH_MEASURES = {
    "persons": Count("person", distinct=True, filter=Q(credited_minutes__gt=0)),
    "person_courses": Count("pk"),
    "person_minutes": Sum("credited_minutes", default=0),
    "sat": Count("written_mark"),
    "passed": Count("pk", filter=Q(passed=True)),
    "certified": Count(
        "pk", filter=Q(certificate__isnull=False, certificate__revoked_at__isnull=True)
    ),
    "enrolled_persons": Count("person", distinct=True),
}


def certificate_numbers(keys: Collection[str]) -> dict[str, str]:
    """Return the numbers of certificates by id, as text."""
    ids = [int(key) for key in keys if key.isdecimal()]
    found = Certificate.objects.filter(pk__in=ids).values_list("pk", "number")
    return {str(pk): number for pk, number in found}


class CertificateStatus(StrEnum):
    """What can be said of a certificate."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to one look-up, without the holder's name: that is for those who may see it."""

    standing: CertificateStatus
    number: str = ""
    course: str = ""
    course_ended_on: dt.date | None = None
    revocation_reason: str = ""


def verify(token_or_number: str) -> Verification:
    """Look a certificate up by its token or its printed number, in any digits.

    Of several certificates with one number, any that is valid answers.
    """
    text = token_or_number.strip()
    number = to_ascii_digits(clean(text))
    if not number:
        return Verification(CertificateStatus.UNKNOWN)
    found = Certificate.objects.filter(
        Q(token=text) | Q(number__in=[number, clean(text)])
    ).select_related("enrolment__course")
    certificates = sorted(found, key=lambda certificate: certificate.revoked_at is not None)
    if not certificates:
        return Verification(CertificateStatus.UNKNOWN)
    certificate = certificates[0]
    course = certificate.enrolment.course
    return Verification(
        standing=CertificateStatus.REVOKED if certificate.revoked_at else CertificateStatus.VALID,
        number=certificate.number,
        course=course.title,
        course_ended_on=course.ends_on,
        revocation_reason=certificate.revocation_reason,
    )


def month_figures(*, province_id: int, month: int) -> list[Measured]:
    """Return the figures of the courses that ended in a month: of all, by partner, by course.

    Three questions to the database, none to the warehouse: in a transaction they see its writes.
    """
    enrolments = Enrolment.objects.filter(
        course__end_month=month, course__centre__province_id=province_id
    ).order_by()
    partner, course = "course__agreement__partner", "course"
    return [
        Measured("month", "", "", enrolments.aggregate(**MONTH_MEASURES)),
        *_measured(enrolments, "partner", f"{partner}__uid", f"{partner}__name"),
        *_measured(enrolments, "course", f"{course}__uid", f"{course}__title"),
    ]


def _measured(
    enrolments: QuerySet[Enrolment], kind: str, uid: str, name: str
) -> Iterator[Measured]:
    for row in enrolments.values(uid, name).annotate(**MONTH_MEASURES).order_by(name, uid):
        values = {measure: row[measure] for measure in MONTH_MEASURES}
        yield Measured(kind, row[uid], row[name], values)


def certificate_number(text: str) -> str:
    """Return a certificate's number as it is kept; most are plain digits already."""
    return text if text.isascii() and text.isdigit() else to_ascii_digits(clean(text))


def certificate_warnings(replacements: Iterable[Replacement]) -> list[Problem]:
    """Return a warning for each row that names another certificate than the one recorded."""
    named = [one for one in replacements if one.entry.certificate_number]
    recorded: dict[int, str] = {}
    for chunk in chunks({one.enrolment_id for one in named}):
        rows = Certificate.objects.filter(enrolment__in=chunk)
        recorded |= dict(rows.values_list("enrolment_id", "number"))
    warnings = []
    for one in named:
        entry = one.entry
        known = recorded.get(one.enrolment_id or 0) or one.earlier.values.certificate
        if known and certificate_number(known) != certificate_number(entry.certificate_number):
            warnings.append(
                Problem(
                    "certificate.differs",
                    entry.sheet,
                    entry.row,
                    CERTIFICATE,
                    entry.certificate_number,
                    (("number", known),),
                )
            )
    return warnings
