"""Looking certificates up."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from tafahom.credentials.models import Certificate
from tafahom.persian import clean, to_ascii_digits


class Standing(StrEnum):
    """What can be said of a certificate."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer to one look-up, without the holder's name: that is for those who may see it."""

    standing: Standing
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
        return Verification(Standing.UNKNOWN)
    found = Certificate.objects.filter(
        Q(token=text) | Q(number__in=[number, clean(text)])
    ).select_related("enrolment__course")
    certificates = sorted(found, key=lambda certificate: certificate.revoked_at is not None)
    if not certificates:
        return Verification(Standing.UNKNOWN)
    certificate = certificates[0]
    course = certificate.enrolment.course
    return Verification(
        standing=Standing.REVOKED if certificate.revoked_at else Standing.VALID,
        number=certificate.number,
        course=course.title,
        course_ended_on=course.ends_on,
        revocation_reason=certificate.revocation_reason,
    )
