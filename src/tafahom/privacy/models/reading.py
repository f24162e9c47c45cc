"""Whose names an account has asked for lately, and alarms about accounts that asked for many."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tafahom.parties.models import Province, new_uid
from tafahom.people.models import Person
from tafahom.privacy.rules import LONGEST_REASON


class RecentReading(models.Model):
    """A person whose name an account has asked for beside what tells a status.

    For counting only, one row for each account and person: the record of who read what is the
    audit. ``asked_at`` and ``shown_at`` are the first times within the day before the latest look;
    ``shown_at`` is null when the page had to wait.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "person"], name="recent_reading_once")
        ]
        indexes = [models.Index(fields=["account", "asked_at"], name="recent_readings_by_account")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.person_id}"


class ReadingAlarm(models.Model):
    """An account that asked for more names than work needs: somebody has to ask why.

    ``asked`` and ``shown`` are persons within a day, as of ``latest_at``. The alarm goes to who
    watches over ``province``, where the people took their courses, and stays open until somebody
    other than the account's owner has written down in ``note`` what it was.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    latest_at = models.DateTimeField()
    asked = models.PositiveIntegerField()
    shown = models.PositiveIntegerField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        ordering = ["-first_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "province"],
                condition=Q(answered_at__isnull=True),
                name="reading_alarm_open_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("account")),
                name="reading_alarm_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, note="")
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(note="")),
                name="reading_alarm_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.asked}"
