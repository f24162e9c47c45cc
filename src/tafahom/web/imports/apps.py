from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class ImportsPagesConfig(AppConfig):
    name = "tafahom.web.imports"
    label = "imports_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:imports", _("Rosters"), Act.IMPORT_ROSTERS, position=40)
        open_at(roster_answers="web:roster_answers")
