from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act


class ReportsPagesConfig(AppConfig):
    name = "tafahom.web.reports"
    label = "reports_pages"

    def ready(self) -> None:
        """Put the pages into the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:report", _("Reports"), Act.SEE_FIGURES, position=30)
