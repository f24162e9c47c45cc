"""Whether a page says why somebody is here; where it does, that is written down."""

from collections.abc import Sequence

from django.http import HttpRequest

from tafahom.access.rules import Act
from tafahom.audit.actions import record_reading
from tafahom.training.models import Enrolment
from tafahom.web.permissions import account_of, allows


def is_shown(request: HttpRequest, enrolments: Sequence[Enrolment]) -> bool:
    """Whether who asks may see the audience of each of these, all or none of them.

    Hiding some of them would point at those. What is shown of sensitive groups is recorded, by
    person; the enrolments come with person and audience.
    """
    if not allows(request, Act.SEE_SENSITIVE):
        return False
    people = {row.person.uid for row in enrolments if row.audience and row.audience.is_sensitive}
    if people:
        record_reading(
            what="audience",
            targets=[f"person:{uid}" for uid in sorted(people)],
            fields=["audience"],
            by=account_of(request),
        )
    return True
