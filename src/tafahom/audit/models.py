"""Who did what, when, and what it changed: append-only, chained and signed."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """One act. ``digest`` covers the entry and the digest before it, so that a change shows.

    ``id`` is the entry's number in the chain, without gaps. ``changes`` is the digest of the
    changes that the act made in records whose history is kept. ``code`` is of who has the audit key
    (``audit.keyed``); empty before there were any. ``details`` never holds names,
    national IDs or sensitive status.
    """

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120, blank=True)
    details = models.JSONField(default=dict)
    changes = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["action", "id"], name="entries_by_action"),
            models.Index(fields=["target", "id"], name="entries_by_target"),
            models.Index(fields=["by", "id"], name="entries_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Change(models.Model):
    """One row of a record whose history is kept, as it was and as it became.

    The database's own triggers write it (``audit.guards``), so no way of writing gets past it.
    ``entry`` is the act that did it, set once; a change that nobody recorded has none.
    ``new`` is empty for a row that was removed, ``old`` for one that was created where that is kept
    too. ``owner`` is the row that this one belongs to.
    """

    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    owner = models.BigIntegerField(null=True)
    old = models.TextField()
    new = models.TextField(blank=True)
    at = models.DateTimeField()
    token = models.CharField(max_length=32)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="changed_rows")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["table", "row"], name="changes_of_row"),
            models.Index(
                fields=["table", "owner"],
                name="changes_below_row",
                condition=Q(owner__isnull=False),
            ),
            models.Index(
                fields=["token"], name="changes_unexplained", condition=Q(entry__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class Head(models.Model):
    """The state of the chain after its entry ``last``, signed: the end of a day, or on request.

    ``previous`` repeats the signature before it, digested. ``key`` tells which key signed.
    """

    day = models.DateField()
    sealed_at = models.DateTimeField()
    last = models.BigIntegerField(unique=True)
    count = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.day}: {self.last}"
