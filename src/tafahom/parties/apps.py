from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tafahom.parties"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.parties.records import register_records  # apps must be loaded first

        register_records()
