"""Certificates (گواهینامه مهارت): numbered, verifiable, revocable."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from tafahom.scoping import ScopedManager
from tafahom.training.models import Enrolment

TOKEN_BYTES = 16


def new_token() -> str:
    """A verification token of 128 random bits in hexadecimal."""
    return secrets.token_hex(TOKEN_BYTES)


def new_tokens(count: int) -> list[str]:
    """As many of what ``new_token`` makes; the system is asked for chance once."""
    text = secrets.token_hex(TOKEN_BYTES * count)
    length = 2 * TOKEN_BYTES
    return [text[start : start + length] for start in range(0, len(text), length)]


class Certificate(models.Model):
    """A certificate issued for one enrolment. ``number`` is the one printed on it."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="certificate")
    number = models.CharField(_("number"), max_length=60, db_index=True)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revocation_reason = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()
    scope_paths = Enrolment.scope_paths.under("enrolment")

    def __str__(self) -> str:
        return self.number
