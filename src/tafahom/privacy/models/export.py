"""Bulk exports of personal data: asked for by one, let out by another, taken once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.jobs.models import Job
from tafahom.parties.models import new_uid
from tafahom.privacy.rules import LONGEST_REASON, ExportState


class Subject(models.TextChoices):
    """Whose trainees are in the file."""

    COURSE = "course", _("Trainees of a course")
    AGREEMENT = "agreement", _("Trainees of an agreement")
    PARTNER = "partner", _("Trainees of a partner")


class DataExport(models.Model):
    """A request for a file with identities in clear.

    ``subject_uid`` is the uid of the course, agreement or partner and ``title`` what it was
    called. The file lies sealed under ``uid`` (``privacy.files``) while the state is ready.
    ``expires_at`` is when the request, or the file, ends by itself.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    subject = models.CharField(max_length=9, choices=Subject.choices)
    subject_uid = models.CharField(max_length=24)
    title = models.CharField(max_length=300)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    with_audience = models.BooleanField(default=False)
    state = models.CharField(
        max_length=9,
        choices=[
            (ExportState.REQUESTED.value, _("Waits for approval")),
            (ExportState.PREPARING.value, _("Being prepared")),
            (ExportState.READY.value, _("Ready")),
            (ExportState.TAKEN.value, _("Taken")),
            (ExportState.DECLINED.value, _("Declined")),
            (ExportState.WITHDRAWN.value, _("Withdrawn")),
            (ExportState.EXPIRED.value, _("Expired")),
            (ExportState.FAILED.value, _("Failed")),
        ],
        default=ExportState.REQUESTED.value,
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=LONGEST_REASON, blank=True)
    rows = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="export_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ExportState]),
                name="export_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["preparing", "ready", "taken"])
                | Q(decided_by__isnull=False),
                name="export_let_out_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"
