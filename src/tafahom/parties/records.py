"""What the records of parties are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts
from tafahom.parties.models import Centre, Partner
from tafahom.parties.queries import audience_names, centre_titles, partner_names
from tafahom.records import RecordKind, register
from tafahom.records.labels import label_fields

ACTS: Final = {
    "parties.reference_loaded": _("added provinces, audiences and other lists"),
    "parties.reveals_status_set": _("said whether a partner tells of sensitive groups"),
    "registry.partners_loaded": _("loaded the registry of partners"),
}


def register_records() -> None:
    """Make partners, centres and audiences known."""
    register(RecordKind(name="partner", model=Partner, names=partner_names))
    register(RecordKind(name="centre", model=Centre, names=centre_titles))
    register(RecordKind(name="audience", names=audience_names))
    describe_acts(ACTS)
    label_fields(
        partner=_("Partner"),
        province=_("Province"),
        centre=_("Centre"),
        centre_type=_("Type of centre"),
        county=_("County"),
        kind=_("Kind"),
        main_audience=_("Main audience"),
        reveals_status=_("Tells of sensitive groups"),
    )
