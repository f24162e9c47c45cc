from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccessConfig(AppConfig):
    name = "tafahom.access"

    def ready(self) -> None:
        """Have each visit know when it began."""
        from tafahom.access.accounts.beginning import begin  # apps must be loaded first

        user_logged_in.connect(begin)
