"""Who did what, when: append-only and chained."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act. ``digest`` covers the entry and the digest before it, so that a change shows.

    ``details`` never holds names, national IDs or sensitive status.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60, db_index=True)
    target = models.CharField(max_length=120, blank=True)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.action} {self.target}"
