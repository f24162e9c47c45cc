"""The words of an agreement: versions, clauses (ماده) and notes (تبصره), and their templates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement
from tafahom.parties.models import PartnerKind, new_uid


class AgreementTemplate(models.Model):
    """The text with which agreements of some kinds of partners begin; of no kind: of any.

    Its words are a ``TextVersion`` as an agreement's are, hence edited and kept the same way.
    ``code`` names one that came with the product; None for one that was made here.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    code = models.CharField(max_length=40, unique=True, null=True, editable=False)  # noqa: DJ001 - unique
    name = models.CharField(_("name"), max_length=120, unique=True)
    kinds = models.ManyToManyField(PartnerKind, related_name="templates", blank=True)
    is_used = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class TextVersion(models.Model):
    """The text of an agreement or template at one time.

    The one without a ``number`` is the working draft, which changes; numbered ones never do.
    ``inherited_from`` is the national agreement's text that a provincial one began with.
    ``revision`` counts what changed in the order of the draft's clauses.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(
        Agreement, models.CASCADE, null=True, blank=True, related_name="texts"
    )
    template = models.ForeignKey(
        AgreementTemplate, models.CASCADE, null=True, blank=True, related_name="texts"
    )
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    is_signed = models.BooleanField(_("signed"), default=False)
    inherited_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = [F("number").desc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(agreement__isnull=False, template__isnull=True)
                | Q(agreement__isnull=True, template__isnull=False),
                name="text_has_one_owner",
            ),
            models.UniqueConstraint(fields=["agreement", "number"], name="text_of_agreement_once"),
            models.UniqueConstraint(fields=["template", "number"], name="text_of_template_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(number=None), name="one_draft_of_agreement"
            ),
            models.UniqueConstraint(
                fields=["template"], condition=Q(number=None), name="one_draft_of_template"
            ),
            models.CheckConstraint(
                condition=Q(is_signed=False) | Q(number__isnull=False), name="signed_text_is_kept"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id or self.template_id}: {self.number or 'draft'}"

    @property
    def is_draft(self) -> bool:
        return self.number is None


class Clause(models.Model):
    """A clause (ماده) with its notes; the number it is read with is its place among the others.

    ``pattern`` is what it said before names in braces were filled: a list of heading, text and
    notes, empty when there were none or when somebody has rewritten the clause since.

    ``lineage`` is shared by a clause in all versions of a text, and by a provincial agreement's
    with the national one that it was taken from. ``revision`` counts changes of words and notes.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    version = models.ForeignKey(TextVersion, models.CASCADE, related_name="clauses")
    lineage = models.CharField(max_length=24, default=new_uid, editable=False)
    ordinal = models.PositiveIntegerField()
    heading = models.CharField(_("heading"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    pattern = models.JSONField(default=list, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["version", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["version", "ordinal"], name="clause_has_its_place"),
            models.UniqueConstraint(fields=["version", "lineage"], name="clause_once_in_a_text"),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.heading}"


class Note(models.Model):
    """A note (تبصره) of a clause."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="notes")
    ordinal = models.PositiveIntegerField()
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["clause", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "ordinal"], name="note_has_its_place")
        ]

    def __str__(self) -> str:
        return f"{self.ordinal}. {self.text[:40]}"
