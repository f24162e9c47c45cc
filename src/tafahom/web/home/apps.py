from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act


class HomePagesConfig(AppConfig):
    name = "tafahom.web.home"
    label = "home_pages"

    def ready(self) -> None:
        """Put the pages into the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:home", _("Home"), Act.SEE_FIGURES, position=10)
