"""Parts of a promise: whom, in what, where and when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement
from tafahom.agreements.models.amendment import Amendment
from tafahom.agreements.models.commitment import Commitment
from tafahom.parties.models import Audience, County
from tafahom.scoping import ScopedManager


class Breakdown(models.Model):
    """A commitment divided by one or more dimensions (تفکیک): by quarter, by audience and county.

    ``dimensions`` are names of ``parts.rules.DIMENSIONS`` in their order, with commas. The slices
    together are no more than the commitment, and just it where the breakdown ``is_complete``.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="breakdowns")
    dimensions = models.CharField(max_length=60)
    is_complete = models.BooleanField(_("covers the whole commitment"), default=False)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("commitment__agreement")

    class Meta:
        ordering = ["commitment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "dimensions"], name="breakdown_once"),
            models.CheckConstraint(condition=~Q(dimensions=""), name="breakdown_by_something"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.dimensions}"

    @property
    def names(self) -> tuple[str, ...]:
        """The dimensions."""
        return tuple(self.dimensions.split(","))


class Slice(models.Model):
    """One part of a breakdown, with its own quantity in the unit of the commitment.

    ``cluster`` is a cluster's code. ``label`` names audience, cluster and county as they were
    called when it was agreed; the quarter is named by who shows it. ``key`` tells slices apart.
    """

    breakdown = models.ForeignKey(Breakdown, models.CASCADE, related_name="slices")
    audience = models.ForeignKey(Audience, models.PROTECT, null=True, blank=True, related_name="+")
    cluster = models.CharField(max_length=40, blank=True)
    county = models.ForeignKey(County, models.PROTECT, null=True, blank=True, related_name="+")
    quarter = models.PositiveSmallIntegerField(null=True, blank=True)
    label = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, editable=False)
    quantity = models.PositiveBigIntegerField(_("quantity"))

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("breakdown__commitment__agreement")

    class Meta:
        ordering = ["breakdown", "quarter", "id"]
        constraints = [
            models.UniqueConstraint(fields=["breakdown", "key"], name="slice_once"),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__range=(1, 4)),
                name="slice_quarter_is_of_the_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.breakdown_id}: {self.key}"


class SliceLine(models.Model):
    """A slice that an amendment changes, from ``old`` to ``new``; 0 for one that was not there."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="slice_lines")
    part = models.ForeignKey(Slice, models.CASCADE, related_name="lines")
    old = models.PositiveBigIntegerField()
    new = models.PositiveBigIntegerField()

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("amendment__agreement")

    class Meta:
        ordering = ["amendment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "part"], name="slice_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.old} → {self.new}"
