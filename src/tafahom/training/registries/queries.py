"""Reads of the registry files that were loaded."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Q, QuerySet

from tafahom.training.models import LoadedRecord, RegistryLoad


def registry_loads() -> QuerySet[Any]:
    """Return the files that changed something, the latest first.

    With the number of ``changes``, and of those that are ``left``: not taken back.
    """
    found = RegistryLoad.objects.select_related("loaded_by").annotate(
        changes=Count("records"), left=Count("records", filter=Q(records__taken_back_at=None))
    )
    return found.order_by("-loaded_at", "-pk")


def left_of(load: RegistryLoad) -> QuerySet[LoadedRecord]:
    """Return what a file changed and nobody took back."""
    return load.records.filter(taken_back_at=None)


def load_names(uids: Collection[str]) -> dict[str, str]:
    """Return the names of the files of loads by uid."""
    return dict(RegistryLoad.objects.filter(uid__in=uids).values_list("uid", "file_name"))
