"""How long identities are kept, and which were destroyed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.parties.models import new_uid
from tafahom.people.models import Person
from tafahom.privacy.rules import FEWEST_YEARS, MOST_YEARS


class RetentionRule(models.Model):
    """For how many years after their last course people of an audience keep their identity.

    ``audience_code`` is the code of a ``parties.Audience``; empty stands for enrolments without
    an audience and for audiences that have no rule of their own. What is not here is as
    ``reference.toml`` has it.
    """

    audience_code = models.CharField(max_length=40, unique=True, blank=True)
    years = models.PositiveSmallIntegerField(_("years"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(years__gte=FEWEST_YEARS, years__lte=MOST_YEARS),
                name="retention_years_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience_code or '*'}: {self.years}"


class Cause(models.TextChoices):
    """Why an identity was destroyed."""

    REQUEST = "request", _("The person asked for it")
    RETENTION = "retention", _("Its time was over")


class Erasure(models.Model):
    """An identity that was destroyed; the person stays, without a name, for the figures.

    ``reference`` is the number of the letter that asked for it, never a name. ``files`` counts
    the stored rosters that were destroyed with it.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="erasure")
    cause = models.CharField(max_length=9, choices=Cause.choices)
    reference = models.CharField(max_length=60, blank=True)
    files = models.PositiveSmallIntegerField(default=0)
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
