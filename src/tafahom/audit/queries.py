"""Reading the record of acts."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tafahom.audit.models import Entry
from tafahom.audit.rules import GENESIS, entry_digest


@dataclass(frozen=True, slots=True)
class ChainState:
    """What checking the chain found.

    ``broken_at`` is the id of the first entry that is not what was written, or does not follow
    the one before it; None when all is well. ``head`` is the last digest: kept elsewhere, it
    shows later whether entries were cut off the end.
    """

    entries: int
    head: str
    broken_at: int | None = None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify_chain() -> ChainState:
    """Recompute every digest from the first entry on."""
    previous, count = GENESIS, 0
    for entry in Entry.objects.order_by("id").iterator():
        count += 1
        expected = entry_digest(
            previous=previous,
            at=entry.at,
            by=entry.by_id,
            action=entry.action,
            target=entry.target,
            details=entry.details,
        )
        if entry.previous != previous or entry.digest != expected:
            return ChainState(entries=count, head=previous, broken_at=entry.pk)
        previous = entry.digest
    return ChainState(entries=count, head=previous)


def readings_of(target: str) -> QuerySet[Entry]:
    """Return who read sensitive fields of a target (``person:uid``), the latest first.

    Of a reading of many at once every target is named in the details.
    """
    readings = Entry.objects.filter(action__startswith="read.").alias(
        told=Cast("details", TextField())
    )
    named = Q(target=target) | Q(told__contains=f'"{target}"')
    return readings.filter(named).select_related("by").order_by("-id")
