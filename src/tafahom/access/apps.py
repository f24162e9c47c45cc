from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tafahom.access"

    def ready(self) -> None:
        """Say of which tables the history is kept."""
        from tafahom.access.models import Membership  # apps must be loaded first
        from tafahom.audit.tracked import keep_history

        # A role that was given past the application is one that no act explains.
        keep_history(Membership, owner="user", creations=True)
