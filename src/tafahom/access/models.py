"""Users and what roles they hold."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Role


class User(AbstractUser):
    """An account. What it may do follows from its memberships alone."""


class Membership(models.Model):
    """A role held by a user, between dates. Scopes (province, centre …) come with issue 3."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=24, choices=[(r.value, r.value) for r in Role])
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="role_once"),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"
