from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "tafahom.credentials"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.credentials.records import register_records  # apps must be loaded first

        register_records()
