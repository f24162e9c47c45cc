"""Rosters on their way in, and what officers taught us about columns."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tafahom.jobs.models import Job
from tafahom.parties.models import Partner, new_uid


class RosterAnswer(models.Model):
    """What somebody answered to a question about rosters of a partner: a column, a word, a unit.

    ``key`` names the question (``roster.questions``), ``text`` is the heading or word as it was
    written, ``answer`` what it means. An answer holds for the rosters that ``created_by`` sends,
    and for everybody's once another person, who may decide for the partner, has confirmed it.
    """

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="roster_answers")
    key = models.CharField(max_length=200, editable=False)
    text = models.CharField(_("column or word"), max_length=200)
    answer = models.CharField(_("meaning"), max_length=300)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["partner", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "key"],
                condition=models.Q(confirmed_at__isnull=False),
                name="confirmed_answer_once",
            ),
            models.UniqueConstraint(
                fields=["partner", "key", "created_by"],
                condition=models.Q(confirmed_at__isnull=True),
                name="own_answer_once",
            ),
            models.CheckConstraint(
                condition=models.Q(created_by__isnull=True)
                | models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("created_by")),
                name="answer_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} = {self.answer}"


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
    # Whether rows that say something else replace what is recorded of their person.
    replace = models.BooleanField(default=False)
    summary = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class StagedFile(models.Model):
    """One of the files, kept under its SHA-256 (``exchange.storage``).

    ``name`` is what the browser called it: shown, never used as a path. ``answers`` are to
    questions about this file, by key; ``given`` are values of course fields that it does not say,
    by sheet ("" for all) and field. ``report`` is ``exchange.summaries.remember`` of the last
    check or recording: no personal data.
    """

    staged = models.ForeignKey(StagedImport, models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    answers: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True
    )
    given: models.JSONField[dict[str, dict[str, str]], dict[str, dict[str, str]]] = (
        models.JSONField(default=dict, blank=True)
    )
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
