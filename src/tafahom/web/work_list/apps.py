from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class WorkListPagesConfig(AppConfig):
    name = "tafahom.web.work_list"
    label = "work_list_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:attention", _("Needs you"), Act.SEE_WORK_LIST, position=20)
        open_at(work_list="web:attention", reminders="web:reminders")
