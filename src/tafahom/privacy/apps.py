from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tafahom.privacy"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.privacy.records import register_records  # apps must be loaded first

        register_records()
