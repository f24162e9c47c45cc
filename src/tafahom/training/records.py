"""What courses, standards and rosters are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.agreements.drafts.queries import keep_drafts_with
from tafahom.agreements.models import Agreement
from tafahom.audit.acts import describe_acts
from tafahom.audit.tracked import keep_history
from tafahom.parties.models import Centre, Partner
from tafahom.people.models import Person
from tafahom.records import RecordKind, register
from tafahom.records.labels import label_fields
from tafahom.scoping import PARTS
from tafahom.training.closed_months import CLOSED_MONTHS, OF_STANDARDS
from tafahom.training.courses.queries import course_titles, has_courses
from tafahom.training.models import (
    Attendance,
    Course,
    Enrolment,
    OccupationalStandard,
    ReplacedEnrolment,
    ReportedHours,
)
from tafahom.training.registries.queries import load_names
from tafahom.training.rosters.queries import import_names
from tafahom.training.standards.queries import standard_titles

ACTS: Final = {
    "registry.centres_loaded": _("loaded the registry of centres"),
    "registry.lists_loaded": _("added entries or words to lists"),
    "registry.load_undone": _("took back what a registry file had changed"),
    "registry.standards_loaded": _("loaded the registry of standards"),
    "training.attendance_saved": _("changed a register of attendance"),
    "training.reference_loaded": _("added clusters and pass rules"),
    "training.reported_hours_restored": _("restored hours that a roster had reported"),
    "training.roster_recorded": _("recorded a roster"),
    "training.roster_undone": _("took a roster back"),
    "training.session_removed": _("removed a session"),
    "training.sessions_added": _("added sessions"),
    "training.sessions_removed": _("removed the sessions without marks"),
}


def register_records() -> None:
    """Make courses, standards, rosters and loads of registries known."""
    register(
        RecordKind(
            name="course",
            model=Course,
            names=course_titles,
            # Undoing an import removes courses by the hundred; its entry says so.
            keeps_removals=False,
            closed_months=CLOSED_MONTHS,
        )
    )
    register(
        RecordKind(
            name="standard",
            model=OccupationalStandard,
            names=standard_titles,
            closed_months=OF_STANDARDS,
        )
    )
    register(RecordKind(name="roster_import", names=import_names))
    register(RecordKind(name="load", names=load_names))
    keep_history(ReportedHours, removals=False)
    keep_history(ReplacedEnrolment, removals=False)
    # Why somebody is here is sensitive: no history holds it.
    keep_history(Enrolment, owner="course", omit=["audience"], label=_("Enrolment"))
    keep_history(Attendance, owner="enrolment", label=_("Mark in the register"))
    _widen_scopes()
    keep_drafts_with("draft.has_courses", has_courses)
    describe_acts(ACTS)
    label_fields(
        standard=_("Standard"),
        cluster=_("Cluster"),
        theory_minutes=_("Minutes of theory"),
        practice_minutes=_("Minutes of practice"),
        total_minutes=_("Minutes in all"),
        course=_("Course"),
        enrolment=_("Enrolment"),
        session=_("Session"),
        mark=_("Mark in the register"),
        credited_minutes=_("Minutes credited"),
        written_mark=_("Written mark"),
        practical_mark=_("Practical mark"),
        passed=_("Passed"),
        reported_result=_("Result as reported"),
        roster_import=_("Roster"),
    )


def _widen_scopes() -> None:
    """Say how what lies below is reached over courses."""
    Centre.scope_paths.widen(
        partners="courses__agreement__partner",
        agreements="courses__agreement__uid",
        courses="courses__uid",
        many={"partners", "agreements", "courses"},
    )
    Partner.scope_paths.widen(
        centres="agreements__courses__centre",
        courses="agreements__courses__uid",
        many={"centres", "courses"},
    )
    Agreement.scope_paths.widen(
        centres="courses__centre", courses="courses__uid", many={"centres", "courses"}
    )
    Person.scope_paths.widen(
        provinces="enrolments__course__centre__province",
        centres="enrolments__course__centre",
        partners="enrolments__course__agreement__partner",
        agreements="enrolments__course__agreement__uid",
        courses="enrolments__course__uid",
        many=PARTS,
    )
