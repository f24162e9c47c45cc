"""What is taught, to whom, and how it went."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models import Agreement
from tafahom.parties.models import Audience, Centre, NamedRecord, new_uid
from tafahom.people.models import Person
from tafahom.scoping import ScopedManager, ScopePaths


class Cluster(NamedRecord):
    """Industry, services, agriculture, culture and art (خوشه)."""

    code = models.CharField(_("code"), max_length=40, unique=True)


class EducationLevel(NamedRecord):
    """How far somebody went to school (تحصیلات): no reading, primary … doctorate, seminary.

    A closed list, from the lowest to the highest. ``Enrolment.education`` keeps the name, as it
    was at the enrolment; rows recorded before the list was closed keep what they said.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)

    class Meta:
        ordering = ["id"]


class OccupationalStandard(models.Model):
    """An occupational standard (استاندارد آموزش شغل یا شایستگی).

    ``code`` may be missing in rosters that name the occupation only; then ``key`` (normal form
    of code, else of title) tells standards apart. Minutes are of the standard, not of a course.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    code = models.CharField(_("code"), max_length=30, blank=True)
    title = models.CharField(_("title"), max_length=300)
    key = models.CharField(max_length=320, unique=True, editable=False)
    sort_key = models.CharField(max_length=600, db_index=True, editable=False)
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="standards"
    )
    group = models.CharField(_("training group"), max_length=200, blank=True)
    theory_minutes = models.PositiveIntegerField(null=True, blank=True)
    practice_minutes = models.PositiveIntegerField(null=True, blank=True)
    total_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.title


class PassRule(models.Model):
    """When a trainee has passed: dated data, since the examination office changes it.

    Marks are in hundredths of a mark (7,000 is 70). Weights are in percent.
    """

    valid_from = models.DateField(unique=True)
    written_minimum = models.PositiveSmallIntegerField()
    practical_minimum = models.PositiveSmallIntegerField()
    total_minimum = models.PositiveSmallIntegerField()
    written_weight = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(written_weight__lte=100), name="pass_rule_weight_in_percent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class RosterImport(models.Model):
    """One file that was imported: where rows come from. Undone imports stay, marked.

    ``accounted`` counts every row of its sheets by what it is; empty where nobody counted.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    file_name = models.CharField(max_length=300)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    imported_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    accounted = models.JSONField(default=dict, blank=True)
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    created_persons = models.PositiveIntegerField(default=0)
    created_courses = models.PositiveIntegerField(default=0)
    created_enrolments = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(undone_at__isnull=True),
                name="roster_file_once",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Course(models.Model):
    """One delivery of a standard: agreement, centre, instructor, dates (دوره).

    ``key`` is ``training.courses.rules.course_key``: the code, or else agreement, standard, centre and
    dates. ``start_month`` and ``end_month`` are Jalali months as integers, 139710 for Dey 1397.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    code = models.CharField(_("code"), max_length=60, blank=True, db_index=True)
    key = models.CharField(max_length=64, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=300)
    sort_key = models.CharField(max_length=600, db_index=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="courses")
    standard = models.ForeignKey(OccupationalStandard, models.PROTECT, related_name="courses")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="courses")
    instructor = models.CharField(_("instructor"), max_length=200, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), db_index=True)
    start_month = models.PositiveIntegerField(editable=False)
    end_month = models.PositiveIntegerField(editable=False, db_index=True)
    planned_minutes = models.PositiveIntegerField(_("planned minutes"))
    created_by_import = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="created_courses_set"
    )

    objects = ScopedManager()
    scope_paths = ScopePaths(
        provinces="centre__province",
        centres="centre",
        partners="agreement__partner",
        agreements="agreement__uid",
        courses="uid",
    )

    class Meta:
        ordering = ["-ends_on", "sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="course_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CourseSession(models.Model):
    """One meeting of a course (جلسه), with its minutes."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="sessions")
    held_on = models.DateField()
    ordinal = models.PositiveSmallIntegerField()
    month = models.PositiveIntegerField(editable=False)
    minutes = models.PositiveIntegerField()

    objects = ScopedManager()
    scope_paths = Course.scope_paths.under("course")

    class Meta:
        ordering = ["course", "ordinal"]
        constraints = [models.UniqueConstraint(fields=["course", "ordinal"], name="session_once")]

    def __str__(self) -> str:
        return f"{self.course_id}/{self.ordinal}"


class Enrolment(models.Model):
    """One person in one course (ثبت‌نام).

    ``audience`` is the sensitive status: readable only by roles that need it.
    ``credited_minutes`` are decided once, at recording, by ``training.attendance.rules`` and
    ``training.examinations.rules``. Marks are in
    hundredths of a mark; no written mark means did not sit. ``passed`` is the verdict of the
    pass rule in force when the course ended. ``age`` is in whole years at the course's start.
    """

    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    audience = models.ForeignKey(
        Audience, models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    education = models.CharField(max_length=60, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    credited_minutes = models.PositiveIntegerField()
    written_mark = models.PositiveSmallIntegerField(null=True, blank=True)
    practical_mark = models.PositiveSmallIntegerField(null=True, blank=True)
    passed = models.BooleanField(default=False)
    reported_result = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    roster_import = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    source_sheet = models.CharField(max_length=120, blank=True)
    source_row = models.PositiveIntegerField(null=True, blank=True)
    # The first column of its table; tables may stand abreast.
    source_column = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager()
    scope_paths = Course.scope_paths.under("course")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "person"], name="person_once_in_a_course"),
            models.UniqueConstraint(
                fields=["roster_import", "source_sheet", "source_row", "source_column"],
                name="source_row_once",
            ),
            models.CheckConstraint(
                condition=Q(written_mark__isnull=True) | Q(written_mark__lte=10_000),
                name="written_mark_in_range",
            ),
            models.CheckConstraint(
                condition=Q(practical_mark__isnull=True) | Q(practical_mark__lte=10_000),
                name="practical_mark_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.course_id}"


class AttendanceMark(models.TextChoices):
    """What the register says of one person in one session."""

    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
    LATE = "late", _("Late")
    EXCUSED = "excused", _("Excused")


class Attendance(models.Model):
    """One mark in the register, with the minutes it credits."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="attendance")
    session = models.ForeignKey(CourseSession, models.CASCADE, related_name="attendance")
    mark = models.CharField(max_length=8, choices=AttendanceMark.choices)
    credited_minutes = models.PositiveIntegerField()

    objects = ScopedManager()
    scope_paths = Course.scope_paths.under("session__course")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "session"], name="attendance_once_a_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}@{self.session_id}"


class ReportedHours(models.Model):
    """Hours that a roster reported for an enrolment and that the register has replaced.

    ``minutes`` are those reported, ``register_minutes`` what the register credited then. Rows
    stay when the hours are restored, marked.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="reported_hours")
    minutes = models.PositiveIntegerField()
    register_minutes = models.PositiveIntegerField()
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField()
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    restored_at = models.DateTimeField(null=True)

    objects = ScopedManager()
    scope_paths = Course.scope_paths.under("enrolment__course")

    class Meta:
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.minutes}"


class ReplacedEnrolment(models.Model):
    """What was recorded of an enrolment before a row of a later roster took its place.

    ``old_import``, sheet, row and column say where that came from. ``old`` and ``new`` are the
    values before and after (``training.replacing``), with the marks of attendance where the row
    brought its own. Rows stay when the values are restored, marked.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="replaced_values")
    roster_import = models.ForeignKey(RosterImport, models.PROTECT, related_name="replaced_rows")
    old_import = models.ForeignKey(RosterImport, models.PROTECT, null=True, related_name="+")
    old_sheet = models.CharField(max_length=120, blank=True)
    old_row = models.PositiveIntegerField(null=True)
    old_column = models.PositiveSmallIntegerField(default=0)
    old = models.JSONField()
    new = models.JSONField()
    # Whether the row brought the enrolment's certificate, which goes again when it is undone.
    has_new_certificate = models.BooleanField(default=False)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField()
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    restored_at = models.DateTimeField(null=True)

    objects = ScopedManager()
    scope_paths = Course.scope_paths.under("enrolment__course")

    class Meta:
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.old}"


class RegistryLoad(models.Model):
    """One registry file that was loaded (``tafahom load``) and changed something.

    ``undone_at`` is set when all of it was taken back; ``LoadedRecord`` says what it was.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    registry = models.CharField(max_length=20)
    file_name = models.CharField(max_length=300)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    loaded_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-loaded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.registry}: {self.file_name}"


class LoadedRecord(models.Model):
    """A record that a registry file created or changed: its columns before and after.

    ``table`` and ``row`` say which, by model label and id: no foreign key, since it may be gone.
    ``old`` is null for a record that was created; else both hold the columns that changed.
    """

    load = models.ForeignKey(RegistryLoad, models.CASCADE, related_name="records")
    table = models.CharField(max_length=60)
    row = models.BigIntegerField()
    old = models.JSONField(null=True)
    new = models.JSONField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["load", "id"]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class ChangedCourse(models.Model):
    """A course whose facts in the warehouse are out of date.

    Written in the same transaction as the change, read and removed by ``figures.warehouse``.
    ``course_id`` is no foreign key: a removed course must be reported too. ``end_month`` is
    the month under which its facts are kept.
    """

    course_id = models.BigIntegerField()
    end_month = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.course_id} ({self.end_month})"
