"""Saying again, each half year, that roles are needed."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from tafahom.access.accounts.actions import target_of
from tafahom.access.accounts.queries import roles_to_review
from tafahom.access.accounts.rules import REVIEW_SOON
from tafahom.access.models import User
from tafahom.audit.actions import record


@transaction.atomic
def review_roles(numbers: Iterable[int], *, by: User) -> int:
    """Confirm again roles of others that are due, or soon will be; return how many were."""
    due = roles_to_review(soon=REVIEW_SOON).filter(pk__in=list(numbers)).exclude(user=by)
    found = list(due)
    for membership in found:
        membership.confirmed_at, membership.reviewed_by = timezone.now(), by
        membership.save(update_fields=["confirmed_at", "reviewed_by"])
        details = {"role": membership.role, "part": membership.part, "membership": membership.pk}
        record(
            action="access.role_reviewed", target=target_of(membership.user), details=details, by=by
        )
    return len(found)
