from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class PrivacyPagesConfig(AppConfig):
    name = "tafahom.web.privacy"
    label = "privacy_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:exports", _("Files of personal data"), Act.SEE_EXPORTS, position=120)
        add_place("web:retention", _("How long names are kept"), Act.SEE_RETENTION, position=130)
        open_at(
            export="web:export_detail",
            retention_request="web:retention_request",
            retention="web:retention",
            reading_alarm="web:reading_alarm",
        )
