"""Reads of standards and what they are sorted into."""

from collections.abc import Collection

from django.db.models import QuerySet

from tafahom.training.models import Cluster, OccupationalStandard


def clusters() -> QuerySet[Cluster]:
    """Return the clusters, as a list offers them."""
    return Cluster.objects.all()


def standard_titles(uids: Collection[str]) -> dict[str, str]:
    """Return the titles of standards by uid."""
    return dict(OccupationalStandard.objects.filter(uid__in=uids).values_list("uid", "title"))
