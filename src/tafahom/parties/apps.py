from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tafahom.parties"

    def ready(self) -> None:
        """Say of which tables the history is kept."""
        from tafahom.audit.tracked import keep_history  # apps must be loaded first
        from tafahom.parties.models import Centre, Partner

        keep_history(Partner)
        keep_history(Centre)
