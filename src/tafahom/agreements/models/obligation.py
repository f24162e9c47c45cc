"""What each side has to do."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement, Side
from tafahom.parties.models import new_uid
from tafahom.scoping import ScopedManager


class Obligation(models.Model):
    """A duty of one side under an agreement (تعهدات طرفین): by when, who sees to it, what proves it.

    Done when ``done_on`` is set, which needs ``evidence``.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="obligations")
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    text = models.CharField(_("obligation"), max_length=400)
    responsible = models.CharField(_("responsible"), max_length=120, blank=True)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="obligation_side_known"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(evidence=""),
                name="obligation_done_is_proved",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="open_obligations", condition=Q(done_on=None))
        ]

    def __str__(self) -> str:
        return self.text
