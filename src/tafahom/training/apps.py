from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "tafahom.training"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.training.records import register_records  # apps must be loaded first

        register_records()
