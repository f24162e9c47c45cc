"""What can be counted and by what it can be split: the words every report shares."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COMMITMENT_DIMENSIONS = frozenset({"partner", "level", "agreement", "partner_kind"})
MISSING_NAME = "نامشخص"
_COMMITTED = _(
    "Promised for the whole year by agreements that are or were in force in it; of a terminated one"
    " what the termination left. Drafts do not count. What provinces carry of a national commitment"
    " counts at the province, the rest only where no province is left out."
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure. ``unit`` is count, hours or percent; ``adds_up`` says whether rows may be summed.

    ``definition`` is the sentence that says beside the figure what is counted. ``is_committed``
    marks what stems from commitments and is None where a slice has none.
    """

    code: str
    label: str | Promise
    definition: str | Promise
    unit: str = "count"
    adds_up: bool = False
    is_committed: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to split figures: ``column`` is its column of the facts."""

    code: str
    label: str | Promise
    column: str


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in [
        Measure(
            "persons",
            _("Persons"),
            _("Different people with at least one credited minute; each counts once."),
        ),
        Measure(
            "person_courses",
            _("Person-courses"),
            _("Enrolments: one person in one course, with or without a credited minute."),
            adds_up=True,
        ),
        Measure(
            "person_hours",
            _("Person-hours"),
            _("Hours summed over the enrolments, on the basis that the report names."),
            unit="hours",
            adds_up=True,
        ),
        Measure("courses", _("Courses"), _("Different courses with an enrolment.")),
        Measure(
            "standards", _("Standards"), _("Different occupational standards that were taught.")
        ),
        Measure(
            "partners",
            _("Partners"),
            _("Different partners under whose agreements courses were held."),
        ),
        Measure(
            "agreements", _("Agreements"), _("Different agreements under which courses were held.")
        ),
        Measure("centres", _("Centres"), _("Different centres in which courses were held.")),
        Measure(
            "sat",
            _("Sat the examination"),
            _("Enrolments with a mark of the written examination."),
            adds_up=True,
        ),
        Measure(
            "passed",
            _("Passed"),
            _("Enrolments that passed by the rule in force when the course ended."),
            adds_up=True,
        ),
        Measure(
            "certified",
            _("Certified"),
            _("Enrolments with a certificate that is not revoked."),
            adds_up=True,
        ),
        Measure(
            "enrolled_persons",
            _("Enrolled persons"),
            _("Different people who were enrolled, with or without a credited minute."),
        ),
        Measure("committed_persons", _("Committed persons"), _COMMITTED, is_committed=True),
        Measure(
            "committed_person_hours",
            _("Committed person-hours"),
            _COMMITTED,
            is_committed=True,
        ),
        Measure(
            "realisation_persons",
            _("Realisation, persons"),
            _("Persons of the period, in percent of the committed persons of the whole year."),
            unit="percent",
            is_committed=True,
        ),
        Measure(
            "realisation_person_hours",
            _("Realisation, person-hours"),
            _("Person-hours of the period, in percent of those committed for the whole year."),
            unit="percent",
            is_committed=True,
        ),
    ]
}

DIMENSIONS: dict[str, Dimension] = {
    dimension.code: dimension
    for dimension in [
        Dimension("partner", _("Partner"), "partner"),
        Dimension("level", _("Level"), "level"),
        Dimension("agreement", _("Agreement"), "agreement"),
        Dimension("audience", _("Audience"), "audience"),
        Dimension("gender", _("Gender"), "gender"),
        Dimension("month", _("Month"), "month"),
        Dimension("cluster", _("Cluster"), "cluster"),
        Dimension("standard", _("Standard"), "standard"),
        Dimension("centre", _("Centre"), "centre"),
        Dimension("centre_type", _("Centre type"), "centre_type"),
        Dimension("county", _("County"), "county"),
        Dimension("province", _("Province"), "province"),
        Dimension("partner_kind", _("Kind of partner"), "partner_kind"),
        Dimension("education", _("Education"), "education"),
        Dimension("age_band", _("Age band"), "age_band"),
    ]
}

BASIS_LABELS: dict[str, str | Promise] = {
    "attended": _("hours attended"),
    "planned": _("planned hours of the course"),
    "standard": _("hours of the standard"),
}

ATTRIBUTION_LABELS: dict[str, str | Promise] = {
    "end": _("by the month in which the course ended"),
    "start": _("by the month in which the course started"),
    "session": _("hours by the month of the session, enrolments by the end of the course"),
}
