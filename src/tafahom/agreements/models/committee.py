"""The joint committee (کارگروه مشترک) of an agreement: members, meetings, decisions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models.agreement import Agreement, Side
from tafahom.parties.models import new_uid
from tafahom.scoping import ScopedManager


class CommitteeMember(models.Model):
    """Who sits on the joint committee for a side."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="members")
    side = models.CharField(_("side"), max_length=12, choices=Side.choices)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["side", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side", "name"], name="member_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="member_side_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """A meeting of the joint committee; minuted when ``minutes`` say what was said."""

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="meetings")
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    agenda = models.TextField(_("agenda"))
    minutes = models.TextField(_("minutes"), blank=True)
    attended = models.ManyToManyField(CommitteeMember, related_name="meetings", blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("agreement")

    class Meta:
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(fields=["held_on"], name="meetings_unminuted", condition=Q(minutes=""))
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.held_on}"


class Decision(models.Model):
    """What a meeting decided is to be done; done when ``done_on`` is set, which needs evidence."""

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    text = models.CharField(_("decision"), max_length=400)
    responsible = models.CharField(_("responsible"), max_length=120)
    due_on = models.DateField(_("due on"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=400, blank=True)

    objects = ScopedManager()
    scope_paths = Agreement.scope_paths.under("meeting__agreement")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(evidence=""),
                name="decision_done_is_proved",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="open_decisions", condition=Q(done_on=None))
        ]

    def __str__(self) -> str:
        return self.text
