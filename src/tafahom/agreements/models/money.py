"""Who pays what under an agreement, and when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement, Side
from tafahom.parties.models import new_uid
from tafahom.scoping import ScopedManager


class CostShare(models.Model):
    """An instalment that one side pays, in whole rials.

    Paid when ``paid_on`` is set; ``paid`` is then the amount, which may fall short of what was
    due, and the rest stays due.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="cost_shares")
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    title = models.CharField(_("for what"), max_length=200)
    due_on = models.DateField(_("due on"))
    amount = models.PositiveBigIntegerField(_("amount in rials"))
    paid = models.PositiveBigIntegerField(_("paid, in rials"), default=0)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    reference = models.CharField(_("reference of the payment"), max_length=120, blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="share_side_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_is_something"),
            models.CheckConstraint(condition=Q(paid__lte=F("amount")), name="share_not_overpaid"),
            models.CheckConstraint(
                condition=Q(paid=0, paid_on__isnull=True)
                | (Q(paid__gt=0, paid_on__isnull=False) & ~Q(reference="")),
                name="share_payment_is_proved",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="unpaid_shares", condition=Q(paid__lt=F("amount")))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rest(self) -> int:
        """What is still to pay, in rials."""
        return self.amount - self.paid
