from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "tafahom.agreements"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.agreements.records import register_records  # apps must be loaded first

        register_records()
