"""Who signed an agreement, and the steps of its life."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement, AgreementState, Side
from tafahom.agreements.models.party import AgreementParty
from tafahom.scoping import ScopedManager


class Signatory(models.Model):
    """Who signs for a side, and on which day it was signed.

    ``party`` is the further body for which a signature of the partner's side is given; None for
    the partner itself.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatories")
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    party = models.ForeignKey(
        AgreementParty, models.PROTECT, null=True, blank=True, related_name="signatories"
    )
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["side", "id"]
        verbose_name_plural = "signatories"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "side", "name"],
                condition=Q(party=None),
                name="signatory_once",
            ),
            models.UniqueConstraint(
                fields=["party", "name"],
                condition=Q(party__isnull=False),
                name="signatory_once_for_a_party",
            ),
            models.CheckConstraint(
                condition=Q(party=None) | Q(side=Side.PARTNER), name="party_signs_as_partner"
            ),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="signatory_side_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.side})"


class Transition(models.Model):
    """A step in the life of an agreement: from where to where, when, who and why."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="transitions")
    from_state = models.CharField(max_length=12, choices=AgreementState.choices)
    to_state = models.CharField(max_length=12, choices=AgreementState.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.from_state} → {self.to_state}"
