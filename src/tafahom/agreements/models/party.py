"""Bodies beside the two sides, and what provincial agreements take over of a national one."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement
from tafahom.agreements.models.commitment import Commitment
from tafahom.parties.models import Partner, new_uid
from tafahom.scoping import ScopedManager


class AgreementParty(models.Model):
    """A further body that signs an agreement, beside its partner, in the order of ``ordinal``.

    Who serves that body may see the agreement as who serves the partner does
    (``access.queries.memberships_of``).
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="co_signs")
    role = models.CharField(_("role"), max_length=120, blank=True)
    ordinal = models.PositiveSmallIntegerField()

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["agreement", "ordinal"]
        verbose_name_plural = "agreement parties"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "partner"], name="party_once"),
            models.UniqueConstraint(fields=["agreement", "ordinal"], name="party_has_its_place"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.ordinal}"


class CommitmentShare(models.Model):
    """What a provincial agreement takes over of a commitment of the national one it implements.

    The shares of a commitment together are never more than the commitment.
    """

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="shares")
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="national_shares")
    quantity = models.PositiveBigIntegerField(_("quantity"))

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["commitment", "agreement"]
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "agreement"], name="commitment_share_once"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="commitment_share_is_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.quantity}"
