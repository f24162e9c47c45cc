"""What can be counted and by what it can be split: the words every report shares."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COMMITMENT_DIMENSIONS = frozenset({"partner", "level", "agreement", "partner_kind"})
MISSING_NAME = "نامشخص"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure. ``unit`` is count, hours or percent; ``adds_up`` says whether rows may be summed.

    ``is_committed`` marks what stems from commitments and is None where a slice has none.
    """

    code: str
    label: str | Promise
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
        Measure("persons", _("Persons")),
        Measure("person_courses", _("Person-courses"), adds_up=True),
        Measure("person_hours", _("Person-hours"), unit="hours", adds_up=True),
        Measure("courses", _("Courses")),
        Measure("standards", _("Standards")),
        Measure("partners", _("Partners")),
        Measure("agreements", _("Agreements")),
        Measure("centres", _("Centres")),
        Measure("sat", _("Sat the examination"), adds_up=True),
        Measure("passed", _("Passed"), adds_up=True),
        Measure("certified", _("Certified"), adds_up=True),
        Measure("committed_persons", _("Committed persons"), is_committed=True),
        Measure("committed_person_hours", _("Committed person-hours"), is_committed=True),
        Measure(
            "realisation_persons", _("Realisation, persons"), unit="percent", is_committed=True
        ),
        Measure(
            "realisation_person_hours",
            _("Realisation, person-hours"),
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
