"""Files that belong to an agreement."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement
from tafahom.parties.models import new_uid
from tafahom.scoping import ScopedManager


class FileKind(models.TextChoices):
    """What a file is to its agreement."""

    SCAN = "scan", _("Signed scan")
    LETTER = "letter", _("Letter")
    ANNEX = "annex", _("Annex")
    OTHER = "other", _("Other")


class AgreementFile(models.Model):
    """A file of an agreement: the signed scan, a letter, an annex.

    Its content lies sealed under its SHA-256 (``texts.storage``); ``name`` is what it was called.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["kind", "added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "sha256"], name="agreement_file_once"),
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="agreement_file_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
