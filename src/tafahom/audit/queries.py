"""Reading the record of acts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from tafahom.audit.models import Change, Entry


def change_rows(changes: QuerySet[Change]) -> Iterable[Sequence[Any]]:
    """Return what the digest of an act's changes is made of."""
    columns = ("id", "table", "row", "owner", "old", "new", "token", "at")
    return changes.order_by("id").values_list(*columns)


def readings_of(target: str, *, among: QuerySet[Entry] | None = None) -> QuerySet[Entry]:
    """Return who looked at a target (``person:uid``) or read of it, the latest first.

    Of a reading of many at once every target is named in the details.
    """
    entries = Entry.objects.all() if among is None else among
    told = entries.alias(told=Cast("details", TextField()))
    read = Q(action__startswith="read.") & (Q(target=target) | Q(told__contains=f'"{target}"'))
    seen = Q(action="people.seen", target=target)
    return told.filter(read | seen).select_related("by").order_by("-id")


def entries_between(start: dt.datetime | None, end: dt.datetime | None) -> QuerySet[Entry]:
    """Return the entries of a time, ``end`` not included.

    Entries are appended in the order of time, so that a time is a range of numbers: that is
    found by the key, however many entries there are and whatever else is asked for.
    """
    found = Entry.objects.all()
    if start:
        found = found.filter(id__gte=_first_from(start))
    if end:
        found = found.filter(id__lt=_first_from(end))
    return found


def changes_of(table: str, row: int, owned: Iterable[str]) -> QuerySet[Change]:
    """Return what changed of a record and of what belongs to it, the latest first."""
    below = Q(table__in=list(owned), owner=row)
    found = Change.objects.filter(Q(table=table, row=row) | below)
    return found.select_related("entry__by").order_by("-id")


def _first_from(moment: dt.datetime) -> int:
    """Return the number of the first entry from a moment on; beyond all when there is none."""
    first = Entry.objects.filter(at__gte=moment).order_by("at", "id").values_list("id", flat=True)
    return first.first() or 2**62
