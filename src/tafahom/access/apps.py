from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tafahom.access"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.access.records import register_records  # apps must be loaded first

        register_records()
