"""The memorandum itself."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.rules import PENDING_STATES, SIGNABLE_STATES, LifeState
from tafahom.parties.models import Audience, Partner, Province, new_uid
from tafahom.scoping import ScopedManager, ScopePaths


class Level(models.TextChoices):
    """Who signed: the organisation for the whole country, or one directorate."""

    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")


class AgreementState(models.TextChoices):
    """``rules.LifeState`` with its names."""

    PROPOSED = LifeState.PROPOSED, _("Proposed")
    DRAFTING = LifeState.DRAFTING, _("Being drafted")
    NEGOTIATION = LifeState.NEGOTIATION, _("In negotiation")
    SIGNED = LifeState.SIGNED, _("Signed")
    IN_FORCE = LifeState.IN_FORCE, _("In force")
    SUSPENDED = LifeState.SUSPENDED, _("Suspended")
    ENDED = LifeState.ENDED, _("Ended")
    TERMINATED = LifeState.TERMINATED, _("Terminated")
    RENEWED = LifeState.RENEWED, _("Renewed")


class Agreement(models.Model):
    """A memorandum of understanding (تفاهم‌نامه) with one partner, for a term.

    A provincial agreement may implement a national one, its ``parent``. What a registry brings
    is in force. ``predecessor`` is the agreement that this one renews. ``stopped_on`` is the first
    day on which a termination or a renewal had taken it out of force before its term was over; None
    where neither has, so also of a draft that was terminated. ``reveals_status`` says that who
    was trained under it is known by that to be of a sensitive group; None: as its parties and the
    groups it names have it (``queries.revealing_agreements``).
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    number = models.CharField(_("number"), max_length=60)
    key = models.CharField(max_length=60, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    audiences = models.ManyToManyField(Audience, related_name="agreements", blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="implementations"
    )
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    province = models.ForeignKey(Province, models.PROTECT, related_name="agreements")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    state = models.CharField(
        _("state"), max_length=12, choices=AgreementState.choices, default=AgreementState.IN_FORCE
    )
    stopped_on = models.DateField(_("out of force from"), null=True, blank=True)
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors"
    )
    reveals_status = models.BooleanField(_("reveals status"), null=True, blank=True)

    objects = ScopedManager()
    scope_paths = ScopePaths(provinces="province", partners="partner", agreements="uid")

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

    @property
    def can_be_signed(self) -> bool:
        """Whether signatures are recorded in its state."""
        return self.state in SIGNABLE_STATES

    @property
    def is_pending(self) -> bool:
        """Whether it has never been in force."""
        return self.state in PENDING_STATES


class Side(models.TextChoices):
    """Who signs an agreement."""

    DIRECTORATE = "directorate", _("Directorate")
    PARTNER = "partner", _("Partner")
