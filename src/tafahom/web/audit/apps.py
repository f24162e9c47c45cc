from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act


class AuditPagesConfig(AppConfig):
    name = "tafahom.web.audit"
    label = "audit_pages"

    def ready(self) -> None:
        """Put the pages into the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:audit", _("Record of acts"), Act.SEE_AUDIT, position=170)
