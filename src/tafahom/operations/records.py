"""What acts with the installation are called."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts

ACTS: Final = {
    "backup.begun": _("made a backup"),
}


def register_records() -> None:
    """Describe the acts."""
    describe_acts(ACTS, of_accounts=True)
