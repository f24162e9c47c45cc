from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "tafahom.operations"

    def ready(self) -> None:
        """Register what ``check --deploy`` runs."""
        from tafahom.operations import checks  # noqa: F401 - needs the models
