from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class AgreementsPagesConfig(AppConfig):
    name = "tafahom.web.agreements"
    label = "agreements_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:agreements", _("Agreements"), Act.SEE_REGISTERS, position=50)
        open_at(agreement="web:agreement_detail")
