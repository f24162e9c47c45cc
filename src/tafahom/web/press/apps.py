from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act


class PressPagesConfig(AppConfig):
    name = "tafahom.web.press"
    label = "press_pages"

    def ready(self) -> None:
        """Put the pages into the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:press", _("Press release"), Act.WRITE_PRESS_RELEASE, position=140)
