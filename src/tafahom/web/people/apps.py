from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class PeoplePagesConfig(AppConfig):
    name = "tafahom.web.people"
    label = "people_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:people", _("People"), Act.SEE_PEOPLE, position=100)
        open_at(person="web:person_detail")
