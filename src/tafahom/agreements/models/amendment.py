"""How promises of a signed agreement change: by numbered amendments (الحاقیه)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement
from tafahom.agreements.models.commitment import Commitment
from tafahom.parties.models import new_uid
from tafahom.scoping import ScopedManager


class Amendment(models.Model):
    """A signed change of an agreement's promises, in force from ``effective_on``."""

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="amendments")
    number = models.PositiveSmallIntegerField(_("number"))
    signed_on = models.DateField(_("signed on"))
    effective_on = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=400)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="amendment_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number}"


class AmendmentLine(models.Model):
    """One promise that an amendment changes, from ``old`` to ``new``; ``old`` is 0 for a new one."""

    amendment = models.ForeignKey(Amendment, models.CASCADE, related_name="lines")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="lines")
    old = models.PositiveBigIntegerField()
    new = models.PositiveBigIntegerField()

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("amendment__agreement")

    class Meta:
        ordering = ["amendment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "commitment"], name="amendment_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.old} → {self.new}"
