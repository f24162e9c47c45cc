"""What a person has arranged for their own work."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.access.models import User
from tafahom.desk.rules import Frequency
from tafahom.parties.models import new_uid


class FrequencyName(models.TextChoices):
    """``rules.Frequency`` with its names."""

    NONE = Frequency.NONE, _("Never")
    DAILY = Frequency.DAILY, _("Every day")
    WEEKLY = Frequency.WEEKLY, _("Every week, on Saturday")


class Digest(models.Model):
    """How often, where to and in which language somebody is sent the work list.

    Without a row nothing is sent. ``last_on`` is the day on which it was last seen to, whether
    there was anything to send or not: no day is seen to twice.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="digest")
    frequency = models.CharField(max_length=8, choices=FrequencyName.choices)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2)
    last_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frequency__in=FrequencyName.values), name="digest_frequency_known"
            ),
            models.CheckConstraint(
                condition=Q(frequency=Frequency.NONE) | ~Q(email=""), name="digest_has_an_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.frequency}"


class CalendarFeed(models.Model):
    """The address at which calendar programmes read somebody's dates; whoever knows it reads them.

    Only a hash of its secret part is kept. ``content_hash`` is that of what was last given out,
    and ``changed_at`` when that first differed from what was given out before.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    content_hash = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class SavedView(models.Model):
    """A list as somebody wants to find it again: ``query`` is what stands behind "?" of its page.

    ``is_shared`` shows it to colleagues too; only who made it changes it. ``is_default`` opens it
    when the page is entered with nothing asked.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["user", "page"], condition=Q(is_default=True), name="one_default_view"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
