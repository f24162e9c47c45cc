"""How long identities are kept, and which were destroyed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.access.requests.models import TwoPersonRequest
from tafahom.jobs.models import Job
from tafahom.parties.models import new_uid
from tafahom.people.models import Person
from tafahom.privacy.rules import FEWEST_YEARS, LONGEST_REASON, MAX_YEARS, RetentionState


class RetentionRule(models.Model):
    """For how many years after their last course people of an audience keep their identity.

    ``audience_code`` is the code of a ``parties.Audience``; empty stands for enrolments without
    an audience and for audiences that have no rule of their own. What is not here is as
    ``reference.toml`` has it. ``changed_by`` asked for the years, ``confirmed_by`` confirmed them.
    """

    audience_code = models.CharField(max_length=40, unique=True, blank=True)
    years = models.PositiveSmallIntegerField(_("years"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(years__gte=FEWEST_YEARS, years__lte=MAX_YEARS),
                name="retention_years_in_range",
            ),
            models.CheckConstraint(
                condition=Q(changed_by__isnull=True)
                | Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("changed_by")),
                name="retention_years_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience_code or '*'}: {self.years}"


class YearsRequest(TwoPersonRequest):
    """Other years for some audiences: asked for by one person, confirmed by another.

    ``years`` are by the audience's code, as in a ``RetentionRule``; ``before`` those of the asking.
    """

    years: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField()
    before: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField()

    class Meta(TwoPersonRequest.Meta):
        abstract = False
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="waiting"), name="yearsrequest_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.years} {self.state}"


class Cause(models.TextChoices):
    """Why an identity was destroyed."""

    REQUEST = "request", _("The person asked for it")
    RETENTION = "retention", _("Its time was over")


class RetentionRequest(models.Model):
    """A request to destroy the identities of many people: one asks, another approves.

    ``people`` are their uids, in order. ``preview`` is ``retention_requests.Preview`` as it was
    shown, ``digest`` stands for it: what is approved is done, or nothing is. ``reference`` is the
    number of the letter when the people asked for it themselves. ``expires_at`` is when a request
    that nobody decides ends.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    cause = models.CharField(max_length=9, choices=Cause.choices)
    reference = models.CharField(max_length=60, blank=True)
    people: models.JSONField[list[str], list[str]] = models.JSONField()
    preview: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    digest = models.CharField(max_length=64)
    state = models.CharField(
        max_length=9,
        choices=[
            (RetentionState.REQUESTED.value, _("Waits for approval")),
            (RetentionState.RUNNING.value, _("Being carried out")),
            (RetentionState.DONE.value, _("Carried out")),
            (RetentionState.STOPPED.value, _("Stopped")),
            (RetentionState.DECLINED.value, _("Declined")),
            (RetentionState.WITHDRAWN.value, _("Withdrawn")),
            (RetentionState.EXPIRED.value, _("Expired")),
            (RetentionState.FAILED.value, _("Failed")),
        ],
        default=RetentionState.REQUESTED.value,
    )
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=LONGEST_REASON, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-requested_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="retention_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RetentionState]),
                name="retention_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "done", "stopped", "failed"])
                | Q(decided_by__isnull=False),
                name="retention_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"


class Erasure(models.Model):
    """An identity that was destroyed; the person stays, without a name, for the figures.

    ``reference`` is the number of the letter that asked for it, never a name. ``files`` counts
    the stored rosters that were destroyed with it. ``request`` is the approved one that it was
    part of; None for a person who was forgotten alone.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="erasure")
    cause = models.CharField(max_length=9, choices=Cause.choices)
    reference = models.CharField(max_length=60, blank=True)
    files = models.PositiveSmallIntegerField(default=0)
    request = models.ForeignKey(
        RetentionRequest, models.PROTECT, null=True, related_name="erasures"
    )
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    erased_at = models.DateTimeField()

    class Meta:
        ordering = ["-erased_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="erasure_cause_known")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.cause}"
