"""What was promised."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement
from tafahom.scoping import ScopedManager


class CommittedMeasure(models.TextChoices):
    """What a commitment counts."""

    PERSONS = "persons", _("Persons")
    PERSON_HOURS = "person_hours", _("Person-hours")


class Commitment(models.Model):
    """A quantity promised in an agreement for one Solar Hijri year (تعهد).

    ``quantity`` is in persons or whole person-hours, as ``measure`` says, after all amendments;
    their lines tell what it was before (``promises.rules.quantity_on``). ``is_carried`` marks one
    that a renewal copied from the predecessor, ``carried_from`` the year that it was copied from.
    ``left`` is what the termination of the agreement
    left of it; None where there was none, or where nobody has said.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    year = models.PositiveSmallIntegerField(_("year"))
    measure = models.CharField(_("measure"), max_length=16, choices=CommittedMeasure.choices)
    quantity = models.PositiveBigIntegerField(_("quantity"))
    left = models.PositiveBigIntegerField(_("left by the termination"), null=True, blank=True)
    is_carried = models.BooleanField(_("carried over"), default=False)

    carried_from = models.PositiveSmallIntegerField(_("carried over from"), null=True, blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

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
