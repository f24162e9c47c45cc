from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class PartnersPagesConfig(AppConfig):
    name = "tafahom.web.partners"
    label = "partners_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:partners", _("Partners"), Act.SEE_REGISTERS, position=80)
        open_at(partner="web:partner_detail")
