"""What bodies propose by the public form, and who speaks for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.intake.rules import (
    LONGEST_DETAILS,
    LONGEST_NAME,
    LONGEST_SUBJECT,
    ProposalState,
)
from tafahom.agreements.models.agreement import Agreement
from tafahom.parties.models import Audience, County, PartnerKind, Province, new_uid
from tafahom.scoping import ScopedManager, ScopePaths


class ProposalStateName(models.TextChoices):
    """``intake.rules.ProposalState`` with its names."""

    RECEIVED = ProposalState.RECEIVED, _("Received")
    REVIEW = ProposalState.REVIEW, _("Under review")
    ASKED = ProposalState.ASKED, _("Waiting for an answer")
    ACCEPTED = ProposalState.ACCEPTED, _("Accepted")
    DECLINED = ProposalState.DECLINED, _("Declined")


class Proposal(models.Model):
    """An agreement that a body proposes, and what became of it.

    ``code_hash`` stands for the tracking code, which only its sender has; ``token_hash`` for the
    form it came on, which is taken once. ``revision`` counts what changed, so that of two
    officers who decide at once the second is told. ``agreement`` is the draft it became.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    province = models.ForeignKey(Province, models.PROTECT, related_name="proposals")
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=ProposalStateName.choices,
        default=ProposalStateName.RECEIVED,
    )
    revision = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    organisation = models.CharField(_("organisation"), max_length=LONGEST_NAME)
    key = models.CharField(max_length=LONGEST_NAME, editable=False)
    legal_id = models.CharField(_("legal ID"), max_length=11)
    kind = models.ForeignKey(PartnerKind, models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    details = models.CharField(_("details"), max_length=LONGEST_DETAILS, blank=True)
    audiences = models.ManyToManyField(Audience, related_name="+", blank=True)
    persons = models.PositiveIntegerField(_("persons"))
    person_hours = models.PositiveBigIntegerField(_("person-hours"), null=True, blank=True)
    county = models.ForeignKey(County, models.PROTECT, related_name="+")
    address = models.CharField(_("address"), max_length=LONGEST_NAME, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    agreement = models.OneToOneField(
        Agreement, models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    objects = ScopedManager()
    scope_paths = ScopePaths(provinces="province", agreements="agreement__uid")

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ProposalStateName.values), name="proposal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="proposal_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", agreement__isnull=False)
                | (~Q(state="accepted") & Q(agreement__isnull=True)),
                name="accepted_proposal_has_its_draft",
            ),
        ]
        indexes = [models.Index(fields=["state", "received_at"], name="proposals_by_state")]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.subject}"

    @property
    def number(self) -> str:
        """What people call it by; it opens nothing."""
        return str(self.pk)


class ProposalContact(models.Model):
    """Who speaks for a body that proposes: personal data, kept apart so that they can go.

    ``sealed`` are name, post, telephone and e-mail (see ``people.sealing``); ``key_version`` names
    the key.
    """

    proposal = models.OneToOneField(Proposal, models.CASCADE, related_name="contact")
    sealed = models.BinaryField()
    key_version = models.PositiveSmallIntegerField()

    objects = ScopedManager()
    scope_paths = Proposal.scope_paths.under("proposal")
    sealed_by = "proposal_id"

    def __str__(self) -> str:
        return f"{self.proposal_id}"


class ProposalStep(models.Model):
    """What happened to a proposal: by whom, when, and what was said.

    ``words`` are for the sender, who reads them with the tracking code, or are the sender's own
    answer; ``by`` is None for what the sender did.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=12, choices=ProposalStateName.choices)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    words = models.CharField(max_length=LONGEST_DETAILS, blank=True)

    objects = ScopedManager()
    scope_paths = Proposal.scope_paths.under("proposal")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.state}"
