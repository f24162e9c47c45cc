from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class PeriodsPagesConfig(AppConfig):
    name = "tafahom.web.periods"
    label = "periods_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:periods", _("Closed months"), Act.SEE_PERIODS, position=110)
        open_at(period="web:period_detail")
