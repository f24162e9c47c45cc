"""What acts on the audit itself are called."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts

ACTS: Final = {
    "audit.": _("worked on the record of acts"),
    "audit.accepted": _("accepted that entries are missing"),
}


def register_records() -> None:
    """Describe the acts."""
    describe_acts(ACTS)
