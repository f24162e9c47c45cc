from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "tafahom.desk"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.desk.records import register_records  # apps must be loaded first

        register_records()
