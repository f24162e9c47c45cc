"""Reads of standards and what they are sorted into."""

from django.db.models import QuerySet

from tafahom.training.models import Cluster


def clusters() -> QuerySet[Cluster]:
    """Return the clusters, as a list offers them."""
    return Cluster.objects.all()
