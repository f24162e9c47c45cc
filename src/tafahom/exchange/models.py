"""Rosters on their way in, and what officers taught us about columns."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tafahom.jobs.models import Job
from tafahom.parties.models import Partner, new_uid


class ColumnMapping(models.Model):
    """What a column header of a partner's rosters means, as somebody once said by hand.

    ``header_key`` is the normal form of the header, ``field`` the canonical one. Used by itself
    for the next rosters of that partner.
    """

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="column_mappings")
    header = models.CharField(_("column"), max_length=200)
    header_key = models.CharField(max_length=200, editable=False)
    field = models.CharField(_("meaning"), max_length=60)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["partner", "header_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "header_key"], name="column_of_a_partner_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.header} = {self.field}"


class StagedState(models.TextChoices):
    """Where a set of uploaded files is on its way in."""

    STAGED = "staged", _("Being checked")
    CHECKED = "checked", _("Checked")
    COMMITTING = "committing", _("Being recorded")
    COMMITTED = "committed", _("Recorded")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


class StagedImport(models.Model):
    """Files one person uploaded together: checked, looked at, then recorded or cancelled.

    ``summary`` counts what the check or the recording found; it holds no personal data.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    uploader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staged_imports"
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=StagedState.choices, default=StagedState.STAGED)
    all_or_nothing = models.BooleanField(default=False)
    summary = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class StagedFile(models.Model):
    """One of the files, kept under its SHA-256 (``exchange.storage``).

    ``name`` is what the browser called it: shown, never used as a path. ``report`` is
    ``exchange.summaries.remember`` of the last check or recording: no personal data.
    """

    staged = models.ForeignKey(StagedImport, models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    report: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["staged", "sha256"], name="staged_file_once")
        ]

    def __str__(self) -> str:
        return self.name
