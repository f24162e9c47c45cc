"""Months of a province: open, being closed, closed; and how closed ones were corrected."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tafahom.parties.models import Province, new_uid


class PeriodState(models.TextChoices):
    """The states of ``rules.MonthState``, with the words on pages."""

    OPEN = "open", _("Open")
    CLOSING = "closing", _("Being closed")
    CLOSED = "closed", _("Closed")


class Period(models.Model):
    """A Jalali month (139710) of a province. A month that has no row is open.

    Closed is for good: a correction goes through a ``Reopening``. The database refuses to change
    or remove a closed row, and every write into a closed month (``periods.guards``).
    """

    province = models.ForeignKey(Province, models.PROTECT, related_name="periods")
    month = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=PeriodState.choices, default=PeriodState.OPEN)

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["province", "month"], name="period_once"),
            models.CheckConstraint(
                condition=Q(state__in=PeriodState.values), name="period_state_known"
            ),
        ]
        indexes = [
            # Every write asks whether any month is closed at all: that must cost nothing.
            models.Index(fields=["month"], condition=Q(state="closed"), name="period_closed_months")
        ]

    def __str__(self) -> str:
        return f"{self.province_id}/{self.month}: {self.state}"


class StepKind(models.TextChoices):
    """What may happen to a month."""

    BEGUN = "begun", _("Closing was begun")
    LEFT = "left", _("Left open")
    CLOSED = "closed", _("Closed")
    ASKED = "asked", _("A reopening was asked for")
    APPROVED = "approved", _("The reopening was approved")
    DECLINED = "declined", _("The reopening was declined")
    CLOSED_AGAIN = "closed_again", _("Closed again")


class PeriodStep(models.Model):
    """What happened to a month, when, by whom and why.

    ``details`` of a closing: findings that were accepted, with the reasons, and the figures of
    the month. Never personal data.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    details: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True
    )

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.period_id}: {self.kind}"


class ReopeningSet(models.QuerySet["Reopening"]):
    """Reopenings by how far they are."""

    def under_way(self) -> "ReopeningSet":
        """Asked for or approved, and not done with; at most one a month."""
        return self.filter(closed_at=None, declined_at=None)

    def running(self) -> "ReopeningSet":
        """Those that let writes through now."""
        return self.filter(closed_at=None, approved_at__isnull=False, until__gt=timezone.now())


class Reopening(models.Model):
    """A closed month opened for a correction: asked by one person, approved by another.

    ``before`` are the figures of the month when it was approved, to tell what changed.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    period = models.ForeignKey(Period, models.PROTECT, related_name="reopenings")
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    until = models.DateTimeField(_("until"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, blank=True
    )

    objects = ReopeningSet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(closed_at__isnull=True, declined_at__isnull=True),
                name="one_reopening_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="reopening_by_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="reopening_approved_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} until {self.until}"


class Adjustment(models.Model):
    """What a reopening changed in the figures of a closed month.

    ``kind`` and ``record`` say of what: the month, a partner or a course (its ``uid``). ``before``
    and ``after`` are measures (``credentials.queries.month_figures``), no personal data; empty when
    there was nothing.
    """

    class Kind(models.TextChoices):
        """What the figures are of."""

        MONTH = "month", _("Month")
        PARTNER = "partner", _("Partner")
        COURSE = "course", _("Course")

    period = models.ForeignKey(Period, models.PROTECT, related_name="adjustments")
    reopening = models.ForeignKey(Reopening, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    record = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=300, blank=True)
    before: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    after: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class MonthTable(models.Model):
    """The figures of a closed month, by everything they can be split by, as they were at closing.

    Each closing writes a version; a correction leaves the old one and writes the next. ``measures``
    are those that were counted then: one that the catalogue got later is not compared. ``digest``
    is ``rules.table_digest`` of the rows. The database refuses to change or remove any of it.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="tables")
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    measures: models.JSONField[list[str], list[str]] = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["period", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["period", "version"], name="month_table_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.period_id}, version {self.version}"


class MonthTableRow(models.Model):
    """The figures of one group of a month; ``dimension`` and ``key`` are empty for the whole.

    ``key`` is that of the facts, which a new name leaves as it is; ``name`` is what it was called.
    ``values`` leave out what is nothing. Hours are by the basis and attribution that the measure
    names (``figures.closed_months``).
    """

    table = models.ForeignKey(MonthTable, models.PROTECT, related_name="rows")
    dimension = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=300, blank=True)
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    class Meta:
        ordering = ["dimension", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "dimension", "key"], name="month_table_group_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key}"


class MonthTableCheck(models.Model):
    """A comparison of the tables of so many closed months with the figures of that time.

    ``moved`` are the months that were not the same.
    """

    at = models.DateTimeField()
    months = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at}: {self.months}"


class MovedMonth(models.Model):
    """A closed month of which a check found so many figures that are not those of its table."""

    check_run = models.ForeignKey(MonthTableCheck, models.CASCADE, related_name="moved")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    figures = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.period_id}: {self.figures}"
