from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act


class TextsPagesConfig(AppConfig):
    name = "tafahom.web.texts"
    label = "texts_pages"

    def ready(self) -> None:
        """Put the pages into the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:templates", _("Templates of agreements"), Act.MANAGE_TEMPLATES, position=70)
