"""Memoranda of understanding and what was promised in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.rules import State
from tafahom.parties.models import Partner, Province, new_uid


class Level(models.TextChoices):
    """Who signed: the organisation for the whole country, or one directorate."""

    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")


class AgreementState(models.TextChoices):
    """``rules.State`` with its names."""

    PROPOSED = State.PROPOSED, _("Proposed")
    DRAFTING = State.DRAFTING, _("Being drafted")
    NEGOTIATION = State.NEGOTIATION, _("In negotiation")
    SIGNED = State.SIGNED, _("Signed")
    IN_FORCE = State.IN_FORCE, _("In force")
    SUSPENDED = State.SUSPENDED, _("Suspended")
    ENDED = State.ENDED, _("Ended")
    TERMINATED = State.TERMINATED, _("Terminated")
    RENEWED = State.RENEWED, _("Renewed")


class Agreement(models.Model):
    """A memorandum of understanding (تفاهم‌نامه) with one partner, for a term.

    A provincial agreement may implement a national one, its ``parent``. What a registry brings
    is in force. ``predecessor`` is the agreement that this one renews.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    number = models.CharField(_("number"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="implementations"
    )
    province = models.ForeignKey(Province, models.PROTECT, related_name="agreements")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(
        _("state"), max_length=12, choices=AgreementState.choices, default=AgreementState.IN_FORCE
    )
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=AgreementState.values), name="agreement_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="agreement_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="agreement_level_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Side(models.TextChoices):
    """Who signs an agreement."""

    DIRECTORATE = "directorate", _("Directorate")
    PARTNER = "partner", _("Partner")


class Signatory(models.Model):
    """Who signs for a side, and on which day it was signed."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatories")
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=120, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)

    class Meta:
        ordering = ["side", "id"]
        verbose_name_plural = "signatories"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side", "name"], name="signatory_once"),
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

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.from_state} → {self.to_state}"


class CommittedMeasure(models.TextChoices):
    """What a commitment counts."""

    PERSONS = "persons", _("Persons")
    PERSON_HOURS = "person_hours", _("Person-hours")


class Commitment(models.Model):
    """A quantity promised in an agreement for one Solar Hijri year (تعهد).

    ``quantity`` is in persons or whole person-hours, as ``measure`` says.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    year = models.PositiveSmallIntegerField(_("year"))
    measure = models.CharField(_("measure"), max_length=16, choices=CommittedMeasure.choices)
    quantity = models.PositiveBigIntegerField(_("quantity"))

    class Meta:
        ordering = ["agreement", "year", "measure"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "year", "measure"], name="commitment_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1300, 1600)), name="commitment_year_is_solar_hijri"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.year} {self.measure}"


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
