"""What acts with reminders, calendars and saved views are called."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts

ACTS: Final = {
    "desk.calendar_made": _("made a calendar address"),
    "desk.calendar_revoked": _("closed a calendar address"),
    "desk.digest_chosen": _("chose how often the work list comes by e-mail"),
    "desk.digest_failed": _("could not be sent the work list by e-mail"),
    "desk.digest_sent": _("was sent the work list by e-mail"),
    "desk.view_removed": _("removed a view of a list"),
    "desk.view_saved": _("saved a view of a list"),
}


def register_records() -> None:
    """Describe the acts."""
    describe_acts(ACTS)
