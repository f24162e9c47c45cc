"""Reads of the registry files that were loaded."""

from collections.abc import Collection

from tafahom.training.models import RegistryLoad


def load_names(uids: Collection[str]) -> dict[str, str]:
    """Return the names of the files of loads by uid."""
    return dict(RegistryLoad.objects.filter(uid__in=uids).values_list("uid", "file_name"))
