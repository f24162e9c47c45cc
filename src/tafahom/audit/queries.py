"""Reading the record of acts."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.apps import apps
from django.db.models import Max, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from tafahom.audit.models import Change, Entry, Head

TrackedColumns: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """Some entries, the latest first, and the numbers to go on from; 0 where nothing follows."""

    entries: list[Entry]
    later: int
    earlier: int


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


def entries(
    *,
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
    account: str = "",
    action: str = "",
    target: str = "",
) -> QuerySet[Entry]:
    """Return the entries of a time, by an account (its user name), of an act, about a target.

    An act that ends in a full stop or underscore stands for all that begin so. What is empty
    leaves no entry out.
    """
    found = entries_between(start, end).select_related("by")
    if account:
        found = found.filter(by__username=account)
    if action:
        is_kind = action.endswith((".", "_"))
        found = found.filter(**{"action__startswith" if is_kind else "action": action})
    return found.filter(target=target) if target else found


def of_kinds(found: QuerySet[Entry], kinds: Iterable[str]) -> QuerySet[Entry]:
    """Return those of some entries whose acts begin in one of these ways."""
    begins = Q(pk__in=[])
    for kind in kinds:
        begins |= Q(action__startswith=kind)
    return found.filter(begins)


def page_of(found: QuerySet[Entry], *, before: int = 0, after: int = 0, size: int) -> EntriesPage:
    """Return the entries next after a number, or else next before one; 0 is none.

    By number and not by place, so that the last page is as fast as the first.
    """
    if after:
        rows = list(found.filter(id__gt=after).order_by("id")[: size + 1])
        has_more, rows = len(rows) > size, rows[:size][::-1]
        later, earlier = has_more, bool(rows)
    else:
        found = found.filter(id__lt=before) if before else found
        rows = list(found.order_by("-id")[: size + 1])
        has_more, rows = len(rows) > size, rows[:size]
        later, earlier = bool(before and rows), has_more
    return EntriesPage(rows, rows[0].pk if later else 0, rows[-1].pk if earlier else 0)


def last_number() -> int | None:
    """Return the number of the last entry; None before the first."""
    found: int | None = Entry.objects.aggregate(last=Max("id"))["last"]
    return found


def head_over(entry: Entry) -> Head | None:
    """Return the first head that seals an entry; None while none does."""
    return Head.objects.filter(last__gte=entry.pk).order_by("last").first()


def changes_of(table: str, row: int, owned: Iterable[str], *, before: int = 0) -> QuerySet[Change]:
    """Return what changed of a record and of what belongs to it, the latest first.

    Of changes before a number; 0 is all of them.
    """
    below = Q(table__in=list(owned), owner=row)
    found = Change.objects.filter(Q(table=table, row=row) | below)
    found = found.filter(id__lt=before) if before else found
    return found.select_related("entry__by").order_by("-id")


def model_of(table: str) -> type[Model]:
    """Return the model that keeps its rows in a table. Raises StopIteration when none does."""
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def names_in(
    changes: Iterable[tuple[Change, TrackedColumns, TrackedColumns]],
    *,
    besides: Collection[str] = (),
) -> dict[type[Model], dict[Any, str]]:
    """Return what records are called to which changes refer, in one query for each kind.

    A change comes with its columns before and after; references in the fields ``besides`` are
    left out.
    """
    wanted: dict[type[Model], set[Any]] = {}
    for change, old, new in changes:
        for field in model_of(change.table)._meta.concrete_fields:
            is_named = field.is_relation and field.name not in besides
            if is_named and old.get(field.column) != new.get(field.column):
                ids = {old.get(field.column), new.get(field.column)} - {None}
                wanted.setdefault(field.related_model, set()).update(ids)  # type: ignore[arg-type]  # a class by now
    return {
        model: {pk: str(row) for pk, row in model._default_manager.in_bulk(list(ids)).items()}
        for model, ids in wanted.items()
    }


def _first_from(moment: dt.datetime) -> int:
    """Return the number of the first entry from a moment on; beyond all when there is none."""
    first = Entry.objects.filter(at__gte=moment).order_by("at", "id").values_list("id", flat=True)
    return first.first() or 2**62
