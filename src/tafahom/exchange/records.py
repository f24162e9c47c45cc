"""What acts with files that are sent are called."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts

ACTS: Final = {
    "exchange.answer_forgotten": _("took back what something in rosters means"),
    "exchange.answer_remembered": _("answered what something in rosters means"),
    "exchange.column_mapped": _("told how a column of rosters is called"),
    "exchange.demo_started": _("filled the demonstration"),
    "exchange.file_answered": _("answered questions about a roster that was sent"),
    "exchange.rejects_read": _("opened the rejected rows of a roster"),  # before it was a reading
    "exchange.upload_cancelled": _("cancelled an uploaded roster"),
    "read.rejects": _("opened the rejected rows of a roster"),
}


def register_records() -> None:
    """Describe the acts."""
    describe_acts(ACTS)
