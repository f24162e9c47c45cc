from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class AccountsPagesConfig(AppConfig):
    name = "tafahom.web.accounts"
    label = "accounts_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:accounts", _("Accounts"), Act.MANAGE_ACCOUNTS, position=150)
        add_place("web:access_requests", _("Access to confirm"), Act.CONFIRM_ACCOUNTS, position=160)
        open_at(account_request="web:access_request", role_reviews="web:role_reviews")
