"""Memoranda of understanding and what was promised in them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.parties.models import Partner, Province, new_uid


class Level(models.TextChoices):
    """Who signed: the organisation for the whole country, or one directorate."""

    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")


class Agreement(models.Model):
    """A memorandum of understanding (تفاهم‌نامه) with one partner, for a term.

    A provincial agreement may implement a national one, its ``parent``.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    number = models.CharField(_("number"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="implementations"
    )
    province = models.ForeignKey(Province, models.PROTECT, related_name="agreements")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="agreement_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="agreement_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CommittedMeasure(models.TextChoices):
    """What a commitment counts."""

    PERSONS = "persons", _("Persons")
    PERSON_HOURS = "person_hours", _("Person-hours")


class Commitment(models.Model):
    """A quantity promised in an agreement for one Solar Hijri year (تعهد).

    ``quantity`` is in persons or whole person-hours, as ``measure`` says.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    year = models.PositiveSmallIntegerField(_("year"))
    measure = models.CharField(_("measure"), max_length=16, choices=CommittedMeasure.choices)
    quantity = models.PositiveBigIntegerField(_("quantity"))

    class Meta:
        ordering = ["agreement", "year", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "year", "measure"], name="commitment_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1300, 1600)), name="commitment_year_is_solar_hijri"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.year} {self.measure}"
