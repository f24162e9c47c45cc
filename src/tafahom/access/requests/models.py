"""A request by one person that another decides, as tables keep it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tafahom.access.requests.rules import (
    LONGEST_OPERATOR,
    LONGEST_REASON,
    TIME_TO_DECIDE,
    RequestState,
)
from tafahom.parties.models import new_uid

ACCOUNT = settings.AUTH_USER_MODEL


def in_time() -> dt.datetime:
    """Return when a request that is made now lapses."""
    return timezone.now() + TIME_TO_DECIDE


class TwoPersonRequest(models.Model):
    """What one person asked for and another confirms or refuses, before ``lapses_at``.

    Who works on the machine has no account there: ``operator`` and ``decided_by_operator`` are the
    names that they gave. The database refuses a decision by who asked.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    state = models.CharField(
        max_length=9,
        choices=[
            (RequestState.WAITING.value, _("Waits for a second person")),
            (RequestState.CONFIRMED.value, _("Confirmed")),
            (RequestState.REFUSED.value, _("Refused")),
            (RequestState.WITHDRAWN.value, _("Withdrawn")),
            (RequestState.LAPSED.value, _("Lapsed")),
        ],
        default=RequestState.WAITING.value,
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    asked_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    operator = models.CharField(max_length=LONGEST_OPERATOR, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    lapses_at = models.DateTimeField(default=in_time)
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+")
    decided_by_operator = models.CharField(max_length=LONGEST_OPERATOR, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RequestState]),
                name="%(class)s_state_known",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=False, operator="")
                | (Q(asked_by__isnull=True) & ~Q(operator="")),
                name="%(class)s_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                name="%(class)s_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "refused"])
                | (
                    Q(decided_at__isnull=False)
                    & (Q(decided_by__isnull=False) | ~Q(decided_by_operator=""))
                ),
                name="%(class)s_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.state}"

    @property
    def waits(self) -> bool:
        """Whether it can still be decided."""
        return self.state == RequestState.WAITING and self.lapses_at > timezone.now()

    @property
    def asker(self) -> str:
        """Return who asked, as pages and commands say it."""
        return _name(self.asked_by, self.operator)

    @property
    def decider(self) -> str:
        """Return who decided; nothing while nobody has."""
        return _name(self.decided_by, self.decided_by_operator)


def _name(account: models.Model | None, operator: str) -> str:
    if account is None:
        return operator
    return str(account.get_full_name() or account)  # type: ignore[attr-defined]  # a user
